"""Delimited text of any delimiter and encoding, as a table of text.

Here: opening it, the fast way to read it and the careful one. Not here: which delimiter (`dialect`), where records end
in damaged files (`records`), what the columns mean (`adapters.columns`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import dropwhile, islice
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.encodings.notes import notes_on_text
from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.headings import answers_above, plain_table
from pipelines.adapters.spool import Row, scanned, spooled
from pipelines.adapters.table import Heading, TextTable, column, without_blank_rows
from pipelines.adapters.text.dialect import FIRST_ROWS, Dialect, detect_dialect, refuse_other_formats
from pipelines.adapters.text.pieces import MANY_LONGER, Found, has_pieces, pieces, shifted, swallowing
from pipelines.adapters.text.records import file_records
from pipelines.adapters.text.soundness import Seen, seen_by_counts, seen_by_records
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.reasons import Reason

#: Files up to this size are checked record by record beforehand; larger ones are read with care only if polars objects.
CHECKED_UP_TO: Final = 32 << 20


@dataclass(frozen=True)
class DelimitedGrid:
    """A delimited file in UTF-8, ready to be read."""

    path: Path
    encoding: str
    dialect: Dialect
    first_rows: list[list[str]]
    scratch: Path
    notes: tuple[str, ...] = ()

    def below(self, rows: int) -> DelimitedGrid:
        """The same without so many of the first rows, and without blank ones after them."""
        before = self.dialect.lines_before
        found = list(islice(file_records(self.path, self.dialect.delimiter, skip=before), rows + FIRST_ROWS))
        kept = list(dropwhile(lambda record: record.blank, found[rows:]))
        if not kept:
            raise FileRefusedError(
                Reason.FILE_EMPTY, f"Nothing stands below the first {rows} rows of {self.path.name}."
            )
        above = found[: len(found) - len(kept)]
        dialect = replace(
            self.dialect,
            lines_before=before + sum(record.lines for record in above),
            first_row_number=self.dialect.first_row_number + len(above),
        )
        return replace(self, dialect=dialect, first_rows=[record.cells for record in kept])

    def table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """Everything below the headings: by polars where every record is sound, by hand where one is not."""
        careful = partial(self._careful_table, headings, header_rows)
        seen = self._seen(len(headings))
        if len(self.first_rows[0]) != len(headings) or not seen.is_sound:
            return careful()
        cells = [column(i) for i in range(len(headings))]
        rows = pl.scan_csv(
            self.path,
            has_header=False,
            separator=self.dialect.delimiter,
            skip_lines=self.dialect.lines_before,
            infer_schema=False,
            schema=dict.fromkeys(cells, pl.String()),
            row_index_name="source_row",
            row_index_offset=self.dialect.first_row_number,
            glob=False,
        )
        if not _begins(rows):
            return careful()
        below = rows.filter(pl.col("source_row") >= self.dialect.first_row_number + header_rows)
        numbered = below.select(pl.col("source_row").cast(pl.Int64), pl.lit(value=False).alias("malformed"), *cells)
        kept = without_blank_rows(numbered, len(cells))
        if not (seen.may_be_short or seen.may_be_swallowed):
            table = self._as_table(headings, kept, Found(), careful)
            return replace(table, may_hold_errors=seen.may_hold_errors)
        try:
            if seen.may_be_short and has_pieces(kept, len(cells)):
                return careful()
            found = Found(swallowing=self._swallowing(kept, len(cells)) if seen.may_be_swallowed else {})
        except pl.exceptions.ComputeError:
            return careful()
        return self._as_table(headings, kept, found, careful)

    def _careful_table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """The same table from a sound copy of the file, in which the broken records are marked."""
        width = len(headings)
        longer: list[int] = []
        rows = scanned(spooled(self._marked_rows(width, header_rows, longer), self.scratch), width)
        found = replace(
            pieces(rows, width), swallowing=self._swallowing(rows, width), shifted=shifted(rows, width, longer)
        )
        return self._as_table(headings, rows, found)

    def _marked_rows(self, width: int, header_rows: int, longer: list[int]) -> Iterator[Row]:
        """The records with their numbers; those of the first that have more cells than headings go to `longer` too."""
        first = self.dialect.first_row_number
        found = file_records(self.path, self.dialect.delimiter, width, skip=self.dialect.lines_before)
        for number, record in enumerate(found, first):
            if number >= first + header_rows and not record.blank:
                if len(record.cells) > width and len(longer) <= MANY_LONGER:
                    longer.append(number)
                yield number, record.broken or any(record.cells[width:]), record.cells[:width]

    def _swallowing(self, rows: pl.LazyFrame, width: int) -> dict[int, int]:
        return swallowing(rows, width, self.dialect.delimiter)

    def _as_table(
        self, headings: list[Heading], rows: pl.LazyFrame, found: Found, careful: partial[TextTable] | None = None
    ) -> TextTable:
        if found.malformed:
            rows = rows.with_columns(pl.col("malformed") | pl.col("source_row").is_in(found.malformed))
        read_as = f"{self.encoding} text, {self.dialect.description}"
        notes = (*self.notes, *found.notes)
        return TextTable(headings, rows, len(headings), self.encoding, read_as, careful, notes)

    def _seen(self, width: int) -> Seen:
        """What a file's records are like: for certain, or as far as counts of a big file tell.

        polars raises on nearly all damage, but at the end of a file it overlooks a quote that is not closed; and it parts
        cells at a single byte alone.
        """
        if not self.dialect.delimiter.isascii():
            return Seen(is_sound=False)
        if self.path.stat().st_size > CHECKED_UP_TO:
            return seen_by_counts(self.path, self.dialect.delimiter, width)
        return seen_by_records(self.path, self.dialect.delimiter, width, self.dialect.lines_before)


def open_delimited(file: LandedFile, layout: Layout, scratch: Path) -> DelimitedGrid:
    """Open a delimited file as its layout declares it, detecting what that leaves open.

    Raises `FileRefusedError` (file_encoding, file_unreadable, file_empty).
    """
    refuse_other_formats(file.path)
    path, encoding = to_utf8(file.path, layout.encoding, scratch)
    dialect, first_rows = detect_dialect(path, layout.delimiter, file.name)
    declared = layout.encoding
    notes = notes_on_text(file.path, declared, encoding, path)
    grid = DelimitedGrid(path, encoding, dialect, first_rows, scratch, notes)
    above = (layout.skip_rows or 0) - (dialect.first_row_number - 1)
    if above <= 0:
        return grid
    kept = grid.below(above)
    return replace(kept, notes=(*notes, *answers_above(first_rows, above, kept.first_rows[0], layout)))


def read_delimited(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:  # noqa: ARG001 - every kind is read with the same arguments
    """Read a delimited file (kind csv): every row as text."""
    return plain_table(open_delimited(file, layout, scratch), layout)


def _begins(rows: pl.LazyFrame) -> bool:
    """Whether polars sees the first record as it was found here; where it does not, it fails before any row."""
    try:
        return rows.head(1).collect().height == 1
    except pl.exceptions.PolarsError:
        return False
