"""Years of two digits, which may be another part of a date, or of another calendar.

Here: dates whose first number may be the year (`24-01-17`, `24-Jan-17`), years that lie decades ahead (`17/1/67`). Not
here: how a text is written otherwise (`date_shapes`), what is asked (`proposal.date_formats`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WRITTEN: Final = re.compile(r"(?:\{1\}|%d)(?P<one>[^%{]+)(?P<month>\{2\}|%[bB])(?P<two>[^%{]+)%y")
_TEXT: Final = re.compile(
    r"(?<!\d)(?P<first>\d{1,2})(?:\. |[./ -])(?P<month>\d{1,2}|[^\W\d_]+)\.?(?:,? |[./-])(?P<last>\d{2})(?![\d:])"
)
_MONTHS: Final = 12
_DAYS: Final = 31
#: 2050 to 2069, of which nobody has answers, or 2007 to 2026 in Thailand.
_AHEAD: Final = range(50, 70)


def is_far_ahead(text: str, fmt: str) -> bool:
    """Whether the year of a date has two digits and lies decades ahead."""
    found = _TEXT.search(text) if _WRITTEN.search(fmt) else None
    return found is not None and int(found["last"]) in _AHEAD


def with_year_first(dated: Sequence[tuple[str, int, str]]) -> list[str]:
    """The formats with the year first of texts, counts and formats that have it last, where it may as well be first.

    Days vary more than years do: where the first numbers vary less than the last ones, either may be the year.
    """
    texts: dict[str, list[str]] = {}
    for text, _, fmt in dated:
        if _WRITTEN.search(fmt):
            texts.setdefault(fmt, []).append(text)
    return [_WRITTEN.sub(_turned, fmt) for fmt, written in texts.items() if _may_be_first(written)]


def _turned(found: re.Match[str]) -> str:
    month = "%m" if found["month"] == "{2}" else found["month"]
    return f"%y{found['one']}{month}{found['two']}%d"


def _may_be_first(texts: Sequence[str]) -> bool:
    found = [_TEXT.search(text) for text in texts]
    if not all(each is not None and _is_year_month_day(each) for each in found):
        return False
    first, last = ({int(each[part]) for each in found if each} for part in ("first", "last"))
    reach = max(first) - min(first), max(last) - min(last)
    return first != last and len(first) <= len(last) and reach[0] <= reach[1]


def _is_year_month_day(found: re.Match[str]) -> bool:
    month = found["month"]
    is_month = not month.isdecimal() or 1 <= int(month) <= _MONTHS
    return len(found["first"]) == len(found["last"]) and is_month and 1 <= int(found["last"]) <= _DAYS
