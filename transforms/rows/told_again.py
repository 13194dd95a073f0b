"""Rows of which several are one answer: the same id of a call or an order, with one score again, or others on one day.

Here: counting them. Not here: which columns are looked at, what is asked or noted (`pipelines`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

#: So many rows that have the same id and score as one above are no chance, where hardly any has another score.
_ROWS: Final = 8
_PART: Final = 0.03
_ALIKE: Final = 0.95
#: Where one score is so frequent that two answers are mostly equal, equal ones prove nothing.
_BY_CHANCE: Final = 0.5
#: Where all rows are of fewer days, those of one person may be of one by chance.
_DAYS: Final = 5
#: What fewer different texts hold is the code of a place or a product.
_DIFFERENT: Final = 0.2


def rows_again(ids: pl.Series, scores: pl.Series) -> int:
    """How many rows have the id and the score of one above them; 0 where that may be chance. Blank ids are nobody's."""
    shares = scores.value_counts(normalize=True).get_column("proportion")
    if scores.is_empty() or float((shares * shares).sum()) > _BY_CHANCE:
        return 0
    rows = pl.DataFrame({"id": ids.fill_null("").str.strip_chars(), "score": scores}).filter(pl.col("id") != "")
    of = rows.group_by("id").agg(pl.len(), scores=pl.col("score").n_unique())
    shared = of.filter(pl.col("len") > 1)
    alike = shared.filter(pl.col("scores") == 1)
    again = int((alike.get_column("len") - 1).sum())
    is_so = again >= max(_ROWS, _PART * len(scores)) and alike.height >= _ALIKE * shared.height
    return again if is_so and of.height >= _DIFFERENT * rows.height else 0


def rows_of_a_day(ids: pl.Series, days: pl.Series, scores: pl.Series) -> int:
    """How many rows have the id of one above them, where nearly all that share one are of one day, with several scores.

    People answer again on other days; keys of a call, its attempts and the questions of a form are of one. 0 where it may be
    chance.
    """
    rows = pl.DataFrame({"id": ids.fill_null("").str.strip_chars(), "day": days, "score": scores}).filter(
        pl.col("id") != ""
    )
    of = rows.group_by("id").agg(pl.len(), pl.col("day").n_unique(), pl.col("score").n_unique())
    shared = of.filter(pl.col("len") > 1)
    of_a_day = shared.filter(pl.col("day") == 1)
    several = of_a_day.filter(pl.col("score") > 1)
    again = int((of_a_day.get_column("len") - 1).sum())
    is_so = again >= max(_ROWS, _PART * len(scores)) and of_a_day.height >= _ALIKE * shared.height
    is_id = of.height >= _DIFFERENT * rows.height and days.n_unique() >= _DAYS
    return again if is_so and is_id and 2 * several.height >= shared.height else 0


def day_written(date: pl.Expr) -> pl.Expr:
    """What stands before the time in the text of a date."""
    return date.str.strip_chars().str.replace(r"[ T,].*$", "")
