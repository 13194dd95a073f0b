"""What each table and column means, written into the file itself for every tool that shows it.

Here: which words belong to what. Not here: the words (`models/comments.yaml`, `warehouse.marts`).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.own_yaml import own_yaml
from warehouse.engine import quoted
from warehouse.marts import LOOP, REASONS, RIVALS, THEMES, comments_of_names, marts
from warehouse.published.views import views


def comment(connection: duckdb.DuckDBPyConnection, apart: Sequence[str], staff: Sequence[str]) -> None:
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
    said = [
        (f"{'view' if schema == 'bi' else 'table'} nps.{schema}.{table}", tables[f"{schema}.{table}"])
        for schema, table in sorted({(schema, table) for schema, table, _ in columns})
    ]
    said += [(f"column nps.{schema}.{table}.{column}", names[column]) for schema, table, column in columns]
    # In one transaction: a commit of each would cost more than all else here. And there are thousands, of which each would
    # be optimised.
    connection.execute("pragma disable_optimizer")
    connection.execute("begin;" + "".join(f"comment on {what} is {quoted(text)};" for what, text in said) + "commit")
    connection.execute("pragma enable_optimizer")
