"""From counts of attempts to the funnel: figures, and equations of which each is broken once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.contact_status import STATUSES
from transforms.tables import ContactCount, stored_types
from warehouse.asked import create_asked
from warehouse.engine import frame_table, run_model

MARCH = date(2025, 3, 1)
Count = dict[str, Any]


def count(contacts: int, status: str = "delivered", **values: Any) -> Count:  # noqa: ANN401 - as the columns have it
    """So many attempts, each to somebody else."""
    usual = {
        "month": MARCH, "source": "calls", "file_digest": "f1", "metric": "nps", "survey": "calls", "wave": "unknown",
        "programme": "general", "brand": "own", "branch": "ZG", "channel": "phone", "status": status,
        "is_of_answer": status == "answered", "is_counted": True, "contacts": contacts, "people": contacts,
        "invited": contacts,
    }  # fmt: skip
    return {**usual, **values}


@pytest.fixture(scope="module")
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        run_model(connection, "macros")
        yield connection


def published(connection: duckdb.DuckDBPyConnection, counts: Sequence[Count], has_scores: bool = True) -> None:
    """What is published of counts, each file of which is in as it should be."""
    rows = pl.DataFrame(counts, schema=stored_types(ContactCount))
    connection.execute("detach database if exists nps; attach ':memory:' as nps; create schema nps.marts")
    connection.execute("create schema nps.meta")
    frame_table(connection, "contact_counts", rows)
    frame_table(connection, "asking", pl.DataFrame({"source": ["calls"], "has_scores": [has_scores]}))
    spelling = pl.DataFrame({"attribute": ["branch"], "spelling": ["zg"], "shown_as": ["ZG"]})
    frame_table(connection, "spelling", spelling)
    frame_table(
        connection,
        "setting",
        pl.DataFrame({"metric": ["nps", "enps"], "minimum_group": [1, 5], "is_private": [False, True]}),
    )
    frame_table(connection, "about", pl.DataFrame({"today": [date(2025, 4, 1)], "zone": ["UTC"]}))
    connection.execute(
        "create table nps.meta.reconciliation (name varchar, expected bigint, found bigint, difference bigint); "
        "create table nps.meta.files as select source, file_digest, 'accepted' as status, sum(contacts) as rows_read, "
        "coalesce(sum(contacts) filter (where is_of_answer), 0) as counted, 0 as superseded, 0 as before_history, "
        "0 as rejected, 0 as excluded from contact_counts group by all"
    )
    run_model(connection, "asked/counts")
    create_asked(connection)


def funnel(
    connection: duckdb.DuckDBPyConnection, columns: str, where: str = "dimension = 'all'"
) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {columns} from nps.marts.survey_funnel where period_grain = 'month' and {where} order by all"
    ).fetchall()


def differences(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute("select name from nps.meta.reconciliation where difference <> 0").fetchall()
    return {name for (name,) in found}


def test_a_thousand_calls_with_240_answers_are_a_response_rate_of_24_per_cent(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    published(opened, [count(240, "answered"), count(560), count(200, "refused")])
    rates = "contacts, invited_people, deliverable, reached, answered, response_rate, reach_rate"
    assert funnel(opened, rates) == [(1000, 1000, 1000, 440, 240, 0.24, 0.44)]
    assert funnel(opened, "cooperation_rate") == [(240 / 440,)]
    assert differences(opened) == set()


@pytest.mark.parametrize(
    ("part", "trials", "low", "high"),
    [(66, 120, 46.0815, 63.6083), (32, 80, 29.9618, 50.9545), (10, 50, 11.2438, 33.0371)],
)
def test_shares_have_wilsons_interval(
    opened: duckdb.DuckDBPyConnection, part: int, trials: int, low: float, high: float
) -> None:
    ends = opened.execute(
        f"select 100 * wilson_end({part}, {trials}, -1), 100 * wilson_end({part}, {trials}, 1)"
    ).fetchone()
    assert ends == pytest.approx((low, high), abs=1e-4)


def test_numbers_that_do_not_exist_are_in_no_rate_but_that_of_delivery(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, [count(30, "answered"), count(70), count(20, "undeliverable")])
    assert funnel(opened, "delivery_rate, response_rate") == [(100 / 120, 0.3)]


def test_the_median_of_days_is_of_people_who_answered(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, [count(2, "answered", days=0), count(1, "answered", days=3), count(1, "answered", days=9)])
    assert funnel(opened, "days_to_answer_median") == [(1.5,)]


def test_of_employees_nothing_is_told_but_how_many_of_the_whole_company_answered(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    published(opened, [count(40, "answered", metric="enps"), count(60, metric="enps"), count(10)])
    assert funnel(opened, "dimension, response_rate", "metric = 'enps'") == [("all", 0.4)]
    assert opened.execute("select sum(contacts) from nps.marts.fct_contact").fetchone() == (10,)
    published(opened, [count(4, "answered", metric="enps"), count(60, metric="enps")])
    assert funnel(opened, "response_rate", "metric = 'enps'") == []


def test_spellings_of_a_branch_are_one(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, [count(4, branch="zg"), count(6)])
    assert funnel(opened, "member, contacts", "dimension = 'branch'") == [("ZG", 10)]


BROKEN = {
    "contacts = rows read of their files": "update nps.meta.files set rows_read = rows_read + 1",
    "contacts that were answered = responses + superseded + rejected + excluded": (
        "update nps.meta.files set superseded = superseded + 1"
    ),
    "contacts of each file that were answered = its responses + superseded + rejected + excluded: files": (
        "update nps.meta.files set rejected = rejected + 1"
    ),
    "contacts that count, of known months = fct_contact": "update nps.marts.fct_contact set contacts = contacts + 1",
    "invitations of months = those of years in survey_funnel": (
        "update nps.marts.survey_funnel set invited_people = invited_people + 1 where period_grain = 'year'"
    ),
    "answered invitations of surveys = those of all in survey_funnel": (
        "update nps.marts.survey_funnel set answered = answered + 1 where dimension = 'survey'"
    ),
}


@pytest.mark.parametrize("equation", BROKEN)
def test_each_equation_fails_where_it_is_broken(opened: duckdb.DuckDBPyConnection, equation: str) -> None:
    published(opened, [count(240, "answered"), count(760)])
    names = {name for (name,) in opened.execute("select name from nps.meta.reconciliation").fetchall()}
    assert names >= set(BROKEN)
    assert differences(opened) == set()
    opened.execute(BROKEN[equation])
    opened.execute("delete from nps.meta.reconciliation")
    run_model(opened, "asked/reconciliation")
    assert equation in differences(opened)


COUNTS = st.lists(
    st.builds(
        lambda contacts, status, branch, month, less: count(
            contacts, status, branch=branch, month=date(2025, month, 1), invited=max(0, contacts - less)
        ),
        st.integers(1, 50), st.sampled_from(STATUSES), st.sampled_from(["ZG", "zg", "ST"]), st.integers(1, 12),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@law(40)
@given(COUNTS)
def test_funnels_only_narrow_and_rates_lie_between_0_and_1(
    opened: duckdb.DuckDBPyConnection, counts: list[Count]
) -> None:
    published(opened, counts)
    assert differences(opened) == set()
    steps = "contacts >= invited_people and invited_people >= deliverable and deliverable >= reached and reached >= answered"
    assert (
        funnel(opened, "member", f"not ({steps} and reached >= answered + refused + partial and answered >= 0)") == []
    )
    for rate in ("delivery_rate", "reach_rate", "cooperation_rate", "response_rate"):
        inside = (
            f"0 <= {rate}_low and {rate}_low <= {rate} + 1e-12 and {rate} <= {rate}_high + 1e-12 and {rate}_high <= 1"
        )
        assert funnel(opened, rate, f"not ({inside})") == []
