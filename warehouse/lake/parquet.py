"""The pieces of loads, as Parquet files: plans that read them and plans that write them.

Here: rows and files. Not here: which files are part of a table (`warehouse.lake.store`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import polars as pl
from polars.io import FileProviderArgs

from transforms.tables import stored_types
from warehouse.lake.loads import OF_FILE, is_shared
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES

_SMALL_GROUP = 1 << 14
_FILE_NO: Final = "file_no"


def scan(
    table: str, files: Sequence[str], loads: Sequence[str] | None = None, piece: str | None = None
) -> pl.LazyFrame:
    """The rows of Parquet files of a table of data, with its `load_id`: all columns that are declared, in their order.

    In rows that were written before a column was declared, it is NULL. With `loads` the ids are codes of these. In pieces
    that several files share, the load tells the file; there are rows of all of them, but of `loads` only, where given.
    With `piece` a column of that name tells in which of the files each row is.
    """
    declared, keys = DATA_TABLES[table]
    columns = {**stored_types(declared), "load_id": pl.String() if loads is None else pl.Enum(loads)}
    wanted = [*columns, *([piece] if piece else [])]
    alone = [file for file in files if not is_shared(file)]
    rows = [_scanned(alone, columns, keys, piece).select(wanted)] if alone or not files else []
    if len(alone) < len(files):
        several = _scanned([file for file in files if is_shared(file)], {**columns, _FILE_NO: pl.Int64()}, keys, piece)
        rows.append(_each_of_its_file(several, loads).select(wanted))
    return pl.concat(rows) if rows[1:] else rows[0]


def rows_of(lake: Lake, table: str, loads: Sequence[str]) -> pl.LazyFrame:
    """The rows of some loads in a table of data."""
    paths = lake.files_of(table, pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}))
    return scan(table, paths).filter(pl.col("load_id").is_in(list(loads)))


def _scanned(
    files: list[str], columns: Mapping[str, pl.DataType], keys: Sequence[str], piece: str | None
) -> pl.LazyFrame:
    named = {name: pl.String() if _FILE_NO in columns else columns[name] for name in keys}
    inside = {name: dtype for name, dtype in columns.items() if name not in keys}
    return pl.scan_parquet(
        files,
        schema=inside,
        hive_partitioning=True,
        hive_schema=named,
        missing_columns="insert",
        extra_columns="ignore",
        include_file_paths=piece,
    )


def _each_of_its_file(rows: pl.LazyFrame, loads: Sequence[str] | None) -> pl.LazyFrame:
    load_id = pl.format(f"{{}}{OF_FILE}{{}}", "load_id", _FILE_NO)
    if loads is None:
        return rows.with_columns(load_id=load_id)
    return rows.with_columns(load_id=load_id.cast(pl.Enum(loads), strict=False)).drop_nulls("load_id")


def sink(rows: pl.LazyFrame, target: Path | pl.PartitionBy, *, packed: bool = True) -> pl.LazyFrame:
    """A plan that, when it is collected, writes rows as Parquet in a streaming pass.

    Rows of little else than pseudonyms are better not `packed`: a seventh larger, and written in two thirds of the time.
    Of the statistics only the counts of NULL are kept, which gates read: computing the others costs more than they save.
    Of several files at once each keeps back the rows that are no whole group yet, so their groups are small.
    """
    statistics = {"null_count": True, "min": False, "max": False, "distinct_count": False}
    group = _SMALL_GROUP if isinstance(target, pl.PartitionBy) else None
    compression: Literal["lz4", "uncompressed"] = "lz4" if packed else "uncompressed"
    return rows.sink_parquet(
        target, compression=compression, statistics=statistics, row_group_size=group, mkdir=True, lazy=True
    )


def months_of(folder: Path, key: str = "month") -> pl.PartitionBy:
    """A target for `sink`: a Parquet file for each month, which its name tells; the rows tell it too, in `month`."""
    return pl.PartitionBy(folder, key=key, include_key=key == "month", file_path_provider=_named_by_month)


def _named_by_month(piece: FileProviderArgs) -> str:
    return f"{piece.partition_keys.item(0, 0)}_{piece.index_in_partition}.parquet"


def write_by_month(rows: pl.DataFrame, folder: Path) -> None:
    """Write rows as Parquet files, one folder for each month."""
    months = rows.get_column("month").unique()
    for month in months:
        of_month = rows if len(months) == 1 else rows.filter(pl.col("month") == month)
        sink(of_month.drop("month").lazy(), folder / f"month={month}" / "part-0.parquet").collect()
