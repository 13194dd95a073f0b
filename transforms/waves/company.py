"""What is shown of all employees together, so that nothing beside it, and no earlier copy, tells what a few answered.

Here: months, quarters and years of the whole company. Not here: groups of a wave (`transforms.waves.closing`), the ledger
(`warehouse.published.waves`).

Whoever subtracts is assumed to: months from their quarter, waves whose groups are all shown from their month, and what was
published last week from what is published today. So answers are let out in *batches*, each of them many and not alike: a
wave alone, or waves of a month, a quarter or a year that are too few alone. Which batches there are follows from the
order in which waves closed, and the fewest answers that were wanted then, so none is ever made otherwise once it was shown;
what is in none waits. What comes or goes after its wave has closed counts once it is as many itself.

That so many answers wait tells that they are alike. So they are let out with others where these leave open what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.waves.groups import COUNTS, is_told_apart

Wave = tuple[str, date]
"""A survey, and the first day of the month in which it was answered."""
Numbers = npt.NDArray[np.int64]
_RESPONSES, _PROMOTERS, _PASSIVES, _DETRACTORS = range(4)
_LENGTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def _nothing() -> Numbers:
    return np.zeros(len(COUNTS), np.int64)


@dataclass(frozen=True)
class Company:
    """What is shown of all employees."""

    periods: list[tuple[str, date, *tuple[int, ...]]] = field(default_factory=list)
    """Grain, first day and `COUNTS`."""
    waves_left_out: list[Wave] = field(default_factory=list)
    """Closed ones of which not all answers are in their month."""


@dataclass(frozen=True)
class _Batch:
    """Waves that are let out together."""

    grain: str
    start: date
    """Of the shortest period in which they count."""
    waves: list[Wave]
    told: list[Numbers]
    """All that was ever shown of them: whoever kept copies knows it."""


@dataclass
class _Batches:
    """Waves in the order in which they closed, and which of them are let out together."""

    minimum: int
    """The fewest answers that are wanted when something closes or changes."""
    is_remembered: bool = True
    """Whether it matters what is known to be alike: not in what versions let out that did not ask."""
    closed: dict[Wave, Numbers] = field(default_factory=dict)
    """As each counted when it was let out, or as it counts while it waits."""
    later: dict[Wave, Numbers] = field(default_factory=dict)
    """What each is counted as now, where that is another by many."""
    waiting: list[Wave] = field(default_factory=list)
    alike: dict[Wave, int] = field(default_factory=dict)
    """How many answers of each that waits are known to be alike, or all but one."""
    out: list[_Batch] = field(default_factory=list)

    def close(self, wave: Wave, counts: Numbers, *, is_covered: bool) -> None:
        """A wave closes; one whose groups are all shown is out with them."""
        self.closed[wave] = counts
        if is_covered:
            self.out.append(_Batch("month", wave[1], [wave], [counts]))
        else:
            self.waiting.append(wave)
            self._let_out()

    def join(self, wave: Wave, other: Wave) -> bool:
        """Whether another one that is out shows the wave's answers: they count as one, else one more was the difference."""
        batch = next((each for each in self.out if other in each.waves), None)
        if batch is not None:
            self.closed[wave] = _nothing()
            batch.waves.append(wave)
        return batch is not None

    def change(self, wave: Wave, counts: Numbers) -> None:
        """A closed wave is counted as another by now."""
        if wave in self.waiting:
            self.closed[wave] = counts
            self._let_out()
        elif wave in self.closed:
            self.later[wave] = counts
            for batch in self.out:
                if wave in batch.waves:
                    batch.told.append(self.total(batch))

    def _let_out(self) -> None:
        """A quarter and a year wait until waves have closed that may be of their last month: months come first."""
        latest = max(month for _, month in self.closed)
        for grain, length in _LENGTHS.items():
            for start in sorted({_start(month, length) for _, month in self.waiting}):
                last = start.replace(month=start.month + length - 1)
                waves = [wave for wave in self.waiting if _start(wave[1], length) == start]
                counts = sum((self.closed[each] for each in waves), _nothing())
                if (length == 1 or last <= latest) and self._may_be_let_out(waves, counts):
                    self.out.append(_Batch(grain, start, waves, [counts]))
                    self.waiting = [wave for wave in self.waiting if wave not in waves]

    def _may_be_let_out(self, waves: Sequence[Wave], counts: Numbers) -> bool:
        """Whether they are many, and whatever of them is known to be alike may be of one kind or of another."""
        is_many = self._is_many(counts)
        if not is_many and counts[_RESPONSES] >= self.minimum and self.is_remembered:
            self.alike |= {wave: int(self.closed[wave][_RESPONSES]) for wave in waves}
        second = sorted(counts[[_PROMOTERS, _PASSIVES, _DETRACTORS]].tolist())[1]
        return is_many and second >= sum(self.alike.get(wave, 0) for wave in waves)

    def total(self, batch: _Batch) -> Numbers:
        """What a batch counts as."""
        return sum((self.now(wave) for wave in batch.waves), _nothing())

    def now(self, wave: Wave) -> Numbers:
        """What a wave counts as."""
        return self.later.get(wave, self.closed[wave])

    def may_become(self, batch: _Batch, counted: Mapping[Wave, Numbers]) -> bool:
        """Whether nobody learns of few when the waves of a batch count as others: by what is left, or by any copy."""
        left = sum((counted[wave] for wave in batch.waves), _nothing())
        changes = [left - told for told in batch.told]
        return (self._is_many(left) or not left.any()) and all(
            self._is_many(change) or self._is_many(-change) or not change.any() for change in changes
        )

    def _is_many(self, counts: Numbers) -> bool:
        return _is_told_apart(counts, self.minimum)


