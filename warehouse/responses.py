"""Building months of responses: which answer counts, at which branch and in which industry.

Here: which loads a build reads, writing its own. Not here: the rules (`transforms.responses`), or
whether the result is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from transforms.responses import lost_answers, replaced_snapshots, responses, superseded
from transforms.tables import Response, StagedAnswer, SupersededAnswer, stored_types
from warehouse.engine import view
from warehouse.lake import Lake, new_load_id, sink_by_month
from warehouse.members import known
from warehouse.plan import Plan
from warehouse.rules import ResponseRules


@dataclass(frozen=True)
class Built:
    """Months that were built but do not count yet: their load, and what is in it by month."""

    load_id: str
    counts: pl.DataFrame
    """One row per month: `month, answers, responses, superseded`."""


def build_responses(lake: Lake, plan: Plan, months: Sequence[date], rules: ResponseRules) -> Built:
    """Build the responses of the months into a new load of `responses` and `superseded`. It does not count yet."""
    load_id = new_load_id()
    files = _files_to_read(plan.files, months)
    answers = _answers(lake, files)
    replaced = replaced_snapshots(files)
    lost = lost_answers(answers, replaced, months, rules.one_answer)
    counting = responses(answers, replaced, lost, months, known(plan.members, rules))
    for table, rows in (
        ("responses", counting),
        ("superseded", superseded(answers, replaced, lost, months, plan.files)),
    ):
        sink_by_month(rows, lake.begin(table, load_id))
        lake.commit(table, [load_id])
    return Built(load_id, _counted(lake, load_id, months, answers))


def register_build(connection: duckdb.DuckDBPyConnection, lake: Lake, built: Built) -> None:
    """Views `responses` and `superseded` over a build, whether it counts or not; they last in the database file."""
    loads = built.counts.select("month", load_id=pl.lit(built.load_id))
    view(connection, "responses", lake.files_of("responses", loads), Response, lasting=True)
    view(connection, "superseded", lake.files_of("superseded", loads), SupersededAnswer, lasting=True)


def _files_to_read(files: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """The files of every source that has answers in the months: a later version may stand in any of them."""
    wanted = pl.lit(list(months), pl.List(pl.Date))
    touched = files.filter(pl.col("months").list.set_intersection(wanted).list.len() > 0)
    return files.filter(pl.col("source").is_in(touched.get_column("source").unique().implode()))


def _answers(lake: Lake, files: pl.DataFrame) -> pl.LazyFrame:
    """Staged answers of the files, with the position of their file."""
    schema = {**stored_types(StagedAnswer), "load_id": pl.String()}
    paths = lake.files_of("staged", files.select("load_id"))
    if not paths:
        return pl.LazyFrame(schema={**schema, "position": pl.Int64})
    rows = pl.scan_parquet(paths, hive_partitioning=True, hive_schema={"load_id": pl.String})
    return rows.join(files.lazy().select("load_id", "position"), on="load_id", how="inner")


def _counted(lake: Lake, load_id: str, months: Sequence[date], staged: pl.LazyFrame) -> pl.DataFrame:
    loads = pl.DataFrame({"month": list(months)}, schema={"month": pl.Date}).with_columns(load_id=pl.lit(load_id))
    answers = staged.group_by("month").agg(answers=pl.len().cast(pl.Int64)).collect()
    counted = loads.select("month").join(answers, on="month", how="left")
    for table in ("responses", "superseded"):
        counted = counted.join(_rows(lake.files_of(table, loads), table), on="month", how="left")
    return counted.with_columns(pl.col("answers", "responses", "superseded").fill_null(0).cast(pl.Int64)).sort("month")


def _rows(files: Sequence[str], name: str) -> pl.DataFrame:
    """How many rows each month has, from the footers of its Parquet files."""
    counted = [
        {"month": date.fromisoformat(Path(file).parent.name.removeprefix("month=")), name: _height(file)} for file in files
    ]
    frame = pl.DataFrame(counted, schema={"month": pl.Date, name: pl.Int64})
    return frame.group_by("month").sum()


def _height(file: str) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())
