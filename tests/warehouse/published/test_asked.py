"""From counts of attempts to the funnel: figures, and equations of which each is broken once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.contact_status import STATUSES
from transforms.tables import ContactCount, stored_types
from warehouse.engine import frame_table, reconcile, run_model
from warehouse.published.asked import Price, create_asked, derive

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
    with duckdb.connect(config={"threads": 1}) as connection:
        run_model(connection, "macros")
        yield connection


def published(
    connection: duckdb.DuckDBPyConnection,
    counts: Sequence[Count],
    *prices: Price,
    late: Mapping[str, date] | None = None,
) -> None:
    """What is published of counts, each file of which is in as it should be; the `late` ones came on other days."""
    rows = pl.DataFrame(counts, schema=stored_types(ContactCount))
    connection.execute("detach database if exists nps; attach ':memory:' as nps; create schema nps.marts")
    connection.execute("create schema nps.meta")
    frame_table(connection, "contact_counts", rows)
    came = rows.select("source", "file_digest").unique()
    days = came.with_columns(came_on=pl.col("file_digest").replace_strict(late or {}, default=MARCH))
    frame_table(connection, "came", days)
    asking = {"source": ["calls", "letters"], "has_scores": [True, False], "answered_in": [None, "web"]}
    frame_table(connection, "asking", pl.DataFrame(asking))
    outcomes = {"source": ["web", "web", "web"], "month": [MARCH, date(2025, 1, 1), MARCH], "answers": [40, 7, 9]}
    frame_table(connection, "outcomes", pl.DataFrame({**outcomes, "rule": [None, None, "redelivered"]}))
    spelling = pl.DataFrame({"attribute": ["branch"], "spelling": ["zg"], "shown_as": ["ZG"]})
    frame_table(connection, "spelling", spelling)
    frame_table(
        connection,
        "setting",
        pl.DataFrame({"metric": ["nps", "enps"], "minimum_group": [1, 5], "is_private": [False, True]}),
    )
    frame_table(connection, "about", pl.DataFrame({"today": [date(2025, 4, 1)], "zone": ["UTC"]}))
    frame_table(connection, "publication", pl.DataFrame({"published_at": [datetime(2025, 4, 1, tzinfo=UTC)]}))
    connection.execute(
        "create table nps.meta.reconciliation (name varchar, expected bigint, found bigint, difference bigint); "
        "create or replace temp table files_told as select source, file_digest, 'accepted' as status, "
        "sum(contacts) as rows_read, 0 as superseded, 0 as before_history, "
        "coalesce(sum(contacts) filter (where is_of_answer), 0) as counted, "
        "0 as rejected, 0 as excluded from contact_counts group by all"
    )
    counted = {
        "mart": "nps_by_survey",
        "member": ["orders", "nobody asked"],
        "period_grain": "month",
        "period_start": MARCH,
    }
    frame_table(connection, "scored", pl.DataFrame({**counted, "responses": [38, 99], "respondents": [37, 98]}))
    derive(connection, prices, {})
    create_asked(connection, has_prices=bool(prices))


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


def test_what_counts_stands_beside_a_survey_that_asked_and_beside_nothing_else(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    published(opened, [count(240, "answered", survey="orders"), count(60, survey="calls")])
    found = funnel(opened, "dimension, member, responses, respondents", "true")
    told = {row[:2]: row[2:] for row in found}
    assert told.pop(("survey", "orders")) == (38, 37)
    assert told.pop(("survey", "calls")) == (0, 0)  # nothing that was answered counts
    assert set(told.values()) == {(None, None)}


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


def test_of_a_share_of_nothing_no_interval_is_told(opened: duckdb.DuckDBPyConnection) -> None:
    assert opened.execute("select wilson_end(0, 0, -1), wilson_end(0, 0, 1)").fetchone() == (None, None)
    published(opened, [count(20, "undeliverable")])
    assert funnel(opened, "delivery_rate, reach_rate, reach_rate_low, response_rate, response_rate_high") == [
        (0, None, None, None, None)
    ]


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


def test_a_month_of_few_employees_is_not_what_a_year_has_beside_its_other_months(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    staff: Count = {"metric": "enps", "survey": "staff"}
    april = {"month": date(2025, 4, 1), **staff}
    published(opened, [count(20, "answered", **staff), count(3, "answered", **april), count(9, **april)])
    sql = "select period_grain, contacts::int, answered::int from nps.marts.survey_funnel where metric = 'enps' order by all"
    assert opened.execute(sql).fetchall() == [("month", 20, 20), ("quarter", 20, 20), ("year", 20, 20)]


def test_answers_that_stand_elsewhere_are_matched_and_no_equation_holds_for_them(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    letters: Count = {"source": "letters", "file_digest": "f2", "is_of_answer": False}
    of_answers = count(30, "answered", is_matched=True, answers=30, asked_after=4, **letters)
    published(opened, [of_answers, count(70, is_matched=False, **letters)])
    assert differences(opened) == set()
    assert opened.execute(
        "select matched, answers, match_rate, asked_after_answer from nps.meta.contact_matches"
    ).fetchall() == [(30, 40, 0.75, 4)]


def test_attempts_of_all_branches_are_those_of_all_though_another_one_was_the_furthest(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    published(opened, [count(3, "answered"), count(2, branch="ST", invited=0)])
    told = "member, contacts, invited_people, delivery_rate, response_rate"
    assert funnel(opened, told, "dimension = 'branch'") == [("ST", 2, 0, None, None), ("ZG", 3, 3, 1, 1)]


def test_spellings_of_a_branch_are_one(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, [count(4, branch="zg"), count(6)])
    assert funnel(opened, "member, contacts", "dimension = 'branch'") == [("ZG", 10)]


def test_spellings_that_only_contacts_have_are_one_too(opened: duckdb.DuckDBPyConnection) -> None:
    """And so are those of a wave: a campaign is set up once, however it is written."""
    asked: dict[str, Any] = {"tariff": "robot", "price_from": ROBOT.price_from}
    counts = [count(2, branch="ST", wave="Spring", **asked), count(3, branch="St", wave="SPRING", **asked)]
    published(opened, [*counts, count(4, branch="Zg", **asked), count(5, branch="ZG", **asked)], ROBOT)
    assert funnel(opened, "member, contacts", "dimension = 'branch'") == [("St", 5), ("ZG", 9)]
    assert funnel(opened, "member, contacts", "dimension = 'wave'") == [("SPRING", 5), ("unknown", 9)]
    fees = (
        "select wave, sum(amount) from nps.marts.fct_survey_cost where line = 'setup_fee' group by wave order by wave"
    )
    assert opened.execute(fees).fetchall() == [("SPRING", Decimal(2500)), ("unknown", Decimal(2500))]


def test_a_late_file_moves_no_fee_out_of_a_closed_month(opened: duckdb.DuckDBPyConnection) -> None:
    """One that came on the same day tells, together with the others, when the campaign began."""
    asked: dict[str, Any] = {"tariff": "robot", "price_from": ROBOT.price_from}
    march, before = count(30, **asked), count(20, month=date(2025, 2, 1), file_digest="f2", **asked)
    fees = "select month, sum(amount) from nps.marts.fct_survey_cost where line = 'setup_fee' group by month"
    published(opened, [march, before], ROBOT)
    assert opened.execute(fees).fetchall() == [(date(2025, 2, 1), Decimal(2500))]
    published(opened, [march, before], ROBOT, late={"f2": date(2025, 3, 2)})
    assert opened.execute(fees).fetchall() == [(MARCH, Decimal(2500))]
    assert differences(opened) == set()


BROKEN = {
    "contacts = rows read of their files": "update files_told set rows_read = rows_read + 1",
    "contacts that were answered = responses + superseded + rejected + excluded": (
        "update files_told set superseded = superseded + 1"
    ),
    "contacts of each file that were answered = its responses + superseded + rejected + excluded: files": (
        "update files_told set rejected = rejected + 1"
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
    reconcile(opened, "contacts")
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


ROBOT = Price("robot", date(2025, 1, 1), "UAH", "included", "called", "0.42", "0.42", "0.42", "0.42", "2500")
HUMAN = Price("human", date(2025, 1, 1), "UAH", "included", "answered", "4.12", "4.12", "7.22", None, "2500")
_SHARES = {"promoter": 3, "passive": 1, "detractor": 1}


def calls(
    price: Price,
    contacts: int,
    answers: int,
    shares: dict[str, int] | None = None,
    **values: Any,  # noqa: ANN401 - as the columns have it
) -> list[Count]:
    """So many calls, of which some were answered: by promoters, passives and detractors as the shares say."""
    shares = shares or _SHARES
    about = {"tariff": price.tariff, "price_from": price.price_from, **values}
    answered = [
        count(answers * share // sum(shares.values()), "answered", category=category, **about)
        for category, share in shares.items()
    ]
    return [*answered, count(contacts - answers, **about)]


def cost(
    connection: duckdb.DuckDBPyConnection, columns: str, where: str = "dimension = 'tariff'"
) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {columns} from nps.marts.survey_cost where period_grain = 'month' and {where} order by all"
    ).fetchall()


def test_a_robot_costs_each_call_and_its_setting_up(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, calls(ROBOT, 1000, 240), ROBOT)
    [(spent, answers, each)] = cost(opened, "cost, answers, cost_per_answer")
    assert (spent, answers, each) == (Decimal("2920.00"), 240, pytest.approx(12.1667, abs=1e-4))
    lines = opened.execute(
        "select line, sum(units), sum(amount) from nps.marts.fct_survey_cost group by line order by line"
    )
    assert lines.fetchall() == [
        ("call_answered", 240, Decimal("100.80")), ("call_unanswered", 760, Decimal("319.20")),
        ("setup_fee", None, Decimal("2500.00")),
    ]  # fmt: skip
    assert differences(opened) == set()


def test_an_operator_costs_each_answer_and_detractors_more(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, calls(HUMAN, 1000, 400), HUMAN)
    assert cost(opened, "cost, cost_per_answer, cost_per_detractor_reason") == [
        (Decimal("4396.00"), pytest.approx(10.99), pytest.approx(54.95))
    ]
    lines = opened.execute(
        "select line, units, unit_price, amount from nps.marts.fct_survey_cost where line <> 'setup_fee' order by line"
    ).fetchall()
    assert lines == [
        ("call_answered", 400, Decimal("4.12"), Decimal("1648.00")),
        ("detractor_surcharge", 80, Decimal("3.10"), Decimal("248.00")),
    ]
    assert differences(opened) == set()


@pytest.mark.parametrize(
    ("made", "by_human", "by_robot"),
    [(500, 17.24, 22.58), (1000, 10.99, 12.17), (5000, 5.99, 3.83), (20000, 5.05, 2.27)],
)
def test_operators_are_cheaper_for_few_calls_and_robots_for_many(
    opened: duckdb.DuckDBPyConnection, made: int, by_human: float, by_robot: float
) -> None:
    published(opened, [*calls(HUMAN, made, made * 4 // 10), *calls(ROBOT, made, made * 24 // 100)], HUMAN, ROBOT)
    [(human,), (robot,)] = [cost(opened, "cost_per_answer", f"member = '{name}'")[0] for name in ("human", "robot")]
    assert (human, robot) == (pytest.approx(by_human, abs=0.005), pytest.approx(by_robot, abs=0.005))


def test_a_margin_of_5_points_has_its_price_by_each_tariff(opened: duckdb.DuckDBPyConnection) -> None:
    shares = {"promoter": 1, "passive": 1, "detractor": 3}
    rows = [*calls(ROBOT, 1000, 240, shares), *calls(HUMAN, 1000, 400, {"promoter": 3, "passive": 1, "detractor": 1})]
    published(opened, rows, ROBOT, HUMAN)
    assert cost(opened, "member, answers_for_margin_5, cost_for_margin_5") == [
        ("human", 981, Decimal("7149.94")), ("robot", 981, Decimal("4216.96"))
    ]  # fmt: skip


@pytest.mark.parametrize(("answers", "detractors"), [(5, 2), (7, 6), (11, 2), (11, 4)])
def test_half_a_cent_of_what_a_margin_costs_is_rounded_up(
    opened: duckdb.DuckDBPyConnection, answers: int, detractors: int
) -> None:
    prices = [replace(ROBOT, tariff=str(mills), promoter=f"{mills / 1000}") for mills in range(5, 300, 10)]
    shares = {"promoter": answers - detractors, "detractor": detractors}
    published(opened, [row for price in prices for row in calls(price, 50, answers, shares)], *prices)
    found = cost(opened, "member, answers_for_margin_5, cost_for_margin_5")
    assert len(found) == len(prices)
    for mills, needed, told in found:
        paid = shares["promoter"] * Fraction(int(mills), 1000) + detractors * Fraction("0.42")
        in_vain = ceil(Fraction(needed * 50, answers)) - needed
        exact = 2500 + paid * needed / answers + in_vain * Fraction("0.42")
        assert told == Decimal(floor(100 * exact + Fraction(1, 2))) / 100, mills


def test_a_margin_needs_answers_though_all_so_far_are_alike(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, calls(ROBOT, 10, 2, {"promoter": 1}), ROBOT)
    [(needed,)] = cost(opened, "answers_for_margin_5")
    margins = [opened.execute(f"select z_of_95() * adjusted_error(1, 0, {n})").fetchone() for n in (needed - 1, needed)]
    assert [margin and margin[0] <= 5 for margin in margins] == [False, True]


def test_a_fee_is_shared_by_largest_remainder_over_the_branches_of_the_first_month(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    about: Count = {"tariff": "human", "price_from": HUMAN.price_from}
    branches = [count(contacts, branch=name, **about) for name, contacts in (("A", 600), ("B", 300), ("C", 77))]
    later = count(5000, branch="D", month=date(2025, 4, 1), **about)
    published(opened, [*branches, later], HUMAN)
    fees = opened.execute("select branch, month, amount from nps.marts.fct_survey_cost order by branch").fetchall()
    assert fees == [
        ("A", MARCH, Decimal("1535.31")), ("B", MARCH, Decimal("767.66")), ("C", MARCH, Decimal("197.03"))
    ]  # fmt: skip


def test_another_wave_is_set_up_anew(opened: duckdb.DuckDBPyConnection) -> None:
    about: Count = {"tariff": "human", "price_from": HUMAN.price_from}
    published(opened, [count(10, wave="one", **about), count(10, wave="two", **about)], HUMAN)
    assert cost(opened, "cost") == [(Decimal("5000.00"),)]


def test_what_has_no_price_and_employees_cost_nothing(opened: duckdb.DuckDBPyConnection) -> None:
    unpriced = count(50, tariff="human", price_from=None)
    published(opened, [*calls(HUMAN, 10, 5), unpriced, *calls(HUMAN, 10, 5, metric="enps")], HUMAN)
    assert cost(opened, "contacts") == [(10,)]
    assert opened.execute("from nps.meta.unpriced_contacts").fetchall() == [("human", 50)]


def test_currencies_and_prices_with_and_without_vat_are_never_added_up(opened: duckdb.DuckDBPyConnection) -> None:
    euros = Price("euros", date(2025, 1, 1), "EUR", "excluded", "called", "1", "1", "1", "1", "0")
    published(opened, [*calls(HUMAN, 10, 5), *calls(euros, 10, 5)], HUMAN, euros)
    assert cost(opened, "currency, vat, contacts", "dimension = 'all'") == [
        ("EUR", "excluded", 10),
        ("UAH", "included", 10),
    ]


def test_a_fee_of_a_branch_that_was_called_at_no_price_of_its_currency_is_in_the_cost_of_the_branch(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    before = Price("human", date(2025, 1, 1), "HRK", "included", "answered", "4", "4", "4", None, "75")
    after = Price("human", date(2025, 3, 15), "EUR", "included", "answered", "1", "1", "1", None, "10")
    published(opened, [*calls(before, 10, 5), *calls(after, 20, 5, branch="ST")], before, after)
    told = cost(opened, "member, currency, contacts::int, answers::int, cost::float", "dimension = 'branch'")
    assert told == [("ST", "EUR", 20, 5, 5), ("ST", "HRK", 0, 0, 50), ("ZG", "HRK", 10, 5, 45)]
    assert differences(opened) == set()


BROKEN_COST = {
    "cost of calls = units x prices": (
        "update nps.marts.fct_survey_cost set amount = amount + 0.01 where line = 'call_answered'"
    ),
    "cost of setting up = fee of each campaign": (
        "update nps.marts.fct_survey_cost set amount = amount - 0.01 where line = 'setup_fee'"
    ),
    "survey_cost of all, months = fct_survey_cost": (
        "update nps.marts.survey_cost set cost = cost + 0.01 where dimension = 'all' and period_grain = 'month'"
    ),
    "survey_cost of branches = of all": "update nps.marts.survey_cost set cost = cost + 0.01 where dimension = 'branch'",
}


@pytest.mark.parametrize("equation", BROKEN_COST)
def test_each_equation_of_cost_fails_by_a_cent(opened: duckdb.DuckDBPyConnection, equation: str) -> None:
    published(opened, calls(HUMAN, 100, 50), HUMAN)
    assert differences(opened) == set()
    opened.execute(BROKEN_COST[equation])
    opened.execute("delete from nps.meta.reconciliation")
    reconcile(opened, "survey_cost")
    assert equation in differences(opened)


FINE = Price("fine", date(2025, 1, 1), "UAH", "included", "called", "0.4237", "0.4237", "1.000333", "0.1", "99.99")
PRICED = st.lists(
    st.builds(
        lambda contacts, status, category, branch, month: count(
            contacts, status, category=category if status == "answered" else None, branch=branch,
            month=date(2025, month, 1), tariff="fine", price_from=FINE.price_from,
        ),
        st.integers(1, 50), st.sampled_from(STATUSES), st.sampled_from(["promoter", "passive", "detractor", None]),
        st.sampled_from(["ZG", "ST", "RI"]), st.integers(1, 4),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@law(30)
@given(PRICED)
def test_cost_is_additive_and_equals_units_by_prices_and_fees(
    opened: duckdb.DuckDBPyConnection, counts: list[Count]
) -> None:
    published(opened, counts, FINE)
    assert differences(opened) == set()
    exact = Decimal(0)
    for month in {row["month"] for row in counts}:
        of_price: dict[tuple[str, Decimal], int] = {}
        for row in (each for each in counts if each["month"] == month):
            is_answered = row["status"] == "answered"
            base = ("answered" if is_answered else "unanswered", Decimal("0.4237") if is_answered else Decimal("0.1"))
            of_price[base] = of_price.get(base, 0) + row["contacts"]
            if is_answered and row["category"] == "detractor":
                more = ("more", Decimal("0.576633"))
                of_price[more] = of_price.get(more, 0) + row["contacts"]
        exact += sum((units * price).quantize(Decimal("0.01"), ROUND_HALF_UP) for (_, price), units in of_price.items())
    [(found,)] = opened.execute("select sum(amount) from nps.marts.fct_survey_cost").fetchall()
    assert found == exact + Decimal("99.99")
    for dimension in ("branch", "survey", "tariff"):
        of_grains = (
            f"select period_grain, sum(cost) from nps.marts.survey_cost where dimension = '{dimension}' group by all"
        )
        totals = opened.execute(f"{of_grains} order by all").fetchall()
        assert totals == [(grain, found) for grain in ("month", "quarter", "year")]