def company(closed: pl.DataFrame, current: pl.DataFrame, minimum: int) -> Company:
    """What is shown; `closed` are rows of the ledger of waves, `WaveRecord`, in their order, `current` as `changed`.

    Another `minimum` than waves closed with makes no batch another.
    """
    batches = _batches(closed, minimum)
    found: dict[tuple[str, date], Numbers] = {}
    for batch in batches.out:
        for longer in list(_LENGTHS)[list(_LENGTHS).index(batch.grain) :]:
            key = (longer, _start(batch.start, _LENGTHS[longer]))
            found[key] = found.get(key, _nothing()) + batches.total(batch)
    grains = list(_LENGTHS)
    ordered = sorted(found.items(), key=lambda each: (grains.index(each[0][0]), each[0][1]))
    periods = [(*key, *counts.tolist()) for key, counts in ordered if counts[_RESPONSES]]
    in_month = {wave for batch in batches.out if batch.grain == "month" for wave in batch.waves}
    now = _by_wave(current)
    late = {wave: now.get(wave, _nothing()) - batches.now(wave) for wave in batches.closed}
    left_out = [
        wave
        for wave, change in sorted(late.items(), key=lambda each: each[0])
        if wave not in in_month or change[_RESPONSES] > 0
    ]
    return Company(periods, left_out)


def changed(closed: pl.DataFrame, current: pl.DataFrame, minimum: int) -> list[tuple[Wave, tuple[int, ...]]]:
    """The closed waves that are to be counted as others from now on, and as what.

    `current` has the answers of each survey and month as they are counted now. Of waves that wait everything that came
    since counts, as nothing of them is out.
    """
    batches, now = _batches(closed, minimum), _by_wave(current)
    counted = {wave: now.get(wave, _nothing()) for wave in batches.closed}
    found = [wave for wave in batches.waiting if (counted[wave] != batches.closed[wave]).any()]
    for batch in batches.out:
        if batches.may_become(batch, counted):
            found += [wave for wave in batch.waves if (counted[wave] != batches.now(wave)).any()]
    return [(wave, tuple(counted[wave].tolist())) for wave in found]


def _batches(closed: pl.DataFrame, minimum: int) -> _Batches:
    groups = closed.filter(pl.col("kind") == "group")
    told = groups.group_by("survey", "month", "mart").agg(pl.col("responses").sum())
    covered = {(survey, month, answers) for survey, month, _, answers in told.iter_rows()}
    batches = _Batches(minimum)
    of_waves = closed.filter(pl.col("kind").is_in(["wave", "late"]))
    # Rows of versions that kept no minimum: as good as what was wanted next.
    least = pl.col("minimum_group").fill_null(strategy="backward").fill_null(minimum)
    is_kept = pl.col("minimum_group").is_not_null()
    rows = of_waves.select("kind", "survey", "month", "members", least, is_kept.alias("is_kept"), *COUNTS)
    for kind, survey, month, other, batches.minimum, batches.is_remembered, *counts in rows.iter_rows():
        wave, numbers = (survey, month), np.array(counts, np.int64)
        if kind == "late":
            batches.change(wave, numbers)
        elif wave not in batches.closed and not (
            other and batches.join(wave, (other[0], date.fromisoformat(other[1])))
        ):
            batches.close(wave, numbers, is_covered=(*wave, int(numbers[_RESPONSES])) in covered)
    batches.minimum = minimum
    return batches


def _start(month: date, length: int) -> date:
    return month.replace(month=(month.month - 1) // length * length + 1, day=1)


def _by_wave(rows: pl.DataFrame) -> dict[Wave, Numbers]:
    found: dict[Wave, Numbers] = {}
    for survey, month, *counts in rows.select("survey", "month", *COUNTS).iter_rows():
        found[survey, month] = np.array(counts, np.int64)
    return found


def _is_told_apart(counts: Sequence[int] | Numbers, minimum: int) -> bool:
    told = [int(counts[place]) for place in (_DETRACTORS, _PASSIVES, _PROMOTERS)]
    return min(told) >= 0 and is_told_apart(told, minimum)
