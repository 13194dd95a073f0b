"""What every adapter gives: the text of a file's rows, with where each came from, and its headings.

Here: the words that adapters share. Not here: how any kind of file is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Heading:
    """The heading of one column: the question or field, and the option or sub-question below it, if any."""

    text: str
    option: str = ""


@dataclass(frozen=True)
class LandedFile:
    """A file of landing that may be read: checked to be regular, inside the workspace and of bearable size."""

    path: Path
    relative: str
    """Inside the workspace, with forward slashes."""
    size_bytes: int
    modified_ns: int
    digest: str


@dataclass(frozen=True)
class TextTable:
    """A file as text: `rows` has `source_row` (Int64), `malformed` (Boolean) and `c0`, `c1`, ... (String).

    `source_row` is the row's number as a spreadsheet counts it: the first row of headings is row 1. Blank cells are NULL
    or empty. `headings[i]` belongs to `c{i}`; it is empty where the file has no headings.
    """

    headings: list[Heading]
    rows: pl.LazyFrame
    width: int
    encoding: str = "utf-8"
