"""What the XML of a sheet of an .xlsx workbook says that its values do not.

Here: merged cells, formulas without results, errors, hidden rows and columns, how far filled cells spread. One pass, in
time and memory that grow with the file and no faster.
Not here: what holds for the whole workbook (`book`), cells that a library would misread (`places`), values (`workbook`).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pipelines.adapters.sheets.book import TRUE, Book
from pipelines.adapters.sheets.places import LONGEST_CELL, MisreadCellsError, Places, refuse_odd_values
from pipelines.adapters.sheets.xml import new_parser, refuse_long_tag

#: What programs write for results that they did not work out.
_ZEROS: Final = frozenset({"0", "0.0", "-0", "-0.0"})
#: Errors of more names than there are get this one.
_ERROR: Final = "#VALUE!"
_MOST_ERRORS: Final = 50
_LONGEST_ERROR: Final = 20
_NO_SIZE: Final = frozenset({"0", "0.0"})
_MOST_RUNS: Final = 1_000
#: A formula, a value, a text.
_OF_A_CELL: Final = frozenset({"f", "v", "is"})
_DIGITS: Final = "0123456789"
_MOST_LETTERS: Final = 3


@dataclass
class Formulas:
    """The formulas of one column, by the rows (from 1) in which their results are missing or 0."""

    without: array[int] = field(default_factory=lambda: array("L"))
    zero: array[int] = field(default_factory=lambda: array("L"))
    with_others: bool = False
    """Whether any of them has another result."""


class SheetScan:
    """One sheet, fed piece by piece. Rows and columns are counted from 1. Raises `ExpatError`, `ValueError`."""

    def __init__(self, book: Book | None = None) -> None:
        """Nothing is known yet but what holds for the whole workbook."""
        self._styles, self._texts, self._colours = (
            (book.struck, book.struck_texts, book.coloured) if book else (frozenset(), frozenset(), {})
        )
        self.coloured: dict[int, array[int]] = {}
        """By colour, the rows of which most cells are filled with it."""
        self._of_row: list[int] = []
        self.struck = array("L")
        """Rows with such a cell, one after the other; a row may stand here several times."""
        self.rows = self.columns = 0
        self.filled: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        """First row and column, last row and column."""
        self.errors: dict[int, dict[str, array[int]]] = {}
        """By column and text, the rows."""
        self.formulas: dict[int, Formulas] = {}
        self.hidden = array("L")
        self.hidden_columns: list[tuple[int, int]] = []
        """First and last of each run."""
        self._row = self._column = self._fed = 0
        self._type = ""
        self._formula = self._valued = False
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._tail = b""
        self._places = Places()
        self._parser = new_parser()
        self._parser.StartElementHandler = self._start

    @property
    def cells(self) -> int:
        """How many cells the rectangle holds in which anything stands."""
        return self.rows * self.columns

    @property
    def error_texts(self) -> set[str]:
        """What its errors are called."""
        return {text for texts in self.errors.values() for text in texts}

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        self._parser.Parse(chunk)
        refuse_odd_values(self._tail + chunk)
        self._tail = chunk[-LONGEST_CELL:]
        self._fed += len(chunk)
        refuse_long_tag(self._parser, self._fed)

    def close(self) -> None:
        """Nothing follows."""
        self._parser.Parse(b"", True)
        self._settle()
        self._end_row()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._settle()
            self._cell(attributes)
        elif local in _OF_A_CELL:
            self._content(local)
        elif local == "strike" and attributes.get("val", "1") in TRUE:
            self.struck.append(self._row)
        elif local == "row":
            self._settle()
            self._end_row()
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            self._places.begin_row(self._row if "r" in attributes else None)
            if _is_hidden(attributes, "ht"):
                self.hidden.append(self._row)
        elif local == "col" and len(self.hidden_columns) < _MOST_RUNS and _is_hidden(attributes, "width"):
            self.hidden_columns.append((int(attributes.get("min", 0)), int(attributes.get("max", 0))))
        elif local == "sheetData":
            self._places.begin_sheet()
        elif local == "mergeCell":
            self.merged += _ranges(attributes.get("ref", ""), self._columns)

    def _cell(self, attributes: dict[str, str]) -> None:
        at = attributes.get("r")
        if at is None:
            self._column += 1
        else:
            self._row, self._column = _position(at, self._columns)
        self._places.add(self._row, self._column)
        self._type = attributes.get("t", "n")
        if self._styles and attributes.get("s") in self._styles:
            self.struck.append(self._row)
        if self._colours:
            self._of_row.append(self._colours.get(attributes.get("s", ""), 0))

    def _content(self, local: str) -> None:
        """What stands in a cell; of two values the last would be read, and none where a formula follows it."""
        if self._valued:
            raise MisreadCellsError
        if local == "f":
            self._formula = True
        elif local == "v":
            self._value()
        else:
            self._valued = True
            self._spread()

    def _end_row(self) -> None:
        """The row has ended: the colour of most of its cells is remembered."""
        colour = max(set(self._of_row), key=self._of_row.count, default=0)
        if colour and 2 * self._of_row.count(colour) > len(self._of_row):
            self.coloured.setdefault(colour, array("L")).append(self._row)
        self._of_row = []

    def _value(self) -> None:
        """A result begins; its text is needed only where it is an error, of a formula, or the first of its column."""
        is_text = bool(self._texts) and self._type == "s"
        if self._formula or self._type == "e" or is_text or self._column not in self.filled:
            self._text = []
            self._parser.CharacterDataHandler = self._text.append
            self._parser.EndElementHandler = self._end
        else:
            self._valued = True
            self._spread()

    def _end(self, _name: str) -> None:
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        text = "".join(self._text)
        if not text and self._type != "str":
            return
        self._valued = True
        self._spread()
        if self._type == "s" and text in self._texts:
            self.struck.append(self._row)
        if self._type == "e":
            self._error(text[:_LONGEST_ERROR])
        elif self._formula:
            of = self.formulas.setdefault(self._column, Formulas())
            if self._type == "n" and text.strip() in _ZEROS:
                of.zero.append(self._row)
            else:
                of.with_others = True

    def _error(self, text: str) -> None:
        texts = self.errors.setdefault(self._column, {})
        if text not in texts and len(texts) >= _MOST_ERRORS:
            text = _ERROR
        texts.setdefault(text, array("L")).append(self._row)

    def _spread(self) -> None:
        self.filled.add(self._column)
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, self._column)

    def _settle(self) -> None:
        """The cell has ended: a formula without a result is remembered."""
        if self._formula and not self._valued:
            self.formulas.setdefault(self._column, Formulas()).without.append(self._row)
        self._formula = self._valued = False


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or a column is not shown: called so, or of no size."""
    return attributes.get("hidden") in TRUE or attributes.get(size) in _NO_SIZE


def _position(reference: str, known: dict[str, int]) -> tuple[int, int]:
    """Row and column of `AB12`."""
    letters = reference.rstrip(_DIGITS)
    column = known.get(letters)
    if column is None:
        column = known[letters] = _number(letters)
    return int(reference[len(letters) :]), column


def _ranges(reference: str, known: dict[str, int]) -> list[tuple[int, int, int, int]]:
    """The one range that `A2:A16` is, as rows and columns."""
    first, _, last = reference.replace("$", "").partition(":")
    (top, left), (bottom, right) = _position(first, known), _position(last or first, known)
    return [(min(top, bottom), min(left, right), max(top, bottom), max(left, right))]


def _number(letters: str) -> int:
    """A=1, Z=26, AA=27."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= _MOST_LETTERS):
        raise ValueError("no cell is called that")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
