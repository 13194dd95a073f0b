"""A spreadsheet file opened, and which of its sheets are meant.

Here: choosing sheets by name, position or pattern, their cells as text. Not here: the process in which that is done
(`adapters.apart`), what an archive would unpack to (`archive`), rows and headings (`excel`).
Whole numbers come as `9`, dates as `2024-01-02 03:04:05`, truth values as `true`, formulas as what they last gave, errors
as they are called (`#N/A`; in .xls and .ods as blank), formulas whose results were never saved as blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from pipelines.adapters.apart import BrokenError, apart
from pipelines.adapters.sheets.archive import Examined, examined
from pipelines.adapters.sheets.marks import Marks, marks_of, marks_of_ods, with_known_errors
from pipelines.adapters.table import column
from pipelines.adapters.text.dialect import FIRST_ROWS
from pipelines.config.files import MatchingSheets
from pipelines.config.patterns import found_in
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_ARCHIVE: Final = b"PK\x03\x04"
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0"
#: In the directory of an .xlsx file that Excel has encrypted: it is packed like an old spreadsheet.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MB: Final = 1 << 20
#: Of larger files the sheets that are not meant are not looked at.
_LOOKED_THROUGH: Final = 20 * _MB


@dataclass(frozen=True)
class Sheet:
    """A sheet in which something stands: `cells` has the columns `c0`, `c1`, ... of text, blank ones NULL."""

    name: str
    position: int
    """In the workbook, from 1."""
    is_visible: bool
    cells: pl.DataFrame
    marks: Marks | None = None
    """What is special about its cells; None where that was not looked at."""
    days_from_1904: bool = False
    is_meant: bool = True
    """Else only its first rows are here, so that it can be told that it is left out."""


def open_workbook(path: Path, wanted: int | str | MatchingSheets | None, limits: Limits) -> list[Sheet]:
    """The sheets that are meant, all if none is, and the beginnings of the others; hidden ones come last.

    Those in which nothing stands are left out.

    Raises `FileRefusedError` (file_unreadable, file_too_large, file_layout, file_empty).
    """
    _refuse_others(path, limits)
    try:
        sheets = apart(path.stat().st_size, 0, _sheets, path, wanted, limits)
    except BrokenError as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} is damaged or incomplete: it cannot be read as a spreadsheet. Export it again.",
        ) from error
    filled = [sheet for sheet in sheets if first_filled(sheet.cells) is not None]
    if not any(sheet.is_meant for sheet in filled):
        meant = [f"sheet '{sheet.name}'" for sheet in sheets if sheet.is_meant]
        where = "No sheet" if wanted is None else " or ".join(meant)
        raise FileRefusedError(Reason.FILE_EMPTY, f"Nothing stands in {path.name}: {where} holds anything.")
    return sorted(filled, key=lambda sheet: not sheet.is_visible)


def _sheets(path: Path, wanted: int | str | MatchingSheets | None, limits: Limits) -> list[Sheet]:
    seen = examined(path, limits) if _begins_with(path, _ARCHIVE) else Examined()
    workbook = fastexcel.read_excel(with_known_errors(path.read_bytes(), seen))
    meant = _meant(workbook.sheet_names, wanted, path)
    found = [_sheet(workbook, position, seen) for position in meant]
    if path.stat().st_size > _LOOKED_THROUGH:
        return found
    others = [position for position in range(1, len(workbook.sheet_names) + 1) if position not in meant]
    return [*found, *(_beginning(workbook, position) for position in others)]


def first_filled(cells: pl.DataFrame) -> int | None:
    """The first row in which anything stands, counted from 0."""
    if not cells.width or not cells.height:
        return None
    filled = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    return filled.arg_max() if filled.any() else None


def _meant(names: list[str], wanted: int | str | MatchingSheets | None, path: Path) -> list[int]:
    """The positions of the sheets, from 1."""
    if not names:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{path.name} is damaged or incomplete: it says of no sheet. Export it again."
        )
    if isinstance(wanted, int):
        found = [wanted] if wanted <= len(names) else []
        meant = f"{wanted} sheets (a sheet that is called {wanted} is sheet: '{wanted}', in quotes)"
    elif isinstance(wanted, MatchingSheets):
        found = [i for i, fits in enumerate(found_in(wanted.matches, names), 1) if fits]
        meant = f"sheet that matches /{wanted.matches}/"
    else:
        found = [i for i, name in enumerate(names, 1) if wanted in (None, name)]
        meant = f"sheet '{wanted}'"
    if not found:
        there = ", ".join(f"'{sheet}'" for sheet in names)
        raise FileRefusedError(Reason.FILE_LAYOUT, f"{path.name} has no {meant}. Its sheets are: {there}.")
    return found


def _beginning(workbook: fastexcel.ExcelReader, position: int) -> Sheet:
    """The first rows of a sheet that is not meant; nothing of one that cannot be read."""
    name = workbook.sheet_names[position - 1]
    try:
        sheet = workbook.load_sheet(position - 1, header_row=None, skip_rows=0, n_rows=FIRST_ROWS, dtypes="string")
    except fastexcel.FastExcelError:
        return Sheet(name, position, is_visible=False, cells=pl.DataFrame(), is_meant=False)
    return Sheet(name, position, sheet.visible == "visible", _cells(sheet), is_meant=False)


def _cells(sheet: fastexcel.ExcelSheet) -> pl.DataFrame:
    frame = sheet.to_polars()
    frame = frame.rename({name: column(i) for i, name in enumerate(frame.columns)})
    # White space counts as blank.
    return frame.select(pl.when(pl.all().str.strip_chars().str.len_bytes() > 0).then(pl.all()))


def _sheet(workbook: fastexcel.ExcelReader, position: int, seen: Examined) -> Sheet:
    sheet = workbook.load_sheet(position - 1, header_row=None, skip_rows=0, dtypes="string")
    cells = _cells(sheet)
    visible = sheet.visible == "visible"
    scan = seen.scan_of(sheet.name)
    if scan is None:
        shown = seen.shown.get(sheet.name)
        return Sheet(sheet.name, position, visible, cells, None if shown is None else marks_of_ods(shown))
    cells, marks = marks_of(scan, cells, computed_on_opening=seen.book.computed_on_opening)
    return Sheet(sheet.name, position, visible, cells, marks, seen.book.days_from_1904)


def _refuse_others(path: Path, limits: Limits) -> None:
    """Refuse what is no spreadsheet, or can be seen to be too large without opening it."""
    if path.stat().st_size > limits.max_sheet_mb * _MB:
        raise FileRefusedError(
            Reason.FILE_TOO_LARGE, f"{path.name} is larger than limits.max_sheet_mb of nps.yaml. Export it as CSV."
        )
    if not _begins_with(path, _ARCHIVE) and not _begins_with(path, _OLD_FORMAT):
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} is no spreadsheet, whatever its name says. If it is text, declare kind: csv for it.",
        )
    if _begins_with(path, _OLD_FORMAT) and _ENCRYPTED in path.read_bytes():
        raise FileRefusedError(Reason.FILE_UNREADABLE, f"{path.name} needs a password. Save it without one.")


def _begins_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark
