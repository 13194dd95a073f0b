"""What clients did after they had answered: figures from the SQL of production, and equations, each broken once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from warehouse.engine import frame_table, reconcile, run_model
from warehouse.published.branch_revenue import branch_revenue
from warehouse.published.outcomes import Outcomes, create_outcomes

MARCH = date(2025, 3, 1)
DAY = date(2025, 3, 10)
LAST = date(2025, 12, 31)
Row = dict[str, Any]

ANSWERED: dict[str, Any] = {
    "month": pl.Date, "client": pl.Int64, "answered_at": pl.Datetime("us", "UTC"), "answered_on": pl.Date,
    "place": pl.Int64, "branch": pl.String, "industry": pl.String, "category": pl.String,
}  # fmt: skip
DEEDS: dict[str, Any] = {
    "client": pl.Int64,
    "occurred_on": pl.Date,
    "kind": pl.String,
    "amount": pl.Decimal(18, 4),
}


ASKED: dict[str, Any] = {
    "client": pl.Int64, "survey": pl.String, "wave": pl.String, "month": pl.Date, "asked_on": pl.Date, "reach": pl.String,
}  # fmt: skip
OUTCOMES = Outcomes("account", ("orders",), "UTC", has_values=True, has_growth=True, contacts=("calls",))


def answered(client: int | None, category: str = "promoter", on: date = DAY, **values: object) -> Row:
    """An answer of a client."""
    usual = {"month": on.replace(day=1), "answered_on": on, "place": 0, "branch": "ZG", "industry": "retail"}
    return {**usual, "client": client, "category": category, **values}


def deed(client: int | None, after: int, kind: str = "purchase", amount: str | None = None, since: date = DAY) -> Row:
    """What a client did so many days after a day; None of clients who answered nothing."""
    paid = None if amount is None else Decimal(amount)
    return {"client": client, "occurred_on": since + timedelta(days=after), "kind": kind, "amount": paid}


@pytest.fixture(scope="module")
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    with with_macros() as connection:
        yield connection


@contextmanager
def with_macros() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own; to wake another thread for so few rows takes longer than to do without."""
    with duckdb.connect(config={"threads": 1}) as connection:
        run_model(connection, "macros")
        frame_table(connection, "publication", pl.DataFrame({"published_at": [datetime(2026, 6, 1, tzinfo=UTC)]}))
        yield connection


def published(  # noqa: PLR0913 - each says what there is
    connection: duckdb.DuckDBPyConnection,
    answers: Sequence[Row],
    deeds: Sequence[Row],
    *,
    until: date = LAST,
    since: date = date(2020, 1, 1),
    listed: Sequence[Row] = (),
    has_revenue: bool = True,
    asked: Sequence[Row] = (),
    others: Sequence[Row] = (),
) -> None:
    """What is published of answers and of what their clients did, in one activity that knows all from a day to a day.

    `others` are further activities, as they differ from that one.
    """
    connection.execute("detach database if exists nps; attach ':memory:' as nps; create schema nps.marts")
    connection.execute("create schema nps.meta")
    places = [{**row, "place": place} for place, row in enumerate(answers)]
    rows = pl.DataFrame(places, schema=ANSWERED).with_columns(
        answered_at=pl.coalesce("answered_at", pl.col("answered_on").cast(ANSWERED["answered_at"]))
    )
    frame_table(connection, "answered", rows)
    frame_table(connection, "deeds", pl.DataFrame(list(deeds), schema=DEEDS).drop_nulls("client"))
    kinds = [row["kind"] for row in deeds]
    feed = {
        "feed": "orders", "known_from": since, "known_until": until, "refunded": kinds.count("refund"),
        "bought": kinds.count("purchase") + kinds.count("renewal"), "cancelled": kinds.count("cancel"),
        "paid": sum((row["amount"] for row in deeds if row["amount"] is not None), Decimal("0.0000")),
    }  # fmt: skip
    frame_table(
        connection,
        "deed_feeds",
        pl.DataFrame([feed, *({**feed, **other} for other in others)], schema_overrides={"paid": pl.Decimal(38, 4)}),
    )
    revenue = {"branch": ["ZG"], "quarter": [date(2025, 1, 1)], "revenue": [feed["paid"]], "clients": [9]}
    frame_table(connection, "branch_revenue", pl.DataFrame(revenue, schema_overrides={"revenue": pl.Decimal(38, 4)}))
    files = {"source": ["dimension.activity_orders"], "file_digest": ["f1"], "deeds": [len(deeds)]}
    counts = {
        "counted": [len(deeds)],
        "told_again": [0],
        "of_others": [0],
        "left_behind": [0],
        "unpaid": [0],
        "amount_ratio": [1.0],
    }
    more = {"of_known": [len(deeds)], "currencies": ["EUR"]}
    frame_table(connection, "deed_files", pl.DataFrame({**files, **counts, **more}))
    clients = {
        "client": pl.Int64,
        "first_seen": pl.Date,
        "referrer": pl.Int64,
        "worth": DEEDS["amount"],
        "is_foreign": pl.Boolean,
    }
    frame_table(connection, "client_list", pl.DataFrame(list(listed), schema=clients).with_row_index("listed"))
    frame_table(connection, "asked_clients", pl.DataFrame(list(asked), schema=ASKED))
    referral = {
        "per_promoter": 1.0,
        "per_detractor": -4.0,
        "source_of_factor": "seed assumption",
        "has_referrers": True,
    }
    frame_table(connection, "referral", pl.DataFrame([referral]))
    frame_table(
        connection, "deed_setting", pl.DataFrame({"has_revenue": [has_revenue], "currency": ["EUR"], "fewest": [5]})
    )
    frame_table(connection, "setting", pl.DataFrame({"metric": ["nps", "enps"], "low_sample": [30, 30]}))
    frame_table(connection, "about", pl.DataFrame({"today": [date(2026, 6, 1)], "zone": ["UTC"]}))
    connection.execute(
        "create table nps.meta.reconciliation (name varchar, expected bigint, found bigint, difference bigint); "
        "create table nps.meta.files as select source, file_digest, file_digest as path, 'accepted' as status, "
        "deeds + 2 as rows_read, 1 as rejected, 1 as excluded from deed_files; "
        "create or replace temp table scored as select unnest(['nps_overall', 'nps_by_branch', 'nps_by_industry']) as mart, "
        "unnest(['', 'ZG', 'retail']) as member, 'month' as period_grain, month as period_start, "
        "month + interval 1 month - interval 1 day as period_end, count(*) as responses, "
        "count_if(category = 'promoter') as promoters, count_if(category = 'detractor') as detractors, "
        "count(*) < 30 as is_low_sample, true as is_complete from answered group by month; "
        "create table nps.marts.nps_overall as from scored where mart = 'nps_overall'; "
        "create table nps.marts.nps_by_branch as select *, member as branch, 0.0 as nps from scored "
        "where mart = 'nps_by_branch'"
    )
    run_model(connection, "outcomes/followed")
    create_outcomes(connection, OUTCOMES)


