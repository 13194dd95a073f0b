"""People behind answers: which answers are of one person, and what follows for figures that several of them are in.

Here: numbers for people, and pairs of answers of one person, of which everything about people is a sum: how many there are
in a period, the score by one answer of each, how alike their answers are. Not here: which answers count
(`transforms.responses`), where this is kept (`warehouse.people`), formulas (`warehouse/models/macros.sql`).

Answers of one person in a group that follow on one another, with none between, are *linked*. In any period there are as
many fewer people than answers as there are links within it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_hash as plh

OneAnswer = Literal["latest", "first", "all"]

#: The longest period, in months: answers further apart are in none together.
LONGEST: Final = 12

Numbers = npt.NDArray[Any]

_SUMS: Final = (
    "promoters", "passives", "detractors", "pairs", "balance", "product",
    "met", "met_earlier", "met_later", "met_product",
)  # fmt: skip
#: Of fewer possible kinds of pairs than this for each pair they are counted by place, else sorted.
_SPARSE: Final = 4


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


def pairs(answers: Answers, balance: Numbers, wanted: Numbers, marts: Sequence[Groups], one: OneAnswer) -> pl.DataFrame:
    """The sums of `Repeat` by mart, group and months, of which the later is among those `wanted` (Boolean, by month).

    `month` and `earlier` are numbers of months. `balance` is -1, 0 or 1 for each cell.
    """
    known = _of_several(answers)
    within = list(_within_a_month(known))
    across = list(_across_months(known, wanted))
    shared = {"within": within, "across": across}
    found = [_counted(known, balance, groups, **shared, wanted=wanted, one=one) for groups in marts]
    return pl.concat(found) if found else _NONE


_NONE: Final = pl.DataFrame(
    schema={"mart": pl.String, "member": pl.String, "second": pl.String, "earlier": pl.Int64, "month": pl.Int64}
    | dict.fromkeys(_SUMS, pl.Int64)
)


def _of_several(answers: Answers) -> Answers:
    """The answers of people who gave several, person by person."""
    order = np.argsort(answers.person, kind="stable")
    person = answers.person[order]
    is_same = person[1:] == person[:-1]
    is_kept = np.zeros(len(person), np.bool_)
    is_kept[1:] |= is_same
    is_kept[:-1] |= is_same
    order = order[is_kept]
    return Answers(person[is_kept], answers.month[order], answers.cell[order])


_Pairs = tuple[Numbers, Numbers]


def _within_a_month(answers: Answers) -> Iterator[_Pairs]:
    """Places of two answers of one person in one month, the later first; those with the fewest others between come first."""
    yield from _steps(answers, np.arange(len(answers.person)), 0)


def _across_months(answers: Answers, wanted: Numbers) -> Iterator[_Pairs]:
    """The same of two months that may be in one period, of which the later is wanted."""
    for later, earlier in _steps(answers, np.flatnonzero(wanted[answers.month]), LONGEST - 1):
        is_across = answers.month[later] != answers.month[earlier]
        if is_across.any():
            yield later[is_across], earlier[is_across]


def _steps(answers: Answers, later: Numbers, apart: int) -> Iterator[_Pairs]:
    step = 0
    while len(later):
        step += 1
        later = later[later >= step]
        earlier = later - step
        is_pair = (answers.person[later] == answers.person[earlier]) & (
            answers.month[later] - answers.month[earlier] <= apart
        )
        later = later[is_pair]
        if len(later):
            yield later, earlier[is_pair]


def _counted(  # noqa: PLR0913 - what all marts share, and what is of this one
    answers: Answers,
    balance: Numbers,
    groups: Groups,
    *,
    within: Sequence[_Pairs],
    across: Sequence[_Pairs],
    wanted: Numbers,
    one: OneAnswer,
) -> pl.DataFrame:
    """The sums of one mart."""
    group, score = groups.of_cells[answers.cell], balance[answers.cell]
    is_linked, is_beaten = np.zeros((2, len(group)), np.bool_)
    kinds: list[Numbers] = []
    months = len(wanted)

    def add(later: Numbers, earlier: Numbers, *, is_of_counting: bool) -> None:
        is_alike = (group[later] == group[earlier]) & (group[later] >= 0)
        later, earlier = later[is_alike], earlier[is_alike]
        link = ~is_linked[later]
        is_linked[later] = True
        if is_of_counting:
            apart = answers.month[later] - answers.month[earlier]
            both = (apart == 1) & ~is_beaten[later] & ~is_beaten[earlier]
        else:
            apart = both = np.zeros(len(later), np.int64)
            is_beaten[(later if one == "first" else earlier)[link]] = True
            is_told = wanted[answers.month[later]] > 0
            later, earlier, link, apart, both = (x[is_told] for x in (later, earlier, link, apart, both))
        kind = (group[later] * months + answers.month[later]) * LONGEST + apart
        kind = (kind * 3 + score[later] + 1) * 3 + score[earlier] + 1
        kinds.append(kind * 4 + 2 * link + both)

    for later, earlier in within:
        add(later, earlier, is_of_counting=False)
    for later, earlier in across:
        add(later, earlier, is_of_counting=True)
    kind, count = _tallied(kinds, 36 * LONGEST * months * len(groups.members))
    return _summed(kind, count, groups, months, one)


def _tallied(kinds: Sequence[Numbers], possible: int) -> tuple[Numbers, Numbers]:
    """The different kinds, and how many there are of each."""
    kind = np.concatenate(kinds) if kinds else np.zeros(0, np.int64)
    if possible > _SPARSE * len(kind):
        return np.unique(kind, return_counts=True)
    count = np.bincount(kind, minlength=1)
    return np.flatnonzero(count), count[count > 0]


def _summed(kind: Numbers, count: Numbers, groups: Groups, months: int, one: OneAnswer) -> pl.DataFrame:
    both, link = kind % 2, kind // 2 % 2
    earlier, later = kind // 4 % 3 - 1, kind // 12 % 3 - 1
    apart, place = kind // 36 % LONGEST, kind // (36 * LONGEST)
    beaten = later if one == "first" else earlier
    told = {
        "promoters": link * (beaten == 1), "passives": link * (beaten == 0), "detractors": link * (beaten == -1),
        "pairs": 1, "balance": earlier + later, "product": earlier * later,
        "met": both, "met_earlier": both * earlier, "met_later": both * later, "met_product": both * earlier * later,
    }  # fmt: skip
    sums = {name: value * count for name, value in told.items()}
    rows = pl.DataFrame({"group": place // months, "month": place % months, "apart": apart, **sums})
    found = rows.group_by("group", "month", "apart").agg(pl.col(_SUMS).sum())
    members = groups.members.select("member", "second")[found["group"]]
    named = found.hstack(members.get_columns())
    return named.select(
        pl.lit(groups.mart).alias("mart"), "member", "second", (pl.col("month") - pl.col("apart")).alias("earlier"),
        "month", *_SUMS,
    )  # fmt: skip
