"""How SQLAlchemy speaks to DuckDB so that Great Expectations can read the answers.

Importing this module imports SQLAlchemy and DuckDB's driver: only `session` does so.
"""

from __future__ import annotations

from typing import Final

from duckdb_sqlalchemy import Dialect
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
    """DuckDB with buffered results."""

    execution_ctx_cls = BufferedContext
    supports_statement_cache = True


def register() -> None:
    """Make the dialect known to SQLAlchemy under its name."""
    registry.register(NAME, __name__, BufferedDialect.__name__)
