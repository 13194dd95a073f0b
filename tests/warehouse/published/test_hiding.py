"""Rows of few clients, where nps.yaml hides them: gone from every mart, from what others say of them, and from the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.support.lakes import FEBRUARY, JANUARY, limits
from tests.warehouse.published.test_publish import PUBLICATION, fact, of_facts
from warehouse.marts import MARTS
from warehouse.published.hiding import hide_small_groups
from warehouse.published.query import ask

FEW, LAST_YEAR = 5, date(2024, 1, 1)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hidden")
    many = (40, 10, 10)
    file = of_facts(
        folder,
        *(fact(month, many, branch=branch) for month in (LAST_YEAR, JANUARY, FEBRUARY) for branch in ("ZG", "ST")),
        fact(JANUARY, (2, 1, 0), branch="Vukovar"),
        fact(FEBRUARY, many, branch="Vukovar"),
        fact(LAST_YEAR, (0, 1, 0), branch="Pula"),
        fact(JANUARY, many, branch="Pula"),
    )
    with duckdb.connect(str(file)) as connection:
        # Who moved, and what asking costs: made of people and of contacts.
        connection.execute(
            "insert into marts.nps_movement by name select 'month' as period_grain, date '2025-02-01' as period_start, "
            "date '2025-02-28' as period_end, 'branch' as dimension, 'ZG' as member, 'detractors' as from_group, "
            "unnest(['passives', 'promoters']) as to_group, unnest([4, 5]) as people, true as is_complete"
        )
        connection.execute("create table marts.survey_cost as select unnest([0, 4, 5]) as answers")
        connection.execute("comment on column marts.survey_cost.answers is 'Answers.'")
        # What answers about a theme are held against is the rest of them.
        connection.execute(
            "create table marts.nps_by_theme as select unnest([9, 13, 14]) as responses, 9 as mentions, 1.0 as nps_rest, "
            "1.0 as impact, 0.5 as impact_ci_low, 1.5 as impact_ci_high"
        )
        for (name,) in connection.execute("select name from pragma_table_info('marts.nps_by_theme')").fetchall():
            connection.execute(f"comment on column marts.nps_by_theme.{name} is 'As it says.'")
        # What some of a period did is held against others of it.
        connection.execute(
            "create table marts.sales_after_asking as select 'all' as dimension, 'all' as member, 'month' as period_grain, "
            "* from (values ('2025-01-01', 'answered', 9, 1), ('2025-01-01', 'not reached', 4, null), "
            "('2025-02-01', 'answered', 9, 2), ('2025-02-01', 'not reached', 5, null)) as "
            "_(period_start, reach, clients, above_not_reached), "
            "(select 0 as above_not_reached_low, 3 as above_not_reached_high)"
        )
        for (name,) in connection.execute("select name from pragma_table_info('marts.sales_after_asking')").fetchall():
            connection.execute(f"comment on column marts.sales_after_asking.{name} is 'As it says.'")
    before = {mart.name: ask(file, f"select count(*) from marts.{mart.name}").item() for mart in MARTS}
    hide_small_groups(file, FEW, limits(folder), PUBLICATION.storage_version)
    assert before["nps_by_branch"] > ask(file, "select count(*) from marts.nps_by_branch").item()
    return file


def test_no_mart_of_clients_has_a_row_of_few(hidden: Path) -> None:
    for mart in MARTS:
        if mart.metric == "nps":
            assert ask(hidden, f"select count(*) from marts.{mart.name} where responses < {FEW}").item() == 0, mart.name
    few = f"select count(*) from marts.nps_change_drivers where least(responses, previous_responses) between 1 and {FEW - 1}"
    assert ask(hidden, few).item() == 0
    assert ask(hidden, "select count(*) from marts.nps_change_drivers").item()


def test_neither_has_a_table_of_those_who_moved_or_were_asked(hidden: Path) -> None:
    assert ask(hidden, "select to_group, people from marts.nps_movement").rows() == [("promoters", 5)]
    assert ask(hidden, "select answers from marts.survey_cost order by 1").rows() == [(0,), (5,)]


def test_what_is_shown_says_nothing_of_the_hidden_period_before(hidden: Path) -> None:
    told = "select previous_nps, change, same_period_last_year_nps, year_on_year from marts.nps_by_branch"
    of = "where period_grain = 'month' and branch = '{}' and period_start = '{}'"
    assert ask(hidden, f"{told} {of.format('Vukovar', FEBRUARY)}").rows() == [(None, None, None, None)]
    assert ask(hidden, f"{told} {of.format('Pula', JANUARY)}").rows() == [(None, None, None, None)]
    assert ask(hidden, f"{told} {of.format('ZG', FEBRUARY)}").rows() == [(50.0, 0.0, None, None)]
    assert ask(hidden, f"{told} {of.format('ZG', JANUARY)}").rows() == [(None, None, 50.0, 0.0)]


def test_no_difference_tells_the_rate_of_a_hidden_group(hidden: Path) -> None:
    told = "select period_start, reach, above_not_reached, above_not_reached_low from marts.sales_after_asking order by all"
    assert ask(hidden, told).rows() == [
        ("2025-01-01", "answered", None, None),
        ("2025-02-01", "answered", 2, 0),
        ("2025-02-01", "not reached", None, 0),
    ]


def test_no_row_of_a_theme_tells_the_score_of_few_others(hidden: Path) -> None:
    told = (
        "select responses, nps_rest, impact, impact_ci_low, impact_ci_high from marts.nps_by_theme order by responses"
    )
    assert ask(hidden, told).rows() == [(9, 1, 1, 0.5, 1.5), (13, None, None, None, None), (14, 1, 1, 0.5, 1.5)]


def test_the_company_counts_all_of_them(hidden: Path) -> None:
    sql = "select responses from marts.nps_overall where period_grain = 'month' order by period_start"
    assert ask(hidden, sql).rows() == [(121,), (183,), (180,)]


def test_nothing_of_what_is_hidden_is_left_in_the_file_and_all_that_is_shown_keeps_its_comment(hidden: Path) -> None:
    assert (
        ask(hidden, "select count(*) from marts.fct_nps where branch = 'Vukovar' and month = '2025-01-01'").item() == 0
    )
    bare = "select count(*) from duckdb_columns() where schema_name in ('marts', 'bi') and comment is null"
    assert ask(hidden, bare).item() == 0
    assert ask(hidden, "select count(*) from bi.nps_by_branch_month").item()


def test_as_it_is_nothing_is_hidden(tmp_path: Path) -> None:
    file = of_facts(tmp_path, fact(JANUARY, (1, 0, 0)))
    written = file.stat().st_mtime_ns
    hide_small_groups(file, 1, limits(tmp_path), PUBLICATION.storage_version)
    assert file.stat().st_mtime_ns == written
    assert ask(file, "select responses from marts.nps_by_branch where period_grain = 'month'").rows() == [(1,)]
