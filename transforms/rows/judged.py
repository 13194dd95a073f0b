"""Rows that were judged: what their refusals make of them, and how those that do not count are stored.

Here: what all kinds of rows have in common, and the column that is to blame where an answer does not count. Not here: how
they are judged (`staged`, `members`, `tickets`, `activity`, `clients`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl
import polars.selectors as cs

from transforms.declared import dy
from transforms.reasons import Reason, with_outcome
from transforms.tables import RejectedRow, stored_types
from transforms.texts.identity import mask

#: Which file a row stands in, where they are of several.
FILE_NO: Final = frozenset({"file_no"})

#: Stands among refusals for rows that are none: somebody was asked and did not answer.
UNANSWERED: Final = "unanswered"


def outcome() -> pl.Expr:
    """What the column `refusal` makes of a row: accepted, unanswered, excluded or rejected."""
    refusal = pl.col("refusal")
    return (
        pl.when(refusal.is_null())
        .then(pl.lit("accepted"))
        .when(refusal == UNANSWERED)
        .then(pl.lit(UNANSWERED))
        .when(refusal.is_in(with_outcome("excluded")))
        .then(pl.lit("excluded"))
        .otherwise(pl.lit("rejected"))
    )


def outcome_of(refusal: str | None) -> str:
    """What a refusal makes of its row: accepted, unanswered, excluded or rejected."""
    if refusal is None:
        return "accepted"
    if refusal == UNANSWERED:
        return UNANSWERED
    return Reason(refusal).outcome


def stored_columns(table: type[dy.Schema]) -> list[pl.Expr]:
    """The columns of a table, each as it is stored."""
    return [pl.col(name).cast(dtype) for name, dtype in stored_types(table).items()]


def accepted_rows(rows: pl.LazyFrame, table: type[dy.Schema]) -> pl.LazyFrame:
    """The accepted rows, as the table has them."""
    return rows.filter(pl.col("outcome") == "accepted").select(table.column_names())


def refused_rows(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """The other rows, as `RejectedRow`."""
    refused = rows.filter(pl.col("outcome") != "accepted")
    made = refused.with_columns(source=pl.lit(source), reason="refusal", month=pl.lit(None, pl.Date))
    return made.select(stored_columns(RejectedRow))


def applied(texts: pl.Series, expression: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """What an expression makes of a piece of a column."""
    return texts.to_frame().select(expression(pl.first())).to_series()


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


def trimmed_text(column: str) -> pl.Expr:
    """The text of a column without space around it; NULL where nothing stands."""
    trimmed = pl.col(column).str.strip_chars()
    return pl.when(trimmed.str.len_bytes() > 0).then(trimmed)
