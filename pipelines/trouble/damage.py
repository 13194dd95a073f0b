"""Whether Dagster's own files are damaged. It shows as an error of SQLite, deep down; people want one sentence about it.

Here: finding out, and saying so. Not here: damage to the lake, which `warehouse.lake` tells itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipelines.config.workspace import Workspace
from warehouse.errors import DamagedError

_SIGNS: Final = ("not a database", "malformed", "file is encrypted")


@contextmanager
def damage_or_sentence(workspace: Workspace) -> Iterator[None]:
    """Raise `DamagedError` for an error that comes of a damaged file of Dagster's."""
    try:
        yield
    except Exception as error:
        if not any(isinstance(each, sqlite3.DatabaseError) and _is_damage(each) for each in _behind(error)):
            raise
        raise DamagedError(
            f"Dagster's history of runs in {workspace.dagster_home} is damaged. Move that folder away and type nps run "
            "again: it is made anew, and only the history is lost, no answer."
        ) from error


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return any(sign in str(error) for sign in _SIGNS)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
