"""Columns of scores that say the same as others: `value` and `label` of an answer.

Here: finding them. Not here: what columns of scores are (`scores`), files that hold the same answers (`several.same`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pipelines.sniff.scores.scores import ScoreColumn

#: So many answers to two questions are hardly all equal.
_NO_CHANCE: Final = 20


def told_once(scores: Sequence[ScoreColumn], rows: pl.DataFrame) -> list[ScoreColumn]:
    """The same in their order, where a column whose rows say what a likelier one says too is not certain."""
    found: list[ScoreColumn] = []
    for each in scores:
        is_copy = each.column.filled >= _NO_CHANCE and any(_are_equal(each, other, rows) for other in found)
        found.append(each.doubted() if is_copy else each)
    return found


def _are_equal(one: ScoreColumn, other: ScoreColumn, rows: pl.DataFrame) -> bool:
    if one.column.position is None or other.column.position is None:
        return False
    first, second = rows.select(one=one.column.cell, other=other.column.cell)
    return first.equals(second)
