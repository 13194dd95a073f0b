"""Dagster's databases, held open while a night works.

Dagster connects to them anew for each event, and whenever the last connection to a database closes, SQLite writes its log
back into it and waits for the disk. Not here: anything that is read from them or written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

#: Events and runs; of instances with a database per run, that of all runs together.
_DATABASES: Final = ("event_log.db", "history/runs.db", "history/runs/index.db")


@contextmanager
def held_open(dagster_home: Path) -> Iterator[None]:
    """Keep a connection to each of the databases that are there: it reads nothing more, and keeps nobody waiting."""
    with ExitStack() as held:
        for path in (dagster_home / name for name in _DATABASES):
            if path.is_file():
                # What is wrong with a database, Dagster tells when it needs it.
                with suppress(sqlite3.Error):
                    connection = held.enter_context(closing(sqlite3.connect(path)))
                    connection.execute("select count(*) from sqlite_schema").fetchone()
        yield
