"""When an answer was given: declared formats and zones to an instant, and the instant to its business month.

Here: text to UTC instant, instant to month. Not here: which date is plausible (`transforms.staged`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

#: The type of every instant.
INSTANT: Final = pl.Datetime("us", "UTC")

#: Unambiguous formats that need no declaration. Day-month order is never guessed.
ISO_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
)

#: Formats of numbers that count from the beginning of 1970, UTC, and how many microseconds their unit has.
EPOCHS: Final = {"%s": 1_000_000, "epoch_ms": 1_000}
#: Stands among formats for days since 1899-12-30, with the time as their fraction: dates as spreadsheets keep them.
SERIAL: Final = "excel"
_SERIAL_TEXT = r"^\d{2,7}([.,]\d+)?$"
#: From 1 March 1900 on, for spreadsheets know a 29 February 1900, to the end of 9999.
_SERIALS: Final = (61, 2_958_466)

#: A reading outside is none: `%Y` reads the two digits of 31/12/24 as the year 24, and no later format would be tried.
_CALENDAR: Final = (datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))

_MOST_COUNTED: Final = 10**14
_OFFSET = re.compile(r"%[:#]*z|Z$")
#: How a zone may stand at the end of a stamp, and how %z reads it: `GMT`, `GMT+4`, `UTC-3`, `GMT+5:30`, `+4:00`.
_ZONES: Final = (
    (r"(?i)(?:GMT|UTC)$", "+00:00"),
    (r"(?i)(?:GMT|UTC)\s*([+-]\d{1,2})$", "${1}:00"),
    (r"(?i)(?:GMT|UTC)\s*([+-]\d{1,2}:?\d\d)$", "${1}"),
    (r"([+-])(\d:\d\d)$", "${1}0${2}"),
)
_PERIOD = r"^(\d{4})(?:-?(?:[Qq]([1-4])|(0[1-9]|1[0-2])))?$"


@dataclass(frozen=True)
class DateReading:
    """How the dates of a source are written: formats, tried in this order, and the zone of its clocks.

    Formats are those of strftime; `%s` and `epoch_ms` read numbers of seconds and milliseconds since 1970, `SERIAL` days
    as spreadsheets count them.
    """

    formats: tuple[str, ...]
    timezone: str


def is_zoned(fmt: str) -> bool:
    """Whether a format reads an offset from the text itself, or ends with the Z that means UTC."""
    return _OFFSET.search(fmt.replace("%%", "")) is not None


def instant(text: pl.Expr, reading: DateReading) -> pl.Expr:
    """The instant that a text states, as Datetime[us, UTC]; NULL where no declared format reads it.

    Formats are tried in their order, each on what those before could not read. A local time that happens twice (clocks
    set back) is the first of the two; one that never happens (clocks set forward) is read an hour later, as the clock on
    the wall would show it.
    """

    def read(texts: pl.Series) -> pl.Series:
        found = pl.Series(texts.name, [None], dtype=INSTANT).new_from_index(0, len(texts))
        for number, fmt in enumerate(reading.formats):
            parsed = _parsed(texts, fmt, reading.timezone)
            found = found.zip_with(found.is_not_null(), parsed) if number else parsed
            if found.null_count() == texts.null_count():
                break
        return found

    return text.map_batches(read, return_dtype=INSTANT, is_elementwise=True)


def _parsed(texts: pl.Series, fmt: str, timezone: str) -> pl.Series:
    """What one format reads. Step by step: an expression that names another twice would compute it twice."""
    stated = _step(texts, _stated(pl.first(), fmt))
    at = stated if stated.dtype == INSTANT else _step(stated, to_utc(pl.first(), timezone))
    return _step(at, _dated(pl.first()))


def _step(series: pl.Series, expression: pl.Expr) -> pl.Series:
    return series.to_frame().select(expression).to_series()


def _stated(text: pl.Expr, fmt: str) -> pl.Expr:
    """What the text itself states: an instant, or a local time."""
    if fmt in EPOCHS:
        counted = text.str.strip_chars().cast(pl.Int64, strict=False)
        # What is far from any date would not fit into microseconds.
        return pl.when(counted.abs() < _MOST_COUNTED).then(counted * EPOCHS[fmt]).cast(INSTANT)
    if fmt == SERIAL:
        return _from_serial(text)
    if is_zoned(fmt):
        for suffix, offset in _ZONES:
            text = text.str.replace(suffix, offset)
        return text.str.to_datetime(fmt, time_unit="us", time_zone="UTC", strict=False)
    has_clock = any(part in fmt for part in ("%H", "%I", "%T", "%R", "%X", "%k", "%l"))
    if has_clock:
        return text.str.to_datetime(fmt, time_unit="us", strict=False)
    return text.str.to_date(fmt, strict=False).cast(pl.Datetime("us"))


def _from_serial(text: pl.Expr) -> pl.Expr:
    """The local time that a number of days states, to the second."""
    written = pl.when(text.str.contains(_SERIAL_TEXT)).then(text.str.replace(",", ".", literal=True))
    days = written.cast(pl.Float64, strict=False)
    known = pl.when(days.is_between(*_SERIALS, closed="left")).then(days)
    return pl.lit(datetime(1899, 12, 30)) + pl.duration(seconds=(known * 86_400).round().cast(pl.Int64))  # noqa: DTZ001 - local


def _dated(at: pl.Expr) -> pl.Expr:
    return pl.when(at.is_between(*_CALENDAR)).then(at)


def to_utc(local: pl.Expr, timezone: str) -> pl.Expr:
    """Local wall-clock times of a zone as UTC instants."""
    if timezone == "UTC":
        return local.dt.replace_time_zone("UTC")
    zoned = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    shifted = local.dt.offset_by("1h").dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(zoned, shifted).dt.convert_time_zone("UTC")


def period_start(text: pl.Expr, timezone: str) -> pl.Expr:
    """The first instant of a declared period (`2018`, `2018-Q3`, `2018-06`), as UTC; NULL where the text is none."""
    year = text.str.extract(_PERIOD, 1).cast(pl.Int32, strict=False)
    quarter = text.str.extract(_PERIOD, 2).cast(pl.Int8, strict=False)
    month = text.str.extract(_PERIOD, 3).cast(pl.Int8, strict=False)
    first = pl.coalesce(month, quarter * 3 - 2, pl.when(year.is_not_null()).then(pl.lit(1, pl.Int8)))
    return _dated(to_utc(pl.datetime(year, first, 1, time_unit="us"), timezone))


def business_month(at: pl.Expr, timezone: str) -> pl.Expr:
    """First day of the month of an instant, in the business timezone, as Date."""
    return at.dt.convert_time_zone(timezone).dt.date().dt.truncate("1mo")


def start_of_day(day: date, timezone: str) -> datetime:
    """The first instant of a day in a zone, as UTC."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
