"""Asking the published file, as any reader does: read-only and closed to the outside."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

_READER = {"enable_external_access": "false", "autoinstall_known_extensions": "false", "lock_configuration": "true"}


class QueryError(Exception):
    """A query that cannot be answered, with DuckDB's own sentence."""


def ask(database: Path, sql: str) -> pl.DataFrame:
    """The rows of one SQL statement on the published file. Raises `QueryError`."""
    try:
        with duckdb.connect(str(database), read_only=True, config=dict(_READER)) as connection:
            rows = connection.sql(sql)
            return pl.DataFrame() if rows is None else pl.DataFrame(rows)
    except duckdb.Error as error:
        raise QueryError(str(error).strip()) from error
