"""The workspace that a command works on, and what the machine lacks or has damaged while it does, told in a sentence.

Here: what all commands on a workspace have in common. Not here: the sentences
(`pipelines.trouble.sentences`), or how they are shown (`main`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.config.workspace import Workspace
    from warehouse.published.query import Ask


@contextmanager
def opened(home: Path | None) -> Iterator[Workspace]:
    """Open the workspace. Raises `UserError`; within, `NoRoomError` or `DamagedError` in place of a library's own error."""
    from pipelines.config.workspace import find_home, open_workspace
    from pipelines.trouble.sentences import trouble_told

    workspace = open_workspace(find_home(home))
    with trouble_told(workspace):
        yield workspace


@contextmanager
def published(workspace: Workspace, seconds: float = 60, *, rows: int = 1_000_000, dates: bool = True) -> Iterator[Ask]:
    """Put questions to the published file, each for so many seconds and rows at most.

    Raises `UserError` where nothing is published or a question is not answered, `DamagedError` where the file is damaged.
    """
    from pipelines.errors import UserError
    from warehouse.lake.errors import DamagedError
    from warehouse.published.query import Bounds, QueryError, UnopenedError, asking

    database = workspace.database
    if not database.is_file():
        raise UserError(f"Nothing is published yet: {database} is not there. Type: nps run")
    try:
        with asking(database, Bounds(seconds, workspace.config.limits.memory_mb, rows), dates=dates) as ask:
            yield ask
    except UnopenedError as error:
        raise DamagedError(f"{error}. Type nps run: if it is damaged, it is made anew.") from error
    except QueryError as error:
        raise UserError(str(error)) from error
