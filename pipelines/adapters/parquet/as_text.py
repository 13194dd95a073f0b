"""A Parquet file rewritten with all its columns as text.

Here: what a value looks like as text. Not here: who asks for it (`parquet`), the process that does it (`adapters.apart`).
Whole floats come as `9`, dates as `2024-01-02 03:04:05`, truth values as `true`, the fields of a struct as columns of
their own, as those of a JSON object (`person.email`), other nested values as JSON, bytes as the text that they are or else
in hex.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.json.shapes import DATA

#: Above it a float is not certain to the unit.
_EXACT: Final = 1e15
_LOCAL: Final = "%Y-%m-%d %H:%M:%S%.f"


def rewrite(source: Path, target: Path) -> list[str]:
    """Write `source_row` (from 1) and every column as text, `c0` and on; give the names of the columns."""
    frame = pl.scan_parquet(source, glob=False)
    schema = frame.collect_schema()
    columns = [leaf for name, dtype in schema.items() for leaf in _leaves(name, pl.col(name), dtype)]
    cells = [as_text(values, dtype).alias(f"c{i}") for i, (_, values, dtype) in enumerate(columns)]
    numbered = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row")
    frame.select(cells).with_columns(numbered).sink_parquet(target, compression="uncompressed")
    return [name for name, _, _ in columns]


def _leaves(name: str, values: pl.Expr, dtype: pl.DataType) -> Iterator[tuple[str, pl.Expr, pl.DataType]]:
    """The columns that a column is read as: itself, or those of the fields of a struct, however deep."""
    if not isinstance(dtype, pl.Struct) or not dtype.fields or name.lower() == DATA:
        yield name, values, dtype
        return
    for field in dtype.fields:
        inner = field.dtype if isinstance(field.dtype, pl.DataType) else field.dtype()
        yield from _leaves(f"{name}.{field.name}", values.struct.field(field.name), inner)


def as_text(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The text of values, as a spreadsheet would give it; a list of plain ones is one text, `a, b`, as in JSON."""
    if isinstance(dtype, pl.Datetime):
        zoned = values.dt.convert_time_zone("UTC").dt.to_string(f"{_LOCAL}%:z") if dtype.time_zone else None
        return values.dt.to_string(_LOCAL) if zoned is None else zoned
    if dtype.is_float():
        whole = (values == values.floor()) & (values.abs() < _EXACT)
        text = (
            pl.when(whole).then(values.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(values.cast(pl.String))
        )
        return pl.when(values.is_not_nan()).then(text)
    if dtype.is_decimal():
        text = values.cast(pl.String)
        return pl.when(text.str.contains(".", literal=True)).then(text.str.replace(r"\.?0+$", "")).otherwise(text)
    if dtype.is_nested() or _holds_bytes(dtype):
        return _nested(values, dtype)
    return values.dt.to_string("iso") if isinstance(dtype, pl.Duration) else values.cast(pl.String)


def _nested(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The same of lists, structs and bytes."""
    if isinstance(dtype, pl.Array) and isinstance(dtype.inner, pl.DataType) and not dtype.inner.is_nested():
        return _nested(values.arr.to_list(), pl.List(dtype.inner))
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.DataType) and not dtype.inner.is_nested():
        return values.list.eval(as_text(pl.element(), dtype.inner)).list.drop_nulls().list.join(", ")
    if _holds_bytes(dtype):
        return values.map_batches(_bytes_as_text, return_dtype=pl.String)
    # Only structs have a JSON text of their own.
    packed = pl.struct(values.alias("v")).struct.json_encode()
    return pl.when(values.is_not_null()).then(packed.str.slice(len('{"v":')).str.head(-1))


def _holds_bytes(dtype: pl.DataType) -> bool:
    return "Binary" in repr(dtype)


def _bytes_as_text(values: pl.Series) -> pl.Series:
    """Value by value: the library gives up on bytes that are no text, and on all of them in nested values."""
    return pl.Series([_as_text(value) for value in values.to_list()], dtype=pl.String)


def _as_text(value: object) -> str | None:
    if isinstance(value, list | dict):
        return json.dumps(value, default=_as_text, ensure_ascii=False)
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.hex()
    return None if value is None else str(value)
