"""Rows of text on their way to polars, through a file in scratch: what is read row by row is never held as a whole.

Here: writing such rows and scanning them. Not here: where they come from.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.table import column

Row = tuple[int, bool, Sequence[str]]
"""Its number in the file, whether it is malformed, its cells; cells that are missing at the end are blank."""

_FIXED: Final = {"source_row": pl.Int64(), "malformed": pl.Boolean()}


def spooled(rows: Iterable[Row], scratch: Path) -> Path:
    """Write rows to a file of their own in `scratch`, which the caller removes; `scanned` reads it."""
    scratch.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="rows-", suffix=".csv", dir=scratch)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([number, "true" if malformed else "false", *cells] for number, malformed, cells in rows)
    return Path(name)


def scanned(path: Path, width: int) -> pl.LazyFrame:
    """Read what `spooled` wrote, as `TextTable.rows` wants it; no row may have more than `width` cells."""
    types = {**_FIXED, **{column(i): pl.String() for i in range(width)}}
    return pl.scan_csv(path, has_header=False, schema=types, glob=False, raise_if_empty=False, missing_columns="insert")
