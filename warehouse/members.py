"""The dimensions in the lake: their versions as tables for matching, and their digest for each month.

Here: from member rows to the tables that `models/responses.sql` joins. Not here: what a version is (`transforms.members`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

import duckdb
import polars as pl

from transforms.members import versions
from transforms.tables import Member, types
from warehouse.engine import frame_table
from warehouse.lake import Lake
from warehouse.ledgers import DIMENSION_PREFIX, counted_files, digest

_VALIDITY = ("valid_from", "valid_to")


def current_versions(lake: Lake, dimensions: Iterable[str], timezone: str) -> pl.DataFrame:
    """All versions of all members of the dimensions, as `transforms.members.versions` gives them."""
    names = [DIMENSION_PREFIX + name for name in dimensions]
    files = counted_files(lake, names) if names else pl.DataFrame(schema={"load_id": pl.String})
    paths = lake.files_of("members", files.select("load_id"))
    if not paths:
        return versions(pl.DataFrame(schema={**types(Member), "position": pl.Int64}), timezone)
    rows = pl.read_parquet(paths, hive_partitioning=True)
    placed = rows.join(files.select("load_id", "position"), on="load_id", how="inner")
    typed = placed.select(*(pl.col(name).cast(dtype) for name, dtype in types(Member).items()), "position")
    return versions(typed, timezone)


def digests(known: pl.DataFrame, months: Iterable[date]) -> dict[date, str]:
    """For each month a digest of everything that held of any member in it; `known` are versions.

    A change of today leaves the digests of earlier months as they were. Months without a change within or between them
    share one, which is computed once.
    """
    edges = known.get_column("valid_from").unique().sort()
    unchanged: dict[int, str] = {}
    found: dict[date, str] = {}
    for month in sorted(months):
        # A day of slack on both sides, for time zones: a version that begins at the month's edge is never missed.
        start = datetime.combine(month, time(), UTC) - timedelta(days=1)
        end = datetime.combine(_next(month), time(), UTC) + timedelta(days=1)
        epoch = int(edges.search_sorted(start, side="right"))
        if epoch != int(edges.search_sorted(end, side="right")):
            found[month] = _digest(known, start, end)
        else:
            if epoch not in unchanged:
                unchanged[epoch] = _digest(known, start, end)
            found[month] = unchanged[epoch]
    return found


def register(connection: duckdb.DuckDBPyConnection, known: pl.DataFrame, synonyms: Mapping[str, Iterable[str]]) -> None:
    """The tables that answers are matched with: branch_names, account_versions, employee_versions, industry_names."""
    branches = _of(known, "branches")
    by_code = branches.select(alias=pl.col("member_key").str.to_lowercase(), branch="member_key", *_VALIDITY)
    by_name = branches.select(alias=pl.col("name").str.to_lowercase(), branch="member_key", *_VALIDITY).drop_nulls("alias")
    # A name that two branches share, or that is another's code, says nothing.
    unique_names = by_name.filter(pl.col("branch").n_unique().over("alias") == 1)
    names = pl.concat([by_code, unique_names.join(by_code, on="alias", how="anti")])
    frame_table(connection, "branch_names", names)
    people = ("member_key", "branch", "industry", "department", *_VALIDITY)
    frame_table(connection, "account_versions", _of(known, "accounts").select(people))
    frame_table(connection, "employee_versions", _of(known, "employees").select(people))
    pairs = {
        spelling.strip().lower(): industry for industry, others in synonyms.items() for spelling in (industry, *others)
    }
    listed = pl.DataFrame(list(pairs.items()), schema={"alias": pl.String, "industry": pl.String}, orient="row")
    frame_table(connection, "industry_names", listed)


def _of(known: pl.DataFrame, dimension: str) -> pl.DataFrame:
    return known.filter(pl.col("dimension") == dimension)


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _digest(known: pl.DataFrame, start: datetime, end: datetime) -> str:
    held = known.filter(pl.col("valid_from") < end, pl.col("valid_to") > start).with_columns(
        valid_from=pl.when(pl.col("valid_from") > start).then("valid_from"),
        valid_to=pl.when(pl.col("valid_to") < end).then("valid_to"),
    )
    return digest(held.height, int(held.cast({pl.Enum: pl.String}).hash_rows().sum() or 0))
