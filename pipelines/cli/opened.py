"""The workspace that a command works on, and what the machine lacks or has damaged while it does, told in a sentence.

Here: what all commands on a workspace have in common. Not here: the sentences (`pipelines.trouble.room`,
`pipelines.trouble.damage`), or how they are shown (`main`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.config.workspace import Workspace


@contextmanager
def opened(home: Path | None) -> Iterator[Workspace]:
    """Open the workspace. Raises `UserError`; within, `NoRoomError` or `DamagedError` in place of a library's own error."""
    from pipelines.config.workspace import find_home, open_workspace
    from pipelines.trouble.damage import damage_or_sentence
    from pipelines.trouble.room import room_or_sentence

    workspace = open_workspace(find_home(home))
    with room_or_sentence(workspace), damage_or_sentence(workspace):
        yield workspace
