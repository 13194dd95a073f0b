"""What the XML of an .xlsx workbook says that its values do not.

Here: merged cells, formulas without results, errors, hidden rows and columns, how far filled cells spread, cells that a
library would misread; from when days are counted. One pass, in time and memory that grow with the file and no faster.
Not here: values (`workbook`), archives (`archive`).
"""

from __future__ import annotations

import posixpath
import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

_MB: Final = 1 << 20
#: A longer tag is none.
_LONGEST_TAG: Final = 4 * _MB
#: What programs write for results that they did not work out.
_ZEROS: Final = frozenset({"0", "0.0", "-0", "-0.0"})
#: Errors of more names than there are get this one.
_ERROR: Final = "#VALUE!"
_MOST_ERRORS: Final = 50
_LONGEST_ERROR: Final = 20
_TRUE: Final = frozenset({"1", "true"})
_NO_SIZE: Final = frozenset({"0", "0.0"})
_MOST_RUNS: Final = 1_000
#: What styles are made of.
_SECTIONS: Final = frozenset({
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
})  # fmt: skip
#: A formula, a value, a text.
_OF_A_CELL: Final = frozenset({"f", "v", "is"})
_DIGITS: Final = "0123456789"
#: A value with something else than plain text in it: a reference to a character, a comment, CDATA. Then how a cell begins.
_ODD_VALUE: Final = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>[^<&]*(&|<[!?])")
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s>])([^<>]*)>")
#: Cells whose text is read with its references to characters.
_TEXT_CELL: Final = re.compile(rb"""\st=["'](?:str|inlineStr|d)["']""")
#: No cell is longer from its beginning to where its value begins, but for endless formulas.
_LONGEST_CELL: Final = 20_000
_SHORT_CELL: Final = 300
_MOST_LETTERS: Final = 3


class UnsafeXmlError(Exception):
    """XML that brings a document type: with one it can unpack to any size."""


class MisreadCellsError(Exception):
    """Cells of which the library would read a part only, or one in place of another."""


@dataclass
class Formulas:
    """The formulas of one column, by the rows (from 1) in which their results are missing or 0."""

    without: array[int] = field(default_factory=lambda: array("L"))
    zero: array[int] = field(default_factory=lambda: array("L"))
    with_others: bool = False
    """Whether any of them has another result."""


@dataclass(frozen=True)
class Book:
    """What holds for a whole workbook."""

    members: Mapping[str, str]
    """Where each sheet lies in the archive, by its name; names of members in lower case."""
    days_from_1904: bool = False
    computed_on_opening: bool = False
    """Whether its formulas are to be worked out when it is opened: whoever wrote it may not have done so."""
    struck: frozenset[str] = frozenset()
    """The styles of cells that are struck through, as cells name them."""
    struck_texts: frozenset[str] = frozenset()
    """The texts of which a part is struck through, as cells name them."""
    coloured: Mapping[str, int] = field(default_factory=dict)
    """The styles of cells that are filled with a colour, as cells name them, and which colour it is."""


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
        self._places = _Places()
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
        _refuse_odd_values(self._tail + chunk)
        self._tail = chunk[-_LONGEST_CELL:]
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
        elif local == "strike" and attributes.get("val", "1") in _TRUE:
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


class _Places:
    """Where cells stand: of two in one place the library reads one, and nobody would miss the other.

    Rows, and cells of a row, may come in any order, but a cell stands in the row that it names.
    """

    def __init__(self) -> None:
        self._sheets = 0
        self._named: int | None = None
        self._row: int | None = None
        self._last_row = self._last_column = 0
        self._rows = array("L")
        self._seen: set[int] | None = None
        """All rows, once one did not come after all before it."""
        self._of_row: set[int] = set()

    def begin_sheet(self) -> None:
        self._sheets += 1
        if self._sheets > 1:
            raise MisreadCellsError

    def begin_row(self, named: int | None) -> None:
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


