"""Spreadsheets (.xlsx, .xls, .ods), as a table of text.

Here: rows of one sheet, or of several with the same headings. Not here: opening the file and finding its sheets
(`workbook`), what the columns mean (`adapters.columns`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.encodings.cells import notes_on_cells
from pipelines.adapters.headings import answers_above, labels, plain_table, same_name
from pipelines.adapters.sheets.marks import UNCHECKED, UNCHECKED_ODS, filled, notes_on
from pipelines.adapters.sheets.workbook import Sheet, first_filled, open_workbook
from pipelines.adapters.table import Grid, Heading, TextTable, column
from pipelines.adapters.text.dialect import FIRST_ROWS
from pipelines.config.files import MatchingSheets
from pipelines.config.follow_up import Tickets
from pipelines.config.layouts import Layout
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.settings import Limits
from pipelines.config.sources import Dimension, Source
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.dates.instants import ISO_FORMATS
from transforms.reasons import Reason

SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})

#: What nps.yaml calls the name of the sheet in which a row stands, where no heading is called so.
SHEET: Final = "_sheet"
#: What the note on sheets says that look like those that are read, and are none of them.
NOT_MEANT: Final = "Sheets with the same columns were left out, since sheet in nps.yaml does not mean them:"
_UNCHECKED: Final = (UNCHECKED, UNCHECKED_ODS)
#: More than the rows of any sheet.
_ROWS_OF_A_SHEET: Final = 10_000_000


@dataclass(frozen=True)
class SheetGrid:
    """One sheet with something in it: all of it as text, from its first row on."""

    sheet: Sheet
    first_row_number: int
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.sheet.name

    @property
    def first_rows(self) -> list[list[str]]:
        """The first rows, from the first one that holds anything; all as wide as the sheet."""
        rows = self.sheet.cells.slice(self.first_row_number - 1, FIRST_ROWS).rows()
        return [[cell or "" for cell in row] for row in rows]

    def below(self, rows: int) -> SheetGrid:
        """The same without so many of the first rows, and without blank ones after them."""
        above = self.first_row_number - 1 + rows
        first = first_filled(self.sheet.cells.slice(above))
        if first is None:
            raise FileRefusedError(
                Reason.FILE_EMPTY, f"Nothing stands below the first {above} rows of sheet '{self.name}'."
            )
        return replace(self, first_row_number=above + first + 1)

    def table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """Everything below the headings, merged cells filled; no row of a sheet can be malformed."""
        names = [column(i) for i in range(len(headings))]
        first = self.first_row_number - 1 + header_rows
        cells, marks = self.sheet.cells, self.sheet.marks
        own = cells.select(pl.any_horizontal(pl.all().str.len_bytes() > 0)).to_series()
        at = [row for row in own.arg_true().to_list() if row >= first]
        whole, covered = (cells, {}) if marks is None else filled(cells, marks, first)
        held = frozenset(cells.columns)  # asked for once: a cell that strayed makes thousands of columns
        there = [name if name in held else pl.lit(None, pl.String).alias(name) for name in names]
        number = pl.Series("source_row", at, pl.Int64) + 1
        rows = whole[at].lazy().select(number, pl.lit(value=False).alias("malformed"), *there)
        notes = (UNCHECKED,) if marks is None else tuple(notes_on(marks, at, _named(headings)))
        damage = notes_on_cells(rows, names)
        table = _as_table(headings, rows, f"sheet '{self.name}'", (*self.notes, *notes, *damage))
        below = frozenset(at)
        unsaved = {} if marks is None else marks.unsaved
        return replace(
            table,
            days_from_1904=self.sheet.days_from_1904,
            unsaved={i: count for i, rows in unsaved.items() if (count := sum(row in below for row in rows))},
            covered={i: [row + 1 for row in rows if row in below] for i, rows in covered.items()},
        )


@dataclass(frozen=True)
class SheetsGrid:
    """Several sheets with the same headings, one below the other.

    Their rows are numbered by sheet: `source_row` 30000017 is row 17 of the workbook's third sheet.
    """

    grids: list[SheetGrid]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The sheets' names."""
        return ", ".join(grid.name for grid in self.grids)

    @property
    def first_rows(self) -> list[list[str]]:
        """Those of the first of them, as wide as the widest."""
        width = max(grid.sheet.cells.width for grid in self.grids)
        return [row + [""] * (width - len(row)) for row in self.grids[0].first_rows]

    def below(self, rows: int) -> SheetsGrid:
        """The same without so many of the first rows of each."""
        return replace(self, grids=[grid.below(rows) for grid in self.grids])

    def table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """Everything below the headings of each; raises `FileRefusedError` (file_layout) where they are not the same."""
        first, *others = self.grids
        for other in others:
            _refuse_other_headings(first, other, header_rows)
        tables = [grid.table(headings, header_rows) for grid in self.grids]
        places = [grid.sheet.position * _ROWS_OF_A_SHEET for grid in self.grids]
        rows = [
            table.rows.with_columns(pl.col("source_row") + place) for table, place in zip(tables, places, strict=True)
        ]
        unsaved: Counter[int] = Counter()
        covered: dict[int, list[int]] = {}
        for table, place in zip(tables, places, strict=True):
            unsaved.update(table.unsaved)
            for at, found in table.covered.items():
                covered.setdefault(at, []).extend(row + place for row in found)
        notes = (f"Sheet '{grid.name}': {note}" for grid, table in zip(self.grids, tables, strict=True)
                 for note in table.notes if note not in _UNCHECKED)  # fmt: skip
        unchecked = tuple(dict.fromkeys(note for table in tables for note in table.notes if note in _UNCHECKED))
        whole = _as_table(headings, pl.concat(rows), f"sheets {self.name}", (*self.notes, *notes, *unchecked))
        return replace(whole, days_from_1904=tables[0].days_from_1904, unsaved=unsaved, covered=covered)


