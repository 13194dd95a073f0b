"""Rows of answers that do not count, as they are stored: the reason, and the column that is to blame.

Here: from what was judged to `RejectedRow`. Not here: judging (`staged`), rows of lists and dumps (`judged`).
"""

from __future__ import annotations

import polars as pl
import polars.selectors as cs

from transforms.reasons import Reason
from transforms.rows.judged import FILE_NO, UNANSWERED, outcome
from transforms.tables import RejectedRow
from transforms.texts.identity import mask


def rejected(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rejected and excluded rows of `judge`, as `RejectedRow` is stored."""
    refused = rows.filter(pl.col("refusal").is_not_null() & (pl.col("refusal") != UNANSWERED))
    return refused.with_columns(_blame(), reason="refusal", outcome=outcome()).select(
        *RejectedRow.column_names(), cs.by_name(FILE_NO, require_all=False)
    )


def _blame() -> list[pl.Expr]:
    """Of a refused row the canonical `column` that is to blame, and its masked `value`."""
    refusal = pl.col("refusal")
    always = refusal.replace_strict({reason: reason.column for reason in Reason}, default=None, return_dtype=pl.String)
    whole_row = (refusal != Reason.ROW_MALFORMED) | pl.col("malformed")
    column = (
        pl.when(always.is_not_null())
        .then(always)
        .when(~whole_row & pl.col("response_id").is_null())
        .then(pl.lit("response_id"))
        .when(~whole_row & pl.col("weight").is_null())
        .then(pl.lit("weight"))
    )
    value = (
        pl.when(always == "score")
        .then(mask(pl.col("raw_score")))
        .when(always == "responded_at")
        .then(mask(pl.col("date_text")))
    )
    return [column.alias("column"), value.alias("value")]
