"""People behind answers: which answers are of one person, and what follows for figures that several of them are in.

Here: numbers for people, and pairs of answers of one person, of which everything about people is a sum: how many there are
in a period, the score by one answer of each, how alike their answers are. Not here: which answers count
(`transforms.answers.responses`), where this is kept (`warehouse.months.people`), formulas (`warehouse/models/macros.sql`).

Answers of one person in a group that follow on one another, with none between, are *linked*. In any period there are as
many fewer people than answers as there are links within it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl
import polars_hash as plh

from transforms.answers.numbers import Numbers, order_of

OneAnswer = Literal["latest", "first", "all"]

#: The longest period, in months: answers further apart are in none together.
LONGEST: Final = 12

#: People who answered in two periods that follow on one another, by what they said in the one and in the other.
MOVES: Final = tuple(f"{before}{after}" for before in "dup" for after in "dup")
#: The same of months, and of quarters.
MOVED: Final = {grain: tuple(f"{grain}_{move}" for move in MOVES) for grain in ("month", "quarter")}
_SUMS: Final = (
    "promoters", "passives", "detractors", "pairs", "balance", "product", *MOVED["month"], *MOVED["quarter"],
)  # fmt: skip
#: Of a quarter: months.
_QUARTER: Final = 3
#: Of fewer possible kinds of pairs than this for each pair they are counted by place, else sorted.
_SPARSE: Final = 4
#: Who gave more answers than this is looked at in one group after the other, where alike answers of a month are one row:
#: of all their answers there are as many pairs as half the square of their number.
OFTEN: Final = 12


@dataclass(frozen=True)
class Groups:
    """What answers are grouped by in a mart."""

    mart: str
    of_cells: Numbers
    """The number of the group of each cell; -1 of one that the mart does not hold."""
    members: pl.DataFrame
    """`member` and `second` of each group, in the order of their numbers."""


@dataclass(frozen=True)
class Answers:
    """Answers of people, those of one month after those of the month before, in a month as `Response` has them."""

    person: Numbers
    month: Numbers
    """Months since the first one."""
    cell: Numbers
    first: int = 0
    """The number of the first one: those of a quarter follow on a multiple of 3."""

    def where(self, is_wanted: Numbers) -> Answers:
        """Some of them."""
        return Answers(self.person[is_wanted], self.month[is_wanted], self.cell[is_wanted], self.first)


def with_people(rows: pl.DataFrame, one: OneAnswer) -> pl.DataFrame:
    """Answers with `person`, those of people who stand several times in a month last, in the order of `in_order`."""
    known = pl.when(metric="nps").then(plh.col("respondent_key").nchash.xxhash64())
    found = rows.with_columns(person=known.reinterpret(signed=True))
    persons = found.get_column("person").drop_nulls()
    # One answer of each person counts in a month and survey: only of several surveys there may be more.
    if persons.is_empty() or (one != "all" and all(found.get_column(of).n_unique() == 1 for of in ("survey", "brand"))):
        return found
    month = pl.col("month").to_physical().cast(pl.Int64)
    marked = found.with_columns(place=pl.col("person") ^ (month * 2654435761))
    twice = repeated(marked.get_column("place").drop_nulls())
    is_repeated = pl.col("place").is_in(twice.implode()).fill_null(value=False)
    return pl.concat([marked.filter(~is_repeated), in_order(marked.filter(is_repeated), one)]).drop("place")


def in_order(rows: pl.DataFrame, one: OneAnswer) -> pl.DataFrame:
    """Answers from the earliest on; of two at once the one that counts is last or, where the first counts, first."""
    is_first = one == "first"
    by = ["responded_at", "updated_at", "position", "source_row"]
    return rows.sort(by, descending=[False, *[is_first] * 3], nulls_last=[False, is_first, False, False])


def repeated(hashes: pl.Series) -> pl.Series:
    """The hashes that occur more than once. Sorting numbers is much cheaper than grouping by them."""
    ordered = hashes.sort()
    return ordered.filter(ordered == ordered.shift(1)).unique()


def alike(marts: Sequence[Groups]) -> list[list[Groups]]:
    """Marts that group answers alike stand together: where there is one survey, those by survey and of all are one."""
    found: dict[bytes, list[Groups]] = {}
    for groups in marts:
        found.setdefault(groups.of_cells.tobytes(), []).append(groups)
    return [*found.values()]


def pairs(
    answers: Answers, balance: Numbers, wanted: Numbers, marts: Sequence[Sequence[Groups]], one: OneAnswer
) -> pl.DataFrame:
    """The sums of `Repeat` by mart, group and months, of which the later is among those `wanted` (Boolean, by month).

    `month` and `earlier` are numbers of months, `balance` is -1, 0 or 1 of each cell; `marts` stand as `alike` has them.
    """
    known = _of_several(answers)
    is_often = _is_often(known.person)
    often = known.where(is_often)
    few = _Told.of(known.where(~is_often), balance, wanted)
    found = []
    for several in marts:
        of_cells, number = several[0].of_cells, len(several[0].members)
        sums = [_counted(few, of_cells[few.answers.cell], number, wanted, one)]
        if is_often.any():
            told, group = _of_often(often, balance, of_cells, wanted, one)
            sums.append(_counted(told, group, number, wanted, one))
        found += [_named(pl.concat(sums), groups) for groups in several]
    return pl.concat(found) if found else _NONE


_NONE: Final = pl.DataFrame(
    schema={"mart": pl.String, "member": pl.String, "second": pl.String, "earlier": pl.Int64, "month": pl.Int64}
    | dict.fromkeys(_SUMS, pl.Int64)
)


def _of_several(answers: Answers) -> Answers:
    """The answers of people who gave several, person by person."""
    order = order_of(answers.person.view(np.uint64))
    person = answers.person[order]
    is_same = person[1:] == person[:-1]
    is_kept = np.zeros(len(person), np.bool_)
    is_kept[1:] |= is_same
    is_kept[:-1] |= is_same
    order = order[is_kept]
    return Answers(person[is_kept], answers.month[order], answers.cell[order], answers.first)


@dataclass(frozen=True)
class _Pairs:
    """Places of two answers of one person, and what is the same of them in all marts."""

    later: Numbers
    earlier: Numbers
    apart: Numbers
    """Months between them."""
    quarters: Numbers
    """Quarters between them."""
    said: Numbers
    """The month of the later one, how far apart they are and both scores, as one number."""

    @classmethod
    def of(cls, answers: Answers, score: Numbers, later: Numbers, earlier: Numbers) -> _Pairs:
        month = answers.month[later]
        before = answers.month[earlier]
        apart = month - before
        quarters = (month + answers.first) // _QUARTER - (before + answers.first) // _QUARTER
        said = ((month * LONGEST + apart) * 3 + score[later] + 1) * 3 + score[earlier] + 1
        return cls(later, earlier, apart, quarters, said)

    def where(self, is_wanted: Numbers) -> _Pairs:
        """Some of them."""
        return _Pairs(*(each[is_wanted] for each in (self.later, self.earlier, self.apart, self.quarters, self.said)))


#: Of a month and scores, how many numbers `_Pairs.said` has.
_SAID: Final = 9 * LONGEST


@dataclass(frozen=True)
class _Told:
    """Answers, person by person, and all pairs of them that are looked at."""

    answers: Answers
    score: Numbers
    within: Sequence[_Pairs]
    """Of one month."""
    across: Sequence[_Pairs]
    times: Numbers | None = None
    """How many alike answers each is, where not one."""

    @classmethod
    def of(cls, answers: Answers, balance: Numbers, wanted: Numbers, times: Numbers | None = None) -> _Told:
        score = balance[answers.cell]
        within = [_Pairs.of(answers, score, *two) for two in _within_a_month(answers)]
        across = [_Pairs.of(answers, score, *two) for two in _across_months(answers, wanted)]
        return cls(answers, score, within, across, times)


def _is_often(person: Numbers) -> Numbers:
    """Whether each answer is of somebody who gave many; `person` is in order."""
    starts = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]])) if len(person) else person[:0]
    lengths = np.diff(np.append(starts, len(person)))
    return np.repeat(lengths > OFTEN, lengths)


def _of_often(
    answers: Answers, balance: Numbers, of_cells: Numbers, wanted: Numbers, one: OneAnswer
) -> tuple[_Told, Numbers]:
    """Answers of people who gave many, as if each was another in each group, and the group of each.

    Those of a month that say the same are one, at the place of the last of them, or of the first where that counts.
    """
    group = of_cells[answers.cell]
    held = answers.where(group >= 0)
    group, score = group[group >= 0], balance[held.cell]
    number = np.cumsum(np.concatenate([[0], held.person[1:] != held.person[:-1]])) if len(group) else group
    person = number * (1 + int(group.max(initial=0))) + group
    order = np.argsort(person, kind="stable")
    alike = ((person * len(wanted) + held.month) * 3 + score + 1)[order]
    if one == "first":
        _, at, times = np.unique(alike, return_index=True, return_counts=True)
    else:
        _, behind, times = np.unique(alike[::-1], return_index=True, return_counts=True)
        at = len(alike) - 1 - behind
    in_order = np.argsort(at)
    kept = order[at[in_order]]
    said = Answers(person[kept], held.month[kept], score[kept] + 1, held.first)
    return _Told.of(said, np.array([-1, 0, 1]), wanted, times[in_order]), group[kept]


def _within_a_month(answers: Answers) -> Iterator[tuple[Numbers, Numbers]]:
    """Places of two answers of one person in one month, the later first; those with the fewest others between come first."""
    yield from _steps(answers, np.array([True]), 0)


def _across_months(answers: Answers, wanted: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """The same of two months that may be in one period, of which the later is wanted."""
    for later, earlier in _steps(answers, wanted[answers.month[1:]], LONGEST - 1):
        is_across = answers.month[later] != answers.month[earlier]
        if is_across.all():
            yield later, earlier
        elif is_across.any():
            yield later[is_across], earlier[is_across]


def _steps(answers: Answers, wanted: Numbers, apart: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Those of at most so many months `apart`; `wanted` tells it of each later one, or of all."""
    person, month = answers.person, answers.month
    later = np.flatnonzero(wanted & (person[1:] == person[:-1]) & (month[1:] - month[:-1] <= apart)) + 1
    step = 1
    while len(later):
        yield later, later - step
        # With one further before it, each answer between is near enough too.
        step += 1
        later = later[later >= step]
        earlier = later - step
        later = later[(person[later] == person[earlier]) & (month[later] - month[earlier] <= apart)]


