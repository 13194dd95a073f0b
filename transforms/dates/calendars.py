"""How others count years and days and write zones: Buddhist years, days of spreadsheets, offsets behind a stamp.

Here: from their way to ours. Not here: formats and instants (`instants`), whether a source counts so, which it declares.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

#: Spreadsheets of old Macs count days since 1904-01-01, so many days later than the others.
_DAYS_TO_1904: Final = 1_462
_SERIAL_TEXT = r"^\d{2,7}([.,]\d+)?$"
#: From 1 March 1900 on, for spreadsheets know a 29 February 1900, to the end of 9999.
_SERIALS: Final = (61, 2_958_466)
_MONTHS: Final = 12
#: How a zone may stand at the end of a stamp, and how %z reads it: `GMT`, `GMT+4`, `UTC-3`, `GMT+5:30`, `+4:00`,
#: `GMT+0200 (CEST)`.
_ZONES: Final = (
    (r"([+-]\d\d:?\d\d)\s*\([^()]*\)$", "${1}"),
    (r"(?i)(?:GMT|UTC)$", "+00:00"),
    (r"(?i)(?:GMT|UTC)\s*([+-]\d{1,2})$", "${1}:00"),
    (r"(?i)(?:GMT|UTC)\s*([+-]\d{1,2}:?\d\d)$", "${1}"),
    (r"([+-])(\d:\d\d)$", "${1}0${2}"),
)
#: Years of the Buddhist calendar, 543 ahead: those from 1900 to 2156.
_BUDDHIST: Final = r"^(.*?)\b(2[4-6]\d\d)\b(.*)$"
_BUDDHIST_AHEAD: Final = 543
#: The same years of two digits, where they stand behind the day and the month: 67 for 2567.
_SHORT_BUDDHIST: Final = r"^(\D*\d{1,2}(?:\. |[./ -])(?:\d{1,2}|\p{L}+)\.?(?:,? |[./-]))(\d\d)(|[^\d:].*)$"


def gregorian(text: pl.Expr) -> pl.Expr:
    """Texts with years of the Buddhist calendar with ours in their places; NULL where there is none."""
    year = text.str.extract(_BUDDHIST, 2).cast(pl.Int32, strict=False) - _BUDDHIST_AHEAD
    whole = pl.concat_str(text.str.extract(_BUDDHIST, 1), year.cast(pl.String), text.str.extract(_BUDDHIST, 3))
    short = (text.str.extract(_SHORT_BUDDHIST, 2).cast(pl.Int32, strict=False) + 2500 - _BUDDHIST_AHEAD) % 100
    padded = short.cast(pl.String).str.zfill(2)
    return pl.coalesce(
        whole, pl.concat_str(text.str.extract(_SHORT_BUDDHIST, 1), padded, text.str.extract(_SHORT_BUDDHIST, 3))
    )


def turned_back(local: pl.Expr) -> pl.Expr:
    """Times whose day and month are exchanged; NULL where they cannot be."""
    day, month = local.dt.day(), local.dt.month()
    turned = local.dt.offset_by(pl.format("{}mo", day.cast(pl.Int32) - month.cast(pl.Int32)))
    return pl.when(day <= _MONTHS).then(turned.dt.replace(day=month))


def from_serial(text: pl.Expr, *, since_1904: bool) -> pl.Expr:
    """The local time that a number of days states, to the second."""
    written = pl.when(text.str.contains(_SERIAL_TEXT)).then(text.str.replace(",", ".", literal=True))
    days = written.cast(pl.Float64, strict=False) + (_DAYS_TO_1904 if since_1904 else 0)
    known = pl.when(days.is_between(*_SERIALS, closed="left")).then(days)
    return pl.lit(datetime(1899, 12, 30)) + pl.duration(seconds=(known * 86_400).round().cast(pl.Int64))  # noqa: DTZ001 - local


def with_offset(text: pl.Expr) -> pl.Expr:
    """Stamps with the zone at their end as `%z` reads it."""
    for suffix, offset in _ZONES:
        text = text.str.replace(suffix, offset)
    return text
