"""Dagster's databases while a night works: one engine each, whose connections stay open; their history read once.

Dagster makes an engine and opens a connection for each thing it asks, a thousand in a night of ten rows; SQLite waits for
the disk at each commit, and writes its log back whenever the last connection to a database closes. Not here: anything that
is read from them or written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from types import ModuleType
from typing import Any, Final

from alembic.config import Config
from alembic.script import ScriptDirectory
from dagster._core.storage.event_log.sqlite import consolidated_sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage

#: Of events, runs and schedules. The store of older workspaces, a database per run, closes its connections itself.
_MAKERS: Final[tuple[ModuleType, ...]] = (consolidated_sqlite_event_log, sqlite_run_storage, sqlite_schedule_storage)
_MAKE: Final = "create_engine"


class _Unwaiting(sqlite3.Connection):
    """A connection whose commits go into the log beside the database, and do not wait for the disk.

    Dagster asks for that log only when its tables are made, each of which waits for the disk three times without it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as sqlite3 has it
        super().__init__(*arguments, **options)
        self.execute("PRAGMA journal_mode=WAL")
        self.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def engines_kept() -> Iterator[None]:
    """Let Dagster's stores use one engine for each database, with its connections and the statements that it has compiled.

    What is written is the same. A connection that nobody uses holds no lock. A killed night loses nothing; a machine that
    loses its power may lose the last events, never the database: no figure is made of them. Where a release of Dagster
    makes its engines elsewhere, nothing is kept, and nothing breaks.
    """
    with ExitStack() as kept:
        for module in _MAKERS:
            make = getattr(module, _MAKE, None)
            if make is not None:
                engines: dict[str, Any] = {}
                setattr(module, _MAKE, partial(_remembered, make, engines))
                kept.callback(setattr, module, _MAKE, make)
                kept.callback(_end, engines)
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


def _remembered(make: Any, engines: dict[str, Any], url: str, **options: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
    if url not in engines:
        connecting = {**options.pop("connect_args", {}), "factory": _Unwaiting}
        # Without a class of pool SQLAlchemy keeps a few connections open.
        engines[url] = make(
            url, connect_args=connecting, **{name: options[name] for name in options if name != "poolclass"}
        )
    return engines[url]


def _end(engines: Mapping[str, Any]) -> None:
    for engine in engines.values():
        engine.dispose()
