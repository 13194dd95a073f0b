"""What goes wrong with the machine, in one sentence: no room, too little memory, no permission, damage to Dagster's files.

Each library has its own words for it, deep down. Here: finding out, and saying so. Not here: making room
(`warehouse.upkeep.tidy`), what is too little from the start (`trouble.machine`), damage to the lake, which
`warehouse.lake.store` tells itself.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from pipelines.config.workspace import Workspace
from pipelines.errors import NoRoomError, UserError
from warehouse.lake.errors import DamagedError

_MB: Final = 1 << 20
#: What SQLite says of a damaged file.
_DAMAGED: Final = ("not a database", "malformed", "file is encrypted")
#: What failed may have given back the room that it had used, but hardly any disk with more than this is full.
_LEAST: Final = 16 * _MB
#: The words of the operating system and of SQLite.
_SIGNS: Final = ("No space left on device", "disk is full")
#: Signs of other things that are used up, in the words of Python, Rust and DuckDB, and what to say of each.
_USED_UP: Final = {
    "Too many open files": "More files are open at once than this process may have: allow more (ulimit -n 65536)",
    "Cannot allocate memory": "The memory of this machine is used up: give it more, or lower limits.memory_mb of nps.yaml",
    "disk I/O error": "What Dagster keeps could not be written: make room on its disk, allow larger files (ulimit -f "
    "unlimited), or have the disk looked after",
    "File too large (os error 27)": "Files may not grow as large as this needs: allow it (ulimit -f unlimited)",
    "Out of Memory Error": "DuckDB may not use as much memory as this needs: raise limits.memory_mb of nps.yaml",
}
#: The words of Python, Rust and DuckDB about what the system does not let us do.
_NOT_ALLOWED: Final = ("Permission denied", "Operation not permitted", "Read-only file system")
#: The same in the words of SQLite, which names no file; only Dagster keeps anything in it.
_NOT_ALLOWED_TO_DAGSTER: Final = ("readonly database", "unable to open database file")
#: What is said of a file where a folder belongs, and of a folder where a file does.
_MISPLACED: Final = ("Not a directory", "File exists", "Is a directory")


@contextmanager
def trouble_told(workspace: Workspace) -> Iterator[None]:
    """Raise `NoRoomError` or `DamagedError` for whatever error comes of a full disk or the like, or of a damaged file."""
    try:
        yield
    except (UserError, NoRoomError, DamagedError):
        raise
    except Exception as error:
        if any(isinstance(each, sqlite3.DatabaseError) and _is_damage(each) for each in _behind(error)):
            raise DamagedError(_history_damaged(workspace.dagster_home)) from error
        says = "Cannot allocate memory" if isinstance(error, MemoryError) else str(error)
        sentence = lacking(workspace, says, again="it")
        if sentence is None:
            raise
        raise NoRoomError(f"{sentence} The last published file stands.") from error


def lacking(workspace: Workspace, error: str, again: str = "nps run") -> str | None:
    """The sentence about what is used up, or may not be written or read, if an error of a step comes of that.

    `again` is what to type then: another command than a night is done by no night.
    """
    of_dagster = any(sign in error for sign in _NOT_ALLOWED_TO_DAGSTER)
    found = re.search(rf"{re.escape(str(workspace.root))}/[^\s'\":]+", error)
    if found and any(sign in error for sign in _MISPLACED):
        there = next(each for each in (Path(found[0]), *Path(found[0]).parents) if each.exists())
        what, wanted = ("folder", "file") if there.is_dir() else ("file", "folder")
        return f"{there} is a {what}, and nps keeps a {wanted} of that name: move it away, and type it again."
    if of_dagster or any(sign in error for sign in _NOT_ALLOWED):
        where = found[0] if found else f"Something in {workspace.dagster_home if of_dagster else workspace.root}"
        return (
            f"{where} cannot be read, or not be written. Whoever runs nps "
            "must be able to read and write the whole workspace: let them, and type it again: what is finished is kept."
        )
    return no_room(workspace, error, again)


def no_room(workspace: Workspace, error: str, again: str = "nps run") -> str | None:
    """The sentence about a disk of the workspace that is full, or what else is used up, if an error comes of that."""
    used_up = next((says for sign, says in _USED_UP.items() if sign in error), None)
    if used_up:
        return f"{used_up}, and type {again} again: what is finished is kept."
    folders = (workspace.root, workspace.lake, workspace.published, workspace.dagster_home, workspace.scratch)
    free = {folder: shutil.disk_usage(folder).free for folder in folders if folder.is_dir()}
    fullest = min(free, key=lambda folder: free[folder])
    if free[fullest] >= _LEAST and not any(sign in error for sign in _SIGNS):
        return None
    return (
        f"The disk of {fullest} is full, or a file needs more than the {free[fullest] // _MB} MB that are free there. "
        f"Make room and type {again} again: what is finished is kept."
    )


def refuse_damaged_history(dagster_home: Path) -> None:
    """Raise `DamagedError` where what Dagster keeps in SQLite cannot be read: its daemon would fail again and again."""
    for database in sorted(dagster_home.glob("**/*.db")):
        try:
            with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
                connection.execute("select count(*) from sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                raise DamagedError(_history_damaged(dagster_home)) from error


def _history_damaged(dagster_home: Path) -> str:
    return (
        f"Dagster's history of runs in {dagster_home} is damaged. Move that folder away and type it again: "
        "it is made anew, and only the history is lost, no answer."
    )


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return any(sign in str(error) for sign in _DAMAGED)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
