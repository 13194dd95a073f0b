"""What is shown of all employees together: nothing beside it tells what a few of them answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.company import Company, company
from transforms.groups import COUNTS, is_told_apart

MINIMUM = 5
Answers = tuple[int, int, int]
"""Promoters, passives, detractors."""
Waves = dict[tuple[str, int], Answers]
"""By survey and month."""


def shown(now: Waves, closed: Waves, covered: set[tuple[str, int]] | None = None) -> Company:
    """`covered` are the waves whose groups are all shown; all large ones if not given."""
    told: list[tuple[Any, ...]] = [(*key, "wave", None, counts) for key, counts in closed.items()]
    for key, counts in closed.items():
        if key in covered if covered is not None else is_large(counts):
            # Two groups, of which both are shown, in one table; and one of them in another.
            half = tuple(each // 2 for each in counts)
            rest = tuple(each - part for each, part in zip(counts, half, strict=True))
            told += [(*key, "group", mart, part) for mart, part in (("branch", half), ("branch", rest), ("pair", half))]
    columns = ("survey", "month", "kind", "mart", *COUNTS)
    schema = {name: pl.String if name in columns[:4] else pl.Int64 for name in columns} | {"month": pl.Date}
    waves = [(survey, date(2025, month, 1), *rest, *_counts(counts)) for survey, month, *rest, counts in told]
    current = [(survey, date(2025, month, 1), *_counts(counts)) for (survey, month), counts in now.items()]
    return company(
        pl.DataFrame(current, schema={name: schema[name] for name in ("survey", "month", *COUNTS)}, orient="row"),
        pl.DataFrame(waves, schema=schema, orient="row"),
        MINIMUM,
    )


def _counts(counts: Answers) -> tuple[int, ...]:
    promoters, passives, detractors = counts
    return (sum(counts), promoters, passives, detractors, 0)


def of(found: Company, grain: str) -> dict[int, Answers]:
    """By the first month."""
    return {start.month: (counts[1], counts[2], counts[3]) for each, start, *counts in found.periods if each == grain}


LARGE, FEW = (7, 6, 7), (1, 0, 2)


def test_a_month_of_few_is_not_what_a_quarter_has_beside_its_other_months() -> None:
    waves = {("staff", 1): LARGE, ("staff", 2): FEW, ("staff", 3): LARGE}
    found = shown(waves, waves)
    assert of(found, "month") == {1: LARGE, 3: LARGE}
    assert of(found, "quarter") == of(found, "year") == {1: (14, 12, 14)}
    assert found.waves_left_out == [("staff", date(2025, 2, 1))]


def test_months_of_few_are_many_together() -> None:
    waves = {("staff", month): FEW for month in (1, 2, 4, 7, 8)} | {("staff", 5): LARGE}
    found = shown(waves, waves, set())
    assert of(found, "month") == {5: LARGE}
    # What April has alone may count in the year as little as in the quarter.
    assert of(found, "quarter") == {1: (2, 0, 4), 4: LARGE, 7: (2, 0, 4)}
    assert of(found, "year") == {1: (11, 6, 15)}


def test_a_survey_of_few_is_not_what_a_month_has_beside_another_whose_groups_are_all_shown() -> None:
    waves = {("pulse", 1): FEW, ("staff", 1): LARGE}
    assert of(shown(waves, waves, {("staff", 1)}), "month") == {1: LARGE}
    assert of(shown(waves, waves, set()), "month") == {1: (8, 6, 9)}, "of nothing else the month is told apart"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ((8, 6, 7), LARGE), ((8, 7, 8), LARGE), ((9, 8, 8), (9, 8, 8)), ((6, 6, 7), LARGE), ((8, 5, 7), LARGE),
        ((5, 4, 6), (5, 4, 6)), ((12, 6, 7), LARGE),
    ],
    ids=["one late", "three", "five", "one gone", "one changed", "many gone", "many alike"],
)  # fmt: skip
def test_what_comes_or_goes_after_a_wave_has_closed_counts_once_it_is_many(now: Answers, told: Answers) -> None:
    assert of(shown({("staff", 1): now}, {("staff", 1): LARGE}), "month") == {1: told}


def test_a_wave_that_has_not_closed_counts_as_it_stands() -> None:
    found = shown({("staff", 1): LARGE, ("staff", 2): FEW}, {})
    assert of(found, "month") == {1: LARGE}


def is_large(counts: tuple[int, ...]) -> bool:
    return min(counts) >= 0 and is_told_apart(counts, MINIMUM)


KEYS = st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 12))
ANSWERS = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))


@law(200)
@given(st.dictionaries(KEYS, st.tuples(ANSWERS, ANSWERS, st.booleans(), st.booleans()), min_size=1))
def test_nothing_that_follows_by_subtraction_is_of_few_or_alike(
    told: dict[tuple[str, int], tuple[Answers, Answers, bool, bool]],
) -> None:
    """Answers come late, and none goes: what goes from one wave may look as if it made up for what comes in another."""
    now = {key: add(late, then) for key, (late, then, *_) in told.items()}
    closed = {key: then for key, (_, then, is_closed, _) in told.items() if is_closed}
    covered = {
        key for key, (_, then, is_closed, is_covered) in told.items() if is_closed and is_covered and is_large(then)
    }
    found = shown(now, closed, covered)
    months, quarters, years = (of(found, grain) for grain in ("month", "quarter", "year"))
    left = [less(counts, [closed[key] for key in covered if key[1] == month]) for month, counts in months.items()]
    left += [less(counts, [months.get(start + n, (0, 0, 0)) for n in range(3)]) for start, counts in quarters.items()]
    left += [less(counts, [quarters.get(start, (0, 0, 0)) for start in (1, 4, 7, 10)]) for counts in years.values()]
    for counts in (*months.values(), *quarters.values(), *years.values(), *left):
        assert counts == (0, 0, 0) or is_large(counts)


@law(50)
@given(st.dictionaries(KEYS, ANSWERS.filter(is_large), min_size=1))
def test_where_every_wave_is_large_all_answers_count(waves: Waves) -> None:
    found = shown(waves, waves)
    for grain, length in (("month", 1), ("quarter", 3), ("year", 12)):
        expected: dict[int, Answers] = {}
        for (_, month), counts in waves.items():
            start = (month - 1) // length * length + 1
            expected[start] = add(expected.get(start, (0, 0, 0)), counts)
        assert of(found, grain) == expected
    assert found.waves_left_out == []


def add(one: Answers, other: Answers) -> Answers:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def less(whole: Answers, parts: list[Answers]) -> tuple[int, ...]:
    return tuple(each - sum(part[place] for part in parts) for place, each in enumerate(whole))