def rows_of(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, where: str = "true"
) -> list[tuple[Any, ...]]:
    return connection.execute(f"select {columns} from nps.{table} where {where} order by all").fetchall()


def differences(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute("select name from nps.meta.reconciliation where difference <> 0").fetchall()
    return {name for (name,) in found}


def group(category: str, size: int, bought: int, first: int) -> tuple[list[Row], list[Row]]:
    """So many clients who had bought a month before they answered, of whom some bought again 60 days after."""
    clients = range(first, first + size)
    before = [deed(client, -30) for client in clients]
    return [answered(client, category) for client in clients], [
        *before,
        *(deed(client, 60) for client in clients[:bought]),
    ]


OF_ALL = "dimension = 'all' and period_grain = 'month'"


def test_repeat_purchases_are_those_of_the_worked_example(opened: duckdb.DuckDBPyConnection) -> None:
    parts = [group("promoter", 120, 66, 0), group("passive", 80, 32, 200), group("detractor", 50, 10, 400)]
    published(opened, [row for rows, _ in parts for row in rows], [row for _, rows in parts for row in rows])
    rates = "category, clients, bought_again, 100 * repeat_rate, 100 * repeat_rate_low, 100 * repeat_rate_high"
    assert rows_of(opened, "marts.nps_outcomes", rates, f"{OF_ALL} and horizon = 90") == [
        ("detractor", 50, 10, 20, pytest.approx(11.2438, abs=1e-4), pytest.approx(33.0371, abs=1e-4)),
        ("passive", 80, 32, 40, pytest.approx(29.9618, abs=1e-4), pytest.approx(50.9545, abs=1e-4)),
        ("promoter", 120, 66, pytest.approx(55), pytest.approx(46.0815, abs=1e-4), pytest.approx(63.6083, abs=1e-4)),
    ]
    difference = "100 * repeat_difference, 100 * repeat_difference_low, 100 * repeat_difference_high, risk_ratio, cause"
    [promoters] = rows_of(
        opened, "marts.nps_outcomes", difference, f"{OF_ALL} and horizon = 90 and category = 'promoter'"
    )
    assert promoters[:4] == pytest.approx((35, 19.2043, 47.2790, 2.75), abs=1e-4)
    assert promoters[4] == "association only"
    nobody = rows_of(opened, "marts.nps_outcomes", "sum(bought_again)::int", f"{OF_ALL} and horizon = 30")
    assert nobody == [(0,)]
    assert differences(opened) == set()


#: Days after which clients cancelled, or were seen for the last time.
EXAMPLE = [(30, 1), (45, 1), (60, 0), (60, 1), (90, 1), (120, 0), (120, 1), (150, 0), (180, 0), (180, 0)]


def curve(connection: duckdb.DuckDBPyConnection, spans: Sequence[tuple[str, int, bool]]) -> list[tuple[Any, ...]]:
    connection.execute("detach database if exists nps; attach ':memory:' as nps; create schema nps.marts")
    schema = {"category": pl.String, "days": pl.Int64, "is_event": pl.Boolean}
    frame_table(connection, "spans", pl.DataFrame(spans, schema=schema, orient="row"))
    run_model(connection, "outcomes/churn_curve")
    return rows_of(
        connection, "marts.churn_curve", "category, day, at_risk, events, survival, survival_low, survival_high"
    )


def test_the_curve_is_that_of_the_worked_example(opened: duckdb.DuckDBPyConnection) -> None:
    found = curve(opened, [("detractor", days, bool(event)) for days, event in EXAMPLE])
    steps = {day: round(survival, 6) for _, day, _, events, survival, *_ in found if events}
    assert steps == {30: 0.9, 45: 0.8, 60: 0.7, 90: 0.583333, 120: 0.466667}
    assert [(day, at_risk) for _, day, at_risk, *_ in found] == [
        (0, 10), (30, 10), (45, 9), (60, 8), (90, 6), (120, 5), (150, 3), (180, 2),
    ]  # fmt: skip
    assert found[0][4:] == (1, None, None)
    # As lifelines 0.30.3 has them: 436 MB with what it needs, so it is no dependency.
    ends = {day: (low, high) for _, day, _, events, _, low, high in found if events}
    assert ends == {
        30: pytest.approx((0.473009, 0.985281), abs=1e-6), 45: pytest.approx((0.408691, 0.945873), abs=1e-6),
        60: pytest.approx((0.328717, 0.891949), abs=1e-6), 90: pytest.approx((0.229787, 0.820739), abs=1e-6),
        120: pytest.approx((0.149552, 0.736610), abs=1e-6),
    }  # fmt: skip


def reference(spans: Sequence[tuple[int, bool]]) -> dict[int, tuple[float, float]]:
    """Kaplan and Meier, and Greenwood's sum, as a book has them: client by client."""
    survival, variance, found = 1.0, 0.0, {}
    for day in sorted({day for day, _ in spans}):
        at_risk = sum(1 for each, _ in spans if each >= day)
        events = sum(1 for each, is_event in spans if each == day and is_event)
        survival *= 1 - events / at_risk
        if events < at_risk:
            variance += events / (at_risk * (at_risk - events))
        found[day] = (survival, variance)
    return found


@law(25)
@given(spans=st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60))
def test_every_curve_is_the_one_of_the_book(opened: duckdb.DuckDBPyConnection, spans: list[tuple[int, bool]]) -> None:
    found = curve(opened, [("passive", day, event) for day, event in spans])[1:]
    told = reference(spans)
    assert [row[1] for row in found] == sorted(told)
    before = 1.0
    for _, day, _, events, survival, low, high in found:
        assert survival == pytest.approx(told[day][0], abs=1e-12)
        assert 0 <= survival <= before
        if events == 0:
            assert survival == pytest.approx(before)
        if 0 < survival < 1:
            assert 0 <= low <= survival <= high <= 1
        else:
            assert low is high is None
        before = survival


