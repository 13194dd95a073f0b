"""What every adapter gives: the text of a file's rows, with where each came from, and its headings.

Here: the words that adapters share. Not here: how any kind of file is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Protocol, TypeVar

import polars as pl

#: So many of the first rows tell most of what a file is like; all of them are asked where these leave it open.
BEGINNING: Final = 20_000

Looked = TypeVar("Looked")


@dataclass(frozen=True)
class Heading:
    """The heading of one column: the question or field, and the option or sub-question below it, if any."""

    text: str
    option: str = ""
    other_names: tuple[str, ...] = ()
    """What else nps.yaml may call it: the spelling of another export, a second row of headings."""

    @property
    def label(self) -> str:
        """The whole heading in one line."""
        return f"{self.text} - {self.option}" if self.option else self.text

    @property
    def names(self) -> list[str]:
        """Everything the column is called."""
        return [name for name in (self.text, self.option, *self.other_names) if name]


@dataclass(frozen=True)
class TextTable:
    """A file as text: `rows` has `source_row` (Int64), `malformed` (Boolean) and `c0`, `c1`, ... (String).

    `source_row` is the row's number as a spreadsheet counts it: where nothing stands above them, the first row of
    headings is row 1. Blank cells are NULL or empty, blank rows are left out. `headings[i]` belongs to `c{i}`; it is
    empty where the file has no headings.
    """

    headings: list[Heading]
    rows: pl.LazyFrame
    width: int
    encoding: str = "utf-8"
    read_as: str = ""
    """How the file was read, for messages: `windows-1251 text, separated by ;`."""
    careful: Callable[[], TextTable] | None = None
    """Reads the same file slowly, for files with broken rows: call it where collecting `rows` raises
    `polars.exceptions.ComputeError`, and start again with the table that it gives. None where `rows` cannot raise."""
    notes: tuple[str, ...] = ()
    """Sentences for people about a file that can be read, but is not quite as it should be. They hold no cell's text."""
    timezone: str | None = None
    """The zone that the file itself states for its clocks; nps.yaml overrides it."""
    stamps: tuple[str, ...] = ()
    """How the reader writes what the file holds as dates, not as text: strftime formats, tried after those declared."""
    may_hold_errors: bool = True
    """Whether a cell may be what a spreadsheet shows in place of a result: `#REF!`. False where none is."""
    days_from_1904: bool = False
    """Whether the file counts days from 1904, as spreadsheets of old Macs do."""
    unsaved: Mapping[int, int] = field(default_factory=dict)
    """By column, in how many rows a formula stands whose result was never saved; those cells are blank."""
    covered: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """By column, the `source_row`s whose text is that of merged cells which begin above."""

    @cached_property
    def beginning(self) -> pl.DataFrame:
        """The first `BEGINNING` rows: many look at them, and those of a big file are parsed once."""
        return self.rows.head(BEGINNING).collect()

    def saying(self, *, notes: tuple[str, ...] = (), timezone: str | None = None) -> TextTable:
        """The same table, and the same if it is read carefully, with what the file says of itself."""
        again = self.careful
        return replace(
            self,
            notes=(*self.notes, *notes),
            timezone=timezone or self.timezone,
            careful=None if again is None else lambda: again().saying(notes=notes, timezone=timezone),
        )


def carefully(table: TextTable, look: Callable[[TextTable], Looked]) -> Looked:
    """What a look at a table finds, read slowly where its rows cannot be read quickly."""
    try:
        return look(table)
    except pl.exceptions.ComputeError:
        if table.careful is None:
            raise
        return look(table.careful())


class Grid(Protocol):
    """A file opened as rows of text, before anybody decides which of its rows are headings."""

    @property
    def first_rows(self) -> list[list[str]]:
        """A few dozen rows, from the first one that holds anything; at least one."""

    def below(self, rows: int) -> Grid:
        """The same without so many of the first rows; raises `FileRefusedError` (file_empty) where nothing is left."""

    def table(self, headings: list[Heading], header_rows: int) -> TextTable:
        """Everything below the headings; rows with more cells than `headings` are malformed, shorter ones padded."""


def column(position: int) -> str:
    """Name the column of `TextTable.rows` at a position counted from 0."""
    return f"c{position}"


def without_blank_rows(rows: pl.LazyFrame, width: int) -> pl.LazyFrame:
    """Leave out the rows in which nothing stands.

    It also makes polars parse every column of a file, without which it would not see that a row is broken.
    """
    return rows_where(rows, pl.any_horizontal(pl.col(column(i)).str.len_bytes() > 0 for i in range(width)))


def rows_where(rows: pl.LazyFrame, wanted: pl.Expr) -> pl.LazyFrame:
    """The rows for which a condition over many columns holds."""
    # A column of its own: of a condition over thousands of columns the optimiser would think for minutes.
    return rows.with_columns(_wanted=wanted).filter("_wanted").drop("_wanted")


def widest(rows: Iterable[list[str]]) -> int:
    """Count the cells that most rows have; the largest such count where several are equal."""
    counts = Counter(len(row) for row in rows if any(row))
    return max(counts, key=lambda width: (counts[width], width), default=0)
