"""Writing one file's answers into the lake: accepted rows, refused rows and their counts in one streaming pass.

Here: loads of `staged`, `rejected` and `members`, and which months a file moves answers out of.
Not here: what a row means (`transforms.staged`), whether the file may be in (`expectations`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.members import member_rows, rejected_member_rows
from transforms.staged import rejected, staged
from transforms.tables import StagedAnswer
from warehouse.engine import Limits, connect, query, view
from warehouse.lake import Lake
from warehouse.ledgers import counted_files


@dataclass(frozen=True)
class Tally:
    """What was found in a file: rows read are the sum of the other four counts."""

    rows_read: int
    accepted: int
    unanswered: int
    excluded: int
    rejected: int
    surveys: list[str]
    months: list[date]
    reasons: dict[str, int]


def stage_answers(lake: Lake, judged: pl.LazyFrame, load_id: str) -> Tally:
    """Write the rows of `transforms.staged.judge` as a load of `staged` and `rejected`, which does not count yet."""
    tally = judged.group_by("outcome", "refusal", "survey", "month").len()
    return _tally(_stage(lake, load_id, {"staged": staged(judged), "rejected": rejected(judged)}, tally))


def stage_members(lake: Lake, judged: pl.LazyFrame, load_id: str, source: str) -> Tally:
    """Write the rows of `transforms.members.judge_members` as a load of `members` and `rejected`."""
    nothing = {"survey": pl.lit(None, pl.String), "month": pl.lit(None, pl.Date)}
    tally = judged.with_columns(**nothing).group_by("outcome", "refusal", "survey", "month").len()
    parts = {"members": member_rows(judged), "rejected": rejected_member_rows(judged, source)}
    return _tally(_stage(lake, load_id, parts, tally))


def displaced_months(lake: Lake, source: str, load_id: str, limits: Limits) -> list[date]:
    """Months in which the load has a newer version of an answer that now belongs to another month."""
    files = counted_files(lake).filter(pl.col("source") == source)
    older = lake.files_of("staged", files.filter(pl.col("load_id") != load_id).select("load_id"))
    if not older:
        return []
    with connect(limits) as connection:
        view(connection, "incoming", lake.files_of("staged", pl.DataFrame({"load_id": [load_id]})), StagedAnswer)
        view(connection, "older", older, StagedAnswer)
        found = query(
            connection,
            "select distinct older.month from older "
            "inner join incoming on older.response_id = incoming.response_id and older.month <> incoming.month",
        )
    return sorted(found.get_column("month"))


def _stage(lake: Lake, load_id: str, parts: dict[str, pl.LazyFrame], tally: pl.LazyFrame) -> pl.DataFrame:
    loads = {table: lake.begin(table, load_id) for table in parts}
    sinks = [
        rows.cast({pl.Enum: pl.String}).sink_parquet(
            loads[table].folder / "part-0.parquet", compression="zstd", compression_level=1, lazy=True
        )
        for table, rows in parts.items()
    ]
    *_, counted = pl.collect_all([*sinks, tally])
    for load in loads.values():
        lake.commit(load)
    return counted


def _tally(counted: pl.DataFrame) -> Tally:
    by_outcome = dict(counted.group_by("outcome").agg(pl.col("len").sum()).iter_rows())
    accepted = counted.filter(pl.col("outcome") == "accepted")
    refused = counted.filter(pl.col("outcome").is_in(["rejected", "excluded"]))
    return Tally(
        rows_read=int(counted.get_column("len").sum()),
        accepted=by_outcome.get("accepted", 0),
        unanswered=by_outcome.get("unanswered", 0),
        excluded=by_outcome.get("excluded", 0),
        rejected=by_outcome.get("rejected", 0),
        surveys=sorted(accepted.get_column("survey").drop_nulls().unique()),
        months=sorted(accepted.get_column("month").drop_nulls().unique()),
        reasons=dict(sorted(refused.group_by("refusal").agg(pl.col("len").sum()).iter_rows())),
    )
