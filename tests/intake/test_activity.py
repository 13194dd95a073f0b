"""What clients did, from files to what counts: every row is counted once or rejected with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.config.models import Config
from tests.support.laws import law
from tests.support.scenario import land, night, nps, published, source, workspace
from transforms.dates.instants import DateReading
from transforms.rows.activity import ActivityRules, counting, judge_activity
from transforms.rows.clients import ClientRules, current_clients, judge_clients
from transforms.texts.amounts import AMOUNT, amount, currency

ORDERS: dict[str, Any] = {
    "kind": "crm", "files": "landing/orders/*.csv", "delimiter": ";",
    "columns": {"activity_id": "no", "respondent": "who", "occurred_at": "on", "kind": "what", "amount": "sum"},
    "kinds": {"purchase": ["Sale"], "cancel": ["left"], "excluded": ["draft"]}, "defaults": {"currency": "EUR"},
}  # fmt: skip
LEAVING: dict[str, Any] = {
    "kind": "csv", "files": "landing/leaving/*.csv", "columns": {"respondent": "who", "occurred_at": "on"},
    "defaults": {"kind": "cancel"}, "file_name": "to_(?P<known_until>\\d{4}-\\d{2}-\\d{2})",
}  # fmt: skip
CLIENTS: dict[str, Any] = {
    "kind": "csv", "files": "landing/clients/*.csv",
    "columns": {"respondent": "who", "first_seen": "since", "value": "worth"},
}  # fmt: skip
HEADING = "no;who;on;what;sum\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    columns = {"score": "score", "responded_at": "date", "respondent": "who", "branch": "shop"}
    settings = {
        "timezone": "Europe/Zagreb",
        "sources": {
            "shops": source("shops", columns=columns),
            "staff": source("staff", metric="enps", columns=columns),
        },
        "activity": {"orders": ORDERS, "leaving": LEAVING},
        "clients": CLIENTS,
    }
    home = workspace(tmp_path_factory.mktemp("activity"), settings)
    answers = "".join(f"2025-01-20 10:00,{n % 11},p{n}@x.hr,ZG\n" for n in range(40))
    land(home, "shops/a.csv", f"date,score,who,shop\n{answers}2025-01-20 10:00,3,,ZG\n")
    land(home, "staff/a.csv", "date,score,who,shop\n" + "2025-01-20,0,p1@x.hr,ZG\n" * 6)
    orders = "".join(f"o{n};P{n}@X.hr ;2025-01-0{1 + n % 9};SALE;10,50\n" for n in range(38))
    wrong = (
        "x1;p1@x.hr;2025-02-30;sale;5\nx2;;2025-02-10;sale;5\nx3;p5@x.hr;2025-03-01;draft;\nx4;p6@x.hr;2025-03-01;swap;\n"
        "x5;p6@x.hr;2025-03-01;sale;1.234\nx6;p6@x.hr;2031-03-01;sale;1\n;p6@x.hr;2025-03-01;sale;1\n"
    )
    lines = "x7;p1@x.hr;2025-02-10;sale;7\nx7;p1@x.hr;2025-02-10;sale;5\nx8;p2@x.hr;2025-02-11;sale;-3\n"
    land(home, "orders/a.csv", f"{HEADING}{orders}{lines}{wrong}")
    land(home, "orders/b.csv", f"{HEADING}o3;p3@x.hr;2025-01-04;sale;99\nx9;p9@x.hr;2025-06-30;sale;1\n")
    left = "who,on\np4@x.hr,2025-02-01\n"
    land(home, "leaving/to_2025-02-28.csv", left)
    land(home, "leaving/to_2025-05-31.csv", f"{left}p5@x.hr,2025-03-15\n")
    others = "".join(f"r{n}@x.hr,,\n" for n in range(10))
    land(home, "clients/a.csv", f"who,since,worth\np38@x.hr,2024-05-01,100\np1@x.hr,2024-05-01,-5\n{others}")
    told = night(home)
    assert told.code == 0, told.said
    return home


def test_an_order_that_a_newer_file_calls_void_counts_no_more_until_one_after_it_has_it_again(tmp_path: Path) -> None:
    settings = {
        "sources": {"shops": source("shops", columns={"score": "score", "responded_at": "date", "respondent": "who"})},
        "activity": {"orders": ORDERS},
    }
    home = workspace(tmp_path / "home", settings)
    land(home, "shops/a.csv", "date,score,who\n" + "".join(f"2025-01-20,{n % 11},p{n}@x.hr\n" for n in range(30)))
    orders = [f"o{n};p{n}@x.hr;2025-02-0{1 + n % 9};sale;10\n" for n in range(30)]
    files = {
        "a": "".join(orders),
        "b": "o1;p1@x.hr;2025-03-01;draft;10\no2;;;draft;\n",
        "c": "o2;p2@x.hr;2025-02-03;sale;12\n",
    }
    counted = "select deeds_counted, told_again, of_others from meta.activity_files order by path"
    found = []
    for day, (name, rows) in enumerate(files.items(), 1):
        land(home, f"orders/{name}.csv", HEADING + rows, day=day)
        said = night(home).out
        found.append(published(home, counted))
        assert "for other clients or days" not in said
    assert found == [[(30, 0, 0)], [(28, 2, 0)], [(28, 2, 0), (1, 0, 0)]]
    assert (2, 0, 2) in published(home, "select rows_read, accepted, excluded from meta.files")
    assert "mended" not in night(home).said


def test_every_row_counts_once_or_is_refused_with_its_reason(home: Path) -> None:
    sql = "select path, rows_read, accepted, excluded, rejected from meta.files where source = 'dimension.activity_orders'"
    assert published(home, f"{sql} order by path") == [
        ("landing/orders/a.csv", 48, 41, 1, 6), ("landing/orders/b.csv", 2, 2, 0, 0),
    ]  # fmt: skip
    reasons = "select reason, sum(rejected_rows)::int from meta.rejections where source = 'dimension.activity_orders'"
    assert dict(published(home, f"{reasons} group by reason")) == {
        "date_unreadable": 1, "row_malformed": 2, "kind_excluded": 1, "kind_unlisted": 1, "amount_unreadable": 1,
        "date_in_future": 1,
    }  # fmt: skip
    assert "p6" not in nps("rejects", "--home", home).said
    broken = "select name from meta.reconciliation where difference <> 0"
    assert published(home, broken) == []
    again = "select found::int from meta.reconciliation where name like 'what clients did = %'"
    assert published(home, again) == [(46,)], "of 46 rows, one order and one cancellation are told twice"


def test_clients_are_known_in_whatever_spelling_and_employees_are_not_followed(home: Path) -> None:
    names = (
        "responses::int, clients::int, not_known::int, of_nobody::int, bought_until::varchar, cancelled_until::varchar"
    )
    assert published(home, f"select {names} from meta.clients_followed") == [
        (41, 39, 1, 1, "2025-06-30", "2025-05-31"),
    ]
    counted = "select sum(clients)::int, sum(bought_again)::int, sum(churned)::int from marts.fct_outcome"
    assert published(home, f"{counted} where horizon = 90") == [(39, 1, 2)]


def test_a_file_tells_what_is_odd_in_it(home: Path) -> None:
    notes = "select notes from meta.files where path = 'landing/orders/a.csv'"
    said = " ".join(note for (note,) in published(home, notes))
    assert "6 rows of 48 cannot be read, and count nowhere" in said
    assert "1 row of what clients did says a kind that nps.yaml does not list" in said
    assert "2 rows have their activity_id with another row of the file" in said
    assert "1 row is a purchase with an amount below 0: it counts as a refund" in said


def test_no_row_of_a_client_is_published(home: Path) -> None:
    tables = {name for (name,) in published(home, "select table_name from information_schema.tables")}
    assert not {"activity", "clients", "followed", "deeds", "answered", "spans"} & tables
    columns = {name for (name,) in published(home, "select column_name from information_schema.columns")}
    assert not {name for name in columns if name.endswith("_key") or name == "client"}


def test_a_file_of_which_too_little_can_be_read_is_held_and_whoever_is_too_few_is_told(home: Path) -> None:
    land(home, "orders/c.csv", f"{HEADING}" + "z;p1@x.hr;soon;sale;1\n" * 9 + "y1;p1@x.hr;2025-06-01;sale;1\n")
    told = nps("run", "--home", home)
    assert told.code == 3
    assert "More rows of the file were rejected than max_reject_share of nps.yaml allows." in told.said
    assert "dimension.activity_orders" in told.said
    (home / "landing/orders/c.csv").unlink()
    land(home, "orders/d.csv", f"{HEADING}y1;p1@x.hr;2025-06-01;sale;1\n")
    strangers = "".join(f"2025-02-20 10:00,9,q{n}@x.hr,ZG\n" for n in range(40))
    land(home, "shops/b.csv", f"date,score,who,shop\n{strangers}")
    told = night(home)
    assert "Only 39 of 80 clients who answered are known to activity or clients by then." in told.said
    causes = " ".join(why for (why,) in published(home, "select distinct why from meta.restatements"))
    assert "shops/b.csv" in causes
    assert "orders" not in causes, "what clients buy moves no score"


def test_numbers_that_begin_anew_and_amounts_of_another_size_are_told(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "respondent": "who"}
    settings = {
        "timezone": "UTC",
        "sources": {"shops": source("shops", columns=columns)},
        "activity": {"orders": ORDERS},
    }
    home = workspace(tmp_path, settings)
    land(home, "shops/a.csv", "date,score,who\n" + "".join(f"2025-01-20,{n % 11},p{n}@x.hr\n" for n in range(20)))
    rows = "".join(f"{n};p{n % 20}@x.hr;2025-01-{n % 19 + 1:02d};sale;{10 + n},50\n" for n in range(60))
    land(home, "orders/a.csv", f"{HEADING}{rows}", day=1)
    assert "orders/a.csv" not in night(home).said
    updated = rows.replace("sale", "cancel", 3)
    land(home, "orders/b.csv", f"{HEADING}{updated}", day=2)
    assert "orders/" not in night(home).said.replace("landing/orders/b.csv (", ""), "orders that are told of again"
    anew = "".join(f"{n};p{n % 19}@x.hr;2025-02-{n % 19 + 1:02d};sale;{10 + n}50\n" for n in range(40))
    land(home, "orders/c.csv", f"{HEADING}{anew}", day=3)
    told = night(home).said
    assert "40 of 60 rows of landing/orders/b.csv do not count: newer files have their numbers" in told
    assert "Amounts of landing/orders/c.csv are" in told
    land(home, "orders/d.csv", f"{HEADING}{anew.replace('5;p5@', '905;p5@', 1)}", day=4)
    assert "1 of 40 rows of landing/orders/c.csv go on counting" in night(home).said


@pytest.mark.parametrize(
    ("text", "unsaid", "comma", "point"),
    [
        ("12", 12, 12, 12), ("1.234", None, 1234, 1.234), ("1,234", None, 1.234, 1234), ("1.234,50", 1234.5, 1234.5, None),
        ("1 234,00 kn", 1234, 1234, None), ("€ 5", 5, 5, 5), ("(4.00)", -4, None, -4), ("0,125", 0.125, 0.125, None),
        ("1'234.50", 1234.5, None, 1234.5), ("12-", -12, -12, -12), ("\u22123,2", -3.2, -3.2, None),
        ("1.2,3", None, None, None),
        ("1234.567", 1234.567, None, 1234.567), ("12.34567", None, None, None), ("9" * 20, None, None, None),
        ("abc", None, None, None), ("", None, None, None),
    ],
)  # fmt: skip
def test_an_amount_is_what_it_says_or_nothing(text: str, unsaid: object, comma: object, point: object) -> None:
    rows = pl.DataFrame({"text": [text]})
    found = [rows.select(amount(pl.col("text"), decimal)).item() for decimal in (None, ",", ".")]
    assert [None if each is None else float(each) for each in found] == [unsaid, comma, point]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("€ 12,50", "EUR"), ("12.50€", "EUR"), ("-$5", "USD"), ("(USD 5)", "USD"), ("12,50 kn", "HRK"), ("1 200 zł", "PLN"),
        ("1 200 ₽", "RUB"), ("12.50", None), ("", None), ("eur 3", "EUR"),
    ],
)  # fmt: skip
def test_the_currency_of_an_amount_is_the_one_beside_it(text: str, code: str | None) -> None:
    assert pl.select(currency(pl.lit(text))).item() == code


def test_amounts_of_two_currencies_are_never_summed_whatever_is_the_default() -> None:
    rules = ActivityRules(
        "respondent", DateReading(("%Y-%m-%d",), "UTC"), "UTC", key="k" * 32, now=datetime(2025, 6, 1, tzinfo=UTC),
        default_kind="purchase", default_currency="EUR",
    )  # fmt: skip
    rows = [("p1", "5 EUR"), ("p2", "5"), ("p3", "$5")]
    raw = pl.LazyFrame(
        {"source_row": [1, 2, 3], "malformed": [False] * 3, "respondent": [who for who, _ in rows]}
        | {"occurred_at": ["2025-03-01"] * 3, "amount": [sum_ for _, sum_ in rows]}
    ).with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("account", "activity_id", "kind", "currency", "known_until")
    )
    judged = judge_activity(raw, rules, "f" * 64).collect()
    assert judged["currency"].to_list() == ["EUR", "EUR", "USD"]
    assert judged["outcome"].to_list() == ["accepted"] * 3


def test_what_clients_are_worth_is_in_one_currency() -> None:
    raw = pl.LazyFrame(
        {"source_row": [1, 2, 3, 4], "malformed": [False] * 4, "respondent": ["a", "b", "c", "d"]}
        | {"value": ["€5", "7 EUR", "$9", "3"]}
    ).with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("account", "first_seen", "acquisition", "referred_by")
    )
    judged = judge_clients(raw, ClientRules("respondent", DateReading(("%Y-%m-%d",), "UTC"), "UTC", "k" * 32), "f" * 64)
    assert judged.collect()["refusal"].to_list() == [None, None, "amount_unreadable", None]


def test_whom_a_list_names_as_brought_by_themselves_nobody_brought() -> None:
    raw = pl.LazyFrame(
        {
            "source_row": [1, 2, 3],
            "malformed": [False] * 3,
            "respondent": ["a", "b", "c"],
            "referred_by": ["A ", "a", None],
        }
    ).with_columns(pl.lit(None, pl.String).alias(name) for name in ("account", "first_seen", "acquisition", "value"))
    rules = ClientRules("respondent", DateReading(("%Y-%m-%d",), "UTC"), "UTC", "k" * 32)
    judged = judge_clients(raw, rules, "f" * 64).collect()
    assert judged["referrer_key"].to_list() == [None, judged["client_key"][0], None]
    assert judged["outcome"].to_list() == ["accepted"] * 3


def test_lists_in_several_currencies_weigh_only_what_is_in_that_of_most_clients() -> None:
    told = [("a", 1, "EUR", 5), ("b", 1, "USD", 9), ("c", 1, None, 3), ("d", 1, "EUR", 4), ("a", 2, "USD", 7),
            ("d", 2, None, 2), ("e", 2, "EUR", 1), ("f", 2, "EUR", 6), ("g", 2, "USD", None)]  # fmt: skip
    rows = [(client, position, 1, money, worth) for client, position, money, worth in told]
    lists = pl.DataFrame(rows, schema=["client_key", "position", "source_row", "currency", "worth"], orient="row")
    found = current_clients(lists.with_columns(pl.col("worth").cast(AMOUNT)))
    # The last lists say EUR of two clients and USD of two: as many, so the first of both by name.
    assert dict(found.select("client_key", pl.col("worth").cast(int)).iter_rows()) == {
        "a": None, "b": None, "c": 3, "d": 2, "e": 1, "f": 6, "g": None,
    }  # fmt: skip
    assert found.filter("is_foreign").get_column("client_key").to_list() == ["a", "b"]


@law(60)
@given(cents=st.integers(-(10**11), 10**11), point=st.sampled_from([",", "."]), has_groups=st.booleans())
def test_an_amount_of_two_decimals_is_read_to_the_cent(cents: int, point: Any, has_groups: bool) -> None:  # noqa: ANN401
    other = "." if point == "," else ","
    whole = f"{abs(cents) // 100:,}".replace(",", other) if has_groups else f"{abs(cents) // 100}"
    text = f"{'-' if cents < 0 else ''}{whole}{point}{abs(cents) % 100:02d}"
    rows = pl.DataFrame({"text": [text]})
    for decimal in (None, point):
        assert int(rows.select(amount(pl.col("text"), decimal)).item() * 100) == cents, text


@law(40)
@given(files=st.lists(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6), max_size=5))
def test_what_several_files_tell_counts_as_the_newest_says_and_nothing_is_lost(
    files: list[list[tuple[int, bool]]],
) -> None:
    rows = [
        ("orders", f"o{number}", position, "excluded" if is_void else "purchase")
        for position, told in enumerate(files)
        for number, is_void in told
    ]
    schema = {"source": pl.String, "activity_key": pl.String, "position": pl.Int64, "kind": pl.String}
    found = counting(pl.LazyFrame(rows, schema=schema, orient="row")).collect()
    assert found.height == len(rows)
    newest = {number: position for position, told in enumerate(files) for number, _ in told}
    expected = [
        (f"o{number}", position)
        for position, told in enumerate(files)
        for number, is_void in told
        if position == newest[number] and not is_void
    ]
    assert sorted(found.filter("is_counted").select("activity_key", "position").rows()) == sorted(expected)


def settings(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - as yaml has them
    return {"timezone": "UTC", "sources": {"shops": source("shops")}, "activity": {"orders": ORDERS}, **values}


def without(layout: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**layout, "columns": {name: each for name, each in layout["columns"].items() if name not in names}}


def test_what_a_file_says_that_clients_did_is_taken_back_and_a_list_of_clients_is_not(home: Path) -> None:
    counted = "select sum(found)::int from meta.reconciliation where name like 'what clients did = %'"
    before = published(home, counted)
    told = nps("withdraw", "landing/orders/b.csv", "--home", home)
    assert (told.code, "its 2 rows count no more" in told.said) == (0, True), told.said
    assert night(home).code == 0
    assert published(home, counted) == [(before[0][0] - 2,)]
    told = nps("withdraw", "--undo", "landing/orders/b.csv", "--home", home)
    assert (told.code, "count again" in told.said) == (0, True), told.said
    assert night(home).code == 0
    assert published(home, counted) == before
    told = nps("withdraw", "landing/clients/a.csv", "--home", home)
    assert (told.code, "Land a corrected list instead" in told.err) == (2, True), told.said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (settings(activity={"orders": without(ORDERS, "kind")}), "is each row a purchase?"),
        (settings(activity={"orders": without(ORDERS, "respondent")}), "must name either account or respondent"),
        (settings(activity={"orders": without(ORDERS, "occurred_at")}), "must name occurred_at"),
        (settings(activity={"orders": {**ORDERS, "defaults": {"kind": "order"}}}), "'order' is no kind of activity"),
        (
            settings(activity={"orders": {**ORDERS, "kinds": {"cancel": ["x"], "refund": ["X"]}}}),
            "'X' means two things",
        ),
        (settings(activity={"Orders!": ORDERS}), "cannot be the name of an activity"),
        (settings(activity={}, clients=CLIENTS), "activity is missing"),
        (
            settings(clients={**CLIENTS, "columns": {"account": "who"}}),
            "clients must be known in one way everywhere, not activity orders by respondent, clients by account",
        ),
        (settings(sources={"activity_orders": source("a")}), "call the source otherwise"),
        (settings(sources={"clients": source("a")}, clients=CLIENTS), "call the source otherwise"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says.replace("?", r"\?")):
        Config.model_validate(given)


def test_a_source_may_be_called_clients_where_nothing_else_is() -> None:
    Config.model_validate({"timezone": "UTC", "sources": {"clients": source("clients")}})


def test_a_letter_that_comes_back_asks_nobody_until_the_next_one_arrives(tmp_path: Path) -> None:
    """What was bought between the two is bought before being asked."""
    columns = {"score": "score", "responded_at": "date", "respondent": "who"}
    outcome = {"column": "state", "undeliverable": ["back"]}
    letters = source("letters", columns=columns, contacts=True, outcome=outcome)
    home = workspace(tmp_path / "home", {"sources": {"letters": letters}, "activity": {"orders": ORDERS}})
    sent = ["2025-03-03,,p1@x.hr,back", "2025-03-20,,p1@x.hr,sent", "2025-03-03,9,p2@x.hr,"]
    land(home, "letters/a.csv", "\n".join(["date,score,who,state", *sent]))
    days = ["a;p1@x.hr;2025-01-02;sale;1", "b;p1@x.hr;2025-03-10;sale;1", "c;p2@x.hr;2025-05-30;sale;1"]
    land(home, "orders/a.csv", HEADING + "\n".join(days))
    nps("run", "--home", home)
    asked = "select complete, bought_before, bought_again from marts.sales_after_asking"
    assert published(home, f"{asked} where dimension = 'all' and period_grain = 'month' and reach = 'not reached'") == [
        (1, 1, 0)
    ]
