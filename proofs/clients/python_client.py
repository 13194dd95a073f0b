"""A client in Python: python_client.py LIBRARY DATABASE QUESTION, where the library is installed beside this Python.

It obeys lines of standard input (read, read_all, reopen, write, quit), and says a line of JSON for each. Not here: what is
demanded of it (`proofs.reading`). It imports nothing of the house, and each library where it is meant.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Rows = Callable[[str], list[tuple[Any, ...]]]
"""Asks, and gives rows."""


def by_duckdb(database: str) -> tuple[Rows, Callable[[], None]]:
    import duckdb

    connection = duckdb.connect(database, read_only=True)
    return lambda sql: connection.execute(sql).fetchall(), connection.close


def by_pandas(database: str) -> tuple[Rows, Callable[[], None]]:
    import duckdb

    connection = duckdb.connect(database, read_only=True)
    return lambda sql: list(connection.execute(sql).df().itertuples(index=False, name=None)), connection.close


def by_polars(database: str) -> tuple[Rows, Callable[[], None]]:
    import duckdb
    import polars as pl

    connection = duckdb.connect(database, read_only=True)
    return lambda sql: pl.read_database(sql, connection).rows(), connection.close


def by_ibis(database: str) -> tuple[Rows, Callable[[], None]]:
    import ibis

    connection = ibis.duckdb.connect(database, read_only=True)

    def rows(sql: str) -> list[tuple[Any, ...]]:
        if not sql.startswith("--"):
            return list(connection.raw_sql(sql).fetchall())
        table = connection.table("nps_by_branch_month", database="bi")
        about = connection.table("publish", database="meta").published_at_business.cast("string").execute()
        answers = table.responses.sum()
        nps = 100.0 * (table.promoters.sum() - table.detractors.sum()) / answers
        sums = table.aggregate(responses=answers, nps=nps).execute()
        return [(about.iloc[0], sums.responses.iloc[0], sums.nps.iloc[0])]

    return rows, connection.disconnect


def by_sqlalchemy(database: str) -> tuple[Rows, Callable[[], None]]:
    import sqlalchemy as sa

    engine = sa.create_engine(f"duckdb:///{database}", connect_args={"read_only": True})

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(sql))]

    return rows, engine.dispose


#: Each with the packages whose versions are told.
LIBRARIES = {
    "duckdb": (by_duckdb, ("duckdb",)),
    "pandas": (by_pandas, ("pandas", "duckdb")),
    "polars": (by_polars, ("polars", "duckdb")),
    "ibis": (by_ibis, ("ibis-framework", "duckdb")),
    "sqlalchemy": (by_sqlalchemy, ("sqlalchemy", "duckdb-engine", "duckdb")),
}


_TABLES = "select table_schema, table_name from information_schema.tables where table_schema in ('marts', 'meta', 'bi')"


def main() -> None:
    library, database, question = sys.argv[1:]
    opened, packages = LIBRARIES[library]
    asked = Path(question).read_text("utf-8")
    say({"versions": {name: importlib.metadata.version(name) for name in packages}})
    rows, close = opened(database)
    for line in sys.stdin:
        try:
            match line.strip():
                case "read":
                    [(publication, responses, nps)] = rows(asked)
                    say({"publication": str(publication), "responses": int(responses), "nps": float(nps)})
                case "read_all":
                    tables = rows(_TABLES)
                    for schema, table in tables:
                        rows(f"create or replace temp table found as from {schema}.{table}")
                    say({"tables": len(tables)})
                case "reopen":
                    close()
                    rows, close = opened(database)
                    say({"reopened": True})
                case "write":
                    rows("create table marts.written (a integer)")
                    say({"written": True})
                case _:
                    return
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked is told
            say({"error": f"{type(error).__name__}: {error}"})


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


main()
