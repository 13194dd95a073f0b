"""Answers of an older file that do not stand in a newer one of the same days, in which most of that file stands again.

They go on counting: corrected rows without ids count beside what they were, and answers that were deleted are not known to
be. Here: the notes on it, once it is known that answers come again. Not here: rows that say that there is no answer
(`again.of_silent_rows`), snapshots, in which only the newest counts (`rolling`), the same answers under other ids (`days`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from warehouse.intake.redelivery import NotAgain, not_again
from warehouse.lake.known_ids import Run, in_both, known_ids
from warehouse.lake.loads import shared_load

#: So many answers come again by no chance, and such a share of a file's answers of the days of both are an export of them.
_ENOUGH: Final = 20
_SHARE: Final = 0.5
#: Where people are known and answers are not, so few of them are no corrections.
_PEOPLE: Final = frozenset({"respondent", "account"})
_FEW: Final = 0.01
#: So many files before are looked at, as one may come of each branch.
_BEFORE: Final = 200


def with_left_behind(
    context: Context, feed: Feed, verdicts: Sequence[FileVerdict], history: History
) -> list[FileVerdict]:
    """The verdicts, of which it is known what they redeliver, with notes on what does not come again; `history` is told."""
    source = feed.layout
    if not isinstance(source, Source) or feed.delivery != "incremental":
        return [*verdicts]
    before = {verdict.file.digest: _before(verdict, history) for verdict in verdicts if verdict.redelivery.redelivers}
    loads = {shared_load(each.load_id) for files in before.values() for each in files if each.load_id}
    loads |= {shared_load(each.staged.load_id) for each in verdicts if each.staged and before.get(each.file.digest)}
    runs = known_ids(context.lake, feed.name, sorted(loads)) if loads else {}
    noted = []
    for verdict in verdicts:
        notes = tuple(_notes(context, source, verdict, before.get(verdict.file.digest, ()), runs))
        noted.append(history.told(verdict, notes) if notes else verdict)
    return noted


def _before(verdict: FileVerdict, history: History) -> list[Earlier]:
    """The files before one with answers of its months, the last of them first."""
    if verdict.load(_ENOUGH) is None:
        return []
    months = {*verdict.tally.months}
    given_up = history.gives_way(verdict.file)
    files = islice(history.before(verdict.file, verdict.scope), _BEFORE)
    return [
        each
        for each in files
        if each.load_id and each.accepted >= _ENOUGH and each != given_up and months & {*each.months}
    ]


def _notes(
    context: Context, source: Source, verdict: FileVerdict, before: Sequence[Earlier], runs: dict[str, Run]
) -> Iterator[str]:
    staged = verdict.staged
    for each in before:
        if staged is None or each.load_id is None:
            continue
        new, old = shared_load(staged.load_id), shared_load(each.load_id)
        if new != old and len(in_both(runs[new], runs[old])) < _ENOUGH:
            continue
        found = not_again(context.lake, staged.load_id, each.load_id, staged.silent)
        if found.again < max(_ENOUGH, _SHARE * (found.again + found.left)):
            continue
        # Whose newer answer was rejected is nobody whose older one was corrected.
        known_by_person = "response_id" not in source.columns and _PEOPLE & {*source.columns}
        if found.left > (_FEW * found.again if known_by_person else 0):
            yield _sentence(source, each.path, found)
        return


def _sentence(source: Source, path: str, found: NotAgain) -> str:
    it, is_one = ("it is", True) if found.left == 1 else ("they are", False)
    goes = "goes" if is_one else "go"
    what = (
        f"{counted(found.again, 'answer')} of {path} {'stands' if found.again == 1 else 'stand'} in it again, and "
        f"{found.left:,} {'does' if is_one else 'do'} not, though {it} of days between the first and the last of both: "
        f"{'it' if is_one else 'they'} {goes} on counting. "
    )
    if "response_id" in source.columns:
        why = "If they were deleted, or have other ids now"
    else:
        what += "Without response_id a row that was corrected is another answer, and counts beside what it was. "
        why = "If this file holds the corrected ones"
    if found.is_whole:
        return (
            f"{what}{why}, take that file back: nps withdraw {shlex.quote(path)}; if it holds a part only, all is well."
        )
    return (
        f"{what}{why}, put that file in landing anew, by the same name, without them; if this one holds a part only, all is "
        "well."
    )
