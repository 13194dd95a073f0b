"""Columns that say in which month, quarter, week or year somebody answered, and not on which day.

Here: which columns do, and by which formats they are read. Not here: dates with a day (`dates`), what is asked of them
(`date_lines`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.shapes import shape_of
from pipelines.sniff.dates.dates import DateColumn, languages_of, says_period, speaks_of_dates, unread
from transforms.dates.instants import DateReading
from transforms.dates.names import ENGLISH, LANGUAGES, PROPOSED, months_of
from transforms.dates.periods import PERIOD

_NUMBERS: Final = ("%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%Y %m", "%m/%Y", "%m.%Y", "%m-%Y", "%m %Y")
_NAMES: Final = ("%b %Y", "%b-%Y", "%b/%Y", "%b, %Y", "%b.%Y", "%Y %b", "%Y-%b")
#: `Jan-24` is a day where the heading does not speak of months.
_SHORT: Final = ("%b-%y", "%b %y", "%b/%y", "%b '%y", "%b'%y")
_MOSTLY: Final = 0.95
_SHAPES: Final = 3
#: In so many different texts names of months are looked for.
_SAMPLE: Final = 100
_TWO_YEARS: Final = re.compile(r"(?:19|20)(\d\d)[-/.](\d\d)")
_YEAR: Final = r"^\d{4}$"
#: What looks like `2024-01` or `202401`, `Jan 2024`, and `Jan-24`: there are 260 ways to read names of months, each is dear.
_LIKE_NUMBERS: Final = re.compile(r"\D*(?:\d+\D+\d+|\d{6})\D*")
_LIKE_NAMES: Final = re.compile(r"(?=.*[^\W\d_]{3})\D*\d{4}\D*")
_LIKE_SHORT: Final = re.compile(r"(?=.*[^\W\d_]{3})\D*\d{2}\D*")


def month_columns(columns: Sequence[Seen]) -> list[DateColumn]:
    """The columns of months, else those of other periods; a year counts only where no other column says more."""
    speaking = [each for each in columns if each.filled and (says_period(each) or speaks_of_dates(each))]
    months = [found for each in speaking if (found := _months(each))]
    if months:
        return months
    periods = [_as_dates(each, PERIOD, [ENGLISH]) for each in speaking if _left(each, PERIOD, ENGLISH) is not None]
    finer = [each for each in periods if each.column.rows_like(_YEAR) < each.column.filled]
    return finer or (periods if len(speaking) == 1 else [])


def _months(column: Seen) -> DateColumn | None:
    """The column as months, by the first format that reads nearly all of it."""
    if all(_may_be_years(text) for text, _ in column.counts):
        return None
    for fmt in _possible(column):
        for possible in (LANGUAGES, PROPOSED) if "%b" in fmt else ((ENGLISH,),):
            known = [each for each in possible if "%b" not in fmt or _names_months(column, each)]
            if languages := [each for each in known if _left(column, fmt, each) is not None]:
                return _as_dates(column, fmt, languages)
    return None


def _names_months(column: Seen, language: str) -> bool:
    """Whether a month of the language may stand in the cells: to try a format is a hundred times as dear."""
    names = months_of(language)
    texts = (unicodedata.normalize("NFC", text).lower() for text, _ in column.counts[:_SAMPLE])
    return any(name in text for text in texts for name in names)


def _possible(column: Seen) -> tuple[str, ...]:
    """The formats that may read nearly all cells, by the numbers in them."""
    if _mostly(column, _LIKE_NUMBERS):
        return _NUMBERS
    if _mostly(column, _LIKE_NAMES):
        return _NAMES
    return _SHORT if says_period(column) and _mostly(column, _LIKE_SHORT) else ()


def _mostly(column: Seen, pattern: re.Pattern[str]) -> bool:
    return sum(count for text, count in column.counts if pattern.fullmatch(text)) >= _MOSTLY * column.filled


def _may_be_years(text: str) -> bool:
    """Whether a text may be a year that begins in one and ends in the next, as well as a month: `2010-11`."""
    found = _TWO_YEARS.fullmatch(text)
    return found is not None and int(found[2]) == (int(found[1]) + 1) % 100


def _left(column: Seen, fmt: str, language: str) -> int | None:
    """How many cells a format does not read, where it reads nearly all."""
    left = unread(column, DateReading((fmt,), "UTC", language))
    return left if left <= (1 - _MOSTLY) * column.filled else None


def _as_dates(column: Seen, fmt: str, languages: Sequence[str]) -> DateColumn:
    declared = languages_of(column, languages, [fmt])
    left = _left(column, fmt, languages[0]) or 0
    shapes = list(dict.fromkeys(shape_of(text) for text, _ in column.counts))[:_SHAPES]
    return DateColumn(
        column, [fmt], ambiguous=False, day_first=0, month_first=0, unread=left, shapes=shapes, zoned=False, is_iso=False,
        languages=declared,
    )  # fmt: skip
