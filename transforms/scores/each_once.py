"""Scores that each stand once in their group, though chance would have repeated some: their rows were counted before.

Here: how surely that is so. Not here: what is asked or told of it (`pipelines.sniff.proposal`, `pipelines.intake.notes`).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def repeats_missing(rows: pl.DataFrame, groups: Sequence[str]) -> float:
    """How many pairs of rows of one group chance would give the same score, where there is no such pair; else 0.

    `rows` has `score` and the columns that `groups` names. That there is none of so many is chance in one case of e to
    their power (Poisson).
    """
    cells = rows.select(*groups, "score")
    if cells.is_empty() or cells.n_unique() < cells.height:
        return 0.0
    shares = cells.get_column("score").value_counts().get_column("count") / cells.height
    sizes = cells.group_by(groups).len().get_column("len")
    return float((sizes * (sizes - 1) / 2).sum()) * float((shares**2).sum())
