"""What tools draw by dragging and dropping: views of one grain, with names, of periods that have ended."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.support.lakes import FEBRUARY, JANUARY, RULES, File, count_facts, know
from tests.warehouse.published.test_publish import candidate, fact, frame, of_facts
from warehouse.lake.store import Lake
from warehouse.marts import SCORES
from warehouse.published.query import ask
from warehouse.published.views import views


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("views")
    lake = Lake(folder / "lake")
    know(lake, "branches", {"member_key": "ZG", "name": "Zagreb", "region": "North", "valid_from": JANUARY})
    staff = fact(FEBRUARY, metric="enps", department="Sales", survey="staff")
    facts = [fact(), fact(FEBRUARY), fact(FEBRUARY, branch="unknown"), fact(date(2025, 3, 1)), staff]
    count_facts(lake, frame(facts), File("a.csv"))
    return candidate(folder, lake, replace(RULES, dimensions=("branches",)), today=date(2025, 3, 9))


def test_each_grain_of_each_mart_of_scores_has_a_view(file: Path) -> None:
    found = ask(file, "select view_name from duckdb_views() where schema_name = 'bi'").to_series().to_list()
    clients = [mart.name for mart in SCORES if mart.metric == "nps"]
    grains = {
        f"{name}_{grain}" for name in clients for grain in ("month", "quarter", "year", "rolling_3m", "rolling_12m")
    }
    staff = {
        f"{mart.name}_{grain}" for mart in SCORES if mart.metric == "enps" for grain in ("month", "quarter", "year")
    }
    assert set(found) == grains | staff == {view.name for view in views()}


def test_a_view_names_its_groups_and_periods_and_shows_none_that_has_not_ended(file: Path) -> None:
    columns = "period_label, branch, branch_name, region, responses, round(nps), data_through"
    rows = ask(file, f"select {columns} from bi.nps_by_branch_month order by all").rows()
    assert rows == [
        ("2025-01", "ZG", "Zagreb", "North", 10, 60.0, date(2025, 3, 8)),
        ("2025-02", "ZG", "Zagreb", "North", 10, 60.0, date(2025, 3, 8)),
        ("2025-02", "unknown", "unknown", "unknown", 10, 60.0, date(2025, 3, 8)),
    ]
    assert ask(file, "from bi.nps_overall_quarter").rows() == []


def test_periods_that_have_not_ended_are_shown_to_the_connection_that_asks(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection, connection.cursor() as other:
        connection.execute("create temp table nps_unfinished as select true")
        found = "select distinct period_start, is_complete from bi.nps_by_branch_month order by all"
        assert connection.sql(found).fetchall() == [(date(2025, month, 1), month < 3) for month in (1, 2, 3)]
        assert other.sql(found).fetchall() == [(date(2025, month, 1), True) for month in (1, 2)]


def test_views_call_only_what_the_oldest_driver_knows(file: Path) -> None:
    """Each of these was tried with DuckDB 1.0 (`make proofs`): what it does not know, it says when the view is read."""
    known = {"least", "max", "last_day", "duckdb_tables", "exists"}
    texts = ask(file, "select sql from duckdb_views() where schema_name = 'bi'").to_series()
    called = texts.str.extract_all(r"(\w+)\(").explode().str.strip_suffix("(").str.to_lowercase()
    assert set(called) <= {*known, "from", "and", "or"}


def test_a_view_of_clients_does_not_reach_as_far_as_answers_of_employees(tmp_path: Path) -> None:
    file = of_facts(tmp_path, fact(), fact(FEBRUARY, metric="enps", survey="staff"), today=date(2025, 5, 1))
    assert ask(file, "select data_through from bi.nps_overall_month").rows() == [(date(2025, 1, 31),)]
    assert ask(file, "select data_through from meta.publish").rows() == [(date(2025, 2, 28),)]


@pytest.mark.parametrize(
    ("language", "month", "quarter", "window"),
    [
        ("en", "January 2025", "1st quarter 2025", "Jan"), ("hr", "siječanj 2025.", "1. kvartal 2025.", "sij"),
        ("pl", "styczeń 2025", "I kwartał 2025", "sty"), ("ru", "январь 2025", "1-й квартал 2025", "янв"),
    ],
)  # fmt: skip
def test_periods_are_named_in_the_language_of_nps_yaml(
    language: str, month: str, quarter: str, window: str, tmp_path: Path
) -> None:
    months = (fact(date(2025, number, 1)) for number in (1, 2, 3))
    file = of_facts(tmp_path, *months, language=language, today=date(2025, 5, 1))
    for grain, name in (("month", month), ("quarter", quarter), ("rolling_3m", window)):
        told = ask(file, f"select period_label from bi.nps_overall_{grain} order by period_start").item(0, 0)
        assert told.startswith(name)
        assert " ".join(told.split()) == told


def test_views_work_under_any_name_of_the_file(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "nps.20250309T000000000000Z.duckdb"
    shutil.copy(file, other)
    with duckdb.connect(str(other), read_only=True) as connection:
        assert connection.sql("select count(*) from bi.nps_by_branch_month").fetchall() == [(3,)]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{other}' as warehouse (read_only)")
        assert connection.sql("select count(*) from warehouse.bi.nps_by_branch_month").fetchall() == [(3,)]
        for view in views():
            connection.execute(f"select * from warehouse.bi.{view.name}").fetchall()


def test_views_say_what_they_and_their_columns_mean(file: Path) -> None:
    sql = "select count(*), count(comment) from duckdb_views() where schema_name = 'bi'"
    [(count, commented)] = ask(file, sql).rows()
    assert count == commented == len(list(views()))
    sql = (
        "select comment from duckdb_columns() where table_name = 'nps_by_branch_month' and column_name = 'branch_name'"
    )
    assert ask(file, sql).rows() == [("Name of the branch as it is now.",)]


def test_columns_that_are_never_null_say_so(file: Path) -> None:
    sql = "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and not is_nullable"
    found = {*ask(file, sql).rows()}
    assert {("nps_by_branch", name) for name in ("period_start", "branch", "responses", "is_complete")} <= found
    assert {("dim_date", "day"), ("dim_branch", "region"), ("fct_nps", "month"), ("enps_overall", "responses")} <= found
    assert not {column for _, column in found} & {"previous_nps", "rank", "change", "nps_weighted"}
    assert ("benchmark", "industry") not in found


def test_a_column_that_has_nothing_to_say_of_a_row_says_why(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection:
        named = "schema_name, table_name, column_name, comment"
        asked = f"select {named} from duckdb_columns() where schema_name in ('marts', 'meta')"
        columns = connection.execute(asked).fetchall()
        assert columns
        for schema, table, column, comment in columns:
            of = f"select count(*) from {schema}.{table} where {column} is null"
            [(nulls,)] = connection.execute(of).fetchall()
            assert not nulls or "NULL" in comment, f"{schema}.{table}.{column}: {comment}"


def test_times_stand_in_business_time_too(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    count_facts(lake, frame([fact()]), File("a.csv"))
    found = candidate(tmp_path, lake, RULES, timezone="Europe/Zagreb")
    sql = "select timezone, published_at_business - (published_at at time zone 'UTC') from meta.publish"
    assert ask(found, sql).rows() in ([("Europe/Zagreb", "02:00:00")], [("Europe/Zagreb", "01:00:00")])
