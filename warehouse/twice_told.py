"""Answers that stand in files of two sources: the same person, time and score, or the same second and score.

Here: counting them. Not here: files that are alike as a whole (`pipelines.intake.notes.elsewhere`), what is said of them
(`pipelines.report.overlaps`), answers of one source (`warehouse.redelivery`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from warehouse.lake import Lake
from warehouse.plan import Plan
from warehouse.responses import read_answers

#: Days without a time begin at whole quarters of an hour in every zone; only seconds tell anything of nobody.
_QUARTER: Final = 15 * 60 * 1_000_000
_MINUTE: Final = 60 * 1_000_000
_SCHEMA: Final = {"source": pl.String, "other": pl.String, "answers": pl.Int64, "of": pl.Int64}


def told_twice(lake: Lake, plan: Plan, loads: pl.DataFrame) -> pl.DataFrame:
    """`source, other, answers, of`: how many `of` the answers of loads of a source stand in another source too.

    Only sources that ask of the same metric are held against one another, and no answers that replace each other: those of
    one person in one survey. Months are read one by one.
    """
    files = plan.files.filter(pl.col("accepted") > 0)
    several = files.group_by("metric").agg(pl.col("source").n_unique()).filter(pl.col("source") > 1)
    files = files.join(several, on="metric", how="semi")
    here = files.join(loads.select("load_id").unique(), on="load_id", how="semi")
    months = here.get_column("months").explode().drop_nulls().unique().sort()
    found = [_of_month(lake, plan, files, here, month) for month in months]
    told = pl.concat([pl.DataFrame(schema=_SCHEMA), *found])
    return told.group_by("source", "other").agg(pl.col("answers", "of").sum()).sort("source", "other")


def _of_month(lake: Lake, plan: Plan, files: pl.DataFrame, here: pl.DataFrame, month: date) -> pl.DataFrame:
    of_month = files.filter(pl.col("months").list.contains(month))
    if of_month.select("metric", "source").unique().group_by("metric").len()["len"].max() in (None, 1):
        return pl.DataFrame(schema=_SCHEMA)
    at = pl.col("responded_at").to_physical()
    rows = read_answers(lake, plan.files, of_month, [month]).filter(at % _QUARTER != 0)
    rows = rows.filter((at % _MINUTE != 0) | pl.col("respondent_key").is_not_null())
    told = rows.select(
        "position", "source_row", "respondent_key", "score", pl.col("source", "metric", "survey").cast(pl.String), at=at
    ).with_columns(row=pl.struct("position", "source_row").hash())
    own = told.join(here.select("position").unique(), on="position", how="semi")
    pairs = own.join(told, on=["metric", "at", "score"], suffix="_other").filter(
        pl.col("source") != pl.col("source_other"), _is_one_answer(), ~_is_superseded()
    )
    found = pairs.group_by("source", other="source_other").agg(answers=pl.col("row").n_unique().cast(pl.Int64))
    return found.join(own.group_by("source").agg(of=pl.len().cast(pl.Int64)), on="source").select(*_SCHEMA)


def _is_one_answer() -> pl.Expr:
    """Whether both are of one person, or of a second of which one does not say who answered."""
    who, other = pl.col("respondent_key"), pl.col("respondent_key_other")
    return (who == other).fill_null(pl.col("at") % _MINUTE != 0)


def _is_superseded() -> pl.Expr:
    """Whether one of both replaces the other: they are of one person in one survey."""
    is_same = pl.col("respondent_key") == pl.col("respondent_key_other")
    return is_same.fill_null(value=False) & (pl.col("survey") == pl.col("survey_other"))
