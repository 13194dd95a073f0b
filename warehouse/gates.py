"""The small tables that the gates look at, each in a database of its own, which Great Expectations judges.

Here: from loads that do not count yet to the views of a gate. Not here: the rules (`expectations`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import polars as pl

from transforms.tables import Fact, RejectedRow, StagedAnswer
from warehouse.engine import attach, footers, frame_table, run_model, view
from warehouse.lake.store import Lake
from warehouse.marts import marts, parts
from warehouse.months.responses import Built, register_build


def files_gate(lake: Lake, connection: duckdb.DuckDBPyConnection, pending: pl.DataFrame) -> None:
    """The tables of the files' gate, in a new database.

    `pending` has one row per file: `source, file_digest, path, load_id, rows_read, accepted, unanswered, excluded,
    rejected, max_reject_share, half_swapped` (how many dates seem so), and of its scale `scale` (the name), `lowest`,
    `highest` (of the numbers asked) and `ten_becomes` (what an answer of 10 is on 0-10; NULL where 10 is no answer).
    """
    loads = pending.select("load_id", "file_digest")
    staged = lake.files_of("staged", loads)
    frame_table(connection, "pending_files", pending)
    view(connection, "staged", staged, StagedAnswer, lasting=True, loads=loads)
    footers(connection, "staged_footers", staged)
    view(connection, "rejected", lake.files_of("rejected", loads), RejectedRow, lasting=True, loads=loads)
    run_model(connection, "gates/files")


def responses_gate(
    lake: Lake, connection: duckdb.DuckDBPyConnection, built: Built, branchless: Collection[str] = ()
) -> None:
    """The tables of the gate of responses, in a new database; no branch is looked for in `branchless` sources."""
    register_build(connection, lake, built)
    frame_table(connection, "branchless", pl.DataFrame({"source": sorted(branchless)}, schema={"source": pl.String}))
    frame_table(connection, "built_months", built.counts.select("month"))
    run_model(connection, "gates/responses")


def facts_gate(lake: Lake, connection: duckdb.DuckDBPyConnection, load_id: str, builds: pl.DataFrame) -> None:
    """The tables of the gate of facts, in a new database; `builds` are those of the months' responses."""
    loads = builds.select("month", load_id=pl.lit(load_id))
    view(connection, "facts", lake.files_of("facts", loads), Fact, lasting=True)
    frame_table(connection, "built_months", builds.select("month", "responses"))
    run_model(connection, "gates/facts")


def published_gate(
    candidate: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    low_sample: int,
    apart: Sequence[str] = (),
    staff: Sequence[str] = (),
) -> None:
    """The tables of the gate of a file about to be published, in a new database.

    `apart` are the dimensions that it has marts of and facts leave out, `staff` those of employees.
    """
    attach(connection, candidate, "nps", "read_only")
    run_model(connection, "gates/published", low_sample=str(low_sample))
    for mart in marts(apart, staff):
        score = "nps" if mart.model == "scores" else "null::double"
        run_model(connection, "gates/published_mart", mart=mart.name, metric=mart.metric, score=score)
    run_model(connection, "gates/published_drivers")
    for part in parts(apart):
        names = {"mart": part.mart.name, "whole": part.whole.name}
        run_model(connection, "gates/published_parts", **names, among=part.among)
    connection.execute("detach nps")
