"""What the XML of an .ods workbook says of its sheets: how far their cells spread, rows that are hidden or struck through.

Here: one look at it, bounded. Not here: the archive around it (`archive`), the same of .xlsx (`scan`), values (`workbook`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pipelines.adapters.sheets.xml import new_parser, refuse_long_tag

#: More equal rows are not remembered one by one.
_MOST_REPEATED: Final = 10_000


@dataclass
class OdsSheet:
    """Rows of a sheet of an .ods workbook, counted from 1."""

    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    """With a cell that is struck through; a row may stand here several times."""


@dataclass
class OdsSpread:
    """How far the cells of each sheet spread, where rows and cells may be said to repeat, and all sheets are in one file."""

    sheets: dict[str, OdsSheet] = field(default_factory=dict)
    _sheet: OdsSheet = field(default_factory=OdsSheet)
    _struck: set[str] = field(default_factory=set)
    _style: str = ""
    _is_hidden: bool = False
    _repeated: int = 1
    _is_struck: bool = False

    rows: int = 0
    columns: int = 0
    cells: int = 0
    _row: int = 0
    _column: int = 0
    _filled: int = 0
    _fed: int = 0
    _parser: expat.XMLParserType = field(default_factory=new_parser)

    def __post_init__(self) -> None:
        """Nothing was seen yet."""
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> None:
        """Look at more of the file."""
        self._parser.Parse(chunk)
        self._fed += len(chunk)
        refuse_long_tag(self._parser, self._fed)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.rows = self.columns = self._row = 0
            self._sheet = self.sheets.setdefault(attributes.get("table:name", ""), OdsSheet())
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:text-properties":
            if attributes.get("style:text-line-through-style", "none") != "none":
                self._struck.add(self._style)
        elif name == "table:table-row":
            self._repeated = int(attributes.get("table:number-rows-repeated", "1"))
            self._row += self._repeated
            self._column = self._filled = 0
            self._is_struck = False
            self._is_hidden = attributes.get("table:visibility", "visible") != "visible"
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if "office:value-type" in attributes:
                self._filled = self._column
                self._is_struck |= attributes.get("table:style-name") in self._struck
        elif name == "text:p":
            self._filled = self._column
        elif name == "text:span":
            self._is_struck |= attributes.get("text:style-name") in self._struck

    def _end(self, name: str) -> None:
        if name == "table:table-row" and self._filled:
            self.rows, self.columns = self._row, max(self.columns, self._filled)
            self.cells = max(self.cells, self.rows * self.columns)
            rows = range(self._row - min(self._repeated, _MOST_REPEATED) + 1, self._row + 1)
            self._sheet.hidden += rows if self._is_hidden else ()
            self._sheet.struck += rows if self._is_struck else ()
