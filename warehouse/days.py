"""What the answers of loads say, for holding a file against those before it.

Here: reading them, counting by day and score. Not here: what is odd about it (`pipelines.intake.notes.days`, `unlike`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from warehouse.lake import Lake, scan


def answers_of(lake: Lake, loads: Sequence[str]) -> pl.DataFrame:
    """The answers of some loads: `load_id`, `response_id`, `respondent_key`, `day` and `score`."""
    paths = lake.files_of("staged", pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}))
    # Half a day later a date without a time is of its own day, wherever it was midnight.
    day = (pl.col("responded_at") + timedelta(hours=12)).dt.date().alias("day")
    rows = scan("staged", paths).select("load_id", "response_id", "respondent_key", day, "score").collect()
    return rows.filter(pl.col("load_id").is_in(list(loads)))


def columns_of(lake: Lake, loads: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of the answers of loads."""
    paths = lake.files_of("staged", pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}))
    rows = scan("staged", paths).filter(pl.col("load_id").is_in(list(loads)))
    return rows.select(*columns).collect()


def first_and_last(lake: Lake, load: str) -> tuple[datetime, datetime] | None:
    """When the first and the last answer of a load were given; None of a load without any."""
    paths = lake.files_of("staged", pl.DataFrame({"load_id": [load]}))
    at = pl.col("responded_at")
    rows = scan("staged", paths).filter(pl.col("load_id") == load)
    found = rows.select(at.min().alias("first"), at.max().alias("last")).drop_nulls().collect()
    return (found.item(0, 0), found.item(0, 1)) if found.height else None


def most_of_a_day(answers: pl.DataFrame) -> tuple[int, int]:
    """How many days answers are of, and how many of the busiest one."""
    of_days = answers.group_by("load_id", "day").agg(pl.len())
    return of_days["day"].n_unique(), int(str(of_days["len"].max() or 0))


def told_twice(new: pl.DataFrame, old: pl.DataFrame) -> tuple[int, float]:
    """How many answers of the one have day and score of the other's, though neither id nor person, and how alike both are.

    That is the share of days and scores of the new ones, on days of both, of which both have equally many.
    """
    own, other = new, old
    for who in ("response_id", "respondent_key"):
        own, other = own.join(old, on=who, how="anti"), other.join(new, on=who, how="anti")
    counted = own.group_by("day", "score").agg(pl.len())
    cells = counted.join(other.select("day").unique(), on="day", how="semi")
    both = cells.join(other.group_by("day", "score").agg(there=pl.len()), on=["day", "score"], how="left")
    same = both.filter(pl.col("len") == pl.col("there"))
    return int(same["len"].sum()), same.height / cells.height if cells.height else 0.0
