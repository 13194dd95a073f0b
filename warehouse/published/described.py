"""What the published file tells tools about its own tables, beside figures: types, what is never NULL, what each means.

Counts are BIGINT: DuckDB sums into HUGEINT, which few tools know, and none from a Parquet file. On columns that are never
NULL tools may rely, and some join or group better for it. Here: saying so to DuckDB. Not here: the words
(`models/comments.yaml`, `warehouse.marts`), numbers that should be known and are not, which the last gate finds
(`expectations`): a table that breaks this is left for that gate to name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from transforms.dimensions import DIMENSIONS
from transforms.own_yaml import own_yaml
from warehouse.engine import quoted
from warehouse.marts import LOOP, REASONS, RIVALS, THEMES, comments_of_names, marts
from warehouse.published.views import create_views, views

#: In every table of marts that has them, but for those of `_OTHERS`.
NEVER_NULL: Final = frozenset(
    {"period_grain", "period_start", "period_end", "month", "responses", "promoters", "passives", "detractors",
     "nonstandard_responses", "is_low_sample", "is_complete", "previous_responses", "dimension", "member", "day", "quarter",
     "year", "label", "month_label", "quarter_label", "year_label", "weekday", "metric", "is_known", "branch_now",
     "region_now", "name", *(each.name for each in DIMENSIONS)}
)  # fmt: skip
#: In these a NULL means all.
_OTHERS: Final = frozenset({"benchmark"})


def describe(connection: duckdb.DuckDBPyConnection, apart: Sequence[str], staff: Sequence[str]) -> None:
    """Say all of it of the file that is attached as nps, with the views that tools find in it."""
    _narrow_counts(connection)
    _forbid_null(connection, (*apart, *staff))
    create_views(connection, apart, staff)
    _comment(connection, apart, staff)


def _narrow_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Make BIGINT of every column that is wider."""
    wide = connection.execute(
        "select format('alter table nps.{}.{} alter column {} type bigint;', schema_name, table_name, column_name) "
        "from duckdb_columns() where database_name = 'nps' and data_type = 'HUGEINT'"
    ).fetchall()
    connection.execute("".join(statement for (statement,) in wide))


def _forbid_null(connection: duckdb.DuckDBPyConnection, apart: Sequence[str]) -> None:
    """Let no column be NULL that never is, nor one of `apart`, dimensions beside facts."""
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


def _comment(connection: duckdb.DuckDBPyConnection, apart: Sequence[str], staff: Sequence[str]) -> None:
    """Comment every table and column; one without a comment is a mistake of ours, and fails."""
    words = own_yaml("warehouse", "models", "comments.yaml")
    tables = words["tables"] | {
        f"marts.{mart.name}": mart.comment for mart in (*marts(apart, staff), *THEMES, *REASONS, *RIVALS, *LOOP)
    }
    tables |= {f"bi.{view.name}": view.comment for view in views(apart, staff)}
    names = words["columns"] | comments_of_names(apart, staff)
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'nps'"
    ).fetchall()
    of_tables: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in columns:
        of_tables.setdefault((schema, table), []).append(column)
    # There are thousands, of which each would be optimised.
    connection.execute("pragma disable_optimizer")
    for (schema, table), of_table in of_tables.items():
        name = f"nps.{schema}.{table}"
        said = {f"{'view' if schema == 'bi' else 'table'} {name}": tables[f"{schema}.{table}"]}
        said |= {f"column {name}.{column}": names[column] for column in of_table}
        # In one transaction: a commit of each costs more, and so do those of other tables that are not done with.
        comments = "".join(f"comment on {what} is {quoted(text)};" for what, text in said.items())
        connection.execute(f"begin;{comments}commit")
    connection.execute("pragma enable_optimizer")
