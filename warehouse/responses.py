"""Building months of responses: which answer counts, at which branch and in which industry.

Here: which loads a build reads, running the model, writing its loads. Not here: the rules (`models/responses.sql`), or
whether the result is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from transforms.tables import Response, StagedAnswer, SupersededAnswer
from warehouse.engine import Limits, connect, copy_by_month, frame_table, query, run_model, view
from warehouse.lake import Lake, new_load_id
from warehouse.members import register
from warehouse.plan import Plan, ResponseRules


@dataclass(frozen=True)
class Built:
    """Months that were built but do not count yet: their load, and what is in it by month."""

    load_id: str
    counts: pl.DataFrame
    """One row per month: `month, answers, responses, superseded`."""


def build_responses(lake: Lake, plan: Plan, months: Sequence[date], rules: ResponseRules, limits: Limits) -> Built:
    """Build the responses of the months into a new load of `responses` and `superseded`. It does not count yet."""
    load_id = new_load_id()
    with connect(limits) as connection:
        _register_inputs(connection, lake, plan.files, months)
        register(connection, plan.members, rules.synonyms)
        frame_table(connection, "setting", _settings(rules))
        run_model(connection, "responses")
        for table, relation in (("responses", "response"), ("superseded", "superseded_answer")):
            load = lake.begin(table, load_id)
            copy_by_month(connection, relation, load.folder)
            lake.commit(load)
        answers = query(connection, "select month, answers from answers_of_month")
    return Built(load_id, _counted(lake, load_id, months, answers))


def register_build(connection: duckdb.DuckDBPyConnection, lake: Lake, built: Built) -> None:
    """Views `responses` and `superseded` over a build, whether it counts or not; they last in the database file."""
    loads = built.counts.select("month", load_id=pl.lit(built.load_id))
    view(connection, "responses", lake.files_of("responses", loads), Response, lasting=True)
    view(connection, "superseded", lake.files_of("superseded", loads), SupersededAnswer, lasting=True)


def _register_inputs(
    connection: duckdb.DuckDBPyConnection, lake: Lake, files: pl.DataFrame, months: Sequence[date]
) -> None:
    wanted = pl.DataFrame({"month": list(months)}, schema={"month": pl.Date})
    touched = pl.col("months").list.set_intersection(pl.lit(list(months), pl.List(pl.Date))).list.len() > 0
    # An answer of these months may have a later version in any file of its source.
    same_source = pl.col("source").is_in(files.filter(touched).get_column("source").unique().to_list())
    read = files.filter(same_source)
    frame_table(connection, "wanted", wanted)
    frame_table(
        connection,
        "file_order",
        files.select("load_id", "position", "source", "file_digest", "delivery", "scope", "surveys"),
    )
    view(connection, "staged", lake.files_of("staged", read.select("load_id")), StagedAnswer)


def _settings(rules: ResponseRules) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "one_answer": [rules.one_answer],
            "only_known_branches": ["branches" in rules.dimensions],
            "only_listed_industries": [rules.only_listed_industries],
        }
    )


def _counted(lake: Lake, load_id: str, months: Sequence[date], answers: pl.DataFrame) -> pl.DataFrame:
    loads = pl.DataFrame({"month": list(months)}, schema={"month": pl.Date}).with_columns(load_id=pl.lit(load_id))
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
