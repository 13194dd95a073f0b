"""When somebody must have called: by business days of a calendar or by hours, in business time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.follow_up.due import DueRule, due_at

ZAGREB = DueRule("Europe/Zagreb", business_days=2, holidays=(date(2025, 4, 21), date(2025, 5, 1)))


def due(opened: datetime, rule: DueRule) -> datetime:
    found: datetime = pl.DataFrame({"at": [opened]}).select(due_at(pl.col("at"), rule)).item()
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        (
            "2025-03-28 15:30",
            "2025-04-01 14:30",
        ),  # Friday 16:30 to Tuesday 16:30 in Zagreb: 95 hours, clocks went forward
        ("2025-10-24 14:30", "2025-10-28 15:30"),  # and 97 where they went back
        ("2025-04-17 08:00", "2025-04-22 08:00"),  # Thursday; Easter Monday is none
        ("2025-03-29 09:00", "2025-04-01 08:00"),  # a Saturday: Monday is the first day after it
        ("2025-04-30 23:30", "2025-05-04 23:30"),  # 1:30 on Thursday 1 May in Zagreb, a holiday: on Monday
        ("2025-03-26 01:30", "2025-03-28 01:30"),
        ("2025-03-31 22:00", "2025-04-02 22:00"),  # midnight
    ],
)
def test_business_days_keep_the_time_on_the_wall(opened: str, expected: str) -> None:
    assert due(at(opened), ZAGREB) == at(expected)


def test_the_worked_example_is_due_95_hours_later_and_by_hours_on_sunday() -> None:
    opened = datetime(2025, 3, 28, 16, 30, tzinfo=ZoneInfo("Europe/Zagreb"))
    found = due(opened, ZAGREB)
    assert found.astimezone(ZoneInfo("Europe/Zagreb")).isoformat() == "2025-04-01T16:30:00+02:00"
    assert found - opened.astimezone(UTC) == timedelta(hours=95)
    by_hours = due(opened, DueRule("Europe/Zagreb", hours=48)).astimezone(ZoneInfo("Europe/Zagreb"))
    assert by_hours.isoformat() == "2025-03-30T17:30:00+02:00"


def test_a_time_that_never_happens_is_an_hour_later() -> None:
    rule = DueRule("Europe/Zagreb", business_days=1, weekend=())
    assert due(at("2025-03-29 01:30"), rule) == at("2025-03-30 01:30")  # 2:30 is 3:30 on that day
    assert due(at("2025-10-25 00:30"), rule) == at("2025-10-26 00:30")  # 2:30 happens twice: the first


ZONES = st.sampled_from(["UTC", "Europe/Zagreb", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu"])
#: At noon no clock is changed.
NOONS = st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(lambda day: datetime(day.year, day.month, day.day, 12, 0))  # noqa: DTZ001 - the clock on a wall


@given(NOONS, ZONES, ZONES, st.integers(1, 5))
@law(60)
def test_all_clocks_of_another_zone_change_no_business_day(noon: datetime, one: str, other: str, days: int) -> None:
    walls = [
        due(
            noon.replace(tzinfo=ZoneInfo(zone)), DueRule(zone, business_days=days, holidays=ZAGREB.holidays)
        ).astimezone(ZoneInfo(zone))
        for zone in (one, other)
    ]
    assert walls[0].replace(tzinfo=None) == walls[1].replace(tzinfo=None)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)), ZONES, st.integers(1, 5))  # noqa: DTZ001 - it gets a zone
@law(60)
def test_what_is_due_is_due_on_a_business_day_and_more_days_are_never_sooner(
    opened: datetime, zone: str, days: int
) -> None:
    rules = [DueRule(zone, business_days=number, holidays=ZAGREB.holidays) for number in (days, days + 1)]
    found = [due(opened.replace(tzinfo=UTC), rule) for rule in rules]
    on = found[0].astimezone(ZoneInfo(zone)).date()
    assert on.weekday() not in (5, 6)
    assert on not in ZAGREB.holidays
    assert opened.replace(tzinfo=UTC) < found[0] < found[1]
