"""A branch, a region or a channel, or a day, that is odd beside the others of the file: turned around, all alike, several.

Here: the notes on them, once the rows are in the lake. Employees are left aside, whom such a sentence could tell. Not here:
what a shape says (`transforms.scores.shapes`), the question about a first file (`pipelines.sniff.proposal.odd_parts`), parts
without a promoter (`pipelines.report.notes.odd_figures`), several spellings of one name (`transforms.texts.spelling`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.once import SEVERAL, TURNED
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from transforms.scores.scales import STANDARD
from transforms.scores.shapes import FEWEST, all_alike, is_turned, shapes_of, stands_at, together, without
from transforms.texts.spelling import key
from warehouse.intake.days import counts_of
from warehouse.lake.store import Lake

_PARTS: Final = ("branch", "region", "channel")
_BETWEEN: Final = re.compile(r'[,;|\n"\[\]]+')


def odd_parts(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield a sentence for each such part; `rows_of` gives some columns of a load that is not too large."""
    load = verdict.load(2 * FEWEST, LARGEST)
    if load is None or source.metric == "enps" or source.scale not in STANDARD:
        return
    rows = rows_of(load)
    for name in _PARTS:
        if name in source.columns:
            yield from _of(name, rows.select(name=name, number="score"))
    if "responded_at" in source.columns:
        day = pl.col("responded_at").dt.date().cast(pl.String)
        yield from _days(rows.select(name=day, number="score"))


def _of(name: str, rows: pl.DataFrame) -> Iterator[str]:
    """What is odd about a part by a name: the largest of each kind."""
    told: set[str] = set()
    for part, own, others in _shapes(rows):
        answers = f"{sum(own):,} answers of {name} {part}"
        if "turned" not in told and is_turned(own, others):
            told.add("turned")
            yield (
                f"{answers} {TURNED}, as if 0 was the best answer there. If so, give them a source of their own "
                "(where) with a scale that turns them around, and leave them out of this one (exclude); else all is well."
            )
        elif "alike" not in told and (given := all_alike(own, others)):
            told.add("alike")
            said = f"{given[0]}" if given[0] == given[1] else f"{given[0]} or {given[1]}"
            yield (
                f"All {answers} are {said}, as chance hardly has it beside the others. Each counts. If only such "
                "answers were entered or exported there, or the scores were filled in, take the file back (nps withdraw) "
                "and export all; else all is well."
            )
        elif "stands" not in told and (at := stands_at(own, others)) is not None:
            told.add("stands")
            yield _standing(own[at], answers, at, others)


def _days(rows: pl.DataFrame) -> Iterator[str]:
    """The same of days, of which only answers that stand at one are told: on one day many may answer of one thing."""
    for day, own, others in _shapes(rows):
        at = stands_at(own, others)
        if at is not None:
            yield _standing(own[at], f"{sum(own):,} answers of {day}", at, others)
            return


def _standing(many: int, answers: str, at: int, others: Sequence[int]) -> str:
    return (
        f"{many:,} of {answers} are {at}, and {others[at]:,} of {sum(others):,} others, which they are like otherwise. "
        f"Each counts. If the question stands there before anybody answers, or blank answers became {at}, export them as "
        "blank; else all is well."
    )


def _shapes(rows: pl.DataFrame) -> Iterator[tuple[str, list[int], list[int]]]:
    """Each part that may have a shape, the largest first, with how many answers of it and of all others each number has."""
    shapes = shapes_of(rows)
    every = together(shapes.values())
    for part, own in shapes.items():
        if sum(own) >= FEWEST // 2 and 2 * sum(own) <= sum(every):
            yield part, own, without(every, own)


def several_at_once(
    lake: Lake, source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]
) -> Iterator[str]:
    """Yield a sentence for each such dimension; `rows_of` gives these columns of a load that is not too large."""
    names = [name for name in _PARTS if name in source.columns]
    load, is_large = verdict.load(1), verdict.tally.accepted > LARGEST
    if load is None or not names:
        return
    for name in names:
        many = counts_of(lake, [load], name) if is_large else _counts(rows_of(load)[name])
        alone = {key(text) for text in many}
        parts = {text: [part for part in _BETWEEN.split(text) if part.strip()] for text in many}
        found = [text for text, of in parts.items() if len(of) > 1 and all(key(part) in alone for part in of)]
        if found:
            answers = counted(sum(many[text] for text in found), "answer")
            yield (
                f"{answers} {SEVERAL} {name}, which count as one of that name, as in '{found[0]}'. If people chose several, "
                f"export each answer once with the {name} that it is about; if that is its name, all is well."
            )


def _counts(texts: pl.Series) -> dict[str, int]:
    return dict(texts.drop_nulls().value_counts(sort=True).iter_rows())
