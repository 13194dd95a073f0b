"""Every reader of files, by the name that nps.yaml or a preset gives it.

To add one: a module with it, a line in `_READERS`, its name in `config.layouts.Reader`, and a file in
`pipelines/kinds`. A kind of files that an existing reader can read needs no code: only that file. Here, too: which reader
it is where files of a kind come in several formats. Not here: reading any.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.json.airbyte import holds_raw_records, of_records
from pipelines.adapters.json.records import read_json, read_json_lines
from pipelines.adapters.json.text import looks_like_json
from pipelines.adapters.parquet.parquet import read_parquet
from pipelines.adapters.qualtrics.export import read_qualtrics
from pipelines.adapters.sheets.excel import SUFFIXES, read_excel
from pipelines.adapters.surveymonkey.export import read_surveymonkey
from pipelines.adapters.table import TextTable
from pipelines.adapters.text.delimited import read_delimited
from pipelines.config.layouts import Layout, Reader
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from pipelines.landing.unpack import unpacked
from transforms.reasons import Reason


def _read_table(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read a table (kind table): a spreadsheet where its name says so, text otherwise."""
    read = read_excel if file.suffix in SUFFIXES else read_delimited
    return read(file, layout, limits, scratch)


def _read_delighted(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read answers of Delighted (kind delighted): one row per answer, from JSON or a table, as the file begins."""
    if file.suffix not in SUFFIXES and looks_like_json(to_utf8(file.path, layout.encoding, scratch)[0]):
        return read_json(file, layout, limits, scratch)
    return _read_table(file, layout, limits, scratch)


_READERS: Final[dict[Reader, Callable[[LandedFile, Layout, Limits, Path], TextTable]]] = {
    "csv": read_delimited,
    "excel": read_excel,
    "surveymonkey": read_surveymonkey,
    "qualtrics": read_qualtrics,
    "table": _read_table,
    "json": read_json,
    "jsonl": read_json_lines,
    "parquet": read_parquet,
    "delighted": _read_delighted,
}

#: What this machine lacks is no fault of a file.
_NOT_THE_FILE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS})


def read(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read a landed file as its layout declares it.

    Text is not collected, spreadsheets are; copies go to `scratch`, which the caller removes. Raises `FileRefusedError`
    for everything that can be wrong with a file, with a sentence for people.
    """
    try:
        table = _READERS[layout.reader](unpacked(file, limits, scratch), layout, limits, scratch)
        return of_records(table, file.name, scratch) if holds_raw_records(table) else table
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.relative} cannot be read: {_first_line(error)}."
        ) from error
    except OSError as error:
        if error.errno in _NOT_THE_FILE:
            raise
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.relative} cannot be opened: {error.strerror}."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
