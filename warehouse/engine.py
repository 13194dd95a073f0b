"""DuckDB as the engine over the lake: connections, views over loads, SQL models from files.

Here: how SQL is run. Not here: what any model computes (`warehouse/models/*.sql`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import count
from pathlib import Path
from string import Template
from typing import Final

import duckdb
import polars as pl

from transforms.declared import dy
from transforms.tables import types
from warehouse.lake.loads import OF_FILE, is_shared

_SQL_TYPES: Final = {
    pl.String: "varchar", pl.Enum: "varchar", pl.Int8: "tinyint", pl.Int32: "integer", pl.Int64: "bigint",
    pl.Float64: "double", pl.Date: "date", pl.Datetime: "timestamptz", pl.Boolean: "boolean",
}  # fmt: skip

#: What tells the databases in memory of one process apart.
_NUMBERS: Final = count(1)


@dataclass(frozen=True)
class Limits:
    """What DuckDB may use before it spills to `spill`."""

    memory_mb: int
    spill: Path
    threads: int | None = None
    """As many as there are cores, where it is None."""


@contextmanager
def connect(limits: Limits, database: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database file (to a new one in memory if none), closed afterwards."""
    limits.spill.mkdir(parents=True, exist_ok=True)
    if database:
        with closing(_started(limits, str(database))) as connection:
            connection.execute("set timezone = 'UTC'")
            yield connection
        return
    connection, name = _engine(limits).cursor(), f"work_{next(_NUMBERS)}"
    connection.execute(f"set timezone = 'UTC'; attach ':memory:' as {name}; use {name}")
    try:
        yield connection
        connection.execute(f"use memory; detach {name}")
    except BaseException:
        # What it has attached, and how it was set, goes with it.
        _engine.cache_clear()
        raise
    finally:
        connection.close()


@lru_cache(maxsize=1)
def _engine(limits: Limits) -> duckdb.DuckDBPyConnection:
    """DuckDB itself. To start it anew for each step of a night was a twelfth of a short one."""
    return _started(limits, ":memory:")


def _started(limits: Limits, database: str) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{limits.memory_mb}MB",
        "temp_directory": str(limits.spill),
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
    }
    if limits.threads is not None:
        settings["threads"] = limits.threads
    return duckdb.connect(database, config=settings)


@contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For statements on groups, not on answers: waking other threads for so few rows costs more than it saves."""
    [(threads,)] = connection.execute("select current_setting('threads')").fetchall()
    if threads > 1:
        connection.execute("set threads = 1")
    yield
    if threads > 1:
        connection.execute(f"set threads = {threads}")


def attach(connection: duckdb.DuckDBPyConnection, database: Path, name: str, options: str) -> None:
    """Open another database file beside the connection's own; `options` are those of the ATTACH statement."""
    connection.execute(f"attach {quoted(str(database))} as {name} ({options})")


def view(  # noqa: PLR0913 - each says which rows
    connection: duckdb.DuckDBPyConnection,
    name: str,
    files: list[str],
    table: type[dy.Schema],
    *,
    lasting: bool = False,
    loads: pl.DataFrame | None = None,
) -> None:
    """A view over the Parquet files of a table's loads; without files an empty one, of the same columns.

    In rows that were written before a column was declared, it is NULL.
    A `lasting` view stands in the database file, another only in this connection. Of pieces that several files share it has
    the rows of `loads`: `load_id` and `file_digest`.
    """
    kind = "" if lasting else "temp"
    columns = {column: _sql_type(dtype) for column, dtype in types(table).items()}
    declared = ", ".join(f'null::{sql} as "{column}"' for column, sql in columns.items())
    body = f"select {declared}, null::varchar as load_id where false"
    alone = [file for file in files if not is_shared(file)]
    if alone:
        body = f"{body} union all by name from {_parquet(alone)}"
    if len(alone) < len(files) and loads is not None:
        of_files = loads.select("load_id", "file_digest").unique("load_id")
        frame_table(connection, f"{name}_of_files", of_files, lasting=lasting)
        several = _parquet([file for file in files if is_shared(file)])
        of_file = f"files.load_id = rows.load_id || '{OF_FILE}' || rows.file_no"
        told = "rows.* exclude (load_id, file_digest), files.load_id, files.file_digest"
        body = (
            f"{body} union all by name select {told} from {several} as rows join {name}_of_files as files on {of_file}"  # noqa: S608 - our own names, quoted paths
        )
    chosen = ", ".join(f'"{column}"::{sql} as "{column}"' for column, sql in columns.items())
    body = f"select {chosen}, load_id::varchar as load_id from ({body})"  # noqa: S608 - our own names, quoted paths
    connection.execute(f"create or replace {kind} view {name} as {body}")


def _parquet(files: list[str]) -> str:
    listed = ", ".join(quoted(file) for file in files)
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"


def footers(connection: duckdb.DuckDBPyConnection, name: str, files: list[str]) -> None:
    """A temporary view over what the footers of Parquet files say of each column of each row group: how many are NULL."""
    listed = ", ".join(quoted(file) for file in files)
    nothing = (
        "select ''::varchar as file_name, ''::varchar as path_in_schema, 0::bigint as stats_null_count where false"
    )
    said = f"from parquet_metadata([{listed}])" if files else nothing
    connection.execute(f"create or replace temp view {name} as {said}")


class _ArrowStream:
    """A frame as DuckDB takes it without pyarrow: nothing but the Arrow C stream."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def frame_table(
    connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame, *, lasting: bool = False
) -> None:
    """A table with the rows of a frame, a temporary one unless it is to stand in the database file."""
    connection.register("incoming", _ArrowStream(frame.cast({pl.Enum: pl.String})))
    connection.execute(f"create or replace {'' if lasting else 'temp'} table {name} as from incoming")
    connection.unregister("incoming")


def query(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """The rows of a query."""
    return pl.DataFrame(connection.sql(sql))


def copy_by_month(connection: duckdb.DuckDBPyConnection, relation: str, folder: Path) -> None:
    """Write a relation as Parquet files, one folder for each month."""
    connection.execute(
        f"copy (from {relation}) to {quoted(str(folder))} "
        "(format parquet, compression zstd, compression_level 1, partition_by (month), overwrite_or_ignore true)"
    )


def model(name: str) -> str:
    """The SQL text of a model."""
    return resources.files("warehouse").joinpath("models", f"{name}.sql").read_text("utf-8")


def run_model(connection: duckdb.DuckDBPyConnection, name: str, **values: str) -> None:
    """Run a model's statements in their order, with `values` in place of its `$names`."""
    connection.execute(Template(model(name)).substitute(values))


def reconcile(connection: duckdb.DuckDBPyConnection, equations: str, **values: str) -> None:
    """Add what a query of equations finds, `name, expected, found`, to meta.reconciliation."""
    found = Template(model(f"equations/{equations}")).substitute(values)
    run_model(connection, "meta/reconciliation", equations=found.rstrip().removesuffix(";"))


def _sql_type(dtype: pl.DataType) -> str:
    return _SQL_TYPES[dtype.base_type()]


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