def test_whoever_answers_again_after_they_cancelled_is_gone_from_the_first_answer_on(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    """As where clients who cancel are asked why: the last answer of the month finds them gone."""
    answers = [answered(1), answered(1, "detractor", DAY + timedelta(days=9)), answered(2)]
    published(opened, answers, [deed(1, -30), deed(1, 7, "cancel"), deed(2, -30)])
    found = rows_of(opened, "marts.churn_curve", "category, day, at_risk, survival", "events > 0")
    assert found == [("promoter", 7, 2, 0.5)]
    assert not differences(opened)


def test_of_two_answers_of_a_day_the_later_counts_in_whatever_file_it_stands(opened: duckdb.DuckDBPyConnection) -> None:
    hours = [("promoter", 18), ("detractor", 9)]
    answers = [answered(1, category, answered_at=datetime(2025, 3, 10, hour, tzinfo=UTC)) for category, hour in hours]
    published(opened, answers, [deed(1, -30), deed(1, 60, "cancel")])
    assert rows_of(opened, "marts.fct_outcome", "distinct category") == [("promoter",)]
    assert rows_of(opened, "marts.churn_curve", "distinct category") == [("detractor",)]
    assert not differences(opened)


def test_where_nobody_leaves_early_the_curve_ends_where_the_rate_does(opened: duckdb.DuckDBPyConnection) -> None:
    answers = [answered(client, "detractor") for client in range(40)]
    deeds = [deed(client, -5) for client in range(40)] + [
        deed(client, 7 * client + 7, "cancel") for client in range(10)
    ]
    published(opened, answers, deeds, until=DAY + timedelta(days=90))
    [(rate, churned)] = rows_of(opened, "marts.nps_outcomes", "churn_rate, churned", f"{OF_ALL} and horizon = 90")
    assert churned == 10
    [(survival,)] = rows_of(opened, "marts.churn_curve", "min(survival)")
    assert 1 - survival == pytest.approx(rate)
    assert differences(opened) == set()


def test_what_is_not_known_yet_is_in_no_rate(opened: duckdb.DuckDBPyConnection) -> None:
    answers = [answered(1), answered(2, on=date(2025, 5, 20)), answered(3)]
    deeds = [deed(1, -9), deed(2, -9), deed(2, 80), deed(3, -3), deed(3, 40)]
    published(opened, answers, deeds, until=date(2025, 6, 20))
    rates = rows_of(
        opened, "marts.nps_outcomes", "horizon, clients, complete, bought_again, at_risk, churn_rate",
        "dimension = 'all' and period_grain = 'year'",
    )  # fmt: skip
    # No cancellation is known of anybody: nobody can say who is at risk. Client 2 is not seen for 90 days.
    assert rates == [(30, 3, 3, 1, 0, None), (90, 3, 2, 1, 0, None), (180, 3, 0, 0, 0, None), (365, 3, 0, 0, 0, None)]


def test_whom_nobody_knew_when_they_answered_is_not_followed(opened: duckdb.DuckDBPyConnection) -> None:
    """Else those who buy later would be taken in for having bought."""
    answers = [answered(1), answered(2), answered(3), answered(None), answered(1, "detractor", on=date(2025, 3, 20))]
    listed = [{"client": 3, "first_seen": date(2025, 1, 1)}]
    published(opened, answers, [deed(1, -30), deed(2, 30)], listed=listed)
    told = rows_of(
        opened, "meta.clients_followed", "responses, clients, answered_before, not_known, of_nobody, match_rate"
    )
    assert told == [(5, 2, 1, 1, 1, 2 / 3)]
    last = rows_of(opened, "marts.fct_outcome", "category, clients", "horizon = 30")
    assert last == [("detractor", 1), ("promoter", 1)]


def test_who_had_cancelled_is_not_at_risk_until_they_buy_again(opened: duckdb.DuckDBPyConnection) -> None:
    answers = [answered(client) for client in range(4)]
    deeds = [
        deed(0, -50), deed(0, -20, "cancel"), deed(0, 20, "cancel"), deed(1, -50, "cancel"), deed(1, -20),
        deed(1, 20, "cancel"), deed(2, 0), deed(2, 0, "cancel"), deed(3, -5), deed(3, -1, "refund", "-3"),
    ]  # fmt: skip
    published(opened, answers, deeds)
    assert rows_of(opened, "marts.fct_outcome", "at_risk, churned", "horizon = 30") == [(2, 1)]
    assert rows_of(opened, "marts.churn_curve", "day, at_risk, events", "events > 0") == [(20, 2, 1)]


def test_revenue_is_that_of_equal_stretches_before_and_after_and_never_of_a_few(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    answers = [answered(client) for client in range(6)] + [answered(9, "detractor")]
    deeds = [deed(client, after, amount="10.01") for client in range(6) for after in (-29, 0, 1, 30, 31)]
    deeds += [deed(0, -30, amount="500"), deed(1, 2, "refund", "-5"), deed(9, -2, amount="7")]
    published(opened, answers, deeds)
    money = "compared, revenue_before, revenue_after"
    promoters = rows_of(opened, "marts.fct_outcome", money, "horizon = 30 and category = 'promoter'")
    assert promoters == [(6, Decimal("120.12"), Decimal("115.12"))]
    assert rows_of(opened, "marts.fct_outcome", money, "horizon = 30 and category = 'detractor'") == [(1, None, None)]
    published(opened, answers, deeds, has_revenue=False)
    assert rows_of(opened, "marts.fct_outcome", money, "horizon = 30 and category = 'promoter'") == [(0, None, None)]


def test_what_a_cancelled_contract_was_worth_is_no_revenue(opened: duckdb.DuckDBPyConnection) -> None:
    answers = [answered(client) for client in range(5)]
    deeds = [deed(client, after, amount="10") for client in range(5) for after in (-5, 5)]
    deeds += [deed(client, after, "cancel", "1000") for client in range(5) for after in (-6, 6)]
    published(opened, answers, deeds)
    money = "compared, revenue_before, revenue_after"
    assert rows_of(opened, "marts.fct_outcome", money, "horizon = 30") == [(5, Decimal(50), Decimal(50))]


#: A second activity, as it differs from the first, and whether revenue of 30 days is compared beside it.
BESIDE = [
    ({"known_from": DAY - timedelta(days=29)}, True),
    ({"known_from": DAY - timedelta(days=28)}, False),
    ({"known_until": DAY + timedelta(days=29)}, False),
    ({"known_until": DAY + timedelta(days=29), "bought": 0, "refunded": 1}, False),
    ({"known_from": DAY - timedelta(days=28), "bought": 0, "refunded": 1}, False),
    ({"known_from": DAY, "known_until": DAY, "bought": 0, "refunded": 0, "cancelled": 1}, True),
]


@pytest.mark.parametrize(("other", "is_compared"), BESIDE)
def test_revenue_is_compared_only_where_every_activity_with_payments_knows_all_of_both_stretches(
    opened: duckdb.DuckDBPyConnection, other: Row, is_compared: bool
) -> None:
    answers = [answered(client) for client in range(5)]
    deeds = [deed(client, after, amount="10") for client in range(5) for after in (-5, 5)]
    published(opened, answers, deeds, others=[other])
    [(compared,)] = rows_of(opened, "marts.fct_outcome", "compared", "horizon = 30")
    assert compared == (5 if is_compared else 0)


def test_a_lag_is_unknown_where_an_activity_may_know_of_a_later_purchase(opened: duckdb.DuckDBPyConnection) -> None:
    def lags(**values: Any) -> dict[str, int]:  # noqa: ANN401 - as published takes them
        published(opened, [answered(0), answered(1)], [deed(0, -5), deed(1, -40)], **values)
        return dict(
            rows_of(opened, "marts.nps_by_cohort", "band, clients", "cohort = 'lag' and period_grain = 'month'")
        )

    assert lags() == {"up to 7 days": 1, "31 to 90 days": 1}
    assert lags(until=DAY - timedelta(days=1)) == {"unknown": 2}
    assert lags(others=[{"known_from": DAY - timedelta(days=30)}]) == {"up to 7 days": 1, "unknown": 1}


def of_shares(promoters: int, passives: int, detractors: int) -> list[Row]:
    """Answers of 100 clients, or so."""
    kinds = ["promoter"] * promoters + ["passive"] * passives + ["detractor"] * detractors
    return [answered(client, kind) for client, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("shares", "nps", "net", "margin"),
    [
        ((70, 20, 10), 60, 30, 291.37),
        ((55, 30, 15), 40, -5, 336.49),
        ((60, 20, 20), 40, -20, None),
        ((50, 40, 10), 40, 10, None),
    ],
)
def test_equal_scores_may_have_three_signs_when_they_are_taken_for_recommendations(
    opened: duckdb.DuckDBPyConnection, shares: tuple[int, int, int], nps: int, net: int, margin: float | None
) -> None:
    published(opened, of_shares(*shares), [])
    told = "expected_net, per_1000_clients, per_1000_high - per_1000_clients, promoters, detractors, source_of_factor"
    [row] = rows_of(opened, "marts.referral_arithmetic", told, "dimension = 'all'")
    assert row[:2] == pytest.approx((net, 10 * net))
    assert row[3] - row[4] == nps
    if margin is not None:
        assert row[2] == pytest.approx(margin, abs=5e-3)
    assert row[5] == "seed assumption"


def test_whoever_was_brought_is_so_by_the_last_answer_before(opened: duckdb.DuckDBPyConnection) -> None:
    answers = [answered(1), answered(1, on=date(2025, 4, 2)), answered(2, "detractor")]
    came = [(1, date(2025, 4, 20)), (1, date(2025, 3, 20)), (2, DAY), (2, date(2026, 3, 11)), (9, date(2025, 4, 1))]
    listed = [{"client": None, "first_seen": day, "referrer": referrer} for referrer, day in came]
    published(opened, answers, [], listed=listed)
    told = rows_of(opened, "marts.referral_arithmetic", "period_start, observed_referred", "dimension = 'all'")
    assert told == [(MARCH, 1), (date(2025, 4, 1), 1)]


def test_whom_clients_brought_is_told_by_what_they_had_answered(opened: duckdb.DuckDBPyConnection) -> None:
    answers = [answered(1), answered(1, on=date(2025, 4, 2)), answered(2, "detractor")]
    came = [(1, date(2025, 4, 20)), (1, date(2025, 3, 20)), (2, DAY), (2, DAY + timedelta(91)), (9, date(2025, 4, 1))]
    listed: list[Row] = [{"client": client, "first_seen": date(2024, 1, 1)} for client in (1, 2)]
    listed += [{"client": None, "first_seen": day, "referrer": referrer} for referrer, day in came]
    published(opened, answers, [], listed=listed)
    told = rows_of(opened, "marts.fct_outcome", "category, month, list(referred order by horizon)", "true group by all")
    assert {(*row[:2], *row[2]) for row in told} == {
        ("promoter", MARCH, 1, 1, 1, 1), ("promoter", date(2025, 4, 1), 1, 1, 1, 1), ("detractor", MARCH, 0, 0, 1, 1)
    }  # fmt: skip


def test_a_score_by_value_says_whose_it_is(opened: duckdb.DuckDBPyConnection) -> None:
    worth = [("promoter", 900), ("promoter", 50), ("detractor", 30), ("detractor", 10), ("passive", 10)]
    listed = [{"client": client, "worth": Decimal(value)} for client, (_, value) in enumerate(worth)]
    answers = [answered(client, kind) for client, (kind, _) in enumerate(worth)] + [answered(7)]
    published(opened, answers, [], listed=listed)
    told = "clients, valued_clients, nps, nps_weighted, effective_n, top_1_share, is_concentrated"
    assert rows_of(opened, "marts.nps_value_weighted", told, OF_ALL) == [
        (6, 5, 0, pytest.approx(91.0), pytest.approx(1.2291, abs=1e-4), 0.9, True)
    ]
    assert differences(opened) == set()


def test_half_a_cent_of_what_a_client_is_worth_is_rounded_up(opened: duckdb.DuckDBPyConnection) -> None:
    listed = [{"client": client, "worth": Decimal("2.00" if client == 0 else "1.00")} for client in range(200)]
    published(opened, of_shares(140, 40, 20), [], listed=listed)
    assert rows_of(opened, "marts.nps_value_weighted", "value_per_client", OF_ALL) == [(Decimal("1.01"),)]


def test_what_vendors_make_of_a_score_is_told_as_their_assumption(opened: duckdb.DuckDBPyConnection) -> None:
    listed = [{"client": client, "worth": Decimal(1000)} for client in range(100)]
    published(opened, of_shares(70, 20, 10), [], listed=listed)
    told = "assumed_at_risk_90_days, assumed_at_risk_180_days, assumed_potential, is_concentrated"
    assert rows_of(opened, "marts.nps_value_weighted", told, OF_ALL) == [(5000, 6000, 21000, False)]
    [(says,)] = rows_of(opened, "marts.nps_value_weighted", "distinct source_of_shares")
    assert says.startswith("assumption")


def test_clients_are_told_apart_by_how_long_they_are_and_by_how_long_ago_they_bought(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    answers = [answered(client, "detractor" if client < 3 else "promoter") for client in range(7)]
    deeds = [deed(0, -10), deed(1, 0), deed(2, -40), deed(3, -200), deed(3, -8), deed(4, -500), deed(5, 9)]
    listed = [{"client": 1, "first_seen": date(2019, 1, 1)}, {"client": 6, "first_seen": date(2025, 3, 1)}]
    published(opened, answers, deeds, since=date(2023, 1, 1), listed=listed)
    found = rows_of(opened, "marts.nps_by_cohort", "cohort, band, clients, nps", "period_grain = 'month'")
    assert found == [
        ("lag", "31 to 90 days", 1, -100), ("lag", "8 to 30 days", 2, 0), ("lag", "over 90 days", 1, 100),
        ("lag", "unknown", 2, 100), ("lag", "up to 7 days", 1, -100), ("tenure", "31 to 90 days", 1, -100),
        ("tenure", "91 to 365 days", 1, 100), ("tenure", "over 365 days", 2, 0), ("tenure", "unknown", 1, 100),
        ("tenure", "up to 30 days", 2, 0),
    ]  # fmt: skip
    published(opened, answers, deeds, since=date(2024, 12, 1), listed=listed)
    unknown = rows_of(
        opened, "marts.nps_by_cohort", "clients", "cohort = 'tenure' and band = 'unknown' and period_grain = 'year'"
    )
    assert unknown == [(4,)], "who bought in the first year that is known may have bought before it"


def test_who_bought_after_being_asked_stands_beside_who_was_not_reached(opened: duckdb.DuckDBPyConnection) -> None:
    def invited(client: int, reach: str, on: date = DAY) -> Row:
        return {"client": client, "survey": "calls", "wave": "w1", "month": MARCH, "asked_on": on, "reach": reach}

    asked = [invited(client, "answered" if client < 60 else "not reached") for client in range(160)]
    deeds = [deed(client, -300) for client in range(160)]
    deeds += [deed(client, 14) for client in range(30)] + [deed(client, 15) for client in range(30, 60)]
    deeds += [deed(client, 1) for client in range(60, 80)] + [deed(client, 0) for client in range(60, 65)]
    published(opened, [], deeds, asked=[*asked, invited(999, "answered")])
    told = "reach, clients, bought_before, bought_again, repeat_rate, above_not_reached, is_low_sample"
    assert rows_of(opened, "marts.sales_after_asking", told, OF_ALL) == [
        ("answered", 60, 0, 30, 0.5, pytest.approx(0.3), False), ("not reached", 100, 5, 20, 0.2, None, False),
    ]  # fmt: skip
    assert differences(opened) == set()
    published(opened, [], deeds, asked=asked, until=DAY + timedelta(days=13))
    assert rows_of(opened, "marts.sales_after_asking", "distinct complete", OF_ALL) == [(0,)]
    published(opened, [], deeds, asked=asked, others=[{"known_from": DAY - timedelta(days=12)}])
    assert rows_of(opened, "marts.sales_after_asking", "distinct complete", OF_ALL) == [(0,)]


BREAKING = {
    "amounts of activity = revenue of branches, and of accounts of no known branch": (
        "update branch_revenue set revenue = revenue + 0.0001"
    ),
    "rows of growth_forecast = those that beat the naive forecast": (
        "insert into nps.marts.growth_forecast by name select 1 as backtest_mae, 1 as naive_mae"
    ),
    "clients of months = those of each cohort of nps_by_cohort": (
        "update nps.marts.nps_by_cohort set clients = clients + 1 where cohort = 'lag'"
    ),
    "promoters and detractors of the score = those of referral_arithmetic": (
        "update nps.marts.referral_arithmetic set promoters = promoters + 1 where dimension = 'all'"
    ),
    "clients of months = clients of nps_value_weighted, of those of whom any value is known": (
        "update nps.marts.nps_value_weighted set valued_clients = 7"
    ),
    "valued clients = promoters + passives + detractors: rows of nps_value_weighted": (
        "update nps.marts.nps_value_weighted set passives = passives + 1"
    ),
    "clients who were asked and known = those of all, of surveys and of waves in sales_after_asking": (
        "update nps.marts.sales_after_asking set clients = clients + 1 where dimension = 'wave'"
    ),
    "clients of sales_after_asking that are complete hold those who bought: rows": (
        "update nps.marts.sales_after_asking set bought_again = complete + 1"
    ),
    "rows read of activity = what clients did + rejected + excluded": "update nps.meta.files set rows_read = rows_read + 1",
    "rows read of each file of activity = what clients did + rejected + excluded: files": (
        "update nps.meta.files set rows_read = rows_read + 1"
    ),
    "what clients did = what counts of it + what a newer file tells again": "update deed_files set told_again = 1",
    "what counts of it = purchases and renewals + refunds + cancellations": (
        "update deed_feeds set cancelled = cancelled + 1"
    ),
    "responses of the score = clients + answered before + not known + of nobody": (
        "update nps.meta.clients_followed set not_known = not_known + 1"
    ),
    "responses of each month of the score = answers that are followed, or it is known why not: months": (
        "update nps.meta.clients_followed set month = month + interval 1 month"
    ),
    "clients who are followed = those of each horizon of fct_outcome": (
        "update nps.marts.fct_outcome set clients = clients + 1 where horizon = 90"
    ),
    "clients of fct_outcome = those of all, of branches and of industries in nps_outcomes, by month": (
        "update nps.marts.nps_outcomes set clients = clients + 1 where dimension = 'branch'"
    ),
    "clients who bought again, of months = those of years in nps_outcomes": (
        "update nps.marts.nps_outcomes set bought_again = bought_again + 1 where period_grain = 'year'"
    ),
    "clients of fct_outcome that are complete hold those who bought again or cancelled: rows": (
        "update nps.marts.fct_outcome set bought_again = complete + 1"
    ),
    "clients who had not cancelled when they answered first = those of churn_curve": (
        "update nps.marts.churn_curve set censored = censored + 1"
    ),
}


@pytest.fixture(scope="module")
def sound() -> Iterator[duckdb.DuckDBPyConnection]:
    """A publication of which every equation holds."""
    deeds = [deed(1, -9), deed(1, 20), deed(1, 40, "cancel"), deed(2, -9, amount="4")]
    listed = [{"client": 1, "worth": Decimal(5)}]
    asked = [{"client": 1, "survey": "s", "wave": "w", "month": MARCH, "asked_on": DAY, "reach": "answered"}]
    with with_macros() as connection:
        answers = [answered(1), answered(2, "detractor"), answered(None)]
        published(connection, answers, deeds, listed=listed, asked=asked)
        assert differences(connection) == set()
        yield connection


@pytest.mark.parametrize("equation", BREAKING)
def test_an_equation_that_does_not_hold_is_told(sound: duckdb.DuckDBPyConnection, equation: str) -> None:
    sound.execute("begin")
    sound.execute(BREAKING[equation])
    sound.execute("delete from nps.meta.reconciliation")
    for each in ("outcomes", "nps_value_weighted", "sales_after_asking", "growth_forecast"):
        reconcile(sound, each)
    assert equation in differences(sound)
    sound.execute("rollback")


def test_every_equation_is_broken_once(opened: duckdb.DuckDBPyConnection) -> None:
    published(opened, [answered(1)], [deed(1, -9)])
    names = {name for (name,) in opened.execute("select name from nps.meta.reconciliation").fetchall()}
    assert names == {*BREAKING}


CLIENTS = st.lists(
    st.tuples(
        st.sampled_from(["promoter", "passive", "detractor"]), st.sampled_from(["ZG", "ST"]), st.integers(0, 27),
        st.lists(st.tuples(st.integers(-60, 400), st.sampled_from(["purchase", "renewal", "refund", "cancel"])), max_size=6),
    ),
    max_size=12,
)  # fmt: skip


@law(25)
@given(clients=CLIENTS, seen=st.integers(0, 420))
def test_longer_horizons_hold_shorter_ones_and_equations_hold(
    opened: duckdb.DuckDBPyConnection, clients: list[tuple[str, str, int, list[tuple[int, str]]]], seen: int
) -> None:
    answers = [
        answered(client, category, MARCH + timedelta(days=day), branch=branch)
        for client, (category, branch, day, _) in enumerate(clients)
    ]
    deeds = [
        deed(client, after, kind, since=MARCH)
        for client, (*_, did) in enumerate(clients)
        for after, kind in did
        if after <= seen
    ]
    published(opened, answers, deeds, until=MARCH + timedelta(days=seen))
    assert differences(opened) == set()
    totals = rows_of(opened, "marts.fct_outcome", "branch, category, horizon, clients, complete, at_risk")
    for shorter, longer in pairwise(totals):
        if shorter[:2] == longer[:2]:
            assert shorter[3] == longer[3]
            assert longer[4] <= shorter[4]
            assert longer[5] <= shorter[5]
    rates = rows_of(opened, "marts.nps_outcomes", "repeat_rate, churn_rate, repeat_rate_low, repeat_rate_high")
    assert all(0 <= value <= 1 for row in rates for value in row if value is not None)


#: Twelve branches: the growth of a quarter, the score of it, and the growth of the next one.
TOY = list(
    zip(
        [4, 3, 5, 2, 3, 1, 2, 0, 1, -1, 0, -4],
        [45.6, 32.8, 29.0, 28.3, 27.6, 25.9, 21.4, 20.7, 16.6, 5.7, 2.3, -33.1],
        [5.3, 4.4, 4.7, 2.5, 3.4, 1.8, 3.1, 3.4, 1.8, 0.2, 1.6, -2.3],
        strict=True,
    )
)


def forecast(connection: duckdb.DuckDBPyConnection, panel: Sequence[tuple[str, float, float, float | None]]) -> None:
    """What is made of growth: the fold of each row, the growth and the score before, and the growth, if it is known."""
    connection.execute("detach database if exists nps; attach ':memory:' as nps; create schema nps.marts")
    names = ("fold", "growth_before", "nps", "growth")
    schema = {"fold": pl.String, **dict.fromkeys(names[1:], pl.Float64)}
    rows = pl.DataFrame(panel, schema=schema, orient="row").with_row_index("branch")
    told = rows.with_columns(pl.col("branch").cast(pl.String), period_start=pl.lit(date(2025, 7, 1)))
    frame_table(connection, "growth_panel", told)
    run_model(connection, "outcomes/growth_models")
    run_model(connection, "outcomes/growth_forecast")


def test_the_models_of_growth_are_those_of_the_worked_example(opened: duckdb.DuckDBPyConnection) -> None:
    forecast(opened, [(f"b{at}", *row) for at, row in enumerate(TOY)])
    told = (
        "model, round(constant, 6), round(of_growth, 6), round(of_nps, 6), round(of_nps_error, 6), round(r_squared, 6)"
    )
    models = opened.execute(f"select {told}, round(backtest_mae, 6) from growth_models order by model").fetchall()
    assert models[1] == ("growth + nps", 1.002244, 0.447777, 0.048064, 0.024963, 0.904553, 0.643293)
    assert (models[0][0], models[0][-1]) == ("growth", 0.714715)
    assert (models[2][0], models[2][-1]) == ("naive", round(14.5 / 12, 6))


def test_a_quarter_is_forecast_only_by_what_beats_the_naive_forecast(opened: duckdb.DuckDBPyConnection) -> None:
    folds = [(f"q{at % 4}", *row) for at, row in enumerate(TOY)]
    forecast(opened, [*folds, ("q4", 2.0, 20.0, None)])
    told = "branch, model, round(forecast, 4), beats_naive, beats_without_nps, naive_mae > backtest_mae, quarters_tried"
    expected = 1.002244 + 2 * 0.447777 + 20 * 0.048064
    rows = rows_of(opened, "marts.growth_forecast", told)
    assert [row[:2] for row in rows] == [("12", "growth"), ("12", "growth + nps")]
    assert rows[1][2] == pytest.approx(expected, abs=1e-4)
    assert [row[3:] for row in rows] == [(True, None, True, 4), (True, rows[1][4], True, 4)]
    # Growth that stays as it was: nothing is better than saying so.
    forecast(opened, [(fold, before, nps, before) for fold, before, nps, _ in folds] + [("q4", 2.0, 20.0, None)])
    assert rows_of(opened, "marts.growth_forecast", "model") == []
    # Too few quarters tell nothing.
    forecast(opened, [(f"q{at % 2}", *row) for at, row in enumerate(TOY)] + [("q4", 2.0, 20.0, None)])
    assert rows_of(opened, "marts.growth_forecast", "model") == []


MEMBERS: dict[str, Any] = {
    "dimension": pl.String, "member_key": pl.String, "name": pl.String, "branch": pl.String,
    "valid_from": pl.Datetime("us", "UTC"),
}  # fmt: skip
SPELLING = {"attribute": pl.String, "spelling": pl.String, "shown_as": pl.String}
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def revenue(
    deeds: Sequence[Row], members: Sequence[tuple[Any, ...]], shown: Sequence[tuple[str, str]] = ()
) -> list[tuple[Any, ...]]:
    rows = pl.DataFrame(deeds, schema=DEEDS).with_columns(
        client_key=pl.format("k{}", "client"), is_counted=pl.lit(value=True)
    )
    spelling = pl.DataFrame([("branch", *names) for names in shown], schema=SPELLING, orient="row")
    return branch_revenue(rows, pl.DataFrame(members, schema=MEMBERS, orient="row"), "Europe/Zagreb", spelling).rows()


def test_revenue_is_of_the_branch_that_the_account_was_of_on_the_day() -> None:
    deeds = [deed(1, -68, amount="3"), deed(1, 21, amount="5"), deed(1, 22, "refund", "-1"), deed(2, 0, amount="7")]
    moved = datetime(2025, 3, 31, 22, tzinfo=UTC)
    found = revenue(deeds, [("accounts", "k1", None, "ZG", LONG_AGO), ("accounts", "k1", None, "ST", moved)])
    first, second = date(2025, 1, 1), date(2025, 4, 1)
    # The account moved on 1 April, in business time.
    assert found == [
        ("ST", second, Decimal("-1.0000"), 1), ("ZG", first, Decimal("8.0000"), 1), ("unknown", first, Decimal("7.0000"), 1),
    ]  # fmt: skip


def test_revenue_is_of_the_branch_of_answers_however_the_list_of_accounts_writes_it() -> None:
    deeds = [deed(client, 0, amount="1") for client in range(4)]
    accounts = [
        ("accounts", f"k{at}", None, name, LONG_AGO) for at, name in enumerate(("ZG", "zg", "Zagreb", "Nowhere"))
    ]
    first = date(2025, 1, 1)
    listed = [*accounts, ("branches", "ZG", "Zagreb", None, LONG_AGO)]
    assert revenue(deeds, listed) == [("ZG", first, Decimal(3), 3), ("unknown", first, Decimal(1), 1)]
    # Without a list it is shown as answers are.
    assert revenue(deeds, accounts, [("Zg", "Zg"), ("ZG", "Zg")]) == [
        ("Nowhere", first, Decimal(1), 1), ("Zagreb", first, Decimal(1), 1), ("Zg", first, Decimal(2), 2),
    ]  # fmt: skip
