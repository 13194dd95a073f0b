"""What files that were published before already told of waves of employees: copies of them cannot be called back.

Here: reading those files. Not here: what follows for a wave that closes (`warehouse.published.waves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from transforms.waves.company import Wave
from warehouse.lake.store import Lake

#: Versions before the closing of waves have no such table.
_OF_CLOSED: Final = "enps_suppression"
_DIMENSIONS: Final = ("region", "branch", "department")
_COUNTS: Final = ("promoters", "passives", "detractors")
_TOLD: Final = pl.Schema({
    "survey": pl.String(), "month": pl.Date(), "by": pl.List(pl.String()), "members": pl.List(pl.String()),
    "is_alone": pl.Boolean(), "is_same": pl.Boolean(),
})  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """What was published before the file that is made now."""

    closed: frozenset[Wave] = frozenset()
    """The waves that a file says were closed when it was made."""
    told: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_TOLD))
    """One row per wave and group that files told before waves closed: `survey, month, by, members`; `is_alone` where a
    figure was of this wave alone, not of several together; `is_same` where it is what is counted now."""


def published_earlier(files: Sequence[Path], parts: pl.DataFrame) -> Earlier:
    """What published files told of waves; `parts` are the smallest parts of all waves as they are counted now."""
    closed: set[Wave] = set()
    told = []
    for file in files:
        with suppress(duckdb.Error), duckdb.connect(str(file), read_only=True) as connection:
            tables = _tables(connection)
            if _OF_CLOSED in tables:
                closed |= set(connection.execute(f"select distinct survey, month from marts.{_OF_CLOSED}").fetchall())  # noqa: S608 - our own name
            else:
                told += [_told(connection, table, by, parts) for table, by in tables.items() if by]
    rows = pl.concat([pl.DataFrame(schema=_TOLD), *told]).unique(maintain_order=True)
    return Earlier(frozenset(closed), rows)


def were_published(lake: Lake) -> set[date]:
    """The months of employees' answers that were there when something was published for the last time.

    It is what is left to tell when neither the ledger of waves nor a published file is there any more.
    """
    checks = lake.ledger("checks").filter(pl.col("stage") == "published")
    whole = checks.group_by("checked_at").agg(pl.col("passed").all()).filter("passed")
    last = whole.get_column("checked_at").max()
    if not isinstance(last, datetime):
        return set()
    files = lake.ledger("files").filter(pl.col("metric") == "enps", pl.col("ingested_at") < last.astimezone(UTC))
    return {month for months in files.get_column("months") for month in months}


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """The tables of employees in a published file, and by which dimensions each groups; those that waves have too."""
    rows = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where schema_name = 'marts' and (table_name = 'fct_enps' or starts_with(table_name, 'enps_')) group by table_name"
    ).fetchall()
    return {table: tuple(name for name in columns if name in _DIMENSIONS) for table, columns in rows}


def _told(connection: duckdb.DuckDBPyConnection, table: str, by: tuple[str, ...], parts: pl.DataFrame) -> pl.DataFrame:
    is_fact = table == "fct_enps"
    period = "'month' as grain, month as start" if is_fact else "period_grain as grain, period_start as start"
    survey = "survey" if is_fact else "null::varchar as survey"
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in _COUNTS)
    rows = pl.DataFrame(
        connection.sql(
            f"select {period}, {survey}, {', '.join(by)}, {sums} from marts.{table} "  # noqa: S608 - our own names
            "where responses is not null group by all"
        )
    )
    months = rows.filter(pl.col("grain") == "month").rename({"start": "month"})
    found = [_held_against(months, by, parts)]
    found += [_held_against(_left(rows, months, by, grain, parts), by, parts) for grain in ("quarter", "year")]
    return pl.concat(found)


def _left(
    rows: pl.DataFrame, months: pl.DataFrame, by: tuple[str, ...], grain: str, parts: pl.DataFrame
) -> pl.DataFrame:
    """What a longer period leaves to those of its months that were not told: a row for each of these, of all together."""
    length = {"quarter": "1q", "year": "1y"}[grain]
    key = ["start", *by]
    start = pl.col("month").dt.truncate(length).alias("start")
    shown = months.with_columns(start).group_by(key).agg(pl.col("month"), *(pl.col(name).sum() for name in _COUNTS))
    there = parts.select("month", *by).unique().with_columns(start)
    of_period = rows.filter(pl.col("grain") == grain).join(shown, on=key, how="left", suffix="_shown")
    left = of_period.with_columns(pl.col(name) - pl.col(f"{name}_shown").fill_null(0) for name in _COUNTS)
    open_months = there.join(months.select("month", *by), on=["month", *by], how="anti")
    return left.join(open_months, on=key, suffix="_open").with_columns(month="month_open", among=pl.col("start"))


def _held_against(rows: pl.DataFrame, by: tuple[str, ...], parts: pl.DataFrame) -> pl.DataFrame:
    """Each figure with the waves that it is of, and whether it is what these are counted as now."""
    among = "among" if "among" in rows.columns else "month"
    rows = rows.with_row_index("row")
    waves = parts.group_by("survey", "month", *by).agg(pl.col(name).sum() for name in _COUNTS)
    # What is not counted any more was told of some wave of its month.
    gone = parts.select("survey", "month").unique()
    same_survey = pl.col("survey").is_null() | (pl.col("survey") == pl.col("survey_now"))
    held = rows.join(waves, on=["month", *by], suffix="_now").filter(same_survey)
    lost = rows.join(held, on="row", how="anti").join(gone, on="month", suffix="_now").filter(same_survey)
    of = [among, "survey", *by]
    agree = pl.all_horizontal(pl.col(f"{name}_now").sum().over(of) == pl.col(name) for name in _COUNTS)
    held = held.with_columns(is_alone=pl.len().over(of) == 1, is_same=agree)
    lost = lost.with_columns(is_alone=pl.lit(value=False), is_same=pl.lit(value=False))
    return pl.concat(
        each.select(
            pl.col("survey_now").alias("survey"), "month", pl.lit(list(by), pl.List(pl.String())).alias("by"),
            pl.concat_list(by).alias("members"), "is_alone", "is_same",
        ).cast(_TOLD)
        for each in (held, lost)
    )  # fmt: skip
