"""Dagster's databases while a night works: held open, one engine each, their history read once, the disk not waited for.

Dagster connects to them anew for each event, with an engine of its own each time, and SQLite waits for the disk at each
commit; whenever the last connection to a database closes, it writes its log back too. Not here: anything that is read from
them or written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from alembic.config import Config
from alembic.script import ScriptDirectory
from dagster._core.storage.event_log.sqlite import consolidated_sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage

#: Events and runs; of instances with a database per run, that of all runs together.
_DATABASES: Final = ("event_log.db", "history/runs.db", "history/runs/index.db")

_MAKERS: Final[tuple[ModuleType, ...]] = (consolidated_sqlite_event_log, sqlite_run_storage)
_MAKE: Final = "create_engine"


class _Unwaiting(sqlite3.Connection):
    """A connection whose commits go into the log beside the database, and do not wait for the disk."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as sqlite3 has it
        super().__init__(*arguments, **options)
        self.execute("PRAGMA synchronous=NORMAL")


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


@contextmanager
def engines_kept() -> Iterator[None]:
    """Let Dagster's stores use one engine for each database, which remembers the statements that it has compiled.

    Connections are opened and closed as before; what is written is the same. A killed night loses nothing of it. A machine
    that loses its power may lose the last events, never the database: no figure is made of them. Where a release of Dagster
    makes its engines elsewhere, nothing is kept, and nothing breaks.
    """
    with ExitStack() as kept:
        for module in _MAKERS:
            make = getattr(module, _MAKE, None)
            if make is not None:
                setattr(module, _MAKE, _remembering(make))
                kept.callback(setattr, module, _MAKE, make)
        yield


@contextmanager
def history_kept() -> Iterator[None]:
    """Let Alembic read the history of Dagster's databases once: of a new workspace it is asked for six times.

    It is some ninety modules, each of which is run when it is read.
    """
    was, read = vars(ScriptDirectory)["from_config"], ScriptDirectory.from_config
    known: dict[tuple[str | None, ...], ScriptDirectory] = {}

    def kept(config: Config) -> ScriptDirectory:
        where = tuple(config.get_main_option(name) for name in ("script_location", "version_locations"))
        if where not in known:
            known[where] = read(config)
        return known[where]

    ScriptDirectory.from_config = staticmethod(kept)  # type: ignore[method-assign]
    try:
        yield
    finally:
        ScriptDirectory.from_config = was  # type: ignore[method-assign]


def _remembering(make: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    made: dict[str, Any] = {}

    def engine(url: str, **options: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
        if url not in made:
            arguments = {**options.pop("connect_args", {}), "factory": _Unwaiting}
            made[url] = make(url, connect_args=arguments, **options)
        return made[url]

    return engine
