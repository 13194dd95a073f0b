"""Parquet files, as a table of text.

Here: opening them, and refusing what is none. Not here: what a value looks like as text (`as_text`).
`source_row` is the number of the row in the file, counted from 1: such files have no row of headings.
"""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.apart import BrokenError, apart
from pipelines.adapters.encodings.cells import notes_on_cells
from pipelines.adapters.parquet.as_text import rewrite
from pipelines.adapters.table import Heading, TextTable, column, without_blank_rows
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.reasons import Reason

_MARK: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"
_TOO_LARGE: Final = os.strerror(errno.EFBIG)
_FULL: Final = os.strerror(errno.ENOSPC)


def read_parquet(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:  # noqa: ARG001 - every kind is read with the same arguments
    """Read a Parquet file (kind parquet): every row as text, through a sound copy in `scratch`.

    Raises `FileRefusedError` (file_unreadable, file_too_large, file_empty).
    """
    _refuse_others(file)
    copy, names = _rewritten(file, limits, scratch)
    cells = [column(i) for i in range(len(names))]
    rows = pl.scan_parquet(copy, glob=False)
    if not names or rows.head(1).collect().is_empty():
        raise FileRefusedError(Reason.FILE_EMPTY, f"{file.name} holds no rows.")
    marked = rows.select("source_row", pl.lit(value=False).alias("malformed"), *cells)
    headings, notes = [Heading(name) for name in names], notes_on_cells(rows, cells, copy)
    return TextTable(headings, without_blank_rows(marked, len(names)), len(names), "utf-8", "Parquet", notes=notes)


def _refuse_others(file: LandedFile) -> None:
    with file.path.open("rb") as content:
        head = content.read(len(_MARK))
        content.seek(max(0, file.path.stat().st_size - len(_MARK)))
        tail = content.read()
    if _ENCRYPTED in (head, tail):
        raise FileRefusedError(Reason.FILE_UNREADABLE, f"{file.name} is encrypted. Export it without encryption.")
    if head != _MARK:
        raise FileRefusedError(Reason.FILE_UNREADABLE, f"{file.name} is no Parquet file, whatever its name says.")
    if tail != _MARK:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.name} is cut off: it has no Parquet footer. Export it again."
        )


def _rewritten(file: LandedFile, limits: Limits, scratch: Path) -> tuple[Path, list[str]]:
    scratch.mkdir(parents=True, exist_ok=True)
    copy = Path(tempfile.mkdtemp(prefix="parquet-", dir=scratch)) / "text.parquet"
    try:
        names = apart(file.size_bytes, limits.max_file_mb, rewrite, file.path, copy)
    except InterruptedError:
        raise
    except (BrokenError, OSError) as error:
        if _FULL in str(error):
            raise OSError(errno.ENOSPC, _FULL, str(copy)) from error
        if _TOO_LARGE in str(error):
            raise FileRefusedError(
                Reason.FILE_TOO_LARGE, f"{file.name} unpacks to more than limits.max_file_mb of nps.yaml allows."
            ) from error
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.name} is damaged: it cannot be read as a Parquet file. Export it again."
        ) from error
    return copy, names
