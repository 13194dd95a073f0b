"""How SQLAlchemy speaks to DuckDB so that Great Expectations can read the answers.

Importing this module imports SQLAlchemy and DuckDB's driver: only `session` does so.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from duckdb_sqlalchemy import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

#: The name under which SQLAlchemy finds the dialect.
NAME: Final = "nps_duckdb"


class BufferedContext(Dialect.execution_ctx_cls):  # type: ignore[misc] # the driver is untyped to mypy
    """Reads each result whole as soon as it is there.

    Great Expectations fetches after it gave the connection back, and by then DuckDB's result is gone.
    """

    def post_exec(self) -> None:
        """Keep the rows before anyone can close the result."""
        super().post_exec()
        if self.cursor.description:
            rows = self.cursor.fetchall()
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, initial_buffer=rows)


class BufferedDialect(Dialect):  # type: ignore[misc] # the driver is untyped to mypy
    """DuckDB with buffered results.

    Great Expectations asks of each table which columns it has, and the driver's own answers, with keys, comments and types,
    were two fifths of the time that a gate takes. No rule asks for any of these.
    """

    execution_ctx_cls = BufferedContext
    supports_statement_cache = True

    def get_columns(
        self,
        connection: sa.Connection,
        table_name: str,
        schema: str | None = None,
        **_: Any,  # noqa: ANN401 - SQLAlchemy's
    ) -> list[dict[str, Any]]:
        """The names of the columns, of no type."""
        del schema
        name = self.identifier_preparer.quote_identifier(table_name)
        described = connection.exec_driver_sql(f"describe {name}").fetchall()
        return [{"name": row[0], "type": sa.types.NullType(), "nullable": True, "default": None} for row in described]

    def get_pk_constraint(self, *_: object, **__: object) -> dict[str, Any]:
        """What a gate looks at are views and scratch tables, which have no key."""
        return {"constrained_columns": [], "name": None}

    def do_begin(self, dbapi_connection: object) -> None:
        """No transaction: nobody changes what a gate reads, and to begin and end one takes a fifteenth of its time."""

    def do_rollback(self, dbapi_connection: object) -> None:
        """As above."""

    def do_commit(self, dbapi_connection: object) -> None:
        """As above."""


def cursor_of(connection: Any) -> Any:  # noqa: ANN401 - the driver is untyped to mypy
    """Another connection to the database of one, as the dialect wants it. To open one anew costs a hundred times that."""
    [(database,)] = connection.execute("select current_database()").fetchall()
    cursor = connection.cursor()
    cursor.execute(f'use "{database}"')
    return ConnectionWrapper(cursor)


def register() -> None:
    """Make the dialect known to SQLAlchemy under its name."""
    registry.register(NAME, __name__, BufferedDialect.__name__)
