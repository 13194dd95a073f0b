"""What a spreadsheet archive (.xlsx, .ods) would unpack to, found out before a library unpacks it.

Here: its size, and how far the cells of its sheets spread. Not here: their values (`excel`).
The library keeps a sheet as one full rectangle: a file of 5 kB with cells in A1 and XFD1048576 would take 550 GB, and
ends the process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_MB: Final = 1 << 20
#: Filled cells take about 20 bytes each, unpacked; a rectangle may hold twice as many, the rest of them empty.
_CELLS_PER_MB: Final = 100_000
_MOST_RATIO: Final = 300
_RATIO_MATTERS_FROM: Final = 20 * _MB
_ANY_SIZE: Final = 1 << 60

_XLSX_SHEET: Final = re.compile(r"xl/worksheets/[^/]*\.xml")
_ODS_SHEETS: Final = "content.xml"
#: A cell that holds something: its column's letters and its row.
_XLSX_CELL: Final = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^/>])?>""")
_LONGEST_TAG: Final = 512


def refuse_bombs(path: Path, limits: Limits) -> None:
    """Raise `FileRefusedError` (file_too_large, file_unreadable) for an archive that would not fit into memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > max(_RATIO_MATTERS_FROM, _MOST_RATIO * path.stat().st_size):
                raise _too_large(
                    path, f"it would unpack to {unpacked // _MB:,} MB, {_MOST_RATIO} times its size and more"
                )
            left = limits.max_sheet_mb * _MB
            for member in members:
                left -= _check(path, archive, member, left, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, NotImplementedError, RuntimeError) as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} is damaged or incomplete: it is no whole spreadsheet. Export it again.",
        ) from error
    if not any(_XLSX_SHEET.fullmatch(member.filename) or member.filename == _ODS_SHEETS for member in members):
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{path.name} is no .xlsx, .xls or .ods spreadsheet. Save it as .xlsx."
        )


def _too_large(path: Path, why: str) -> FileRefusedError:
    return FileRefusedError(
        Reason.FILE_TOO_LARGE, f"{path.name} is too large for a spreadsheet: {why}. Export it as CSV."
    )


def _check(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, limits: Limits) -> int:
    """Read one member; refuse it above `most` bytes, or where a sheet's rectangle holds too many cells. Its size."""
    spread = _spread(member.filename)
    member.file_size = _ANY_SIZE  # what the archive says of itself may be wrong: read on to the end
    size = 0
    with archive.open(member) as content:
        while chunk := content.read(_MB):
            size += len(chunk)
            if size > most:
                raise _too_large(path, "unpacked it is above limits.max_sheet_mb of nps.yaml")
            if spread is not None:
                spread.feed(chunk)
                if spread.cells > limits.max_sheet_mb * _CELLS_PER_MB:
                    raise _too_large(
                        path,
                        f"a sheet reaches over {spread.rows:,} rows and {spread.columns:,} columns, most are empty. "
                        "Delete what stands far away from the data (Ctrl+End finds it)",
                    )
    return size


def _spread(name: str) -> _XlsxSpread | _OdsSpread | None:
    if _XLSX_SHEET.fullmatch(name):
        return _XlsxSpread()
    return _OdsSpread() if name == _ODS_SHEETS else None


@dataclass
class _XlsxSpread:
    """How far the filled cells of one sheet of an .xlsx file reach."""

    rows: int = 0
    columns: int = 0
    _tail: bytes = b""

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def feed(self, chunk: bytes) -> None:
        found = set(_XLSX_CELL.findall(self._tail + chunk))
        self._tail = chunk[-_LONGEST_TAG:]
        if found:
            self.columns = max(self.columns, *(_number(letters) for letters in {letters for letters, _ in found}))
            self.rows = max(self.rows, *(int(row) for row in {row for _, row in found}))


def _number(letters: bytes) -> int:
    """A=1, Z=26, AA=27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


@dataclass
class _OdsSpread:
    """The same for .ods, where rows and cells may be said to repeat, and all sheets are in one file."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    _row: int = 0
    _column: int = 0
    _filled: int = 0
    _parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.rows = self.columns = self._row = 0
        elif name == "table:table-row":
            self._row += int(attributes.get("table:number-rows-repeated", "1"))
            self._column = self._filled = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if "office:value-type" in attributes:
                self._filled = self._column
        elif name == "text:p":
            self._filled = self._column

    def _end(self, name: str) -> None:
        if name == "table:table-row" and self._filled:
            self.rows, self.columns = self._row, max(self.columns, self._filled)
            self.cells = max(self.cells, self.rows * self.columns)
