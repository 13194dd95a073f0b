"""Cells that the library would misread: of two in one place it reads one, of a number written oddly a part.

Here: finding them while a sheet is scanned. Not here: what else a sheet says (`scan`).
"""

from __future__ import annotations

import re
from array import array
from typing import Final

#: A value with something else than plain text in it: a reference to a character, a comment, CDATA. Then how a cell begins.
_ODD_VALUE: Final = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>[^<&]*(&|<[!?])")
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s>])([^<>]*)>")
#: Cells whose text is read with its references to characters.
_TEXT_CELL: Final = re.compile(rb"""\st=["'](?:str|inlineStr|d)["']""")
#: No cell is longer from its beginning to where its value begins, but for endless formulas.
LONGEST_CELL: Final = 20_000
_SHORT_CELL: Final = 300


class MisreadCellsError(Exception):
    """Cells of which the library would read a part only, or one in place of another."""


class Places:
    """Where cells stand: of two in one place the library reads one, and nobody would miss the other.

    Rows, and cells of a row, may come in any order, but a cell stands in the row that it names.
    """

    def __init__(self) -> None:
        """No cell has been seen yet."""
        self._sheets = 0
        self._named: int | None = None
        self._row: int | None = None
        self._last_row = self._last_column = 0
        self._rows = array("L")
        self._seen: set[int] | None = None
        """All rows, once one did not come after all before it."""
        self._of_row: set[int] = set()

    def begin_sheet(self) -> None:
        """The rows of a sheet begin; of two such parts one would be read. Raises `MisreadCellsError`."""
        self._sheets += 1
        if self._sheets > 1:
            raise MisreadCellsError

    def begin_row(self, named: int | None) -> None:
        """A row begins, which may name its number."""
        self._named, self._row = named, None

    def add(self, row: int, column: int) -> None:
        """The next cell; raises `MisreadCellsError`."""
        if row != self._row:
            if self._row is not None or self._named not in (None, row):
                raise MisreadCellsError
            self._begin(row)
        if column <= self._last_column and column in self._of_row:
            raise MisreadCellsError
        self._last_column = max(column, self._last_column)
        self._of_row.add(column)

    def _begin(self, row: int) -> None:
        if row <= self._last_row:
            self._seen = set(self._rows) if self._seen is None else self._seen
            if row in self._seen:
                raise MisreadCellsError
        if self._seen is not None:
            self._seen.add(row)
        self._rows.append(row)
        self._row, self._last_row, self._last_column = row, max(row, self._last_row), 0
        self._of_row = set()


def refuse_odd_values(content: bytes) -> None:
    """Raise `MisreadCellsError` where a number is written with more than plain text: of `1&#48;` the library reads 1."""
    for found in _ODD_VALUE.finditer(content):
        at = found.start()
        befores = (content[max(0, at - width) : at] for width in (_SHORT_CELL, LONGEST_CELL))
        cells = next(filter(None, map(_CELL.findall, befores)), None)
        if found[1] != b"&" or not (cells and _TEXT_CELL.search(cells[-1])):
            raise MisreadCellsError
