"""Spreadsheets (.xlsx, .xls, .ods), as a table of text.

Here: which sheet, its rows as text. Not here: whether an archive may be unpacked at all (`archive`), what the columns
mean (`columns`). Whole numbers come as `9`, dates as `2024-01-02 03:04:05`, truth values as `true`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from pipelines.adapters.archive import refuse_bombs
from pipelines.adapters.headings import plain_table
from pipelines.adapters.table import Grid, Heading, LandedFile, TextTable, column, without_blank_rows
from pipelines.config.models import Layout, Limits
from pipelines.errors import FileRefusedError

SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})

_FIRST_ROWS: Final = 25
_ARCHIVE: Final = b"PK\x03\x04"
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0"
_MB: Final = 1 << 20
_TRY: Final = """
import sys, fastexcel
book = fastexcel.read_excel(open(sys.argv[1], "rb").read())
for name in book.sheet_names:
    book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
"""


@dataclass(frozen=True)
class SheetGrid:
    """One sheet with something in it: all of it as text, from its first row on."""

    name: str
    cells: pl.DataFrame
    first_row_number: int

    @property
    def first_rows(self) -> list[list[str]]:
        """The first rows, from the first one that holds anything; all as wide as the sheet."""
        rows = self.cells.slice(self.first_row_number - 1, _FIRST_ROWS).rows()
        return [[cell or "" for cell in row] for row in rows]

    def table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """Everything below the headings; no row of a sheet can be malformed."""
        names = [column(i) for i in range(len(headings))]
        rows = (
            self.cells.lazy()
            .select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row"), *names)
            .filter(pl.col("source_row") >= self.first_row_number + header_rows)
            .select("source_row", pl.lit(value=False).alias("malformed"), *names)
        )
        read_as = f"sheet '{self.name}'"
        return TextTable(headings, without_blank_rows(rows, len(names)), len(names), "utf-8", read_as)


def open_sheet(
    file: LandedFile, layout: Layout, limits: Limits, holds_data: Callable[[Grid], bool] | None = None
) -> SheetGrid:
    """Open the sheet that the layout names, else the first that `holds_data`, else the first in which anything stands.

    Hidden sheets come last. Raises `FileRefusedError` (file_unreadable, file_too_large, file_layout, file_empty).
    """
    _refuse_what_cannot_be_opened(file.path, limits)
    try:
        workbook = fastexcel.read_excel(file.path.read_bytes())
        if layout.sheet is not None:
            return _named_sheet(workbook, layout.sheet, file.path)
        sheets = [
            workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string") for name in workbook.sheet_names
        ]
        ordered = sorted(sheets, key=lambda sheet: sheet.visible != "visible")
        grids = [grid for sheet in ordered if (grid := _grid(sheet))]
    except fastexcel.FastExcelError as error:
        raise _damaged(file.path) from error
    if not grids:
        raise FileRefusedError("file_empty", f"No sheet of {file.path.name} holds anything.")
    return next((grid for grid in grids if holds_data and holds_data(grid)), grids[0])


def read_excel(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:  # noqa: ARG001 - every kind is read with the same arguments
    """Read a spreadsheet (kind excel): every row as text."""
    return plain_table(open_sheet(file, layout, limits), layout)


def _refuse_what_cannot_be_opened(path: Path, limits: Limits) -> None:
    if path.stat().st_size > limits.max_sheet_mb * _MB:
        raise FileRefusedError(
            "file_too_large", f"{path.name} is larger than limits.max_sheet_mb of nps.yaml. Export it as CSV."
        )
    with path.open("rb") as file:
        head = file.read(4)
    if head == _ARCHIVE:
        refuse_bombs(path, limits)
    elif head == _OLD_FORMAT:
        _refuse_damaged_old_format(path)
    else:
        raise FileRefusedError(
            "file_unreadable",
            f"{path.name} is no spreadsheet, whatever its name says. If it is text, declare kind: csv for it.",
        )


def _refuse_damaged_old_format(path: Path) -> None:
    """Try a .xls file in a process of its own first: a damaged one makes the library panic, and print a trace."""
    tried = subprocess.run([sys.executable, "-c", _TRY, str(path)], capture_output=True, check=False)  # noqa: S603 - our own program and one argument
    if tried.returncode != 0:
        raise _damaged(path)


def _damaged(path: Path) -> FileRefusedError:
    return FileRefusedError(
        "file_unreadable", f"{path.name} is damaged or incomplete: it cannot be read as a spreadsheet. Export it again."
    )


def _named_sheet(workbook: fastexcel.ExcelReader, name: str, path: Path) -> SheetGrid:
    if name not in workbook.sheet_names:
        there = ", ".join(f"'{sheet}'" for sheet in workbook.sheet_names)
        raise FileRefusedError("file_layout", f"{path.name} has no sheet '{name}'. Its sheets are: {there}.")
    grid = _grid(workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string"))
    if grid is None:
        raise FileRefusedError("file_empty", f"Sheet '{name}' of {path.name} is empty.")
    return grid


def _grid(sheet: fastexcel.ExcelSheet) -> SheetGrid | None:
    """The sheet as text, white space counting as blank; None where nothing stands in it."""
    frame = sheet.to_polars()
    frame = frame.rename({name: column(i) for i, name in enumerate(frame.columns)})
    frame = frame.select(pl.when(pl.all().str.strip_chars().str.len_bytes() > 0).then(pl.all()))
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null()).arg_max()).item() if frame.width else None
    if filled is None or frame.row(filled) == (None,) * frame.width:
        return None
    return SheetGrid(sheet.name, frame, filled + 1)
