"""Rows that are no whole rows: the pieces of one that a line feed broke, and one whose quote swallowed others.

Here: telling them from rows that merely leave out what is blank at their end, by what the whole rows of the same file
hold (`whole_rows`). Not here: reading rows (`delimited`, `records`). Nothing is mended: where a piece belongs would be
a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipelines.adapters.encodings.lines import line_numbers
from pipelines.adapters.table import column, rows_where
from pipelines.adapters.text.whole_rows import Held, held_by, is_bare, misfit

_SHOWN: Final = 5
#: Where more rows than this have blank cells beyond the headings, they are how the file is written.
MANY_LONGER: Final = 1_000


@dataclass
class Found:
    """Rows that are no whole rows, by their numbers, and what to say of them."""

    pieces: list[int] = field(default_factory=list)
    is_end: bool = False
    """Whether no whole row follows the pieces."""
    swallowing: dict[int, int] = field(default_factory=dict)
    """Rows whose quote runs on, and the last line's row that stands in each."""
    bare: list[int] = field(default_factory=list)
    """Short rows of which nothing tells whether they are whole: they end before any column of numbers or dates."""

    cut: list[int] = field(default_factory=list)
    """Short rows of a file whose other rows keep their blank cells at the end."""

    shifted: list[int] = field(default_factory=list)
    """Rows with blank cells beyond the headings of which others are out of place."""

    @property
    def malformed(self) -> list[int]:
        """The numbers of rows that cannot be trusted."""
        return sorted({*self.pieces, *self.shifted, *self.swallowing})

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for people."""
        said = []
        if self.pieces:
            what = "probably pieces of rows that a line feed within a text broke"
            if self.is_end:
                what = "what was written below the table that ends there, or pieces of a row that a line feed broke"
            said.append(
                f"{_rows(self.pieces)} fewer cells than headings, and not what their columns hold: {what}. They are "
                "rejected as row_malformed; if they hold an answer, export the file again with quotes around texts."
            )
        if self.swallowing:
            spans = ", ".join(f"{first:,} to {last:,}" for first, last in sorted(self.swallowing.items())[:_SHOWN])
            more = len(self.swallowing) - _SHOWN
            said.append(
                f"A quote opens in one row and closes rows later, so that whole rows stand in one cell: rows {spans}"
                f"{f' and {more:,} more such places' if more > 0 else ''}. What it holds together is rejected as one "
                "row_malformed: close the quote in the file, or export it again."
            )
        if self.shifted:
            said.append(
                f"{_rows(self.shifted)} more cells than headings, and not what the columns hold: probably one too many "
                "stands in it. Such rows are rejected as row_malformed."
            )
        if self.bare:
            said.append(
                f"{_rows(self.bare)} fewer cells than headings and end before any number or date: kept as they stand. If "
                "they are pieces of texts with line feeds, export the file with quotes around texts."
            )
        if self.cut:
            said.append(
                f"{_rows(self.cut)} fewer cells than headings, while other rows keep their blank ones: something may be "
                "lost there. Kept as they stand; look at them once."
            )
        return tuple(said)


def _rows(numbers: Sequence[int]) -> str:
    named = line_numbers(sorted(numbers)[:_SHOWN], len(numbers)).replace("line", "row", 1)
    return f"{named[0].upper()}{named[1:]} {'have' if len(numbers) > 1 else 'has'}"


def has_pieces(rows: pl.LazyFrame, width: int) -> bool:
    """Whether a row without its last cells holds something else than its columns; blank cells may be missing ones."""
    held, whole = held_by(rows, width)
    return rows_where(_short(rows, whole), misfit(held)).head(1).collect().height > 0


def pieces(rows: pl.LazyFrame, width: int) -> Found:
    """Find the rows that are pieces of others; what is missing at the end of a row is NULL, what is blank is not."""
    held, whole = held_by(rows, width, also_end=True)
    at = rows.with_row_index("at")
    wrong = rows_where(_short(at, whole), misfit(held)).collect()
    found = Found(pieces=wrong.get_column("source_row").to_list())
    before = _short(at, whole).filter(pl.col("at").is_in([each - 1 for each in wrong.get_column("at")])).collect()
    found.pieces += _first_pieces(before, wrong, whole, width)
    known = {*found.pieces}
    bare = rows_where(_short(rows, whole), is_bare(held)).select("source_row", column(0)).collect()
    for number, first in bare.iter_rows():
        if number not in known:
            foreign = held[0].few and (first or "").strip() not in held[0].few
            (found.pieces if foreign else found.bare).append(number)
    known |= {*found.bare, *found.pieces}
    found.is_end = bool(found.pieces) and not _is_followed(rows, min(found.pieces), known)
    if _keeps_blanks(rows, width):
        short = _short(rows, width).select("source_row").collect().get_column("source_row")
        found.cut += [number for number in short if number not in known]
    return found


def shifted(rows: pl.LazyFrame, width: int, longer: Sequence[int]) -> list[int]:
    """Those of the rows with blank cells beyond the headings that do not hold what their columns do.

    Where rows are longer by habit, that says nothing of any of them.
    """
    if not 0 < len(longer) <= MANY_LONGER:
        return []
    held, _ = held_by(rows.filter(~pl.col("source_row").is_in(longer)), width, also_end=True)
    wrong = rows.filter(pl.col("source_row").is_in(longer), ~pl.col("malformed"))
    return rows_where(wrong, misfit(held)).select("source_row").collect().to_series().to_list()


def _keeps_blanks(rows: pl.LazyFrame, width: int) -> bool:
    """Whether a row's last cell is blank, and there all the same."""
    kept = (pl.col(column(width - 1)).str.len_bytes() == 0) & ~pl.col("malformed")
    return rows.filter(kept).head(1).collect().height > 0