def _refuse_odd_values(content: bytes) -> None:
    """Raise `MisreadCellsError` where a number is written with more than plain text: of `1&#48;` the library reads 1."""
    for found in _ODD_VALUE.finditer(content):
        at = found.start()
        befores = (content[max(0, at - width) : at] for width in (_SHORT_CELL, _LONGEST_CELL))
        cells = next(filter(None, map(_CELL.findall, befores)), None)
        if found[1] != b"&" or not (cells and _TEXT_CELL.search(cells[-1])):
            raise MisreadCellsError


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or a column is not shown: called so, or of no size."""
    return attributes.get("hidden") in _TRUE or attributes.get(size) in _NO_SIZE


def struck_styles(styles: bytes) -> frozenset[str]:
    """Which of the styles of a workbook strike through what stands in a cell, as cells name them."""
    section, fonts, found = "", 0, set()
    struck: set[int] = set()
    cells = 0
    for name, given in _elements(styles):
        if name in _SECTIONS:
            section = name
        elif section == "fonts" and name == "font":
            fonts += 1
        elif section == "fonts" and name == "strike" and given.get("val", "1") in _TRUE:
            struck.add(fonts - 1)
        elif section == "cellXfs" and name == "xf":
            if int(given.get("fontId", -1)) in struck:
                found.add(str(cells))
            cells += 1
    return frozenset(found)


def coloured_styles(styles: bytes) -> dict[str, int]:
    """Which of the styles of a workbook fill a cell with a colour, as cells name them, and which one: a number above 0."""
    section, fills, cells = "", -1, 0
    solid: set[int] = set()
    colours: dict[tuple[tuple[str, str], ...], int] = {}
    by_fill: dict[int, int] = {}
    found: dict[str, int] = {}
    for name, given in _elements(styles):
        if name in _SECTIONS:
            section = name
        elif section == "fills" and name == "fill":
            fills += 1
        elif section == "fills" and name == "patternFill" and given.get("patternType") == "solid":
            solid.add(fills)
        elif section == "fills" and name == "fgColor" and fills in solid and not _is_white(given):
            by_fill[fills] = colours.setdefault(tuple(sorted(given.items())), len(colours) + 1)
        elif section == "cellXfs" and name == "xf":
            if colour := by_fill.get(int(given.get("fillId", -1))):
                found[str(cells)] = colour
            cells += 1
    return found


def _is_white(given: Mapping[str, str]) -> bool:
    """Whether a colour is that of paper."""
    return given.get("rgb", "").upper().endswith("FFFFFF") or (given.get("theme") == "0" and "tint" not in given)


def struck_texts(shared: bytes) -> frozenset[str]:
    """Which of the texts of a workbook, as cells name them, have a part that is struck through."""
    texts, found = 0, set()
    for name, given in _elements(shared):
        if name == "si":
            texts += 1
        elif name == "strike" and given.get("val", "1") in _TRUE:
            found.add(str(texts - 1))
    return frozenset(found)


def book_of(workbook: bytes, relations: bytes, program: bytes, folder: str) -> Book:
    """What the parts of a workbook say; `folder` is where it lies in the archive, `program` docProps/app.xml."""
    targets = {each["Id"]: each["Target"] for _, each in _elements(relations) if {"Id", "Target"} <= each.keys()}
    members: dict[str, str] = {}
    days_from_1904 = computed = False
    for name, given in _elements(workbook):
        if name == "sheet":
            related = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            target = posixpath.join("/", folder, targets.get(related, ""))
            members[given.get("name", "")] = posixpath.normpath(target).lstrip("/").lower()
        elif name == "workbookPr":
            days_from_1904 = given.get("date1904", "").lower() in _TRUE
        elif name == "calcPr":
            computed = given.get("fullCalcOnLoad", "").lower() in _TRUE
    return Book(members, days_from_1904, computed or b"<Application>Apache POI" in program)


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Each element's name, without a prefix, and its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = new_parser()
    parser.StartElementHandler = lambda name, given: found.append((name.rpartition(":")[2], given))
    if content:
        parser.Parse(content, True)
    return found


def new_parser() -> expat.XMLParserType:
    """A parser that refuses document types (`UnsafeXmlError`)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def refuse_long_tag(parser: expat.XMLParserType, fed: int) -> None:
    """Raise `ValueError` where a tag does not end: with each chunk the parser looks at all of it again."""
    if fed - parser.CurrentByteIndex > _LONGEST_TAG:
        raise ValueError("a tag that does not end")


def _refuse_doctype(*_about: object) -> None:
    raise UnsafeXmlError


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
