"""Columns of few different texts, which come in many pieces: each text is looked at once in a piece, not in every row.

Here: how that is done. Not here: what is made of a text (`spelling`, `summaries`, `staged`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

#: So many texts tell whether those of a piece repeat: of these less than a quarter may be different.
_SAMPLE: Final = 1_000
_REPEATED: Final = 4


def repeats(texts: pl.Series) -> bool:
    """Whether the texts of a piece repeat so often that it is shorter to look at the different ones."""
    return texts.len() > _SAMPLE and texts.head(_SAMPLE).n_unique() < _SAMPLE // _REPEATED


def each(column: pl.Expr, change: Callable[[str], str | None]) -> pl.Expr:
    """A column of few different texts, each changed; NULL for NULL and where nothing is left."""

    def changed(texts: pl.Series) -> pl.Series:
        if texts.null_count() == texts.len():
            return texts
        different = texts.drop_nulls().unique()
        now = [change(text) or None for text in different]
        # Names are nearly always written as they look.
        if now == different.to_list():
            return texts
        return texts.replace_strict(different, pl.Series(now, dtype=pl.String), default=None, return_dtype=pl.String)

    return column.map_batches(changed, return_dtype=pl.String, is_elementwise=True)


def is_true_of(column: pl.Expr, condition: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Whether a condition, which reads a column of texts, holds in a row; NULL for NULL."""

    def found(texts: pl.Series) -> pl.Series:
        if texts.null_count() == texts.len():
            return pl.repeat(None, texts.len(), dtype=pl.Boolean, eager=True)
        if not repeats(texts):
            return texts.to_frame().select(condition(pl.first())).to_series()
        different = texts.unique().to_frame()
        return texts.is_in(different.filter(condition(pl.first())).to_series().implode())

    return column.map_batches(found, return_dtype=pl.Boolean, is_elementwise=True)
