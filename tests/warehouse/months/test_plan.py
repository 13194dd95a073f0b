"""What there is to do: a month is stale while it was built from something else than there is now, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.lakes import (
    FEBRUARY,
    JANUARY,
    MARCH,
    MONTHS,
    RULES,
    File,
    Row,
    answer,
    build,
    day,
    know,
    leave,
    record,
    take_in,
)
from tests.support.laws import law
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake
from warehouse.months import matched
from warehouse.months.matched import record_matched
from warehouse.months.plan import answers_too_early, make_plan, publication_inputs, ranges, stale_months
from warehouse.months.rules import ResponseRules

DAYS = {JANUARY: "2025-01-10", FEBRUARY: "2025-02-10", MARCH: "2025-03-10"}


def told(*months: date, name: str = "a.csv", day: float = 1, **settings: str) -> File:
    """A file with an answer of the account acme in each of the months, that no other file has."""
    rows = enumerate((DAYS[month] for month in months), start=2)
    answers = tuple(answer(row, on, account_key="acme", response_id=f"{name} {row}") for row, on in rows)
    return File(name, answers, day=day, **settings)


def stale(lake: Lake, rules: ResponseRules = RULES) -> list[date]:
    return stale_months(lake, make_plan(lake, rules))


def built(folder: Path, *files: File, rules: ResponseRules = RULES) -> Lake:
    """A lake in which every month is built from the files."""
    lake = Lake(folder)
    take_in(lake, *files)
    build(lake, rules=rules)
    assert stale(lake, rules) == []
    return lake


# Files


def test_in_an_empty_lake_there_is_nothing_to_do(tmp_path: Path) -> None:
    plan = make_plan(Lake(tmp_path), RULES)
    assert (plan.inputs, plan.files.height, stale_months(Lake(tmp_path), plan)) == ({}, 0, [])


def test_months_that_were_never_built_are_stale(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    take_in(lake, told(JANUARY, MARCH))
    assert stale(lake) == [JANUARY, MARCH]


def test_a_new_file_makes_its_months_stale_and_no_other(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    take_in(lake, told(FEBRUARY, name="b.csv", day=2))
    assert stale(lake) == [FEBRUARY]


def test_a_file_whose_recipe_changed_makes_its_months_stale(tmp_path: Path) -> None:
    files = told(JANUARY), told(FEBRUARY, name="b.csv")
    lake = built(tmp_path, *files)
    take_in(lake, replace(files[0], recipe="r2"), on=20)
    assert stale(lake) == [JANUARY]


def test_a_file_that_is_taken_in_again_alike_makes_nothing_stale(tmp_path: Path) -> None:
    file = told(*MONTHS)
    lake = built(tmp_path, file)
    take_in(lake, file, on=20)
    assert stale(lake) == []


@pytest.mark.parametrize("status", ["held", "refused", "replaced"])
def test_a_file_that_counts_no_more_makes_its_months_stale(tmp_path: Path, status: str) -> None:
    files = told(JANUARY, FEBRUARY), told(JANUARY, FEBRUARY, MARCH, name="b.csv")
    lake = built(tmp_path, *files)
    record(lake, files[0], status=status, ingested_at=day(20))
    assert stale(lake) == [JANUARY, FEBRUARY]


def test_a_month_that_lost_its_answers_counts_no_more_and_need_not_be_built(tmp_path: Path) -> None:
    files = told(JANUARY), told(FEBRUARY, name="b.csv")
    lake = built(tmp_path, *files)
    leave(lake, files[0], on=20)
    plan = make_plan(lake, RULES)
    assert stale_months(lake, plan) == []
    assert plan.counting(current_builds(lake, "responses")).get_column("month").to_list() == [FEBRUARY]


def test_months_before_the_history_count_no_more_and_come_back_as_they_were(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    later = make_plan(lake, replace(RULES, history_start=FEBRUARY))
    assert (list(later.inputs), stale_months(lake, later)) == ([FEBRUARY, MARCH], [])
    assert answers_too_early(lake, later).get_column("answers").to_list() == [1]
    assert stale(lake) == []
    assert answers_too_early(lake, make_plan(lake, RULES)).is_empty()


def test_a_file_that_stops_being_configured_counts_no_more(tmp_path: Path) -> None:
    lake = built(tmp_path, told(JANUARY), told(MARCH, name="b.csv", source="calls"))
    plan = make_plan(lake, replace(RULES, sources=("shops",)))
    assert list(plan.inputs) == [JANUARY]
    assert plan.files.get_column("source").to_list() == ["shops"]


def test_an_answer_that_moves_makes_both_months_stale(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    take_in(lake, File("b.csv", (answer(2, DAYS[FEBRUARY], response_id="a.csv 2"),), day=2))
    assert stale(lake) == [JANUARY, FEBRUARY]


def test_a_new_export_makes_the_months_stale_in_which_it_has_nothing(tmp_path: Path) -> None:
    lake = built(tmp_path, told(JANUARY, FEBRUARY, delivery="snapshot"), told(MARCH, name="b.csv", source="calls"))
    take_in(lake, told(FEBRUARY, name="c.csv", day=3, delivery="snapshot"))
    assert stale(lake) == [JANUARY, FEBRUARY]


def test_an_export_of_another_scope_decides_about_its_own_months_only(tmp_path: Path) -> None:
    lake = built(tmp_path, told(JANUARY, FEBRUARY, delivery="snapshot", scope='{"branch": "ZG"}'))
    take_in(lake, told(FEBRUARY, name="b.csv", day=2, delivery="snapshot", scope='{"branch": "ST"}'))
    assert stale(lake) == [FEBRUARY]


def test_a_month_whose_facts_were_not_built_is_stale(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    only_responses = current_builds(lake, "responses").filter(pl.col("month") == MARCH)
    lake.append("builds", only_responses.with_columns(stage=pl.lit("facts"), inputs=pl.lit("old"), built_at=day(30)))
    assert stale(lake) == [MARCH]


def test_a_change_of_any_setting_makes_every_month_stale(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    changed = [
        replace(RULES, timezone="Europe/Zagreb"),
        replace(RULES, one_answer="first"),
        replace(RULES, synonyms={"technology": ("it",)}),
        replace(RULES, only_listed_industries=True),
        replace(RULES, dimensions=("branches",)),
        replace(RULES, min_match_rate=0.5),
    ]
    assert [stale(lake, rules) for rules in changed] == [MONTHS] * 6
    assert stale(lake, replace(RULES)) == []


# Dimensions

COMPANY = replace(RULES, dimensions=("accounts", "branches"))


def account(since: date, branch: str = "ZG", key: str = "acme", **values: str) -> Row:
    return {"member_key": key, "valid_from": since, "branch": branch, **values}


@pytest.mark.parametrize(
    ("since", "expected"),
    [(date(2024, 6, 1), MONTHS), (date(2025, 2, 10), [FEBRUARY, MARCH]), (date(2025, 6, 1), [])],
    ids=["before all answers", "amid them", "after them"],
)
def test_a_change_of_an_account_makes_months_stale_from_its_day_on(
    tmp_path: Path, since: date, expected: list[date]
) -> None:
    lake = Lake(tmp_path)
    know(lake, "accounts", account(date(2024, 1, 1)))
    take_in(lake, told(*MONTHS))
    build(lake, rules=COMPANY)
    know(lake, "accounts", account(since, "ST"), on=2)
    assert stale(lake, COMPANY) == expected


def test_a_new_account_is_known_for_all_time_before_too_where_there_are_answers_of_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    know(lake, "accounts", account(date(2024, 1, 1)))
    take_in(lake, told(*MONTHS))
    take_in(lake, File("other.csv", (answer(9, "2025-02-03", respondent_key="other"),), 2))
    build(lake, rules=COMPANY)
    assert stale(lake, COMPANY) == []
    know(lake, "accounts", account(date(2025, 6, 1), key="nobody"), on=3)
    assert stale(lake, COMPANY) == []
    know(lake, "accounts", account(date(2025, 6, 1), key="other"), on=4)
    assert stale(lake, COMPANY) == [FEBRUARY]


def test_what_is_known_of_those_who_answered_is_remembered_until_it_may_be_other(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    know(lake, "accounts", account(date(2024, 1, 1)))
    take_in(lake, told(*MONTHS))
    plan = make_plan(lake, COMPANY)
    record_matched(lake, plan.matched, day(3))
    again = Lake(tmp_path)
    with patch.object(matched, "_rows", side_effect=AssertionError("looked at all answers again")):
        assert make_plan(again, COMPANY).inputs == plan.inputs
        know(again, "accounts", account(date(2024, 1, 1), key="more"), on=2)
        with pytest.raises(AssertionError, match="again"):
            make_plan(again, COMPANY)
    assert make_plan(again, COMPANY).inputs == plan.inputs


def test_a_dump_that_changes_nothing_makes_nothing_stale(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    know(lake, "accounts", account(date(2024, 1, 1)))
    take_in(lake, told(*MONTHS))
    build(lake, rules=COMPANY)
    know(lake, "accounts", account(date(2025, 2, 10)), on=2)
    assert stale(lake, COMPANY) == []


@pytest.mark.parametrize(
    ("change", "expected"), [({"name": "Agram"}, MONTHS), ({"region": "West"}, [])], ids=["of a name", "of a region"]
)
def test_a_new_name_of_a_branch_is_known_for_all_time_before_too(
    tmp_path: Path, change: Row, expected: list[date]
) -> None:
    branch = {"member_key": "ZG", "name": "Zagreb", "region": "North", "valid_from": date(2024, 1, 1)}
    lake = Lake(tmp_path)
    know(lake, "branches", branch)
    take_in(lake, told(*MONTHS))
    build(lake, rules=COMPANY)
    know(lake, "branches", {**branch, "valid_from": date(2025, 6, 1), **change}, on=2)
    assert stale(lake, COMPANY) == expected


@pytest.mark.parametrize("timezone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("on", [date(2025, 2, 1), date(2025, 2, 28)])
def test_a_change_for_a_day_at_the_edge_of_a_month_makes_the_month_stale(
    tmp_path: Path, timezone: str, on: date
) -> None:
    """February begins on the last of January in UTC where the sun rises first, and ends in March where it rises last."""
    rules = replace(COMPANY, timezone=timezone)
    lake = Lake(tmp_path)
    know(lake, "accounts", account(date(2024, 1, 1)))
    take_in(lake, told(*MONTHS))
    build(lake, rules=rules)
    know(lake, "accounts", account(on, "ST"), account(on + timedelta(days=1), "ZG"), on=2)
    assert FEBRUARY in stale(lake, rules)


def test_a_change_that_turns_out_to_be_older_leaves_the_months_fresh_in_which_it_held(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    know(lake, "accounts", account(date(2024, 1, 1)), account(date(2025, 1, 31), "ST"))
    take_in(lake, told(*MONTHS))
    build(lake, rules=COMPANY)
    know(lake, "accounts", account(date(2025, 1, 15), "ST"), on=2)
    assert stale(lake, COMPANY) == [JANUARY]


def test_a_dimension_that_is_not_configured_matters_to_nobody(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    know(lake, "accounts", account(date(2024, 1, 1)), on=2)
    assert stale(lake) == []


# Ranges and publications

SETS = st.sets(st.integers(0, 11).map(lambda number: date(2025, number + 1, 1)))


@law(60)
@given(SETS, SETS)
def test_ranges_cover_the_months_and_no_other_with_answers(months: set[date], with_answers: set[date]) -> None:
    found = ranges(sorted(months), with_answers)
    for month in (date(2025, number, 1) for number in range(1, 13)):
        covering = [first for first, last in found if first <= month <= last]
        assert len(covering) <= 1
        if month in months:
            assert covering
        elif month in with_answers:
            assert not covering
    assert {edge for stretch in found for edge in stretch} <= months
    assert found == sorted(found)


@law(40)
@given(SETS, SETS)
def test_there_are_as_few_ranges_as_possible(months: set[date], with_answers: set[date]) -> None:
    """Between two ranges lies a month with answers that is not stale."""
    found = ranges(sorted(months), with_answers)
    for (_, last), (first, _) in pairwise(found):
        assert any(last < month < first for month in with_answers - months)


def test_empty_months_are_bridged_and_months_with_answers_are_not() -> None:
    assert ranges([JANUARY, MARCH], {JANUARY, MARCH}) == [(JANUARY, MARCH)]
    assert ranges([JANUARY, MARCH], set(MONTHS)) == [(JANUARY, JANUARY), (MARCH, MARCH)]
    assert ranges([], set(MONTHS)) == []


def test_a_publication_is_due_again_when_a_month_a_quarter_or_a_year_of_its_answers_has_ended(tmp_path: Path) -> None:
    plan = make_plan(built(tmp_path, told(*MONTHS)), RULES)
    days = [
        date(2025, 3, 1),
        date(2025, 3, 31),
        date(2025, 4, 1),
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2027, 1, 1),
    ]
    inputs = [publication_inputs(plan, "s", day) for day in days]
    assert [one == other for one, other in pairwise(inputs)] == [True, False, True, False, True]


def test_a_publication_is_due_again_on_the_day_from_which_a_branch_is_elsewhere(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))
    place = {"member_key": "ZG", "branch": "ZG", "name": "Zagreb"}
    know(lake, "branches", {**place, "region": "North", "valid_from": date(2020, 1, 1)})
    know(lake, "branches", {**place, "region": "South", "valid_from": date(2027, 3, 10)}, on=2)
    plan = make_plan(lake, replace(RULES, dimensions=("branches",), timezone="Europe/Zagreb"))
    days = [date(2027, 3, 8), date(2027, 3, 9), date(2027, 3, 10), date(2027, 3, 11)]
    inputs = [publication_inputs(plan, "s", day, timezone="Europe/Zagreb") for day in days]
    assert [one == other for one, other in pairwise(inputs)] == [True, False, True]


def test_a_publication_is_made_from_inputs_verdicts_and_settings(tmp_path: Path) -> None:
    lake = built(tmp_path, told(*MONTHS))

    def made_from(settings: str = "s") -> str:
        return publication_inputs(make_plan(lake, RULES), settings, date(2026, 1, 1))

    first = made_from()
    assert made_from() == first
    assert made_from("t") != first
    record(lake, File("b.csv", day=2), status="refused", reason="file_empty")
    second = made_from()
    assert second != first
    take_in(lake, told(FEBRUARY, name="c.csv", day=3))
    assert made_from() not in (first, second)
