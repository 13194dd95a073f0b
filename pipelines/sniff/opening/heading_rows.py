"""How many rows of headings an unknown table has: `Response`, `Q1` or a translation may stand below the first.

Here: telling such rows from answers. Not here: whether there are headings at all (`reading`), the rows of headings of
kinds that have several by themselves (`pipelines.adapters.surveymonkey.export`, `qualtrics`), naming columns by them
(`pipelines.adapters.headings`). A row of answers is never taken for headings: nothing in it may look like an answer,
and its words must be such as headings are made of, where numbers or dates stand in all rows below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pipelines.adapters.headings import same_name, tidy
from pipelines.adapters.words import named, said

_MOST: Final = 3
_FEWEST_BELOW: Final = 2
_MOSTLY: Final = 0.8
_LONGEST_VALUE: Final = 60
_TRANSLATED: Final = 2
_ID: Final = re.compile(r"(?:Q|QID|Question[ _]?|V|VAR)\d+(?:[._-]\w+)*|\{[^{}]*\"ImportId\".*\}", re.IGNORECASE)
_UNIT: Final = re.compile(r"[(\[]?[01]\s*(?:[-\u2010-\u2015\u2212]|\.{2,3}|\u2026|to|bis|до|do|a|à)\s*\d{1,3}[)\]]?")
_SCALE_BEHIND: Final = re.compile(
    r"(?<=\S{3})\s*[(\[]\s*[01]\s*(?:[-\u2010-\u2015\u2212]|\.{2,3}|\u2026)\s*\d{1,3}\s*[)\]]$"
)
_DIGIT: Final = re.compile(r"\d")
_ADDRESS: Final = re.compile(r"\S@\S")
#: What the headings of scores and dates speak of.
_TOPICS: Final = ("score_certain", "score_likely", "score_possible", "answered_at", "date", "created_at", "updated_at")
#: What stands below a question whose answer is in the column itself, and below nothing else.
_BELOW: Final = "below_heading"

Rows = Sequence[Sequence[str]]


def rows_of_headings(rows: Rows) -> int:
    """Count the rows of headings of a table whose first row is one, three at most."""
    tidied = [[tidy(cell) for cell in row] for row in rows]
    return next((count for count in range(_MOST, 1, -1) if _are_headings(tidied[:count], tidied[count:])), 1)


def says_nothing(heading: str) -> bool:
    """Whether a heading of several rows is the lowest one only by its place: `Response`, `Q5`, `0-10`."""
    return named(_BELOW, heading) or _ID.fullmatch(heading) is not None or _UNIT.fullmatch(heading) is not None


def _are_headings(rows: Rows, below: Rows) -> bool:
    """Whether every row but the first, too, holds headings of what stands below."""
    if len(below) < _FEWEST_BELOW:
        return False
    valued = [at for at in range(max(map(len, rows))) if _holds_values(below, at)]
    return bool(valued) and all(_is_heading(row, rows[0], valued) for row in rows[1:])


def _holds_values(rows: Rows, at: int) -> bool:
    """Whether a column holds numbers, dates or ids, as far as shapes tell."""
    filled = [row[at] for row in rows if at < len(row) and row[at]]
    values = sum(1 for cell in filled if _is_value(cell) and len(cell) <= _LONGEST_VALUE)
    return len(filled) >= _FEWEST_BELOW and values >= _MOSTLY * len(filled)


def _is_heading(row: Sequence[str], first: Sequence[str], valued: Sequence[int]) -> bool:
    """Whether a row holds words of headings, and no value, where values stand below."""
    if any(_ADDRESS.search(cell) for cell in row if not _ID.fullmatch(cell)):
        return False
    cells = [(row[at], first[at] if at < len(first) else "") for at in valued if at < len(row) and row[at]]
    if any(_is_value(cell) for cell, above in cells if same_name(cell) != same_name(above)):
        return False
    if not cells:
        return any(named(_BELOW, cell) for cell in row)
    speaking = sum(1 for cell, _ in cells if any(said(topic, cell) for topic in _TOPICS))
    return speaking >= _TRANSLATED or any(_is_typical(cell, above) for cell, above in cells)


def _is_typical(cell: str, above: str) -> bool:
    """Whether a cell alone shows that its row is one of headings; `above` is the heading of its column."""
    is_question = _ID.fullmatch(above) is not None and said("score_certain", cell) is not None
    return says_nothing(cell) or named("score_named", cell) or is_question or same_name(cell) == same_name(above)


@lru_cache(maxsize=1 << 14)  # each cell is looked at for each number of rows that may be headings
def _is_value(cell: str) -> bool:
    """Whether a cell may be a number, a date or an id: it holds a digit, and no words of a heading or an id of one.

    Digits of the scale in brackets behind a question are none of these: `How satisfied are you? (1-5)`.
    """
    if not _DIGIT.search(_SCALE_BEHIND.sub("", cell)) or says_nothing(cell):
        return False
    return not any(said(topic, cell) for topic in _TOPICS) or cell[0].isdigit()
