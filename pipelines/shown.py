"""Texts on our screens: names of files, headings and texts of others, numbers of things.

Here: what would disturb a terminal, a log or a table, the right number of a noun, quotes, the rounding of figures. Not
here: what is personal (`pipelines.adapters.headings`).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

#: Control characters, bytes of a name that are no text, line separators, and marks that turn the writing direction.
_UNSHOWN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINES: Final = frozenset("\n\t")


def shown(text: str, *, lines: bool = False) -> str:
    """The text with whatever would disturb a terminal escaped; line ends and tabs are let be where `lines` says so."""
    return _UNSHOWN.sub(lambda found: found[0] if lines and found[0] in _LINES else _escaped(found[0]), text)


def counted(number: int, noun: str) -> str:
    """A number of things, in the right number: 1 file, 2 files."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_quotes(text: str) -> str:
    """A text as YAML reads it back."""
    return "'" + text.replace("'", "''") + "'"


def rounded(value: float | Decimal, digits: int = 0) -> Decimal:
    """A figure as DuckDB and spreadsheets round it, halves away from zero: 6.25 is 6.3. Python rounds them to even."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
