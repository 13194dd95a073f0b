"""Waves of employees: closed once, shown by group for good, whatever becomes of their answers later."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.report.notes.waves import unshown_waves
from tests.support.lakes import FEBRUARY, JANUARY, File, count_facts, record
from tests.warehouse.published.test_publish import Row, candidate, fact, frame
from warehouse.lake.store import Lake
from warehouse.marts import grouped
from warehouse.published.earlier import published_earlier
from warehouse.published.query import ask

pytestmark = pytest.mark.usefixtures("bare")

GROUPS = (*grouped(), "fct_enps", "enps_suppression")
SALES, IT = (9, 6, 5), (5, 6, 7)


def staff(department: str, counts: tuple[int, int, int], month: date = JANUARY, **values: Any) -> Row:  # noqa: ANN401 - as facts have it
    return fact(month, counts, metric="enps", department=department, **{"survey": "staff", **values})


def lake_of(folder: Path, *facts: Row) -> Lake:
    """A lake in which just these facts count: those of a later call count in place of the ones before."""
    lake = Lake(folder / "lake")
    record(lake, File("a.csv"), rows_read=1, accepted=1)
    count_facts(lake, frame(facts), File("a.csv"))
    return lake


def shown(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    rest = {"enps_suppression": "where mart <> 'enps_overall'"}
    return {table: ask(file, f"from marts.{table} {rest.get(table, '')} order by all").rows() for table in GROUPS}


def departments(file: Path, grain: str = "month") -> list[tuple[Any, ...]]:
    where = f"where period_grain = '{grain}' order by all"
    return ask(file, f"select period_start, department, responses from marts.enps_by_department {where}").rows()


def test_a_wave_is_shown_by_group_when_it_has_closed_and_not_before(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT))
    open_still = candidate(tmp_path, lake, today=date(2025, 2, 7))
    assert not any(shown(open_still).values())
    assert ask(open_still, "from marts.enps_overall").rows() == []
    closed = candidate(tmp_path, lake, today=date(2025, 2, 8))
    assert ask(closed, "select responses from marts.enps_overall where period_grain = 'month'").rows() == [(38,)]
    assert departments(closed) == [(JANUARY, "IT", 18), (JANUARY, "Sales", 20)]
    assert candidate(tmp_path, lake, today=date(2025, 2, 1), close_after=0)


def test_what_was_shown_stays_whatever_becomes_of_the_answers(tmp_path: Path) -> None:
    before = shown(candidate(tmp_path, lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT))))
    late = lake_of(tmp_path, staff("Sales", (10, 6, 5)), staff("IT", IT), staff("Legal", (4, 4, 4)))
    file = candidate(tmp_path, late)
    assert shown(file) == before
    assert ask(file, "select responses from marts.enps_overall where period_grain = 'month'").rows() == [(51,)]
    erased = candidate(tmp_path, lake_of(tmp_path, staff("Sales", (8, 6, 5)), staff("IT", (5, 7, 6))))
    assert shown(erased) == before
    withdrawn = candidate(tmp_path, lake_of(tmp_path, fact(FEBRUARY)))
    assert shown(withdrawn) == before


def test_a_survey_under_another_name_is_not_shown_beside_what_its_wave_showed(tmp_path: Path) -> None:
    before = shown(candidate(tmp_path, lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT))))
    renamed = [staff(name, counts, survey="people") for name, counts in (("Sales", SALES), ("IT", IT))]
    lake = lake_of(tmp_path, *renamed)
    file = candidate(tmp_path, lake)
    assert shown(file) == before
    assert ask(file, "select responses from marts.enps_overall where period_grain = 'month'").rows() == [(38,)]
    [said] = unshown_waves(lake)
    assert said.startswith(
        "Groups of employees of the survey people in 2025-01 are not shown: a survey of employees that closed"
    )
    lake = lake_of(tmp_path, *renamed, staff("Sales", SALES, FEBRUARY, survey="people"))
    assert departments(candidate(tmp_path, lake))[-1] == (FEBRUARY, "Sales", 20)  # only the new name closes


def test_one_answer_more_is_not_what_a_survey_has_under_another_name(tmp_path: Path) -> None:
    month = "select period_start, responses from marts.enps_overall where period_grain = 'month'"
    candidate(tmp_path, lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT)))
    for sales, told in (((10, 6, 5), 38), (SALES, 38), ((11, 8, 7), 44)):
        again = [staff("Sales", sales, survey="people"), staff("IT", IT, survey="people")]
        assert ask(candidate(tmp_path, lake_of(tmp_path, *again)), month).rows() == [(JANUARY, told)]


def test_a_second_survey_of_a_month_is_shown_though_its_first_one_loses_an_answer(tmp_path: Path) -> None:
    candidate(tmp_path, lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT)))
    pulse = [staff(name, counts, survey="pulse") for name, counts in (("Sales", SALES), ("IT", IT))]
    file = candidate(tmp_path, lake_of(tmp_path, staff("Sales", (9, 6, 4)), staff("IT", IT), *pulse))
    assert departments(file) == [(JANUARY, "IT", 36), (JANUARY, "Sales", 40)]


def test_a_part_of_a_survey_under_another_name_tells_no_difference_to_what_its_wave_showed(tmp_path: Path) -> None:
    of = {name: staff("Sales", SALES, branch=name) for name in ("A", "B")}
    few = staff("Sales", (1, 0, 1), branch="C")
    candidate(tmp_path, lake_of(tmp_path, *of.values(), few, staff("IT", IT, branch="C")))
    own_name = [{**each, "survey": "hq"} for each in of.values()]
    for parts in ([own_name[0], of["B"]], own_name):
        rest = [few, staff("IT", IT, branch="C")]
        file = candidate(tmp_path, lake_of(tmp_path, *parts, *rest))
        assert (
            ask(file, "select * from marts.enps_suppression where survey = 'hq' and mart <> 'enps_overall'").rows()
            == []
        )
        assert ask(file, "select distinct survey from marts.fct_enps").rows() in ([], [("staff",)])


def test_answers_that_are_read_as_of_another_month_are_not_shown_beside_what_their_wave_showed(tmp_path: Path) -> None:
    facts = [staff("Sales", SALES), staff("IT", IT)]
    lake = lake_of(tmp_path, *facts)
    record(lake, File("a.csv"), metric="enps", months=[JANUARY], accepted=38)
    before = shown(candidate(tmp_path, lake))
    moved = [{**each, "month": FEBRUARY} for each in facts]
    lake = lake_of(tmp_path, fact(JANUARY), *moved, staff("HR", (1, 0, 0), FEBRUARY))
    record(lake, File("a.csv"), metric="enps", months=[FEBRUARY], accepted=39)
    assert shown(candidate(tmp_path, lake)) == before
    file = candidate(tmp_path, lake)
    assert ask(file, "select period_start, responses from marts.enps_overall where period_grain = 'month'").rows() == [
        (JANUARY, 38)
    ]
    [said] = unshown_waves(lake)
    assert said.startswith(
        "Groups of employees of the survey staff in 2025-02 are not shown: a survey of employees that closed"
    )


def test_what_a_wave_showed_stays_when_more_answers_are_wanted_since(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT))
    before = shown(candidate(tmp_path, lake))
    assert shown(candidate(tmp_path, lake, minimum_group=19)) == before


def test_one_late_answer_is_not_what_the_company_has_beside_its_groups(tmp_path: Path) -> None:
    month = "select responses, promoters from marts.enps_overall where period_grain = 'month'"
    left_out = "select survey, month, withheld_groups from marts.enps_suppression where mart = 'enps_overall'"
    before = candidate(tmp_path, lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT)))
    assert ask(before, month).rows() == [(38, 14)]
    assert ask(before, left_out).rows() == []
    file = candidate(tmp_path, lake_of(tmp_path, staff("Sales", (10, 6, 5)), staff("IT", IT)))
    assert ask(file, month).rows() == [(38, 14)]
    assert ask(file, left_out).rows() == [("staff", JANUARY, 1)]


def test_a_month_of_few_is_not_what_a_quarter_has_beside_other_months(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("Sales", (1, 0, 2), FEBRUARY))
    rows = ask(candidate(tmp_path, lake), "select period_grain, responses from marts.enps_overall order by all").rows()
    assert rows == [("month", 20), ("quarter", 20), ("year", 20)]


def test_a_quarter_is_the_sum_of_closed_waves_that_all_show_the_group(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        *(staff(name, SALES) for name in ("Sales", "IT", "HR")),
        *(staff(name, SALES, FEBRUARY) for name in ("Sales", "HR")),
        *(staff(name, counts, FEBRUARY) for name, counts in (("IT", (3, 4, 3)), ("Legal", (1, 1, 1)))),
    )
    assert departments(candidate(tmp_path, lake, today=date(2025, 3, 1)), "quarter") == []
    assert departments(candidate(tmp_path, lake), "quarter") == [(JANUARY, "HR", 40), (JANUARY, "Sales", 40)]


def test_a_wave_that_asks_for_no_department_takes_no_department_from_a_quarter(tmp_path: Path) -> None:
    pulse = staff("unknown", (9, 9, 9), FEBRUARY, survey="pulse")
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT), pulse)
    assert departments(candidate(tmp_path, lake), "quarter") == [(JANUARY, "IT", 18), (JANUARY, "Sales", 20)]


def test_a_crash_between_closing_and_publishing_changes_nothing(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT))
    never_swapped_in = shown(candidate(tmp_path, lake))
    late = lake_of(tmp_path, staff("Sales", (10, 6, 5)), staff("IT", IT))
    assert shown(candidate(tmp_path, late)) == never_swapped_in


def test_waves_that_were_published_and_are_lost_show_nothing_by_group_any_more(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT))
    before = tmp_path / "nps.duckdb"
    shutil.copy(candidate(tmp_path, lake), before)
    assert published_earlier([before], pl.DataFrame()).closed == {("staff", JANUARY)}
    shutil.rmtree(tmp_path / "lake" / "waves")
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT), staff("Sales", SALES, FEBRUARY))
    file = candidate(tmp_path, lake, earlier=[before])
    assert departments(file) == [(FEBRUARY, "Sales", 20)]
    withheld = ask(file, "select withheld_groups from marts.enps_suppression where month = '2025-01-01' order by 1")
    assert withheld.rows() == [(1,), (2,), (2,)]
    assert published_earlier([tmp_path / "none.duckdb"], pl.DataFrame()).closed == set()


def test_groups_that_are_not_shown_are_one_number_of_each_table_and_wave(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, staff("Sales", SALES), staff("IT", (9, 1, 0)), staff("HR", (1, 3, 3)), staff("Legal", IT))
    file = candidate(tmp_path, lake)
    told = [(JANUARY, "Legal", 18), (JANUARY, "Sales", 20)]
    assert departments(file) == told, "nine of ten alike, and the smallest beside them"
    sql = "select withheld_groups from marts.enps_suppression where mart = 'enps_by_department'"
    assert ask(file, sql).rows() == [(2,)]


def test_employees_show_no_weights(tmp_path: Path) -> None:
    file = candidate(tmp_path, lake_of(tmp_path, staff("Sales", SALES), staff("IT", IT)))
    columns = "effective_responses, nps_weighted"
    for mart in ("enps_overall", "enps_by_department"):
        assert set(ask(file, f"select {columns} from marts.{mart}").rows()) == {(None, None)}
    assert not {"score_sum", "weight_sum", "channel"} & {*ask(file, "from marts.fct_enps").columns}
    assert ask(file, "select count(*) from marts.enps_by_department where period_grain like 'rolling%'").item() == 0


def test_which_groups_are_left_out_for_no_reason_is_drawn_by_scores_that_nobody_is_told(tmp_path: Path) -> None:
    shown_with = []
    for scores in (250, 251):
        facts = [staff(f"D{name}", (3, 3, 3), score_sum=scores) for name in range(12)]
        shown_with.append(departments(candidate(tmp_path / str(scores), lake_of(tmp_path / str(scores), *facts))))
    assert shown_with[0] != shown_with[1]
