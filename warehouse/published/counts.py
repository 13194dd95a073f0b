"""Counts of the published file are BIGINT: DuckDB sums into HUGEINT, which few tools know, and none from a Parquet file.

Here: saying so to DuckDB. Not here: what is counted (`models`).
"""

from __future__ import annotations

import duckdb


def narrow_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Make BIGINT of every column of the file that is attached as nps and is wider."""
    wide = connection.execute(
        "select format('alter table nps.{}.{} alter column {} type bigint;', schema_name, table_name, column_name) "
        "from duckdb_columns() where database_name = 'nps' and data_type = 'HUGEINT'"
    ).fetchall()
    connection.execute("".join(statement for (statement,) in wide))