def open_sheet(
    file: LandedFile, layout: Layout, limits: Limits, holds_data: Callable[[Grid], bool] | None = None
) -> SheetGrid | SheetsGrid:
    """Open the sheets that the layout names, else the first that `holds_data`, else the first in which anything stands.

    Hidden sheets come last, and no pattern means them.
    Raises `FileRefusedError` (file_unreadable, file_too_large, file_layout, file_empty).
    """
    sheets = open_workbook(file.path, layout.sheet, limits)
    found = [_grid(sheet, layout) for sheet in sheets if sheet.is_meant]
    if layout.sheet is None:
        return _first_with_data(found, holds_data)
    others = [SheetGrid(sheet, 1) for sheet in sheets if not sheet.is_meant and sheet.is_visible]
    alike = ", ".join(f"'{grid.name}'" for grid in others if holds_data and holds_data(grid))
    notes = (f"{NOT_MEANT} {alike}. If their rows should count, say so there; else all is well.",) if alike else ()
    if not isinstance(layout.sheet, MatchingSheets):
        return replace(found[0], notes=(*found[0].notes, *notes))
    grids = [grid for grid in found if grid.sheet.is_visible] or found
    hidden = tuple(
        f"Sheet '{grid.name}' is hidden and was left out; sheet: '{grid.name}' in nps.yaml would read it."
        for grid in found[len(grids) :]
    )
    return (
        SheetsGrid(grids, hidden + notes)
        if len(grids) > 1
        else replace(grids[0], notes=(*grids[0].notes, *hidden, *notes))
    )


def read_excel(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:  # noqa: ARG001 - every kind is read with the same arguments
    """Read a spreadsheet (kind excel): every row of the first sheet that has the columns of nps.yaml, as text."""
    wanted = _headings_of(layout)
    grid = open_sheet(file, layout, limits, partial(_has_columns, wanted - {same_name(SHEET)}))
    table = plain_table(grid, layout)
    return _with_sheets(table, grid) if same_name(SHEET) in wanted else table


def _with_sheets(table: TextTable, grid: SheetGrid | SheetsGrid) -> TextTable:
    """The table with a column of the names of its sheets behind the others."""
    if any(same_name(heading.text) == same_name(SHEET) for heading in table.headings):
        return table
    if isinstance(grid, SheetGrid):
        name = pl.lit(grid.name)
    else:
        names = {each.sheet.position: each.name for each in grid.grids}
        name = (pl.col("source_row") // _ROWS_OF_A_SHEET).replace_strict(names, return_dtype=pl.String)
    rows = table.rows.with_columns(name.alias(column(table.width)))
    return replace(table, headings=[*table.headings, Heading(SHEET)], rows=rows, width=table.width + 1)


def _grid(sheet: Sheet, layout: Layout) -> SheetGrid:
    first = SheetGrid(sheet, (first_filled(sheet.cells) or 0) + 1)
    above = (layout.skip_rows or 0) - (first.first_row_number - 1)
    if above <= 0:
        return first
    kept = first.below(above)
    return replace(kept, notes=answers_above(first.first_rows, above, kept.first_rows[0], layout))


def _first_with_data(grids: list[SheetGrid], holds_data: Callable[[Grid], bool] | None) -> SheetGrid:
    chosen, *others = [grid for grid in grids if holds_data and holds_data(grid)] or grids[:1]
    alike = ", ".join(f"'{grid.name}'" for grid in others)
    note = (
        f"Only sheet '{chosen.name}' was read, though these have the same columns: {alike}. "
        "To read several, declare sheet: {matches: ...} in nps.yaml, to read one, its name."
    )
    return replace(chosen, notes=(*chosen.notes, note)) if alike else chosen


def _headings_of(layout: Layout) -> frozenset[str]:
    """The headings that nps.yaml names as texts."""
    columns = (
        layout.columns.values() if isinstance(layout, Source | Dimension | Tickets | Activity | ClientList) else ()
    )
    return frozenset(same_name(wanted) for wanted in columns if isinstance(wanted, str))


def _has_columns(wanted: frozenset[str], grid: Grid) -> bool:
    return bool(wanted) and any(wanted <= {same_name(cell) for cell in row} for row in grid.first_rows)


def _refuse_other_headings(first: SheetGrid, other: SheetGrid, header_rows: int) -> None:
    for ours, theirs in zip(first.first_rows[:header_rows], other.first_rows[:header_rows], strict=False):
        for number, (here, there) in enumerate(zip_longest(ours, theirs, fillvalue=""), 1):
            if same_name(here) != same_name(there):
                raise FileRefusedError(
                    Reason.FILE_LAYOUT,
                    f"Sheets '{first.name}' and '{other.name}' cannot be read as one table: column {number} "
                    f"is called '{here}' in one and '{there}' in the other. Make them the same, or declare a source "
                    "for each.",
                )


def _named(headings: list[Heading]) -> list[str]:
    """What columns are called in notes: by their positions where what stands above them may be answers."""
    told = labels(TextTable(headings, pl.LazyFrame(), len(headings)))
    return [f"'{text}'" if text else f"column {i}" for i, text in enumerate(told or [""] * len(headings), 1)]


def _as_table(headings: list[Heading], rows: pl.LazyFrame, read_as: str, notes: tuple[str, ...]) -> TextTable:
    return TextTable(headings, rows, len(headings), "utf-8", read_as, notes=notes, stamps=ISO_FORMATS)
