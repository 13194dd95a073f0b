"""Dates that name no day: months, quarters, weeks and years.

Here: when such a period begins, as local time, formats of strftime that read a month, and counting in months. Not here:
zones and instants (`instants`), what periods are called (`period_names`), which are published (`models/periods.sql`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import polars as pl

#: Stands among formats for quarters, weeks and years: `2024-Q1`, `Q1 2024`, `2024-W05`, `KW 5/2024`, `2024`.
PERIOD: Final = "period"

#: What a whole file may be dated with.
_DECLARED: Final = r"^(\d{4})(?:-?(?:[Qq]([1-4])|(0[1-9]|1[0-2])))?$"
#: Quarters as they are abbreviated in English, German, Polish, Croatian, French and Spanish.
_QUARTER: Final = "(?:[QqKkTt]|[Kk][Vv])"
_WEEK: Final = "(?:[Ww]|[Kk][Ww]|CW|cw)"
_GAP: Final = r"[-/._ ]{0,2}"
_YEARS: Final = (r"^(\d{4})$",)
_QUARTERS: Final = (
    rf"^(?<year>\d{{4}}){_GAP}{_QUARTER}{_GAP}(?<part>[1-4])$",
    rf"^{_QUARTER}{_GAP}(?<part>[1-4]){_GAP}(?<year>\d{{4}})$",
    rf"^(?<part>[1-4]){_GAP}{_QUARTER}{_GAP}(?<year>\d{{4}})$",
)
_WEEKS: Final = (
    rf"^(?<year>\d{{4}}){_GAP}{_WEEK}{_GAP}(?<part>\d{{1,2}})$",
    rf"^{_WEEK}{_GAP}(?<part>\d{{1,2}})[-/. ]{{1,2}}(?<year>\d{{4}})$",
)
_OF_YEAR: Final = re.compile(r"%[.:#\d]*[Yy]")
_OF_MONTH: Final = re.compile(r"%[.:#\d]*[mBbh]")
_OF_DAY: Final = re.compile(r"%[.:#\d]*[dejFDxcsUWuVG]")
_TWELVE: Final = 12


def month_number(day: date) -> int:
    """Months since the year 0: of those that follow on one another the numbers do too."""
    return _TWELVE * day.year + day.month - 1


def month_at(number: int) -> date:
    """The first day of the month of a number. Raises `ValueError` where the calendar ends."""
    return date(number // _TWELVE, number % _TWELVE + 1, 1)


def month_after(day: date, months: int = 1) -> date:
    """The first day of the month so many months after that of a day. Raises `ValueError` likewise."""
    return month_at(month_number(day) + months)


def is_of_month(fmt: str) -> bool:
    """Whether a format reads a month and its year, and no day."""
    return bool(_OF_YEAR.search(fmt) and _OF_MONTH.search(fmt)) and not _OF_DAY.search(fmt)


def first_of_month(text: pl.Expr, fmt: str) -> pl.Expr:
    """The first day of the month that a format reads, as Date; NULL where it reads none."""
    return pl.concat_str(text, pl.lit(" 01")).str.to_date(f"{fmt} %d", strict=False)


def declared_start(text: pl.Expr) -> pl.Expr:
    """The first moment of a period that a whole file is dated with (`2018`, `2018-Q3`, `2018-06`), as local time."""
    year = text.str.extract(_DECLARED, 1).cast(pl.Int32, strict=False)
    quarter = text.str.extract(_DECLARED, 2).cast(pl.Int8, strict=False)
    month = text.str.extract(_DECLARED, 3).cast(pl.Int8, strict=False)
    first = pl.coalesce(month, quarter * 3 - 2, pl.when(year.is_not_null()).then(pl.lit(1, pl.Int8)))
    return pl.datetime(year, first, 1, time_unit="us")


def period_day(text: pl.Expr) -> pl.Expr:
    """The day on which a quarter or year begins, and of a week the Thursday, as Date.

    A week counts in the month and year of its Thursday, as the year of a week does in ISO 8601. NULL where there is none.
    """
    plain = text.str.strip_chars()
    (year,) = (plain.str.extract(each, 1).cast(pl.Int32, strict=False) for each in _YEARS)
    of_quarter, quarter = _year_and_part(plain, _QUARTERS)
    of_week, week = _year_and_part(plain, _WEEKS)
    # The fourth of January is in the first week of its year.
    thursday = pl.date(of_week, 1, 4).dt.truncate("1w") + pl.duration(days=(week - 1) * 7 + 3)
    is_of_year = thursday.dt.iso_year() == of_week
    return pl.coalesce(
        pl.when(year.is_not_null()).then(pl.date(year, 1, 1)),
        pl.when(quarter.is_not_null()).then(pl.date(of_quarter, quarter * 3 - 2, 1)),
        pl.when(is_of_year).then(thursday),
    )


def _year_and_part(text: pl.Expr, patterns: tuple[str, ...]) -> tuple[pl.Expr, pl.Expr]:
    found = [text.str.extract_groups(each) for each in patterns]
    year, part = (
        pl.coalesce(each.struct.field(name).cast(pl.Int32, strict=False) for each in found) for name in ("year", "part")
    )
    return year, part
