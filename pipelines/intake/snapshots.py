"""Snapshots that shrank: an export of the whole survey with fewer answers than the one that it would replace.

Most are downloads that broke off. Such a file is held; `nps run --accept` takes it in all the same, and that is recorded.
Not here: which answers a snapshot replaces (`transforms.answers.responses`), asking for an exception (`acceptance`).
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path

import polars as pl

from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.verdicts import FileVerdict, LetIn
from pipelines.landing.unpack import is_archive
from transforms.reasons import Reason
from transforms.texts.spelling import key
from warehouse.lake.ledgers import answers_by_survey, current_files


@dataclass(frozen=True)
class Shrinkage:
    """How much less a file has than the one before it, in one survey."""

    before: Earlier
    survey: str | None
    """None where the file has no answers at all."""
    answers: int
    answers_before: int

    @property
    def share(self) -> float:
        """The share of the answers that are gone: 0 to 1, negative where there are more than before."""
        return (self.answers_before - self.answers) / self.answers_before


def judge_snapshots(context: Context, feed: Feed, batch: list[FileVerdict], history: History) -> list[FileVerdict]:
    """The batch with the shrunken snapshots held that nobody accepted; `history` is told of every verdict, in order."""
    judged = []
    exceptions = _exceptions(context, feed)
    for verdict in batch:
        exception = exceptions.get(verdict.file.digest)
        settled = _judged(context, feed, replace(verdict, let_in=exception), history)
        history.tell(settled)
        judged.append(settled)
    return judged


def _exceptions(context: Context, feed: Feed) -> dict[str, LetIn]:
    """Whom each accepted shrunken snapshot was accepted by: now, or at any time before; by digest."""
    ledger = current_files(context.lake).filter(pl.col("source") == feed.name, pl.col("let_in_by").is_not_null())
    earlier = ledger.select("file_digest", "let_in_by", "let_in_at").iter_rows()
    now = {digest: LetIn(context.user, context.clock()) for name, digest in context.accept if name == feed.name}
    return {digest: LetIn(who, at) for digest, who, at in earlier} | now


def _judged(context: Context, feed: Feed, verdict: FileVerdict, history: History) -> FileVerdict:
    if feed.delivery != "snapshot" or verdict.staged is None or verdict.status != "accepted":
        return verdict
    shrinkages = _shrinkages(context, feed, verdict, verdict.staged.load_id, history)
    lost = max(shrinkages, key=lambda each: each.share, default=None)
    if lost is None:
        return verdict
    if lost.share <= context.workspace.config.gates.max_snapshot_shrink:
        return replace(verdict, notes=(*verdict.notes, *_one_of_several_parts(verdict, lost.before)))
    says = _counts(verdict, lost)
    known = replace(verdict, shrunk_from=lost.answers_before)
    if verdict.let_in is not None:
        who = f"{verdict.let_in.by} took it in all the same on {verdict.let_in.at:%Y-%m-%d}."
        empty = "" if lost.answers else " Without any answer it replaces nothing: the older answers go on counting."
        return replace(known, notes=(*verdict.notes, f"{says} {who}{empty}"))
    return replace(known, status="held", reason=Reason.SNAPSHOT_SHRUNK, detail=f"{says} {_what_to_do(verdict)}")


def _shrinkages(
    context: Context, feed: Feed, verdict: FileVerdict, load_id: str, history: History
) -> Iterator[Shrinkage]:
    """For every survey of a file, how it compares with the newest file before it that has answers of that survey."""

    def older() -> Iterator[Earlier]:
        for each in history.before(verdict.file, verdict.scope):
            # What came in before, and was counted by other settings, says nothing about bytes that were in already.
            if each.accepted and not (history.was_in(verdict.file.digest) and each.recipe != feed.recipe):
                yield each

    if not verdict.tally.surveys:
        yield from (Shrinkage(each, None, 0, each.accepted) for each in islice(older(), 1))
    count = cache(partial(answers_by_survey, context.lake))
    for survey in verdict.tally.surveys:
        name = key(survey)
        before = next((each for each in older() if name in map(key, each.surveys)), None)
        if before is not None:
            now = _answers(count, load_id, verdict.tally.surveys, verdict.tally.accepted)
            then = _answers(count, before.load_id, before.surveys, before.accepted)
            if then[name]:  # else what it had was lost with a disk
                yield Shrinkage(before, survey, now[name], then[name])


def _answers(
    count: Callable[[str], dict[str, int]], load_id: str | None, surveys: Sequence[str], accepted: int
) -> Counter[str]:
    """The accepted answers of a load by the keys of surveys; those of one survey are known without counting."""
    found: Counter[str] = Counter()
    for survey, answers in ({surveys[0]: accepted} if len(surveys) == 1 else count(load_id or "")).items():
        found[key(survey)] += answers
    return found


def _counts(verdict: FileVerdict, lost: Shrinkage) -> str:
    path, before = verdict.file.known_as, lost.before.path
    survey = f" of {lost.survey}" if len(verdict.tally.surveys) > 1 else ""
    than = "it had before" if before == path else f"{before} has, which it would replace"
    fewer = lost.answers_before - lost.answers
    return f"{path} has {lost.answers:,} answers{survey}, {fewer:,} fewer than the {lost.answers_before:,} that {than}."


def _one_of_several_parts(verdict: FileVerdict, before: Earlier) -> tuple[str, ...]:
    """A sentence where a file of an archive replaces another of the same archive: they may be parts of one export."""
    archive, _, _ = verdict.file.known_as.rpartition("/")
    if not is_archive(Path(archive)) or before.path.rpartition("/")[0] != archive:
        return ()
    says = (
        f"It replaces {before.path}, as each snapshot replaces the one before. If they are parts of one export, declare "
        "delivery: incremental for the source."
    )
    return (says,)


def _what_to_do(verdict: FileVerdict) -> str:
    return (
        "The older ones go on counting. If the download broke off, export it again; if the answers are really gone, take "
        f"this very file in with: nps run --accept {shlex.quote(verdict.file.known_as)}"
    )
