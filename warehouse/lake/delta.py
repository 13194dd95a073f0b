"""How declared tables look to Delta Lake.

Here: from declarations to Delta schemas. Not here: reading and writing (`warehouse.lake.store`).
"""

from __future__ import annotations

from typing import Final

import polars as pl
from deltalake import Field, Schema
from deltalake.schema import ArrayType, PrimitiveType

from transforms.declared import dy
from transforms.tables import types

_PRIMITIVES: Final = {
    pl.String: "string", pl.Enum: "string", pl.Int8: "byte", pl.Int32: "integer", pl.Int64: "long", pl.Float64: "double",
    pl.Date: "date", pl.Datetime: "timestamp", pl.Boolean: "boolean",
}  # fmt: skip


def delta_schema(declared: type[dy.Schema], *, is_ledger: bool) -> Schema:
    """The columns of a table; each load of one that is no ledger has a `load_id` too."""
    fields = [Field(name, _delta_type(dtype), nullable=True) for name, dtype in types(declared).items()]
    return Schema(fields if is_ledger else [*fields, Field("load_id", PrimitiveType("string"))])


def _delta_type(dtype: pl.DataType) -> PrimitiveType | ArrayType:
    if isinstance(dtype, pl.List):
        inner: pl.DataType = dtype.inner  # type: ignore[assignment]
        return ArrayType(_delta_type(inner), contains_null=True)
    if isinstance(dtype, pl.Decimal):
        return PrimitiveType(f"decimal({dtype.precision},{dtype.scale})")
    return PrimitiveType(_PRIMITIVES[dtype.base_type()])
