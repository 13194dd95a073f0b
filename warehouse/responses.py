"""Building months of responses: which answer counts, at which branch and in which industry.

Here: which loads a build reads, writing its own. Not here: the rules (`transforms.responses`), or
whether the result is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import polars as pl

from transforms.responses import (
    answers_given_again,
    nothing_lost,
    outcomes,
    redelivered_answers,
    replaced_snapshots,
    responses,
    superseded,
)
from transforms.tables import Outcome, Response, StagedAnswer, SupersededAnswer, stored_types
from warehouse.engine import view
from warehouse.lake import Lake, new_load_id, scan, sink_by_month
from warehouse.members import known
from warehouse.plan import Plan
from warehouse.rules import ResponseRules

#: Months are built in stretches of about so many answers, which bounds the memory of a build.
ANSWERS_AT_ONCE: Final = 2_500_000

#: What a build writes: one load in each of these.
BUILT_TABLES: Final = ("responses", "superseded", "outcomes")


@dataclass(frozen=True)
class Built:
    """Months that were built but do not count yet: their load, and what is in it by month."""

    load_id: str
    counts: pl.DataFrame
    """One row per month: `month, answers, responses, superseded`."""
    outcomes: pl.DataFrame
    """What became of the answers of each file, as `Outcome`; `rule` is text."""
    answers_in: list[str]
    """The Parquet files of the staged answers that it was built from."""


def build_responses(lake: Lake, plan: Plan, months: Sequence[date], rules: ResponseRules) -> Built:
    """Build the responses of the months into a new load of `BUILT_TABLES`. It does not count yet."""
    load_id = new_load_id()
    files = files_to_read(plan.files, months)
    paths = lake.files_of("staged", files.select("load_id"))
    answers = _answers(paths, files)
    wanted = answers.filter(pl.col("month").is_in(list(months)))
    replaced = replaced_snapshots(plan.files)
    # Snapshots are replaced survey by survey; where none is, the texts of surveys need not be grouped.
    survey = pl.col("survey") if replaced.height else pl.lit(None, pl.String).alias("survey")
    by_file = wanted.group_by("month", "position", survey).agg(answers=pl.len().cast(pl.Int64)).collect()
    counts = by_file.group_by("month").agg(pl.col("answers").sum())
    again_in_files = files.get_column("redelivers").any()
    redelivered = redelivered_answers(answers, replaced, months) if again_in_files else nothing_lost()
    matching = known(plan.members, rules)
    folders = {table: lake.begin(table, load_id=load_id) for table in BUILT_TABLES}
    became = [pl.DataFrame(schema=stored_types(Outcome))]
    for stretch in _stretches(counts, months):
        again = answers_given_again(answers, replaced, redelivered, stretch, rules.one_answer)
        lost = pl.concat([redelivered.filter(pl.col("month").is_in(stretch)), again])
        sink_by_month(responses(answers, replaced, lost, stretch, matching), folders["responses"])
        sink_by_month(superseded(answers, replaced, lost, stretch, plan.files), folders["superseded"])
        counted = by_file.filter(pl.col("month").is_in(stretch))
        became.append(outcomes(counted, replaced, lost, plan.files))
        sink_by_month(became[-1].lazy(), folders["outcomes"])
    for table, folder in folders.items():
        lake.commit(table, [folder])
    return Built(load_id, _counted(lake, load_id, months, counts), pl.concat(became), paths)


def _stretches(counts: pl.DataFrame, months: Sequence[date]) -> list[list[date]]:
    """The months in stretches of so few answers that each is built in bounded memory."""
    answers = dict(counts.select("month", "answers").iter_rows())
    found: list[list[date]] = [[]]
    room = ANSWERS_AT_ONCE
    for month in sorted(months):
        if found[-1] and answers.get(month, 0) > room:
            found.append([])
            room = ANSWERS_AT_ONCE
        found[-1].append(month)
        room -= answers.get(month, 0)
    return found


def register_build(connection: duckdb.DuckDBPyConnection, lake: Lake, built: Built) -> None:
    """Views over a build, which need not count, one for each of `BUILT_TABLES`, and `staged` over what it was built from."""
    loads = built.counts.select("month", load_id=pl.lit(built.load_id))
    view(connection, "responses", lake.files_of("responses", loads), Response, lasting=True)
    view(connection, "staged", built.answers_in, StagedAnswer, lasting=True)
    view(connection, "superseded", lake.files_of("superseded", loads), SupersededAnswer, lasting=True)
    view(connection, "outcomes", lake.files_of("outcomes", loads), Outcome, lasting=True)


def files_to_read(files: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """The files with answers in the months, and where answers have moved into or out of them all of their source."""
    wanted = pl.lit(list(months), pl.List(pl.Date))
    has_answers = pl.col("months").list.set_intersection(wanted).list.len() > 0
    has_moved = pl.col("moved_months").list.set_intersection(wanted).list.len() > 0
    moving = files.filter(has_moved).get_column("source").unique()
    return files.filter(has_answers | pl.col("source").is_in(moving.implode()))


def _answers(paths: list[str], files: pl.DataFrame) -> pl.LazyFrame:
    """Staged answers of the files, with the position of their file."""
    schema = {**stored_types(StagedAnswer), "load_id": pl.String()}
    if not paths:
        return pl.LazyFrame(schema={**schema, "position": pl.Int64})
    rows = scan("staged", paths)
    return rows.join(files.lazy().select("load_id", "position"), on="load_id", how="inner")


def _counted(lake: Lake, load_id: str, months: Sequence[date], answers: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.DataFrame({"month": list(months)}, schema={"month": pl.Date})
    counted = wanted.join(answers, on="month", how="left")
    for table in ("responses", "superseded"):
        pieces = lake.pieces(table).filter(pl.col("load_id") == load_id)
        rows = pieces.group_by("month").agg(pl.col("rows").sum().alias(table))
        counted = counted.join(rows, on="month", how="left")
    return counted.with_columns(pl.col("answers", "responses", "superseded").fill_null(0).cast(pl.Int64)).sort("month")
