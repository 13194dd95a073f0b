"""Every kind of file that nps.yaml may name, and what reads it.

To add a kind: a module with a reader, a line in `_READERS` and in `VERSIONS`, and the name in `config.models.Kind`.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.crm import read_crm
from pipelines.adapters.delimited import read_delimited
from pipelines.adapters.excel import read_excel
from pipelines.adapters.surveymonkey import read_surveymonkey
from pipelines.adapters.table import LandedFile, TextTable
from pipelines.config.models import Kind, Layout, Limits
from pipelines.errors import FileRefusedError

_READERS: Final[dict[Kind, Callable[[LandedFile, Layout, Limits, Path], TextTable]]] = {
    "csv": read_delimited,
    "excel": read_excel,
    "surveymonkey": read_surveymonkey,
    "crm": read_crm,
}

#: Raise a kind's version when its reader gives other rows for the same file: its files are then ingested anew.
VERSIONS: Final[dict[Kind, int]] = {"csv": 1, "excel": 1, "surveymonkey": 1, "crm": 1}

#: What this machine lacks is no fault of a file.
_NOT_THE_FILE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS})


def read(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read a landed file as its layout declares it.

    Text is not collected, spreadsheets are; copies go to `scratch`, which the caller removes. Raises `FileRefusedError`
    for everything that can be wrong with a file, with a sentence for people.
    """
    try:
        return _READERS[layout.kind](file, layout, limits, scratch)
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        raise FileRefusedError("file_unreadable", f"{file.relative} cannot be read: {_first_line(error)}.") from error
    except OSError as error:
        if error.errno in _NOT_THE_FILE:
            raise
        raise FileRefusedError("file_unreadable", f"{file.relative} cannot be opened: {error.strerror}.") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
