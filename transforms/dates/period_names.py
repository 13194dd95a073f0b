"""What periods are called in a language: March 2025, 1. kvartal 2025.

Here: names for people. Not here: names that sort, as 2025-03 does (`models/marts/dim_period.sql`), what periods there are.
"""

from __future__ import annotations

from datetime import date
from typing import Final

#: What a period is called where nothing says otherwise, by Unicode's names of patterns.
_PATTERNS: Final = {"month": "yMMMM", "quarter": "yQQQQ", "year": "y"}
_OF_WINDOWS: Final = "yMMM"


def period_label(grain: str, start: date, end: date, language: str) -> str:
    """The name of a period; of a rolling window those of its first and last month."""
    from babel.dates import format_interval, format_skeleton  # noqa: PLC0415 - for those alone who ask for names

    if grain in _PATTERNS:
        name = format_skeleton(_PATTERNS[grain], start, locale=language)
    else:
        name = format_interval(start, end.replace(day=1), _OF_WINDOWS, locale=language)
    # Narrow spaces look alike, and nobody finds what holds them.
    return " ".join(str(name).split())