def _short(rows: pl.LazyFrame, whole: int) -> pl.LazyFrame:
    return rows.filter(pl.col(column(whole - 1)).is_null() & ~pl.col("malformed"))


def _is_followed(rows: pl.LazyFrame, first: int, known: set[int]) -> bool:
    """Whether rows that are not known stand somewhere behind the first that is."""
    behind = rows.filter(pl.col("source_row") >= first).select(pl.len()).collect().item()
    return bool(behind > sum(number >= first for number in known))


def _first_pieces(before: pl.DataFrame, wrong: pl.DataFrame, whole: int, width: int) -> list[int]:
    """The short rows from which pieces with cells were broken off: together they are not longer than a row."""
    cells = [column(i) for i in range(width)]
    lengths = {at: width - row.count(None) for at, *row in wrong.select("at", *cells).iter_rows()}
    found = []
    known = set(lengths)
    for at, number, *row in before.select("at", "source_row", *cells).iter_rows():
        if at in known:
            continue
        together, next_at = width - row.count(None), at + 1
        lost = 0
        while next_at in lengths and together + lengths[next_at] - 1 <= whole:
            together += lengths[next_at] - 1
            lost += lengths[next_at] - 1
            next_at += 1
        if lost:
            found.append(number)
    return found


def swallowing(rows: pl.LazyFrame, width: int, delimiter: str) -> dict[int, int]:
    """Find the rows in one cell of which others stand, and where those end, as rows are counted."""
    held, whole = held_by(rows, width)
    if not any(each.is_telling for each in held):
        return {}
    cells = [column(i) for i in range(width)]
    inner = rf"\n[^\n]*{re.escape(delimiter)}"
    several = rows_where(rows.filter(~pl.col("malformed")), pl.any_horizontal(pl.col(cells).str.contains(inner)))
    found: dict[int, int] = {}
    for batch in several.select("source_row", *cells).collect_batches():
        for number, *row in batch.iter_rows():
            if lines := max((_rows_within(cell, at, held, whole, delimiter) for at, cell in enumerate(row)), default=0):
                found[number] = number + lines
    return found


def _rows_within(cell: str | None, at: int, held: Sequence[Held], whole: int, delimiter: str) -> int:
    """How many lines of a cell go on after its first, if they are the rest of its row, whole rows and the start of one."""
    lines = (cell or "").removesuffix("\n").split("\n")
    if len(lines) == 1:
        return 0
    first, *inner, last = [line.rstrip("\r").split(delimiter) for line in lines]
    if len(first) < whole - at or len(last) < at + 1 or any(len(each) < whole for each in inner):
        return 0
    # A line may be longer than a row: a text in it holds the delimiter, for the quote that runs on opened there or is lost.
    blank = [""] * whole
    apart = [[*blank[:at], "", *first[1 : whole - at]], *(each[:whole] for each in inner), [*last[:at], *blank[at:]]]
    parts = pl.DataFrame(apart, {column(i): pl.String for i in range(whole)}, orient="row")
    telling, wrong = parts.select(telling=~is_bare(held), wrong=misfit(held)).sum().row(0)
    return len(lines) - 1 if telling and not wrong else 0
