"""What is shown of all employees together, so that nothing beside it tells what a few of them answered.

Here: months, quarters and years of the whole company. Not here: groups of a wave (`transforms.closing`), who keeps the
files of several nights (docs/privacy.md says what they learn).

Whoever subtracts is assumed to: months from their quarter, waves whose groups are all shown from their month. So answers of
a wave or a month count where they can be told apart from none of that only by being many and not alike; the others wait
until more of them have come, or count in the quarter or year where they are many together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.groups import COUNTS, is_told_apart

Wave = tuple[str, date]
Numbers = npt.NDArray[np.int64]
_RESPONSES, _PROMOTERS, _PASSIVES, _DETRACTORS = range(4)


def _nothing() -> Numbers:
    return np.zeros(len(COUNTS), np.int64)


@dataclass(frozen=True)
class Company:
    """What is shown of all employees."""

    periods: list[tuple[str, date, *tuple[int, ...]]] = field(default_factory=list)
    """Grain, first day and `COUNTS`."""
    waves_left_out: list[Wave] = field(default_factory=list)
    """Of which not all answers are in their month."""


@dataclass
class _Part:
    """A month, a quarter or a year: what is shown of it, and the answers that would be too few, or too much alike."""

    shown: Numbers = field(default_factory=_nothing)
    left: Numbers = field(default_factory=_nothing)

    def settle(self, minimum: int) -> None:
        if _is_told_apart(self.left, minimum):
            self.shown, self.left = self.shown + self.left, _nothing()


def company(current: pl.DataFrame, waves: pl.DataFrame, minimum: int) -> Company:
    """`current` has the answers of each survey and month as they are counted now, `waves` what closed (`WaveRecord`)."""
    now = _by_wave(current)
    whole = _by_wave(waves.filter(pl.col("kind") == "wave"))
    groups = waves.filter(pl.col("kind") == "group")
    told = groups.group_by("survey", "month", "mart").agg(pl.col("responses").sum())
    covered = {(survey, month, answers) for survey, month, _, answers in told.iter_rows()}
    months: dict[date, _Part] = {}
    by_group: dict[date, list[tuple[Numbers, Numbers]]] = {}
    waiting: dict[date, list[Wave]] = {}
    for wave in sorted({*now, *whole}):
        part = months.setdefault(wave[1], _Part())
        counted, closed = now.get(wave, _nothing()), whole.get(wave)
        if closed is None or (*wave, int(closed[_RESPONSES])) not in covered:
            part.left = part.left + _of_whole(counted, closed)
            waiting.setdefault(wave[1], []).append(wave)
        else:
            by_group.setdefault(wave[1], []).append((counted, closed))
            if (counted != closed).any():
                waiting.setdefault(wave[1], []).append(wave)
    for month, several in by_group.items():
        counted, closed = (np.sum(each, axis=0) for each in zip(*several, strict=True))
        known, left = _of_groups(counted, closed, minimum)
        months[month].shown, months[month].left = known, months[month].left + left
    found, left_out = [], []
    for grain, parts in _periods(months, minimum):
        found += [(grain, start, *part.shown.tolist()) for start, part in parts.items() if part.shown[_RESPONSES]]
        if grain == "month":
            left_out = [wave for month, part in parts.items() if part.left.any() for wave in waiting[month]]
    return Company(found, left_out)


def _of_whole(counted: Numbers, closed: Numbers | None) -> Numbers:
    """What counts of a wave of which nothing is told by group, or not all.

    Answers that came later do; where some are gone, those that it closed with count, but where all are.
    """
    return counted if closed is None or (counted >= closed).all() or not counted.any() else closed


def _of_groups(counted: Numbers, closed: Numbers, minimum: int) -> tuple[Numbers, Numbers]:
    """What counts of waves whose groups are all shown, and what came later and would be told by subtracting them."""
    change = counted - closed
    is_many = any(_is_told_apart(each, minimum) for each in (change, -change))
    if is_many and (_is_told_apart(counted, minimum) or not counted.any()):
        return counted, _nothing()
    return closed, change if (change >= 0).all() else _nothing()


def _periods(months: Mapping[date, _Part], minimum: int) -> Iterable[tuple[str, Mapping[date, _Part]]]:
    parts = months
    for grain, length in (("month", 1), ("quarter", 3), ("year", 12)):
        summed: dict[date, _Part] = {}
        for start, part in parts.items():
            of = summed.setdefault(start.replace(month=(start.month - 1) // length * length + 1), _Part())
            of.shown, of.left = of.shown + part.shown, of.left + part.left
        for of in summed.values():
            of.settle(minimum)
        parts = summed
        yield grain, summed


def _by_wave(rows: pl.DataFrame) -> dict[Wave, Numbers]:
    found: dict[Wave, Numbers] = {}
    for survey, month, *counts in rows.select("survey", "month", *COUNTS).iter_rows():
        found[survey, month] = np.array(counts, np.int64)
    return found


def _is_told_apart(counts: Sequence[int] | Numbers, minimum: int) -> bool:
    told = [int(counts[place]) for place in (_DETRACTORS, _PASSIVES, _PROMOTERS)]
    return min(told) >= 0 and is_told_apart(told, minimum)
