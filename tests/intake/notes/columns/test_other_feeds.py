"""Dates half-swapped and rows marked as none, in lists, tickets and what clients did: told as they are held of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import land, taken_in, workspace

DAYS = [date(2024, 1, 3) + timedelta(days=3 * at) for at in range(60)]
ORDERS = {"kind": "csv", "files": "landing/x/*", "defaults": {"kind": "purchase", "currency": "EUR"}}
BUYING = {"activity_id": "no", "respondent": "who", "occurred_at": "day", "amount": "sum"}
#: Where nps.yaml says it, and what it says beside dates.
FEEDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "activity": lambda dates: {"activity": {"orders": {**ORDERS, "columns": BUYING, "dates": dates}}},
    "clients": lambda dates: {
        "activity": {"orders": {**ORDERS, "files": "landing/y/*", "columns": BUYING}},
        "clients": {"kind": "csv", "files": "landing/x/*", "dates": dates,
                    "columns": {"respondent": "who", "first_seen": "day", "value": "sum"}},
    },
    "tickets": lambda dates: {
        "cases": {"kind": "csv", "files": "landing/x/*", "dates": dates,
                  "columns": {"respondent": "who", "opened_at": "day"}},
        "follow_up": {"due": {"business_days": 2}, "calendar": "HR"},
    },
    "a list": lambda dates: {
        "dimensions": {"accounts": {"kind": "csv", "files": "landing/x/*", "dates": dates,
                                    "columns": {"account": "no", "name": "who", "valid_from": "day"}}},
    },
}  # fmt: skip


def exchanged(day: date) -> str:
    """A day as a spreadsheet of another locale leaves it: up to 12 the year first, and turned round."""
    return f"{day.year}-{day.day:02}-{day.month:02}" if day.day <= 12 else f"{day:%d/%m/%Y}"


def notes(home: Path, settings: dict[str, Any], days: Sequence[str], beside: Sequence[str] = ("", "a")) -> list[str]:
    """The notes on two files of a feed."""
    workspace(home, {"sources": {}, **settings})
    heading, *values = beside
    for number in (1, 2):
        rows = [f"{number}{at:03},p{at}@x.hr,{day},{5 + at},{values[at % len(values)]}" for at, day in enumerate(days)]
        land(home, f"x/{number}.csv", "\n".join([f"no,who,day,sum,{heading}", *rows, ""]), day=number)
    return [" ".join(row["notes"] or ()) for row in taken_in(home).values()]


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(("swapped", "told"), [(None, True), (False, False), (True, False)])
def test_dates_of_which_a_spreadsheet_exchanged_day_and_month_are_told(
    tmp_path: Path, feed: str, swapped: bool | None, told: bool
) -> None:
    dates: dict[str, Any] = {"formats": ["%d/%m/%Y", "%Y-%m-%d"], **({} if swapped is None else {"swapped": swapped})}
    for note in notes(tmp_path, FEEDS[feed](dates), [exchanged(day) for day in DAYS]):
        assert ("day and month of 'day' seem to have changed places" in note) is told


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("written", ["%d/%m/%Y", "%Y-%m-%d"])
def test_dates_that_are_as_they_were_are_not(tmp_path: Path, feed: str, written: str) -> None:
    settings = FEEDS[feed]({"formats": ["%d/%m/%Y", "%Y-%m-%d"]})
    assert not any("changed places" in note for note in notes(tmp_path, settings, [f"{day:{written}}" for day in DAYS]))


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        (("Is test", "false", "false", "true"), "20 rows are marked in 'Is test'"),
        (("Deleted at", "", "", "2024-07-01", ""), "15 rows are marked in 'Deleted at'"),
        (("Is test", "false"), ""),
        (("Deleted at", ""), ""),
        (("Paid", "yes", "no"), ""),
    ],
)
@pytest.mark.parametrize("feed", ["activity", "tickets"])
def test_rows_that_are_marked_as_tests_or_deleted_are_told_once(
    tmp_path: Path, feed: str, beside: Sequence[str], told: str
) -> None:
    first, later = notes(tmp_path, FEEDS[feed]({}), [f"{day}" for day in DAYS], beside)
    assert told in first
    assert ("are marked in" in first) is bool(told)
    assert "are marked in" not in later
