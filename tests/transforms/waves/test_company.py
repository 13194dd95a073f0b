"""What is shown of all employees together: nothing beside it tells what a few of them answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.waves.company import Company, changed, company
from transforms.waves.groups import COUNTS, is_told_apart

MINIMUM = 5
Answers = tuple[int, int, int]
"""Promoters, passives, detractors."""
Waves = dict[tuple[str, int], Answers]
"""By survey and month."""


def shown(now: Waves, closed: Waves, covered: set[tuple[str, int]] | None = None) -> Company:
    """What is shown after waves have closed, when their answers are counted as they are `now`."""
    ledger = Ledger(covered)
    ledger.publish(closed)
    return ledger.publish(now)


@dataclass
class Ledger:
    """The ledger of waves, publication after publication."""

    covered: set[tuple[str, int]] | None = None
    """The waves whose groups are all shown; all large ones if not given."""
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def publish(self, now: Waves, *, is_over: bool = True, minimum: int = MINIMUM) -> Company:
        """What is shown when answers are counted so; all waves close that have not, if their months are over."""
        there = {(survey, month.month) for survey, month, *_ in self.rows}
        for key in sorted({*now} - there, key=lambda each: each[::-1]) if is_over else ():
            self._close(key, now[key], minimum)
        current = _frame(
            [(survey, date(2025, month, 1), None, None, None, *_counts(n)) for (survey, month), n in now.items()]
        )
        late = changed(_frame(self.rows), current, minimum)
        self.rows += [(*wave, "late", None, minimum, *counts) for wave, counts in late]
        return company(_frame(self.rows), current, minimum)

    def _close(self, key: tuple[str, int], counts: Answers, minimum: int) -> None:
        told: list[tuple[str, str | None, Answers]] = [("wave", None, counts)]
        if key in self.covered if self.covered is not None else is_large(counts):
            # Two groups, of which both are shown, in one table; and one of them in another.
            promoters, passives, detractors = counts
            half = (promoters // 2, passives // 2, detractors // 2)
            rest = (promoters - half[0], passives - half[1], detractors - half[2])
            told += [("group", mart, part) for mart, part in (("branch", half), ("branch", rest), ("pair", half))]
        self.rows += [(key[0], date(2025, key[1], 1), kind, mart, minimum, *_counts(part)) for kind, mart, part in told]


def _frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    texts = {"survey": pl.String, "month": pl.Date, "kind": pl.String, "mart": pl.String}
    told = pl.DataFrame(rows, schema={**texts, **dict.fromkeys(("minimum_group", *COUNTS), pl.Int64)}, orient="row")
    return told.with_columns(members=pl.lit([], pl.List(pl.String)))


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


def test_months_of_few_are_many_together_once_their_quarter_or_year_is_over() -> None:
    waves = {("staff", month): FEW for month in (1, 2, 4, 7, 8)} | {("staff", month): LARGE for month in (5, 12)}
    found = shown(waves, waves, set())
    assert of(found, "month") == {5: LARGE, 12: LARGE}
    # What April has alone may count in the year as little as in the quarter.
    assert of(found, "quarter") == {1: (2, 0, 4), 4: LARGE, 7: (2, 0, 4), 10: LARGE}
    assert of(found, "year") == {1: (18, 12, 22)}


def test_one_month_of_few_more_is_not_what_a_year_has_beside_a_copy_of_last_month() -> None:
    ledger, waves = Ledger(), {("staff", month): FEW for month in (1, 4)}
    years = []
    for month in (9, 10, 12):
        waves |= {("staff", month): LARGE if month == 9 else FEW}
        years.append(of(ledger.publish(waves), "year")[1])
    assert years == [LARGE, LARGE, (11, 6, 15)]
    ledger.publish(waves | {("pulse", 3): FEW})
    assert of(ledger.publish(waves | {("pulse", 3): (0, 1, 0)}), "year") == {1: (11, 6, 15)}


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


def test_one_late_answer_more_is_not_what_a_copy_lacks() -> None:
    none: set[tuple[str, int]] = set()
    for covered in (None, none):
        ledger = Ledger(covered)
        came = [LARGE, (9, 8, 8), (10, 8, 8), (10, 9, 9), (11, 9, 10)]
        told = [of(ledger.publish({("staff", 1): counts}), "month")[1] for counts in came]
        assert told == [LARGE, (9, 8, 8), (9, 8, 8), (9, 8, 8), (11, 9, 10)]


def test_answers_that_come_while_a_wave_waits_count_with_it() -> None:
    ledger = Ledger()
    assert ledger.publish({("staff", 1): FEW}).periods == []
    assert of(ledger.publish({("staff", 1): (2, 1, 2)}), "month") == {1: (2, 1, 2)}


def test_a_survey_of_few_is_not_what_is_left_when_another_is_taken_back() -> None:
    ledger, pulse, staff = Ledger(set()), {("pulse", 1): FEW}, {("staff", 1): LARGE}
    assert of(ledger.publish(pulse | staff), "month") == of(ledger.publish(pulse), "month") == {1: (8, 6, 9)}
    assert ledger.publish({}).periods == []


def test_one_answer_more_is_not_what_a_wave_has_that_was_taken_back_and_came_again() -> None:
    ledger, wave = Ledger(set()), ("staff", 1)
    states = [LARGE, (0, 0, 0), (8, 6, 7), LARGE, (9, 8, 8)]
    told = [of(ledger.publish({wave: counts}), "month").get(1) for counts in states]
    assert told == [LARGE, None, None, LARGE, (9, 8, 8)]


def test_a_wave_that_has_not_closed_does_not_count() -> None:
    found = Ledger().publish({("staff", 1): LARGE, ("staff", 2): FEW}, is_over=False)
    assert (found.periods, found.waves_left_out) == ([], [])


def test_a_month_of_few_is_not_what_a_quarter_has_beside_a_month_that_fewer_answers_let_out_since() -> None:
    ledger, waves = Ledger(set()), {("staff", 1): (1, 1, 2), ("staff", 2): (1, 0, 1), ("staff", 3): LARGE}
    before = ledger.publish(waves)
    assert of(before, "quarter") == {1: (9, 7, 10)}
    for minimum in (3, 7, 4):
        assert ledger.publish(waves, minimum=minimum) == before
    april = ledger.publish(waves | {("staff", 4): (1, 1, 2)}, minimum=4)
    assert of(april, "month") == {3: LARGE, 4: (1, 1, 2)}, "another minimum is that of waves that close from then on"


def test_what_versions_let_out_that_kept_no_minimum_stays() -> None:
    waves = {("staff", 2): (1, 3, 0), ("staff", 3): (1, 5, 0), ("staff", 4): LARGE}
    ledger = Ledger(set())
    ledger.publish(waves)
    ledger.rows = [(*row[:4], None, *row[5:]) for row in ledger.rows]
    assert of(ledger.publish(waves), "quarter") == {1: (2, 8, 0), 4: LARGE}


def test_a_month_that_is_alike_is_not_known_by_a_quarter_in_which_it_is_let_out() -> None:
    """Who knows the code knows that six answers are alike where they are not shown."""
    april = {("staff", 4): LARGE}
    passives = {("staff", 2): (1, 3, 0), ("staff", 3): (1, 5, 0)}
    assert of(shown(passives | april, passives | april, set()), "quarter") == {4: LARGE}
    either = {("staff", 1): (3, 0, 1), ("staff", 2): (3, 1, 0), ("staff", 3): (0, 6, 0)}
    assert of(shown(either | april, either | april, set()), "quarter") == {1: (6, 7, 1), 4: LARGE}


@pytest.mark.parametrize("sizes", [(4, 6), (5, 5)])
def test_no_month_that_is_not_shown_is_known_to_whoever_knows_the_code(sizes: tuple[int, int]) -> None:
    """All worlds that lead to what is shown leave a count of each such month open by two."""
    told: dict[str, list[tuple[Answers, ...]]] = {}
    for world in product(*map(splits, sizes)):
        waves = {("staff", month): counts for month, counts in enumerate(world, 1)} | {("staff", 4): LARGE}
        told.setdefault(str(Ledger(set()).publish(waves).periods), []).append(world)
    for worlds in told.values():
        for month in zip(*worlds, strict=True):
            is_shown = len({*month}) == 1 and is_large(month[0])
            assert is_shown or max(np.ptp(np.array(month), axis=0)) > 1, worlds


def splits(answers: int) -> list[Answers]:
    """All ways in which so many answers may be."""
    return [(p, u, answers - p - u) for p in range(answers + 1) for u in range(answers + 1 - p)]


def is_large(counts: tuple[int, ...]) -> bool:
    return min(counts) >= 0 and is_told_apart(counts, MINIMUM)


KEYS = st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 12))
ANSWERS = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
PUBLICATIONS = st.lists(st.dictionaries(KEYS, ANSWERS, max_size=8), min_size=1, max_size=6)


@law(200)
@given(PUBLICATIONS, st.sets(KEYS))
def test_nothing_that_follows_by_subtraction_is_of_few_or_alike(
    came: list[Waves], covered: set[tuple[str, int]]
) -> None:
    """Neither within a publication nor between two. Answers come, in what order ever, and none goes."""
    ledger, now, before = Ledger(set()), dict[tuple[str, int], Answers](), dict[str, dict[int, Answers]]()
    for more in came:
        now |= {key: add(now.get(key, (0, 0, 0)), counts) for key, counts in more.items()}
        assert ledger.covered is not None
        ledger.covered |= {key for key in covered if is_large(now.get(key, (0, 0, 0)))}
        found = ledger.publish(now)
        shows = {grain: of(found, grain) for grain in ("month", "quarter", "year")}
        months, quarters = shows["month"], shows["quarter"]
        left = [less(n, [months.get(start + each, (0, 0, 0)) for each in range(3)]) for start, n in quarters.items()]
        left += [less(n, [quarters.get(start, (0, 0, 0)) for start in (1, 4, 7, 10)]) for n in shows["year"].values()]
        for grain, told in shows.items():
            left += told.values()
            left += [less(n, [before.get(grain, {}).get(start, (0, 0, 0))]) for start, n in told.items()]
            assert {*before.get(grain, {})} <= {*told}
        for counts in left:
            assert counts == (0, 0, 0) or is_large(counts)
        before = shows


@law(100)
@given(st.dictionaries(KEYS, ANSWERS, min_size=1), st.sets(KEYS))
def test_nothing_that_follows_beside_groups_is_of_few_or_alike(waves: Waves, covered: set[tuple[str, int]]) -> None:
    covered = {key for key in covered & {*waves} if is_large(waves[key])}
    for month, counts in of(Ledger(covered).publish(waves), "month").items():
        left = less(counts, [waves[key] for key in covered if key[1] == month])
        assert left == (0, 0, 0) or is_large(left)


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
