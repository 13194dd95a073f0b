"""What a spreadsheet archive (.xlsx, .ods) would unpack to, found out before a library unpacks it.

Here: its size, how far the cells of its sheets spread, and one look at each of its parts. Not here: what the XML of a
sheet says (`scan`, `ods`), values (`workbook`).
The library keeps a sheet as one full rectangle: a file of 5 kB with cells in A1 and XFD1048576 would take 550 GB, and
ends the process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final
from xml.parsers import expat

from pipelines.adapters.sheets.book import Book, book_of, coloured_styles, struck_styles, struck_texts
from pipelines.adapters.sheets.ods import OdsSheet, OdsSpread
from pipelines.adapters.sheets.places import MisreadCellsError
from pipelines.adapters.sheets.scan import SheetScan
from pipelines.adapters.sheets.xml import UnsafeXmlError
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.unpack import refuse_large_directory
from transforms.reasons import Reason

_MB: Final = 1 << 20
#: Filled cells take about 20 bytes each, unpacked; a rectangle may hold twice as many, the rest of them empty.
_CELLS_PER_MB: Final = 100_000
_MOST_RATIO: Final = 300
_RATIO_MATTERS_FROM: Final = 20 * _MB
_ANY_SIZE: Final = 1 << 60
#: The list of sheets of a workbook is no longer.
_LONGEST_PART: Final = 4 * _MB

_XLSX_SHEET: Final = re.compile(r"xl/worksheets/[^/]*\.xml")
_ODS_SHEETS: Final = "content.xml"
_WORKBOOK: Final = re.compile(r"(?:.*/)?workbook[^/]*\.xml")
_PROGRAM: Final = "docprops/app.xml"
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Examined:
    """What was found in an archive: its workbook and its sheets, by the members that hold them. Empty for .ods."""

    book: Book = field(default_factory=lambda: Book({}))
    scans: Mapping[str, SheetScan] = field(default_factory=dict)
    """By names of members, in lower case."""
    shown: Mapping[str, OdsSheet] = field(default_factory=dict)
    """By names of sheets what an .ods workbook says of their rows."""

    def scan_of(self, sheet: str) -> SheetScan | None:
        """What was seen of a sheet, if it was looked at."""
        return self.scans.get(self.book.members.get(sheet, ""))


def examined(path: Path, limits: Limits) -> Examined:
    """Look at all of an archive before it is opened.

    Raises `FileRefusedError` (file_too_large, file_unreadable, file_unsafe) where it would not fit into memory, or is
    none.
    """
    status = path.stat()
    return _examined(path, limits, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@lru_cache(maxsize=1)
def _examined(path: Path, limits: Limits, packed: int, *_state: int) -> Examined:
    refuse_large_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            found = _all_of(_Opened(path, archive, limits), packed)
            is_ods = _ODS_SHEETS in archive.namelist()
    except UnsafeXmlError as error:
        raise FileRefusedError(
            Reason.FILE_UNSAFE,
            f"{path.name} brings a document type (<!DOCTYPE ...>), with which XML can unpack to any size. "
            "Spreadsheets have none: save it again.",
        ) from error
    except MisreadCellsError as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} has cells that would be misread: two in one place, two values in one, or a number that is "
            "not written as plain text. Open it in a spreadsheet program, save it, and put it here again.",
        ) from error
    except _DAMAGE as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} is damaged or incomplete: it is no whole spreadsheet. Export it again.",
        ) from error
    if not found.scans and not is_ods:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} is no .xlsx, .xls or .ods spreadsheet. Save it as .xlsx; if it is an archive "
            "of other files, give it a name that ends in .zip.",
        )
    return found


def _all_of(opened: _Opened, packed: int) -> Examined:
    members = opened.archive.infolist()
    if len({member.filename.lower() for member in members}) < len(members):
        raise zipfile.BadZipFile("two parts of one name: which of them is meant?")
    unpacked = sum(member.file_size for member in members)
    if unpacked > max(_RATIO_MATTERS_FROM, _MOST_RATIO * packed):
        raise _too_large(
            opened.path, f"it would unpack to {unpacked // _MB:,} MB, {_MOST_RATIO} times its size and more"
        )
    book = _book(opened.archive)
    sheets = frozenset(book.members.values())
    scans: dict[str, SheetScan] = {}
    shown: Mapping[str, OdsSheet] = {}
    left = opened.limits.max_sheet_mb * _MB
    for member in members:
        spread = _spread(member.filename, sheets, book)
        left -= opened.read(member, spread, left)
        if isinstance(spread, SheetScan):
            scans[member.filename.lower()] = spread
        elif spread is not None:
            shown = spread.sheets
    return Examined(book, scans, shown)


def _too_large(path: Path, why: str) -> FileRefusedError:
    return FileRefusedError(
        Reason.FILE_TOO_LARGE, f"{path.name} is too large for a spreadsheet: {why}. Export it as CSV."
    )


def _book(archive: zipfile.ZipFile) -> Book:
    """The list of sheets, if there is one."""
    names = {name.lower(): name for name in archive.namelist()}
    for name in sorted(filter(_WORKBOOK.fullmatch, names), key=lambda each: (each != "xl/workbook.xml", each)):
        folder = PurePosixPath(name).parent
        relations = f"{folder / '_rels' / PurePosixPath(name).name}.rels"
        if relations in names:
            workbook, targets, program = (_part(archive, names.get(part)) for part in (name, relations, _PROGRAM))
            found = book_of(workbook, targets, program, str(folder))
            styles, texts = (names.get(f"{folder}/{part}.xml") for part in ("styles", "sharedstrings"))
            struck = _struck(archive, styles, struck_styles), _struck(archive, texts, struck_texts)
            coloured = _coloured(archive, styles)
            return replace(found, struck=struck[0], struck_texts=struck[1], coloured=coloured)
    return Book({})


def _struck(archive: zipfile.ZipFile, name: str | None, found_in: Callable[[bytes], frozenset[str]]) -> frozenset[str]:
    """The styles, or the texts, that strike through; in a part of endless ones none are looked for."""
    if name is None or archive.getinfo(name).file_size > _LONGEST_PART:
        return frozenset()
    part = _part(archive, name)
    return found_in(part) if b"strike" in part else frozenset()


def _coloured(archive: zipfile.ZipFile, name: str | None) -> dict[str, int]:
    """The styles that fill with a colour; in a part of endless ones none are looked for."""
    if name is None or archive.getinfo(name).file_size > _LONGEST_PART:
        return {}
    part = _part(archive, name)
    return coloured_styles(part) if b"solid" in part else {}


def _part(archive: zipfile.ZipFile, name: str | None) -> bytes:
    if name is None:
        return b""
    with archive.open(name) as content:
        found = content.read(_LONGEST_PART + 1)
    if len(found) > _LONGEST_PART:
        raise ValueError("a part that is too long")
    return found


@dataclass(frozen=True)
class _Opened:
    """An archive whose members are read to their ends."""

    path: Path
    archive: zipfile.ZipFile
    limits: Limits

    def read(self, member: zipfile.ZipInfo, spread: SheetScan | OdsSpread | None, most: int) -> int:
        """Look at one member; refuse it above `most` bytes, or where a sheet holds too many cells. Its size."""
        member.file_size = _ANY_SIZE  # what the archive says of itself may be wrong: read on to the end
        size = 0
        with self.archive.open(member) as content:
            while chunk := content.read(_MB):
                size += len(chunk)
                if size > most:
                    raise _too_large(self.path, "unpacked it is above limits.max_sheet_mb of nps.yaml")
                if spread is not None:
                    spread.feed(chunk)
                    self._refuse_wide(spread)
        if isinstance(spread, SheetScan):
            spread.close()
        return size

    def _refuse_wide(self, spread: SheetScan | OdsSpread) -> None:
        if spread.cells > self.limits.max_sheet_mb * _CELLS_PER_MB:
            raise _too_large(
                self.path,
                f"a sheet reaches over {spread.rows:,} rows and {spread.columns:,} columns, most are empty. "
                "Delete what stands far away from the data (Ctrl+End finds it)",
            )


def _spread(name: str, sheets: frozenset[str], book: Book) -> SheetScan | OdsSpread | None:
    if _XLSX_SHEET.fullmatch(name) or name.lower() in sheets:
        return SheetScan(book)
    return OdsSpread() if name == _ODS_SHEETS else None
