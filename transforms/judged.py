"""Rows of lists and dumps that were judged, as they are stored: those accepted in a table of their own, the others apart.

Not here: how rows are judged (`members`, `tickets`, `activity`, `clients`); answers, which are judged by more (`staged`).
"""

from __future__ import annotations

import polars as pl

from transforms.declared import dy
from transforms.tables import RejectedRow, stored_types


def accepted_rows(rows: pl.LazyFrame, table: type[dy.Schema]) -> pl.LazyFrame:
    """The accepted rows, as the table has them."""
    return rows.filter(pl.col("outcome") == "accepted").select(table.column_names())


def refused_rows(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """The other rows, as `RejectedRow`."""
    refused = rows.filter(pl.col("outcome") != "accepted")
    made = refused.with_columns(source=pl.lit(source), reason="refusal", month=pl.lit(None, pl.Date))
    return made.select(pl.col(name).cast(dtype) for name, dtype in stored_types(RejectedRow).items())
