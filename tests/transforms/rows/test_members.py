"""What is known of branches, accounts and employees, and from when to when it held."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.laws import law
from transforms.dates.instants import ISO_FORMATS, DateReading
from transforms.rows.judged import accepted_rows, refused_rows
from transforms.rows.members import (
    BEGINNING,
    END,
    MemberRules,
    judge_members,
    versions,
)
from transforms.tables import Member, RejectedRow, stored_types

KEY = ["dimension", "member_key"]
ZONES = ["UTC", "Europe/Zagreb", "America/Sao_Paulo", "Pacific/Kiritimati", "Etc/GMT+12"]
FIRST_DAY = date(2017, 10, 10)

Row = dict[str, Any]


def members(rows: list[Row]) -> pl.DataFrame:
    schema = {**stored_types(Member), "position": pl.Int64()}
    blank = dict.fromkeys(schema) | {"dimension": "accounts", "member_key": "m", "file_digest": "d"}
    return pl.DataFrame([{**blank, **row} for row in rows], schema=schema)


def told(*days: tuple[str, str], key: str = "m") -> list[Row]:
    """What files say about a member: from which day it has been at which branch."""
    return [
        {"member_key": key, "valid_from": date.fromisoformat(day), "branch": branch, "position": row, "source_row": 2}
        for row, (day, branch) in enumerate(days)
    ]


def held(rows: list[Row], timezone: str = "UTC") -> list[tuple[object, ...]]:
    """The branch of the member in each stretch of time."""
    return versions(members(rows), timezone).sort("valid_from").select("branch", "valid_from", "valid_to").rows()


ROWS = st.lists(
    st.fixed_dictionaries({
        "member_key": st.sampled_from(["a", "b"]),
        "dimension": st.sampled_from(["accounts", "branches"]),
        "branch": st.sampled_from(["ZG", "ST", None]),
        "industry": st.sampled_from(["retail", None]),
        # Days around the one whose midnight clocks in Brazil skipped.
        "valid_from": st.integers(0, 9).map(lambda days: FIRST_DAY + timedelta(days=days)),
        "position": st.integers(0, 3),
        "source_row": st.integers(2, 9),
    }),
    max_size=10,
    unique_by=lambda row: (row["position"], row["source_row"]),
)  # fmt: skip


@law(60)
@given(ROWS, st.sampled_from(ZONES))
def test_versions_of_a_member_have_no_gap_and_no_overlap(rows: list[Row], timezone: str) -> None:
    found = versions(members(rows), timezone).sort(*KEY, "valid_from")
    assert set(found.select(KEY).unique().rows()) == {(row["dimension"], row["member_key"]) for row in rows}
    for _, version in found.group_by(KEY):
        starts, ends = version["valid_from"].to_list(), version["valid_to"].to_list()
        assert (starts[0], ends[-1]) == (BEGINNING, END)
        assert starts[1:] == ends[:-1]
        assert all(start < end for start, end in zip(starts, ends, strict=True))


@law(40)
@given(ROWS, st.sampled_from(ZONES), st.datetimes(datetime(2017, 10, 8), datetime(2017, 10, 22)))  # noqa: DTZ001 - made UTC below
def test_at_every_instant_holds_what_was_said_last_for_its_day(
    rows: list[Row], timezone: str, instant: datetime
) -> None:
    """The version of an instant is that of its local day; what is known first holds for all time before."""
    instant = instant.replace(tzinfo=UTC)
    today = instant.astimezone(ZoneInfo(timezone)).date()
    found = versions(members(rows), timezone)
    now = found.filter(pl.col("valid_from") <= instant, pl.col("valid_to") > instant)
    for dimension, key in {(row["dimension"], row["member_key"]) for row in rows}:
        about = [row for row in rows if (row["dimension"], row["member_key"]) == (dimension, key)]
        first = min(row["valid_from"] for row in about)
        said = [row for row in about if row["valid_from"] <= max(today, first)]
        last = max(said, key=lambda row: (row["valid_from"], row["position"], row["source_row"]))
        [version] = now.filter(dimension=dimension, member_key=key).to_dicts()
        assert (version["branch"], version["industry"]) == (last["branch"], last["industry"])


@law(30)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(rows: list[Row], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    by_time = [*KEY, "valid_from"]
    assert_frame_equal(versions(members(shuffled), "UTC").sort(by_time), versions(members(rows), "UTC").sort(by_time))


@law(30)
@given(ROWS, st.permutations(range(4)))
def test_the_order_of_files_means_nothing_where_their_days_differ(rows: list[Row], order: list[int]) -> None:
    """Each file tells of days of its own."""
    apart = [{**row, "valid_from": row["valid_from"] + timedelta(days=20 * row["position"])} for row in rows]
    renumbered = [{**row, "position": order[row["position"]]} for row in apart]
    by_time = [*KEY, "valid_from"]
    assert_frame_equal(
        versions(members(renumbered), "UTC").sort(by_time), versions(members(apart), "UTC").sort(by_time)
    )


def test_a_dump_that_changes_nothing_makes_no_version() -> None:
    assert held(told(("2025-01-01", "ZG"), ("2025-02-01", "ZG"), ("2025-03-01", "ZG"))) == [("ZG", BEGINNING, END)]


def test_a_member_that_comes_back_to_its_branch_has_three_versions() -> None:
    february, march = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
    found = held(told(("2025-01-01", "ZG"), ("2025-02-01", "ST"), ("2025-03-01", "ZG")))
    assert found == [("ZG", BEGINNING, february), ("ST", february, march), ("ZG", march, END)]


def test_of_two_files_about_one_day_the_newer_is_right() -> None:
    assert held(told(("2025-01-01", "ZG"), ("2025-01-01", "ST"))) == [("ST", BEGINNING, END)]


def test_a_late_file_about_an_earlier_day_goes_between() -> None:
    february, march = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
    found = held(told(("2025-01-01", "ZG"), ("2025-03-01", "RI"), ("2025-02-01", "ST")))
    assert found == [("ZG", BEGINNING, february), ("ST", february, march), ("RI", march, END)]


def test_a_day_begins_at_midnight_of_the_business() -> None:
    [_, (_, start, _)] = held(told(("2025-01-01", "ZG"), ("2025-02-01", "ST")), "Europe/Zagreb")
    assert start == datetime(2025, 1, 31, 23, tzinfo=UTC)


def test_a_member_that_a_later_file_leaves_out_stays_as_it_was() -> None:
    both = told(("2025-01-01", "ZG")) + told(("2025-02-01", "ST"), key="other")
    assert ("ZG", BEGINNING, END) in held(both)


def test_a_value_that_is_taken_away_is_a_change() -> None:
    rows = told(("2025-01-01", "ZG"), ("2025-02-01", "ST"))
    rows[1]["branch"] = None
    assert [branch for branch, _, _ in held(rows)] == ["ZG", None]


# Rows of dimension files


def rules(dimension: str) -> MemberRules:
    columns = {"branches": "branch", "accounts": "account", "employees": "employee"}
    return MemberRules(
        dimension=dimension,
        key_column=columns[dimension],
        dates=DateReading(ISO_FORMATS, "Europe/Zagreb"),
        business_timezone="Europe/Zagreb",
        key="k" * 32,
        default_valid_from=date(2025, 6, 1),
    )


def judged(dimension: str, *rows: dict[str, str | None], malformed: bool = False) -> pl.LazyFrame:
    names = (
        "branch",
        "account",
        "employee",
        "agent",
        "code",
        "name",
        "industry",
        "region",
        "area",
        "became",
        "department",
        "manager",
        "valid_from",
    )
    raw = pl.LazyFrame(
        {
            "source_row": range(2, len(rows) + 2),
            "malformed": [malformed] * len(rows),
            **{name: [row.get(name) for row in rows] for name in names},
        },
        schema={"source_row": pl.Int64, "malformed": pl.Boolean, **dict.fromkeys(names, pl.String)},
    )
    return judge_members(raw, rules(dimension), "d1")


def accepted(dimension: str, *rows: dict[str, str | None]) -> list[Row]:
    found = accepted_rows(judged(dimension, *rows), Member).collect()
    Member.validate(found, cast=True)
    return found.to_dicts()


def test_a_branch_keeps_its_code_and_name() -> None:
    [row] = accepted("branches", {"branch": " ZG ", "name": "Zagreb", "region": "North"})
    assert (row["member_key"], row["branch"], row["name"], row["region"]) == ("ZG", "ZG", "Zagreb", "North")


@pytest.mark.parametrize(("dimension", "column"), [("accounts", "account"), ("employees", "employee")])
def test_accounts_and_employees_lose_their_ids_and_names(dimension: str, column: str) -> None:
    [row] = accepted(dimension, {column: "Acme-7", "name": "Acme Corp", "manager": "Ana", "branch": "ZG"})
    assert row["name"] is None
    assert row["branch"] == "ZG"
    assert not {"acme-7", "acme corp", "ana"} & {str(value).lower() for value in row.values()}
    assert row["manager_key"] is not None


def test_a_member_is_the_same_in_any_case_and_with_space_around() -> None:
    rows = accepted("accounts", {"account": "Acme"}, {"account": " ACME "}, {"account": "Other"})
    assert [row["member_key"] == rows[0]["member_key"] for row in rows] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, date(2025, 6, 1)),
        (" ", date(2025, 6, 1)),
        ("2025-03-15", date(2025, 3, 15)),
        ("2025-03", date(2025, 3, 1)),
        ("2025", date(2025, 1, 1)),
        ("2025-01-31T23:30:00Z", date(2025, 2, 1)),
    ],
)
def test_a_row_holds_from_its_day_or_else_from_that_of_its_file(text: str | None, expected: date) -> None:
    [row] = accepted("branches", {"branch": "ZG", "valid_from": text})
    assert row["valid_from"] == expected


def test_a_row_without_member_or_with_no_date_is_rejected_by_name() -> None:
    rows = judged("accounts", {"account": " "}, {"account": "a", "valid_from": "soon"}, {"account": "b"})
    refused = refused_rows(rows, "dimension.accounts").collect()
    RejectedRow.validate(refused, cast=True)
    found = refused.sort("source_row").select("source_row", "outcome", "reason", "column", "value").rows()
    assert found == [
        (2, "rejected", "row_malformed", "account", None),
        (3, "rejected", "date_unreadable", "valid_from", "xxxx"),
    ]
    assert accepted_rows(rows, Member).collect().get_column("source_row").to_list() == [4]


def test_a_broken_row_blames_no_column() -> None:
    [row] = refused_rows(judged("branches", {"branch": "ZG"}, malformed=True), "s").collect().to_dicts()
    assert (row["reason"], row["column"], row["value"]) == ("row_malformed", None, None)
