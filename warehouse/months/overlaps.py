"""Answers that stand in files of two sources: the same person, time and score, the same second and score, or day by day.

Here: counting them. Not here: files that are alike as a whole (`pipelines.intake.notes.earlier.elsewhere`), what is
said of them (`pipelines.report.notes.overlaps`), answers of one source (`warehouse.intake.redelivery`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from warehouse.intake.laps import days_again
from warehouse.lake.store import Lake
from warehouse.months.plan import Plan
from warehouse.months.responses import read_answers

#: Days without a time begin at whole quarters of an hour in every zone; only seconds tell anything of nobody.
_QUARTER: Final = 15 * 60 * 1_000_000
_MINUTE: Final = 60 * 1_000_000
#: So large a share of the days of both have the very same scores, as chance has it in less than one of a million.
_SAME_DAYS: Final = 0.8
_NO_CHANCE: Final = -13.8
#: More rows of all pairs of sources of a month would take too long.
_LARGEST: Final = 5_000_000
_TOLD: Final = ["source", "other", "by_day"]
_SCHEMA: Final = {
    **dict.fromkeys(["source", "other"], pl.String()),
    "by_day": pl.Boolean(),
    **dict.fromkeys(["answers", "met", "of"], pl.Int64()),
}


def overlaps(lake: Lake, plan: Plan, loads: pl.DataFrame) -> pl.DataFrame:
    """`source, other, by_day, answers, met, of`: how many `of` the answers of loads of a source stand in another source too.

    `by_day` are those that only their days and scores tell, of nobody whom both name: of months of the loads, whatever file
    they stand in. `met` is how many do with any score: of two questions of one form only those agree that chance lets agree.
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
    return told.group_by(_TOLD).agg(pl.col("answers", "met", "of").sum()).sort("by_day", "source", "other")


def _of_month(lake: Lake, plan: Plan, files: pl.DataFrame, here: pl.DataFrame, month: date) -> pl.DataFrame:
    of_month = files.filter(pl.col("months").list.contains(month))
    if of_month.select("metric", "source").unique().group_by("metric").len()["len"].max() in (None, 1):
        return pl.DataFrame(schema=_SCHEMA)
    at = pl.col("responded_at").to_physical()
    answers = read_answers(lake, plan.files, of_month, [month])
    by_day = _of_days(answers, here.get_column("source").unique().to_list())
    rows = answers.filter(at % _QUARTER != 0)
    rows = rows.filter((at % _MINUTE != 0) | pl.col("respondent_key").is_not_null())
    told = rows.select(
        "position", "source_row", "respondent_key", "score", pl.col("source", "metric", "survey").cast(pl.String), at=at
    ).with_columns(row=pl.struct("position", "source_row").hash())
    own = told.join(here.select("position").unique(), on="position", how="semi")
    found = _shared(own, told, "score").rename({"rows": "answers"})
    if found.is_empty():
        return by_day
    met = _shared(own, told).rename({"rows": "met"})
    of = own.group_by("source").agg(of=pl.len().cast(pl.Int64))
    timed = found.join(met, on=["source", "other"]).join(of, on="source").with_columns(by_day=pl.lit(value=False))
    return pl.concat([timed.select(*_SCHEMA), by_day])


def _of_days(answers: pl.DataFrame, sources: list[str]) -> pl.DataFrame:
    """Answers of a month that another source has day by day, of nobody whom both name, where one of both knows no times."""
    at, source = pl.col("responded_at"), pl.col("source").cast(pl.String)
    rows = answers.select(
        "respondent_key",
        pl.col("metric").cast(pl.String),
        "score",
        at,
        source=source,
        is_day=(at.to_physical() % _QUARTER == 0).all().over(source),
    )
    # Half a day later a date without a time is of its own day, wherever it was midnight.
    day = pl.when("is_day").then(at + timedelta(hours=12)).otherwise(at).dt.date()
    rows = rows.with_columns(day=day)
    several = rows.select("metric", "source", "is_day").unique()
    pairs = several.filter(pl.col("source").is_in(sources)).join(several, on="metric", suffix="_old")
    pairs = pairs.filter(pl.col("source") != pl.col("source_old"), pl.any_horizontal("is_day", "is_day_old"))
    pairs = pairs.select("metric", new="source", old="source_old")
    if pairs.is_empty() or pairs.height * rows.height > _LARGEST:
        return pl.DataFrame(schema=_SCHEMA)
    one, two = (pairs.join(rows, left_on=["metric", which], right_on=["metric", "source"]) for which in ("new", "old"))
    who = ["new", "old", "respondent_key"]
    own, other = one.join(two, on=who, how="anti"), two.join(one, on=who, how="anti")
    of = dict(rows.group_by("source").len().iter_rows())
    told = [
        (new, old, True, same, same, of[new])
        for (new, old), (same, alike, chance) in sorted(days_again(own, other).items())
        if alike >= _SAME_DAYS and chance <= _NO_CHANCE
    ]
    return pl.DataFrame(told, _SCHEMA, orient="row")


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
