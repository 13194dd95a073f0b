"""Delimited text of any delimiter and encoding, as a table of text.

Here: opening it, the fast way to read it and the careful one. Not here: which delimiter (`dialect`), where records end in
damaged files (`records`), what the columns mean (`columns`).
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.dialect import Dialect, detect_dialect, refuse_other_formats
from pipelines.adapters.encoding import to_utf8
from pipelines.adapters.headings import plain_headings, rows_of_headings
from pipelines.adapters.records import Record, file_records
from pipelines.adapters.table import Heading, LandedFile, TextTable, column, without_blank_rows
from pipelines.config.models import Layout, Limits

#: Files up to this size are checked record by record before anything else; larger ones only if reading them fails.
CHECKED_UP_TO: Final = 32 << 20

_FIRST_ROWS: Final = 25
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class DelimitedGrid:
    """A delimited file, ready to be read."""

    path: Path
    encoding: str
    dialect: Dialect
    first_rows: list[list[str]]
    first_row_number: int
    scratch: Path

    def table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """Everything below the headings: by polars where every record is sound, by hand where one is not."""
        careful = _Careful(self, headings, header_rows)
        if len(self.first_rows[0]) != len(headings) or not self._is_sound(len(headings)):
            return careful()
        schema = {column(i): pl.String() for i in range(len(headings))}
        rows = pl.scan_csv(
            self.path,
            has_header=False,
            separator=self.dialect.delimiter,
            skip_lines=self.dialect.lines_before,
            infer_schema=False,
            schema=schema,
            row_index_name="source_row",
            row_index_offset=self.first_row_number,
            glob=False,
        )
        below = rows.filter(pl.col("source_row") >= self.first_row_number + header_rows)
        numbered = below.select(pl.col("source_row").cast(pl.Int64), pl.lit(False).alias("malformed"), *schema)
        return self._as_table(headings, without_blank_rows(numbered, len(headings)), careful)

    def records(self, width: int) -> Iterator[tuple[int, Record]]:
        """Every record with its number, headings and blank ones too."""
        found = file_records(self.path, self.dialect.delimiter, width, skip=self.dialect.lines_before)
        return enumerate(found, self.first_row_number)

    def _as_table(self, headings: list[Heading], rows: pl.LazyFrame, careful: _Careful | None) -> TextTable:
        return TextTable(
            headings, rows, len(headings), self.encoding, f"{self.encoding} text, {self.dialect.description}", careful
        )

    def _is_sound(self, width: int) -> bool:
        """Whether no record of the file is broken or too long: for certain, or as far as the quotes of a big file tell."""
        if self.path.stat().st_size > CHECKED_UP_TO:
            return _quotes(self.path) % 2 == 0
        with self.path.open(encoding="utf-8-sig", newline="\n") as lines:
            reader = csv.reader(islice(lines, self.dialect.lines_before, None), self.dialect.csv, strict=True)
            try:
                return all(len(cells) <= width for cells in reader)
            except csv.Error:
                return False


@dataclass(frozen=True)
class _Careful:
    """Reads a file record by record into a sound copy of it, in which broken records are marked."""

    grid: DelimitedGrid
    headings: list[Heading]
    header_rows: int

    def __call__(self) -> TextTable:
        width = len(self.headings)
        names = ["source_row", "malformed", *(column(i) for i in range(width))]
        handle, name = tempfile.mkstemp(prefix="rows-", suffix=".csv", dir=self.grid.scratch)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(self._rows(width))
        schema = dict.fromkeys(names, pl.String()) | {"source_row": pl.Int64(), "malformed": pl.Boolean()}
        rows = pl.scan_csv(name, schema=schema, glob=False)
        return self.grid._as_table(self.headings, rows, None)

    def _rows(self, width: int) -> Iterator[list[object]]:
        padding = [""] * width
        for number, record in self.grid.records(width):
            if number < self.grid.first_row_number + self.header_rows or record.blank:
                continue
            malformed = record.broken or any(record.cells[width:])
            yield [number, str(malformed).lower(), *record.cells[:width], *padding[len(record.cells) :]]
