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
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from pipelines.report.cells import Period
from pipelines.shown import rounded
from transforms.dimensions import OWN, UNKNOWN

Words = Mapping[str, str]


def filters(language: str) -> dict[str, Callable[..., str]]:
    """What templates write numbers by."""
    return {
        "points": partial(points, language=language),
        "change": partial(points, language=language, signed=True),
        "count": partial(count, language=language),
        "share": partial(share, language=language),
        "per_cent": partial(share, language=language, digits=1),
        "one": partial(_one, language=language),
        "whole": partial(whole, language=language),
        "money": partial(_money, language=language),
    }


def count(value: int, language: str) -> str:
    """How many there are."""
    written: str = format_decimal(value, locale=language)
    return written


def points(value: float, language: str, *, signed: bool = False) -> str:
    """Points to one decimal: no sign before what is rounded to 0, and the minus of that name, which is as wide as a plus."""
    told = rounded(value, 1)
    written: str = format_decimal(told, "+0.0;-0.0" if signed and told else "0.0", locale=language)
    return written.replace("-", "\N{MINUS SIGN}")


def whole(value: float, language: str) -> str:
    """A number that is rounded to a whole one, with its sign."""
    told = rounded(value)
    written: str = format_decimal(told, "+#,##0;-#,##0" if told else "0", locale=language)
    return written.replace("-", "\N{MINUS SIGN}")


def share(value: float, language: str, digits: int = 0) -> str:
    """A share as per cent with so many `digits`."""
    pattern = f"#,##0{'.' * (digits > 0)}{'0' * digits}{'%' if language == 'en' else ' %'}"
    written: str = format_percent(rounded(value, 2 + digits), format=pattern, locale=language)
    return written


def _one(value: float, language: str) -> str:
    written: str = format_decimal(rounded(value, 1), format="#,##0.0", locale=language)
    return written


def _money(value: Decimal | float, currency: str, language: str) -> str:
    written: str = format_currency(rounded(value, get_currency_precision(currency)), currency, locale=language)
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
