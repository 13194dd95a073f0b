"""Whose score an answer is: the company's own, or a rival's.

Here: which names mean the company itself. Not here: what a source says of a brand (`transforms.rows.staged`), which
tables hold answers about rivals (`warehouse.marts`).
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from transforms.dimensions import OWN
from transforms.texts.spelling import key, spelling_key


def with_own(answers: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    """Answers whose `brand` is own in place of the company's `names`, in whatever spelling, and of nothing.

    Where no answer says one it stays NULL, which counts as own: columns that hold nothing cost nothing.
    """
    brand = answers.get_column("brand")
    if brand.null_count() == answers.height:
        return answers
    is_own = spelling_key(pl.col("brand")).is_in([key(OWN), *map(key, names)])
    return answers.with_columns(brand=pl.when(is_own.fill_null(value=True)).then(pl.lit(OWN)).otherwise("brand"))
