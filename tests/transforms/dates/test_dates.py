"""When an answer was given: texts to instants, and instants to the business month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.dates.instants import (
    ISO_FORMATS,
    SERIAL,
    DateReading,
    business_month,
    instant,
    is_zoned,
    period_start,
    start_of_day,
    tidied,
    to_utc,
)

ZONES = [
    "UTC", "Europe/Zagreb", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Kiritimati", "Etc/GMT+12",
    "Australia/Lord_Howe",
]  # fmt: skip
WALL_CLOCKS = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - what a clock on a wall shows
SECONDS = WALL_CLOCKS.map(lambda at: at.replace(microsecond=0, fold=0))


def read(texts: Sequence[str | None], *formats: str, zone: str = "UTC") -> list[datetime | None]:
    reading = DateReading(formats or ISO_FORMATS, zone)
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(instant(pl.col("text"), reading)).to_series().to_list()


def period(text: str, zone: str = "UTC") -> datetime | None:
    found: datetime | None = pl.select(period_start(pl.lit(text), zone)).item()
    return found


def month_of(at: datetime, zone: str) -> date:
    month: date = pl.select(business_month(pl.lit(at), zone)).item()
    return month


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, day and perhaps a time


def by_the_clock(local: datetime, zone: str) -> datetime:
    """The instant of a local time; one that the clock skipped is read an hour later."""
    at = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local:
        return at
    return (local + timedelta(hours=1)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# Zones


@law(80)
@given(SECONDS, st.sampled_from(ZONES))
def test_a_local_time_is_the_instant_that_its_zone_says(local: datetime, zone: str) -> None:
    assert read([f"{local:%d.%m.%Y %H:%M:%S}"], "%d.%m.%Y %H:%M:%S", zone=zone) == [by_the_clock(local, zone)]


def test_a_time_that_happens_twice_is_the_first_of_the_two() -> None:
    texts = ["2024-10-27 01:59:59", "2024-10-27 02:00:00", "2024-10-27 02:59:59", "2024-10-27 03:00:00"]
    expected = [utc(2024, 10, 26, 23, 59, 59), utc(2024, 10, 27), utc(2024, 10, 27, 0, 59, 59), utc(2024, 10, 27, 2)]
    assert read(texts, zone="Europe/Zagreb") == expected


def test_a_time_that_never_happens_is_an_hour_later() -> None:
    texts = ["2024-03-31 01:59:59", "2024-03-31 02:00:00", "2024-03-31 02:30:00", "2024-03-31 03:00:00"]
    expected = [utc(2024, 3, 31, 0, 59, 59), utc(2024, 3, 31, 1), utc(2024, 3, 31, 1, 30), utc(2024, 3, 31, 1)]
    assert read(texts, zone="Europe/Zagreb") == expected


def test_a_day_whose_midnight_is_skipped_begins_when_it_begins() -> None:
    """Clocks in Brazil were set forward at midnight."""
    assert read(["2017-10-15"], zone="America/Sao_Paulo") == [utc(2017, 10, 15, 3)]
    assert start_of_day(date(2017, 10, 15), "America/Sao_Paulo") == utc(2017, 10, 15, 3)


@law(50)
@given(st.dates(date(1990, 1, 1), date(2029, 12, 31)), st.sampled_from(ZONES))
def test_a_day_without_a_time_is_its_first_instant(day: date, zone: str) -> None:
    assert read([day.isoformat()], zone=zone) == [start_of_day(day, zone)]


@law(50)
@given(SECONDS, st.integers(-12 * 60, 14 * 60), st.sampled_from(["%z", ":"]), st.sampled_from("T "))
def test_an_offset_in_the_text_beats_the_declared_zone(local: datetime, minutes: int, style: str, between: str) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    offset = f"{sign}{hours:02}:{rest:02}" if style == ":" else f"{sign}{hours:02}{rest:02}"
    text = f"{local:%Y-%m-%d}{between}{local:%H:%M:%S}{offset}"
    assert read([text], zone="Asia/Kolkata") == [local.replace(tzinfo=UTC) - timedelta(minutes=minutes)]


def test_iso_stamps_of_programs_are_read() -> None:
    expected = utc(2024, 1, 5, 10)
    stamps = [
        "2024-01-05T10:00:00Z",
        "2024-01-05 10:00:00.000Z",
        "2024-01-05T12:00:00+02:00",
        "2024-01-05T12:00:00+0200",
    ]
    local = ["2024-01-05T10:00:00", "2024-01-05 10:00", "2024-01-05T10:00", "2024-01-05 10:00:00.000000"]
    assert read([*stamps, *local]) == [expected] * 8
    assert read(["2024-01-05T10:00:00.123456Z"]) == [expected.replace(microsecond=123456)]


@law(60)
@given(SECONDS, st.integers(-14 * 4, 14 * 4), st.sampled_from(["GMT", "UTC", "gmt"]), st.booleans())
def test_a_zone_may_be_named_by_its_distance_from_greenwich(
    local: datetime, quarters: int, name: str, short: bool
) -> None:
    """Google Forms stamps `2017/11/24 12:39:58 PM GMT+4`."""
    hours, rest = divmod(abs(quarters), 4)
    minutes = f":{rest * 15:02}" if rest or not short else ""
    text = f"{local:%Y/%m/%d %I:%M:%S %p} {name}{'-' if quarters < 0 else '+'}{hours}{minutes}"
    expected = (local - timedelta(minutes=15 * quarters)).replace(tzinfo=UTC)
    assert read([text], "%Y/%m/%d %I:%M:%S %p %z", zone="Asia/Tokyo") == [expected]


def test_greenwich_itself_needs_no_distance() -> None:
    assert read(["2024-05-01 10:00 GMT", "2024-05-01 10:00 UTC"], "%Y-%m-%d %H:%M %z", zone="Asia/Tokyo") == [
        utc(2024, 5, 1, 10),
        utc(2024, 5, 1, 10),
    ]


def test_a_z_at_the_end_of_a_format_is_utc() -> None:
    assert read(["2024-01-05T10:00:00Z"], "%Y-%m-%dT%H:%M:%SZ", zone="Asia/Kolkata") == [utc(2024, 1, 5, 10)]


def test_a_z_in_a_word_of_a_format_is_no_offset() -> None:
    assert [fmt for fmt in ("%H:%M%z", "%H:%M%#z", "%H:%M%:z", "%H:%MZ") if not is_zoned(fmt)] == []
    assert [fmt for fmt in ("%d.%m.%Y", "%H:%M%%z", "%H:%M zona", "Zeit %H:%M") if is_zoned(fmt)] == []
    assert read(["05.01.2024, zona 10:00"], "%d.%m.%Y, zona %H:%M", zone="Asia/Kolkata") == [utc(2024, 1, 5, 4, 30)]


# Formats


@law(60)
@given(st.integers(-(10**9), 4 * 10**9), st.sampled_from(["UTC", "Asia/Tokyo"]))
def test_numbers_that_count_from_1970_are_instants_in_every_zone(seconds: int, zone: str) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert read([str(seconds), f" {seconds} "], "%s", zone=zone) == [at, at]
    assert read([str(seconds * 1000 + 120)], "epoch_ms", zone=zone) == [at + timedelta(milliseconds=120)]


def test_what_counts_from_1970_may_have_a_fraction() -> None:
    at = datetime(2024, 3, 1, 8, tzinfo=UTC)
    assert read(["1709280000.0", "1709280000,25"], "%s") == [at, at + timedelta(milliseconds=250)]
    assert read(["1709280000000.5"], "epoch_ms") == [at + timedelta(microseconds=500)]


@pytest.mark.parametrize(
    ("text", "hour"),
    [("14:05:00 PM", 14), ("00:05 AM", 0), ("3:14:05 PM", 15), ("10:00:05 AM", 10), ("14:05:00 AM", None)],
)
def test_hours_up_to_24_may_have_a_half_of_the_day_beside_them(text: str, hour: int | None) -> None:
    formats = [f"%d.%m.%Y {clock}" for clock in ("%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M")]
    [at] = read([f"05.01.2024 {text}"], *formats)
    assert (at and at.hour) == hour


def test_what_counts_to_no_date_of_the_calendar_is_none() -> None:
    texts = ["9" * 30, str(10**13), "1.5", "soon", "", "-" + "9" * 18]
    assert read(texts, "%s") == [None] * len(texts)
    assert read(["2024-04-18", "1713418460"], "%s", "%Y-%m-%d") == [
        datetime(2024, 4, 18, tzinfo=UTC), datetime(2024, 4, 18, 5, 34, 20, tzinfo=UTC),
    ]  # fmt: skip


def test_formats_are_tried_in_their_order() -> None:
    assert read(["03/04/2024"], "%d/%m/%Y", "%m/%d/%Y") == [utc(2024, 4, 3)]
    assert read(["03/04/2024"], "%m/%d/%Y", "%d/%m/%Y") == [utc(2024, 3, 4)]


def test_a_column_may_mix_the_formats_that_are_declared() -> None:
    texts = ["25/12/2024", "12/25/2024", None, "2024-12-25", "25.12.2024 18:30", "Christmas"]
    expected = [utc(2024, 12, 25), utc(2024, 12, 25), None, utc(2024, 12, 25), utc(2024, 12, 25, 18, 30), None]
    assert read(texts, "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y %H:%M") == expected


def test_a_format_that_is_not_declared_is_not_tried() -> None:
    assert read(["12/25/2024", "25.12.2024", "20241225"], "%d/%m/%Y") == [None, None, None]
    assert read(["25/12/2024", "25.12.2024"]) == [None, None]


@law(40)
@given(st.lists(st.sampled_from(["1/2/2024", "13/2/2024", "2/13/2024", "2024-02-01", "", "soon", None]), max_size=7))
def test_a_date_means_the_same_whatever_stands_around_it(texts: list[str | None]) -> None:
    formats = ("%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d")
    assert read(texts, *formats) == [read([text], *formats)[0] for text in texts]


@law(40)
@given(st.dates(date(2000, 1, 1), date(2068, 12, 31)))
def test_days_and_months_need_no_leading_zero_and_years_no_century(day: date) -> None:
    full, short = f"{day.day}.{day.month}.{day.year}", f"{day.day}.{day.month}.{day:%y}"
    assert read([full], "%d.%m.%Y") == read([short], "%d.%m.%y") == [utc(day.year, day.month, day.day)]


def test_two_digits_are_no_year_of_four() -> None:
    """Read as the year 24, the format that means them would never be tried."""
    assert read(["31/12/24", "31/12/2024"], "%d/%m/%Y", "%d/%m/%y") == [utc(2024, 12, 31)] * 2
    assert read(["31/12/24"], "%d/%m/%Y") == [None]
    assert read(["31/12/24 18:30"], "%d/%m/%Y %H:%M", "%d/%m/%y %H:%M") == [utc(2024, 12, 31, 18, 30)]


def test_hours_of_a_half_day_are_read() -> None:
    texts = ["2017/11/24 12:39:58 PM", "2017/11/24 12:39:58 AM", "2017/11/24 1:05:00 PM"]
    found = read(texts, "%Y/%m/%d %I:%M:%S %p")
    assert found == [utc(2017, 11, 24, 12, 39, 58), utc(2017, 11, 24, 0, 39, 58), utc(2017, 11, 24, 13, 5)]


def test_what_is_no_date_is_none_and_never_now() -> None:
    texts = [
        "",
        "soon",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "0000-00-00",
        "0001-01-01",
        "24:61",
        "45292",
        "-",
        None,
    ]
    assert read(texts) == [None] * len(texts)
    assert read(texts, "%d.%m.%Y", "%m/%d/%Y %H:%M") == [None] * len(texts)


@law(60)
@given(st.text(max_size=20))
def test_any_text_is_a_date_of_the_calendar_or_none(text: str) -> None:
    [at] = read([text])
    assert at is None or 1000 <= at.year <= 9998


# Periods


@law(40)
@given(st.integers(1970, 2060), st.integers(1, 12), st.sampled_from(ZONES))
def test_a_period_is_its_first_instant_in_the_zone(year: int, month: int, zone: str) -> None:
    def first(of: int) -> datetime:
        return start_of_day(date(year, of, 1), zone)

    quarter = (month - 1) // 3 + 1
    assert period(f"{year}", zone) == first(1)
    assert period(f"{year}-{month:02}", zone) == period(f"{year}{month:02}", zone) == first(month)
    assert period(f"{year}-Q{quarter}", zone) == period(f"{year}q{quarter}", zone) == first(quarter * 3 - 2)


@pytest.mark.parametrize(
    "text", ["", "18", "2018-13", "2018-00", "2018-Q5", "2018-6", "2018-06-15", "Q3 2018", "0000", "x2018"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert period(text) is None


# Months


@law(80)
@given(WALL_CLOCKS, st.sampled_from(ZONES))
def test_the_business_month_is_that_of_the_clock_on_the_wall_there(at: datetime, zone: str) -> None:
    there = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert month_of(at.replace(tzinfo=UTC), zone) == there.date().replace(day=1)


def test_a_month_begins_earlier_in_the_east_and_later_in_the_west() -> None:
    evening, morning = utc(2024, 12, 31, 23, 30), utc(2025, 1, 1, 3, 30)
    assert month_of(evening, "Europe/Zagreb") == date(2025, 1, 1)
    assert month_of(evening, "UTC") == date(2024, 12, 1)
    assert month_of(morning, "UTC") == date(2025, 1, 1)
    assert month_of(morning, "America/New_York") == date(2024, 12, 1)


@law(40)
@given(st.integers(1990, 2029), st.integers(1, 12), st.sampled_from(ZONES))
def test_the_first_instant_of_a_month_is_in_it_and_the_one_before_is_not(year: int, month: int, zone: str) -> None:
    first = date(year, month, 1)
    edge = start_of_day(first, zone)
    assert month_of(edge, zone) == first
    assert month_of(edge - timedelta(microseconds=1), zone) == (first - timedelta(days=1)).replace(day=1)


def test_a_whole_column_of_local_times_goes_to_utc() -> None:
    local = pl.Series([datetime(2024, 3, 31, 2, 30), None, datetime(2024, 7, 1)])  # noqa: DTZ001 - local on purpose
    found = pl.select(to_utc(pl.lit(local), "Europe/Zagreb")).to_series().to_list()
    assert found == [utc(2024, 3, 31, 1, 30), None, utc(2024, 6, 30, 22)]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("45000", "2023-03-15T00:00:00"),
        ("45000.5", "2023-03-15T12:00:00"),
        ("45000,75", "2023-03-15T18:00:00"),
        ("61", "1900-03-01T00:00:00"),
        ("2958100.9", "9998-12-31T21:36:00"),
        ("2958466", None),
        ("60", None),
        ("-45000", None),
        ("4.5e4", None),
        ("20240131", None),
        ("", None),
    ],
)
def test_serial_days_are_read_where_they_are_declared(text: str, at: str | None) -> None:
    found = pl.select(instant(pl.lit(pl.Series([text])), DateReading((SERIAL,), "UTC"))).item()
    assert (found and found.isoformat()[:19]) == at
    assert pl.select(instant(pl.lit(pl.Series([text])), DateReading(ISO_FORMATS, "UTC"))).item() is None


PIECES = [
    "2025", "-", "03", " ", "09", ".", ":", "07", "/", "#", "(", ")", "[", "Europe/Zagreb", "]", "+01:00", "Z", "PM", "CET",
    "JAN", "Fri", ",", "123", "T", "\u00a0", "\u202f", "\u4ee4\u548c7\u5e743\u67085\u65e5", "\uc624\ud6c4 2:02", "\uff19",
    "3/1-2025", "/Date(1735895107123)/", "12:05:09:123", "2025-01-03-09.05.07", "03-JAN-25 09.05.07.123 AM",
    "03JAN2025:09:05:07", "Fri Jan 03 09:05:07 CET 2025", "14:05:00 PM",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
#: In which every sign stands that makes a rule apply.
EVERY_SIGN = "x,([:.#/"


@law(500)
@given(TEXTS)
def test_a_text_is_tidied_alike_alone_and_beside_others(text: str) -> None:
    """Rules are left out by the signs that a whole column lacks."""
    assert tidied(pl.Series([text]))[0] == tidied(pl.Series([text, EVERY_SIGN]))[0]


def test_each_rule_of_tidying_applies_to_a_column_of_its_own() -> None:
    odd = {
        "2025-01-03 09:05:07,5": "2025-01-03 09:05:07.5",
        "2025-01-03T09:05+01:00[Europe/Zagreb]": "2025-01-03T09:05+01:00",
        "2025-01-03 09:05:07 +0100 CET": "2025-01-03 09:05:07 +0100",
        "2025-01-03 09:05 +0100 (CET)": "2025-01-03 09:05 +0100",
        "03-JAN-25 09.05.07.123 AM": "03-JAN-25 09:05:07.123 AM",
        "2025-01-03 09:05:07:123": "2025-01-03 09:05:07.123",
        "2025-01-03-09.05.07": "2025-01-03 09:05:07",
        "03JAN2025:09:05:07": "03 JAN 2025 09:05:07",
        "Fri Jan 03 09:05:07 CET 2025": "Fri Jan 03 2025 09:05:07 CET",
        "/Date(1735895107123)/": "1735895107123",
        "#2025-01-03#": "2025-01-03",
        "3/1-2025": "3/1/2025",
        "2025-01-03\u00a009:05": "2025-01-03 09:05",
        "2025-01-03 14:05:00 PM": "2025-01-03 14:05:00",
    }
    assert {text: tidied(pl.Series([text]))[0] for text in odd} == odd
    assert tidied(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]
    assert tidied(pl.Series([], dtype=pl.String)).to_list() == []
