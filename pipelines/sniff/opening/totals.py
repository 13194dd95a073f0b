"""Rows that sum others up, which are no answers: as a night leaves them out, a look does.

Here: which rows these are before it is known what columns mean. Not here: by which words they are known, and what a night
leaves out (`transforms.rows.summaries`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from transforms.rows.summaries import summary_words

#: What is filled in such a share of the rows is what a row of totals lacks.
_NEARLY_ALL: Final = 0.9


def without_totals(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table, in the order of its file, but for totals and averages of others.

    Those say such a word in a cell of its own, and lack what nearly all others have or stand below all of them. Where
    others say such a word too and lack nothing, it is the name of a branch.
    """
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    if not texts:
        return rows
    said = rows.select(summary_words([pl.col(name) for name in texts]).struct.field("says_summary")).to_series()
    others = rows.filter(~said)
    if others.height in (0, rows.height):
        return rows
    blank = {name: pl.col(name).fill_null("").str.strip_chars() == "" for name in texts}
    blanks = others.select(is_blank.sum().alias(name) for name, is_blank in blank.items()).row(0, named=True)
    rare = (1 - _NEARLY_ALL) * others.height
    lacks = pl.any_horizontal(pl.lit(value=False), *(blank[name] for name in texts if blanks[name] <= rare))
    is_below = pl.col("source_row") > others["source_row"].max()
    of_a_name = rows.select((pl.lit(said) & ~lacks & ~is_below).any()).item()
    sums_up = pl.lit(said) & (lacks if of_a_name else lacks | is_below)
    return rows.filter(~sums_up)
