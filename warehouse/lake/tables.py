"""Which tables there are in the lake: data, by loads in folders, and ledgers, which are only appended to.

Here: the declaration of each, as Delta has it, and the columns that name the folders of its loads. Not here: what their
columns mean (`transforms.tables`), reading and writing them (`warehouse.lake.store`).
"""

from __future__ import annotations

from typing import Final

import polars as pl
from deltalake import Field, Schema
from deltalake.schema import ArrayType, PrimitiveType

from transforms.declared import dy
from transforms.tables import (
    Activity,
    BuildRecord,
    Case,
    Cell,
    CheckRecord,
    Client,
    Contact,
    ContactCount,
    Fact,
    FileRecord,
    Member,
    Mention,
    Outcome,
    RejectedRow,
    Repeat,
    Response,
    Restatement,
    StagedAnswer,
    SupersededAnswer,
    Ticket,
    WaveRecord,
    Word,
    types,
)

#: Table: its declaration and the columns that name the folders of its loads.
DATA_TABLES: Final[dict[str, tuple[type[dy.Schema], tuple[str, ...]]]] = {
    "staged": (StagedAnswer, ("source", "file_digest", "load_id")),
    "rejected": (RejectedRow, ("source", "file_digest", "load_id")),
    "members": (Member, ("file_digest", "load_id")),
    "responses": (Response, ("load_id", "month")),
    "superseded": (SupersededAnswer, ("load_id", "month")),
    "outcomes": (Outcome, ("load_id", "month")),
    "cells": (Cell, ("load_id", "month")),
    "facts": (Fact, ("load_id", "month")),
    "repeats": (Repeat, ("load_id",)),
    "mentions": (Mention, ("load_id",)),
    "words": (Word, ("load_id",)),
    "contacts": (Contact, ("source", "file_digest", "load_id")),
    "contact_counts": (ContactCount, ("load_id",)),
    "tickets": (Ticket, ("file_digest", "load_id")),
    "cases": (Case, ("load_id",)),
    "activity": (Activity, ("source", "file_digest", "load_id")),
    "clients": (Client, ("source", "file_digest", "load_id")),
}
#: What a build of responses writes: one load in each of these.
BUILT_TABLES: Final = ("responses", "superseded", "outcomes", "cells")
LEDGERS: Final[dict[str, type[dy.Schema]]] = {
    "files": FileRecord,
    "builds": BuildRecord,
    "checks": CheckRecord,
    "restatements": Restatement,
    "waves": WaveRecord,
}
_PRIMITIVES: Final = {
    pl.String: "string", pl.Enum: "string", pl.Int8: "byte", pl.Int32: "integer", pl.Int64: "long", pl.Float64: "double",
    pl.Date: "date", pl.Datetime: "timestamp", pl.Boolean: "boolean",
}  # fmt: skip


def naming(table: str) -> list[str]:
    """The columns that tell one load, or one month of a load, from the others."""
    return [key for key in DATA_TABLES[table][1] if key in ("load_id", "month")]


def schema_of(table: str) -> Schema:
    """The columns of a table as Delta has them, which its files follow; each load of data has a `load_id` too."""
    declared = LEDGERS[table] if table in LEDGERS else DATA_TABLES[table][0]
    fields = [Field(name, _delta_type(dtype), nullable=True) for name, dtype in types(declared).items()]
    return Schema(fields if table in LEDGERS else [*fields, Field("load_id", PrimitiveType("string"))])


def _delta_type(dtype: pl.DataType) -> PrimitiveType | ArrayType:
    if isinstance(dtype, pl.List):
        inner: pl.DataType = dtype.inner  # type: ignore[assignment]
        return ArrayType(_delta_type(inner), contains_null=True)
    if isinstance(dtype, pl.Decimal):
        return PrimitiveType(f"decimal({dtype.precision},{dtype.scale})")
    return PrimitiveType(_PRIMITIVES[dtype.base_type()])
