"""A file that calls a programme, the own brand or the question otherwise than nps.yaml does: its answers leave the score.

No answer of it is odd, and none is rejected: they stand in figures of others, or are left out as rows of another question.
Here: the notes on it, once its rows are in the lake. Not here: marks that are known (`marked`), outcomes (`doubts`), files
without the own brand (`doubts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.config.models import Config
from pipelines.config.sources import Source
from pipelines.intake.history import Earlier
from pipelines.intake.once import NONE_LEFT_OUT
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted, in_quotes
from transforms.dimensions import OWN, UNKNOWN
from transforms.reasons import Reason
from transforms.texts.spelling import key
from warehouse.intake.days import counts_of
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

_WORDS: Final = re.compile(r"\w+")
#: Of so many rows a share that counts is by no chance this part of the one before.
_ROWS: Final = 50
_PART: Final = 0.5
_ERRORS: Final = 5
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-5
_AT_FIRST: Final = ("test", "preview")

LeftOut = Mapping[str, Sequence[int]]
"""How many rows of each file before that has some do not count, by reason."""


def called_otherwise(
    lake: Lake, config: Config, source: Source, verdict: FileVerdict, before: Sequence[Earlier]
) -> Iterator[str]:
    """Yield what people should know of a file beside those before it, which have loads."""
    load, loads = verdict.load(), [each.load_id for each in before if each.load_id]
    if load is None:
        return
    if "programme" in source.columns and config.headline_programmes:
        yield from _programmes(counts_of(lake, [load], "programme"), counts_of(lake, loads, "programme"), config)
    if "brand" in source.columns and config.own_brands:
        own = [name for name in config.own_brands if key(name) != OWN]
        yield from _own(counts_of(lake, [load], "brand"), counts_of(lake, loads, "brand"), own)
    if source.where is not None or source.exclude:
        left_out = _left_out(lake, before)
        yield from _other_question(verdict, before, left_out)
        yield from _none_excluded(source, verdict, before, left_out)


def _programmes(now: dict[str, int], then: dict[str, int], config: Config) -> Iterator[str]:
    known = {key(name) for name in (*config.headline_programmes, *then, UNKNOWN)}
    for name, answers in now.items():
        if key(name) not in known:
            yield (
                f"{_are(answers)} of the programme {in_quotes(name)}, which no file before it has, and headline does not "
                "name: the company's score is without them. If it is one of these under another name, call it alike in the "
                "files; if the company's score is of it too, add it to headline; else all is well."
            )


def _own(now: dict[str, int], then: dict[str, int], own: Sequence[str]) -> Iterator[str]:
    """Brands that nobody named before, and that are called like the own one but for some words."""
    known = {key(name) for name in (*own, *then, OWN, UNKNOWN)}
    for name, answers in now.items():
        words = {*_WORDS.findall(key(name))}
        alike = next((each for each in own if _are_alike({*_WORDS.findall(key(each))}, words)), None)
        if key(name) not in known and alike is not None:
            yield (
                f"{_are(answers)} about {in_quotes(name)}, which no file before it names: as a rival, and in no score "
                f"of yours, though it is called like {in_quotes(alike)}. If it is you, add it to own_brands; if it is a "
                "rival, all is well."
            )


def _are(answers: int) -> str:
    return f"{counted(answers, 'answer')} of it {'is' if answers == 1 else 'are'}"


def _are_alike(one: set[str], other: set[str]) -> bool:
    return bool(one) and bool(other) and (one <= other or other <= one)


def _other_question(verdict: FileVerdict, before: Sequence[Earlier], left_out: LeftOut) -> Iterator[str]:
    """Rows that `where` leaves out: all of them, or far more than before."""
    tally = verdict.tally
    out = tally.reasons.get(Reason.OTHER_QUESTION, 0)
    rows = tally.accepted + tally.unanswered + out
    if not out or not before or not all(each.accepted for each in before):  # where files hold a question each
        return
    out_before = sum(left_out.get(Reason.OTHER_QUESTION, ()))
    were = sum(each.accepted + each.unanswered for each in before) + out_before
    now, then = (rows - out) / rows, (were - out_before) / were
    error = (then * (1 - then) * (1 / rows + 1 / were)) ** 0.5
    if now == 0 or (rows >= _ROWS and now <= _PART * then and then - now >= _ERRORS * error):
        yield (
            f"{out:,} of its {rows:,} rows are of another question (where), and not counted; of the files before it "
            f"{out_before:,} of {were:,} were. If the question is called otherwise now, add that to the values of where; if "
            "so many are of others, all is well."
        )


def _none_excluded(source: Source, verdict: FileVerdict, before: Sequence[Earlier], left_out: LeftOut) -> Iterator[str]:
    """Rows that `exclude` leaves out: none of them, where so many were before that chance does it hardly ever."""
    tally = verdict.tally
    rows = tally.accepted + tally.unanswered
    for reason in source.exclude:
        of_files = left_out.get(reason, ())
        out = sum(of_files)
        were = sum(each.accepted + each.unanswered for each in before) + out
        # Tests are made before a survey begins, and then no more.
        is_usual = len(of_files) == len(before) > 1 or (of_files and reason not in _AT_FIRST)
        if is_usual and reason not in tally.reasons and (1 - out / were) ** rows < _CHANCE:
            yield (
                f"None of its {rows:,} rows {NONE_LEFT_OUT} {reason} (exclude), while {out:,} of {were:,} in the files "
                "before it are. If its column says so in other words now, add these to its values; else all is well."
            )


def _left_out(lake: Lake, before: Sequence[Earlier]) -> LeftOut:
    """How many rows of which files before do not count, by reason."""
    loads = [each.load_id for each in before if each.load_id]
    many = (
        rows_of(lake, "rejected", loads)
        .group_by(pl.col("reason").cast(pl.String), "load_id")
        .len()
        .group_by("reason")
        .agg("len")
    )
    return dict(many.collect().iter_rows())
