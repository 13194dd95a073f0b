"""Columns of the published file that are never NULL: tools may rely on it, and some join or group better for it.

Here: which those are, and saying so to DuckDB. Not here: numbers that should be known and are not, which the last gate
finds (`expectations`): a table that breaks this is left for that gate to name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from transforms.dimensions import DIMENSIONS

#: In every table of marts that has them, but for those of `_OTHERS`.
NEVER_NULL: Final = frozenset(
    {"period_grain", "period_start", "period_end", "month", "responses", "promoters", "passives", "detractors",
     "nonstandard_responses", "is_low_sample", "is_complete", "previous_responses", "dimension", "member", "day", "quarter",
     "year", "label", "month_label", "quarter_label", "year_label", "weekday", "metric", "is_known", "branch_now",
     "region_now", "name", *(each.name for each in DIMENSIONS)}
)  # fmt: skip
#: In these a NULL means all.
_OTHERS: Final = frozenset({"benchmark"})


def forbid_null(connection: duckdb.DuckDBPyConnection, apart: Sequence[str] = ()) -> None:
    """Let no such column of the file that is attached as nps be NULL, nor one of `apart`, dimensions beside facts."""
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() c join duckdb_tables() t using (database_name, schema_name, "
        "table_name) where database_name = 'nps' and schema_name = 'marts'"
    ).fetchall()
    wanted = [(table, column) for table, column in columns if column in {*NEVER_NULL, *apart} and table not in _OTHERS]
    statements = (f"alter table nps.marts.{table} alter column {column} set not null;" for table, column in wanted)
    connection.execute("begin")
    try:
        connection.execute("".join(statements))
    except duckdb.ConstraintException:
        connection.execute("rollback")
    else:
        connection.execute("commit")
