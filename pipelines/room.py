"""Whether the disks of a workspace have room. A full disk shows in many errors; people want one sentence about it.

Here: finding out, and saying so. Not here: making room (`warehouse.tidy`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipelines.config.workspace import Workspace
from pipelines.errors import NoRoomError

_MB: Final = 1 << 20
#: What failed may have given back the room that it had used, but hardly any disk with more than this is full.
_LEAST: Final = 16 * _MB
#: The words of the operating system and of SQLite.
_SIGNS: Final = ("No space left on device", "disk is full")


@contextmanager
def room_or_sentence(workspace: Workspace) -> Iterator[None]:
    """Raise `NoRoomError` for whatever error comes of a full disk: each library that writes has its own for it."""
    try:
        yield
    except Exception as error:
        sentence = no_room(workspace, str(error))
        if sentence is None:
            raise
        raise NoRoomError(f"{sentence} The last published file stands.") from error


def no_room(workspace: Workspace, error: str) -> str | None:
    """The sentence about a disk of the workspace that is full, if that is what an error comes from."""
    folders = (workspace.root, workspace.lake, workspace.published, workspace.dagster_home, workspace.scratch)
    free = {folder: shutil.disk_usage(folder).free for folder in folders if folder.is_dir()}
    fullest = min(free, key=lambda folder: free[folder])
    if free[fullest] >= _LEAST and not any(sign in error for sign in _SIGNS):
        return None
    return (
        f"The disk of {fullest} is full: {free[fullest] // _MB} MB are free. "
        "Make room and type nps run again: what is finished is kept."
    )
