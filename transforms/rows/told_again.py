"""Rows of which several are one answer: the same id of a call or an order, with one score again, or others on one day.

Here: counting them. Not here: which columns are looked at, what is asked or noted (`pipelines`).
"""

from __future__ import annotations

from collections.abc import Sequence
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


def rows_of_a_day(rows: pl.DataFrame, apart: Sequence[str]) -> int:
    """How many rows have the id of one above them, where nearly all that share one are of one day, with several scores.

    `rows` has `id`, `day`, `score` and the columns `apart`, which may tell the rows of one id apart: the brands that an
    interview asks about. People answer again on other days; keys of a call and its attempts are of one. 0 where it may be
    chance.
    """
    several = ("day", "score", *apart)
    filled = rows.with_columns(pl.col("id").fill_null("").str.strip_chars()).filter(pl.col("id") != "")
    of = filled.group_by("id").agg(pl.len(), *(pl.col(each).n_unique() for each in several))
    shared = of.filter(pl.col("len") > 1)
    of_a_day = shared.filter(pl.col("day") == 1)
    again = int((of_a_day.get_column("len") - 1).sum())
    is_so = again >= max(_ROWS, _PART * rows.height) and of_a_day.height >= _ALIKE * shared.height
    is_id = of.height >= _DIFFERENT * filled.height and filled.get_column("day").n_unique() >= _DAYS
    differ = 2 * of_a_day.filter(pl.col("score") > 1).height >= shared.height
    is_told = any(shared.filter(pl.col(each) == pl.col("len")).height >= _ALIKE * shared.height for each in apart)
    return again if is_so and is_id and differ and not is_told else 0


def day_written(date: pl.Expr) -> pl.Expr:
    """What stands before the time in the text of a date."""
    return date.str.strip_chars().str.replace(r"[ T,].*$", "")
