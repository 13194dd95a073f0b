"""How numbers, dates and names are written in a report: as the language has them.

Here: one value to its text. Not here: which values (`figures`, `sections`), where they stand (`report.html`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from pipelines.report.cells import Period
from transforms.dimensions import OWN, UNKNOWN

Words = Mapping[str, str]


def filters(language: str) -> dict[str, Callable[..., str]]:
    """What templates write numbers by."""
    return {
        "points": partial(points, language=language),
        "change": partial(points, language=language, signed=True),
        "count": partial(format_decimal, locale=language),
        "share": partial(share, language=language),
        "per_cent": partial(share, language=language, digits=".0"),
        "one": partial(format_decimal, format="#,##0.0", locale=language),
        "whole": partial(whole, language=language),
        "money": partial(_money, language=language),
    }


def points(value: float, language: str, *, signed: bool = False) -> str:
    """Points to one decimal: no sign before what is rounded to 0, and the minus of that name, which is as wide as a plus."""
    rounded = round(value, 1) + 0.0
    written: str = format_decimal(rounded, "+0.0;-0.0" if signed and rounded else "0.0", locale=language)
    return written.replace("-", "\N{MINUS SIGN}")


def whole(value: float, language: str) -> str:
    """A number that is rounded to a whole one, with its sign."""
    rounded = round(value)
    written: str = format_decimal(rounded, "+#,##0;-#,##0" if rounded else "0", locale=language)
    return written.replace("-", "\N{MINUS SIGN}")


def share(value: float, language: str, digits: str = "") -> str:
    """A share as whole per cent, or with so many `digits`."""
    written: str = format_percent(value, format=f"#,##0{digits}{'%' if language == 'en' else ' %'}", locale=language)
    return written


def _money(value: Decimal | float, currency: str, language: str) -> str:
    written: str = format_currency(value, currency, locale=language)
    return written


def named(name: str, words: Words) -> str:
    """A name, and in the language's words what is none: unknown, the own brand, no theme."""
    return words[name] if name in {UNKNOWN, OWN, "untagged", "none", "other"} else name


def of_period(period: Period, language: str) -> str:
    """A month, quarter or year."""
    if period.grain == "quarter":
        quarters = Locale(language).quarters["format"]["wide"]
        return f"{quarters[(period.start.month + 2) // 3]} {period.start.year}"
    written: str = format_skeleton({"month": "yMMMM", "year": "y"}[period.grain], period.start, locale=language)
    return written


def short(period: Period, language: str) -> str:
    """The same below a chart, in two lines."""
    if period.grain == "year":
        return f"{period.start:%Y}"
    if period.grain == "quarter":
        quarters = Locale(language).quarters["format"]["abbreviated"]
        return f"{quarters[(period.start.month + 2) // 3]}\n{period.start.year}"
    written: str = format_date(period.start, "LLL\ny", locale=language)
    return written


def clock(at: datetime, language: str, timezone: str) -> str:
    """A moment by the clock of business time."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{day(local, language)}, {format_time(local, 'short', locale=language)}"


def day(at: date, language: str) -> str:
    """A day."""
    written: str = format_date(at, "long", locale=language)
    return written
