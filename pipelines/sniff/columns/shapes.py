"""What a value looks like, without what it says: digits become 9, letters x.

Here: that mask; the names of months, weekdays and zones of a text with digits stay, for they are the shape of a date.
Not here: which values are dates (`dates`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from babel import Locale

_LANGUAGES: Final = ("en", "pl", "ru", "uk", "hr", "es", "de", "fr")
#: `T` and `Z` of ISO dates, halves of the day, and the zones that are named without a place.
_MARKS: Final = frozenset({"t", "z", "am", "pm", "utc", "gmt"})
_WORD: Final = re.compile(r"[^\W\d_]+")
_DIGIT: Final = re.compile(r"\d")
_LONGEST: Final = 40


def shape_of(text: str) -> str:
    """The shape of a value: `Mon 3 Jan 2024` is `Mon 9 Jan 9999`, `Ana, 3 Main St` is `xxx, 9 xxxx xx`."""
    text = text[:_LONGEST]
    is_dated = _DIGIT.search(text) is not None
    masked = _WORD.sub(lambda word: word[0] if is_dated and _is_of_a_date(word[0]) else "x" * len(word[0]), text)
    return _DIGIT.sub("9", masked)


def _is_of_a_date(word: str) -> bool:
    plain = word.casefold()
    return plain in _MARKS or plain in _names()


@cache
def _names() -> frozenset[str]:
    """The names of months and weekdays, long and short, as each language writes them."""
    found: set[str] = set()
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        for names in (locale.months, locale.days):
            for form in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    found |= {word.casefold() for name in names[form][width].values() for word in _WORD.findall(name)}
    return frozenset(found)
