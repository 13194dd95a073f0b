"""What loads and their pieces are called: a load of a file, one that several files share, a piece of one month.

Here: names, and what they tell. Not here: what is in the pieces (`warehouse.lake.parquet`), which load counts
(`warehouse.lake.ledgers`).
"""

from __future__ import annotations

import uuid
from typing import Final

import polars as pl

#: Stands in place of a file's digest in the path of a piece that the loads of several files share.
SEVERAL: Final = "several"
_SHARED: Final = f"file_digest={SEVERAL}/"
#: Stands between such a load and the number of a file of it.
OF_FILE: Final = "#"


def new_load_id() -> str:
    """A name for a load that nobody else has."""
    return uuid.uuid4().hex


def load_of_file(load_id: str, file_no: int) -> str:
    """The load of one of the files that share the pieces of a load; in the pieces, rows tell its `file_no`."""
    return f"{load_id}{OF_FILE}{file_no}"


def shared_load(load_id: str) -> str:
    """The load as folders name it: that of a file, or the one which it shares with others."""
    return load_id.partition(OF_FILE)[0]


def whole_load() -> pl.Expr:
    """The same of `load_id`."""
    return pl.col("load_id").str.split(OF_FILE).list.first()


def is_shared(file: str) -> bool:
    """Whether a Parquet file holds the rows of several files."""
    return _SHARED in file


def month_of_piece() -> pl.Expr:
    """The one month of a piece of staged answers, by its `path`; NULL where it may be of several."""
    return pl.col("path").str.extract(r"(\d{4}-\d{2}-\d{2})_\d+\.parquet$").str.to_date(strict=False)
