"""Columns of amounts: whether one is, and what stands before its decimals.

Not here: reading amounts (`transforms.texts.amounts`), which files have any (`activity`, `clients`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.sniff.columns.facts import Seen
from transforms.texts.amounts import amount

#: Of cells of amounts at least such a share is an amount.
_MOSTLY: Final = 0.9


def is_money(column: Seen) -> bool:
    """Whether nearly all that stands in a column is an amount, whatever sign stands before its decimals."""
    read = _read(column)
    rows = read.get_column("count")
    is_one = read.select(pl.any_horizontal("none", ",", ".")).to_series()
    return column.filled > 0 and int(rows.filter(is_one).sum()) >= _MOSTLY * column.filled


def decimal_of(column: Seen) -> str | None:
    """What amounts need to be said; a question where both readings are possible."""
    read = _read(column).filter(pl.any_horizontal("none", ",", "."))
    if read.get_column("none").all():
        return None
    only = [sign for sign in (",", ".") if read.get_column(sign).all()]
    if len(only) == 1:
        return only[0]
    text = str(read.filter(~pl.col("none")).get_column("text")[0])
    return f"? In {column.pasted}, is {text} with a thousand (write the sign that stands before decimals, ',' or '.')?"


def _read(column: Seen) -> pl.DataFrame:
    """Its texts, and whether each is an amount with decimals behind either sign, or whichever."""
    text = pl.col("text")
    ways = {"none": amount(text, None), ",": amount(text, ","), ".": amount(text, ".")}
    return column.texts.with_columns(**{name: each.is_not_null() for name, each in ways.items()})