def _counted(told: _Told, group: Numbers, groups: int, wanted: Numbers, one: OneAnswer) -> pl.DataFrame:
    """The sums by the numbers of groups, of which there are so many, and by months; -1 is none."""
    answers, times = told.answers, told.times
    is_linked, is_beaten = np.zeros((2, len(group)), np.bool_)
    quarters = _Quarters(answers, one)
    tally = _Tally(36 * LONGEST * len(wanted) * groups, is_weighed=times is not None)

    def add(two: _Pairs, *, is_of_counting: bool) -> None:
        of = group[two.later]
        is_alike = (of == group[two.earlier]) & (of >= 0)
        if not is_alike.all():
            of, two = of[is_alike], two.where(is_alike)
        link = ~is_linked[two.later]
        is_linked[two.later] = True
        both = np.zeros(len(of), np.bool_)
        if is_of_counting:
            counts = ~(is_beaten[two.later] | is_beaten[two.earlier]) if told.within else np.ones(len(of), np.bool_)
            both = (two.apart == 1) & counts
            quarters.add(two if counts.all() else two.where(counts))
        else:
            is_beaten[(two.later if one == "first" else two.earlier)[link]] = True
            is_told = wanted[answers.month[two.later]] > 0
            of, link, both, two = of[is_told], link[is_told], both[is_told], two.where(is_told)
        pairs = None if times is None else times[two.later] * times[two.earlier]
        tally.add((of * (len(wanted) * _SAID) + two.said) * 4 + 2 * link + both, pairs=pairs)

    for two in told.within:
        add(two, is_of_counting=False)
    for two in told.across:
        add(two, is_of_counting=True)
    if times is not None:
        # Of alike answers of a month each but one is linked with the next.
        several = np.flatnonzero((times > 1) & (group >= 0) & wanted[answers.month])
        with_itself, many = _Pairs.of(answers, told.score, several, several), times[several]
        kind = (group[several] * (len(wanted) * _SAID) + with_itself.said) * 4 + 2
        tally.add(kind, counts=many - 1, pairs=many * (many - 1) // 2)
    return _summed(tally, len(wanted), one, quarters.moves(group, told.score, len(wanted)))


class _Tally:
    """Kinds of pairs, and how many there are of each."""

    def __init__(self, possible: int, *, is_weighed: bool) -> None:
        self._possible, self._is_weighed = possible, is_weighed
        self._kinds: list[Numbers] = []
        self._counts: list[Numbers] = []
        self._pairs: list[Numbers] = []

    def add(self, kind: Numbers, counts: Numbers | None = None, pairs: Numbers | None = None) -> None:
        """Pairs of rows; where these are weighed, each of so many `pairs` of answers, or as many of answers as `counts`."""
        self._kinds.append(kind)
        if self._is_weighed:
            ones = np.ones(len(kind), np.int64)
            self._counts.append(ones if counts is None else counts)
            self._pairs.append(ones if pairs is None else pairs)

    def told(self) -> tuple[Numbers, Numbers, Numbers]:
        """The different kinds, how many there are of each, and of how many pairs of answers."""
        kind = np.concatenate(self._kinds) if self._kinds else np.zeros(0, np.int64)
        if self._is_weighed:
            kind, place = np.unique(kind, return_inverse=True)
            count, pairs = np.zeros((2, len(kind)), np.int64)
            if self._kinds:
                np.add.at(count, place, np.concatenate(self._counts))
                np.add.at(pairs, place, np.concatenate(self._pairs))
            return kind, count, pairs
        if self._possible > _SPARSE * len(kind):
            kind, count = np.unique(kind, return_counts=True)
            return kind, count, count
        count = np.bincount(kind, minlength=1)
        return np.flatnonzero(count), count[count > 0], count[count > 0]


class _Quarters:
    """Of answers that count in their months: the one before in the same quarter, and the one that counts in that before.

    Pairs must come from near to far. In a group, the last answer of a person in a quarter counts, or the first.
    """

    def __init__(self, answers: Answers, one: OneAnswer) -> None:
        self._month, self._one = answers.month, one
        self._before, self._counting = np.full((2, len(answers.month)), -1)

    def add(self, two: _Pairs) -> None:
        """Pairs of one person and group: each later answer once."""
        near = np.flatnonzero(two.quarters == 0)
        near = near[self._before[two.later[near]] < 0]
        self._before[two.later[near]] = two.earlier[near]
        next_to = np.flatnonzero(two.quarters == 1)
        if self._one != "first":
            next_to = next_to[self._counting[two.later[next_to]] < 0]
        self._counting[two.later[next_to]] = two.earlier[next_to]

    def moves(self, group: Numbers, score: Numbers, months: int) -> pl.DataFrame:
        """By `group`, `month` and `apart` what each answer changes about who moved: the one before it counts no more."""
        later = np.flatnonzero(self._counting >= 0)
        earlier, before = self._counting[later], self._before[later]
        is_first = before < 0
        others = later[:0] if self._one == "first" else later[~is_first]
        if self._one == "first":
            later, earlier = later[is_first], earlier[is_first]
        lost = self._counting[others]
        place = np.concatenate([later, others])
        said = np.concatenate([score[later], score[self._before[others]]])
        came = np.concatenate([earlier, lost])
        kind = (group[place] * months + self._month[place]) * LONGEST + self._month[place] - self._month[came]
        kind = kind * len(MOVES) + 3 * (score[came] + 1) + said + 1
        counted = pl.DataFrame({"kind": kind, "people": np.repeat([1, -1], [len(later), len(others)])})
        told = counted.group_by("kind").agg(pl.col("people").sum()).filter(pl.col("people") != 0)
        of = pl.col("kind") // len(MOVES)
        found = [
            (pl.col("people") * (pl.col("kind") % len(MOVES) == number)).alias(name)
            for number, name in enumerate(MOVED["quarter"])
        ]
        return told.select(*found, group=of // LONGEST // months, month=of // LONGEST % months, apart=of % LONGEST)


def _summed(tally: _Tally, months: int, one: OneAnswer, quarters: pl.DataFrame) -> pl.DataFrame:
    kind, count, pairs = tally.told()
    both, link = kind % 2, kind // 2 % 2
    earlier, later = kind // 4 % 3 - 1, kind // 12 % 3 - 1
    apart, place = kind // 36 % LONGEST, kind // (36 * LONGEST)
    beaten = later if one == "first" else earlier
    linked = link * count
    sums = {
        "promoters": linked * (beaten == 1), "passives": linked * (beaten == 0), "detractors": linked * (beaten == -1),
        "pairs": pairs, "balance": (earlier + later) * pairs, "product": earlier * later * pairs,
    }  # fmt: skip
    of_move = 3 * (earlier + 1) + later + 1
    sums |= {name: both * count * (of_move == number) for number, name in enumerate(MOVED["month"])}
    rows = pl.DataFrame({"group": place // months, "month": place % months, "apart": apart, **sums})
    both_kinds = pl.concat([rows, quarters], how="diagonal_relaxed")
    return both_kinds.group_by("group", "month", "apart").agg(pl.col(_SUMS).sum())


def _named(sums: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """Sums under the names of a mart and its groups."""
    members = groups.members.select("member", "second")[sums["group"]]
    named = sums.hstack(members.get_columns())
    return named.select(
        pl.lit(groups.mart).alias("mart"), "member", "second", (pl.col("month") - pl.col("apart")).alias("earlier"),
        "month", *_SUMS,
    )  # fmt: skip
