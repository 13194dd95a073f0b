"""Answers that stand in files of two sources: the same person, time and score, or the same second and score.

Here: counting them. Not here: files that are alike as a whole (`pipelines.intake.notes.earlier.elsewhere`), what is
said of them (`pipelines.report.notes.overlaps`), answers of one source (`warehouse.intake.redelivery`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from warehouse.lake.store import Lake
from warehouse.months.plan import Plan
from warehouse.months.responses import read_answers

#: Days without a time begin at whole quarters of an hour in every zone; only seconds tell anything of nobody.
_QUARTER: Final = 15 * 60 * 1_000_000
_MINUTE: Final = 60 * 1_000_000
_SCHEMA: Final = {"source": pl.String, "other": pl.String, "answers": pl.Int64, "met": pl.Int64, "of": pl.Int64}


def overlaps(lake: Lake, plan: Plan, loads: pl.DataFrame) -> pl.DataFrame:
    """`source, other, answers, met, of`: how many `of` the answers of loads of a source stand in another source too.

    `met` is how many do with any score: of two questions of one form only those agree that chance lets agree.
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
    return told.group_by("source", "other").agg(pl.col("answers", "met", "of").sum()).sort("source", "other")


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
    found = _shared(own, told, "score").rename({"rows": "answers"})
    if found.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    met = _shared(own, told).rename({"rows": "met"})
    of = own.group_by("source").agg(of=pl.len().cast(pl.Int64))
    return found.join(met, on=["source", "other"]).join(of, on="source").select(*_SCHEMA)


def _shared(own: pl.DataFrame, told: pl.DataFrame, *what: str) -> pl.DataFrame:
    """`source, other, rows`: how many answers have others of the same person or second that say the same of `what`."""
    pairs = pl.concat([_of_one_person(own, told, *what), _of_one_second(own, told, *what)])
    return pairs.group_by("source", other="source_other").agg(rows=pl.col("row").n_unique().cast(pl.Int64))


def _of_one_person(own: pl.DataFrame, told: pl.DataFrame, *what: str) -> pl.DataFrame:
    """Answers with others of the same person and time, but for those that replace each other: of one survey."""
    cell = ["metric", "at", "respondent_key", *what]
    others = told.drop_nulls("respondent_key").select(*cell, "source", "survey").unique()
    pairs = own.join(others, on=cell, suffix="_other").filter(pl.col("survey") != pl.col("survey_other"))
    return _of_two_sources(pairs)


def _of_one_second(own: pl.DataFrame, told: pl.DataFrame, *what: str) -> pl.DataFrame:
    """Answers with others of the same second, of which one or both do not say who answered.

    The others are looked at once for each source: very many may be of the second in which they were loaded.
    """
    cell, who = ["metric", "at", *what], pl.col("respondent_key")
    seconds = told.filter(pl.col("at") % _MINUTE != 0)
    nameless = seconds.filter(who.is_null()).select(*cell, "source").unique()
    named = seconds.filter(who.is_not_null()).select(*cell, "source").unique()
    parts = [
        own.join(nameless, on=cell, suffix="_other"),
        own.filter(who.is_null()).join(named, on=cell, suffix="_other"),
    ]
    return pl.concat(_of_two_sources(part) for part in parts)


def _of_two_sources(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.filter(pl.col("source") != pl.col("source_other")).select("row", "source", "source_other")
