"""What must survive a loss of power: files and the folders that name them, written through to the disk.

Here: writing through, telling a whole Parquet file from a broken one, and damage from what is only closed to us. Not here:
what is written (`warehouse.lake.store`), or what is done about what was lost (`warehouse.upkeep.mending`).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_MAGIC: Final = b"PAR1"
#: The length of the footer and the mark at the end, and the mark at the beginning.
_LEAST: Final = 12
#: More than any piece of a ledger takes.
_ROOM: Final = 1 << 20
#: What the system refuses though the file may be whole.
_REFUSALS: Final = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC,
    errno.EDQUOT, errno.EAGAIN,
)  # fmt: skip


def write_through(files: Iterable[Path], root: Path) -> None:
    """Write files through to the disk, and the folders between them and `root`, which may be new too."""
    folders: set[Path] = set()
    for file in files:
        sync(file)
        folders |= {folder for folder in file.parents if folder.is_relative_to(root)}
    for folder in sorted(folders, reverse=True):
        sync(folder)


def commits(table: Path, since: int) -> list[Path]:
    """The commits of a Delta table after a version."""
    return [file for file in (table / "_delta_log").glob("*.json") if int(file.stem) > since]


def added(table: Path, commits: Iterable[Path]) -> list[Path]:
    """The files that commits of a Delta table add to it."""
    actions = (json.loads(line) for commit in commits for line in commit.read_text("utf-8").splitlines())
    return [table / action["add"]["path"] for action in actions if "add" in action]


def is_whole(file: Path) -> bool:
    """Whether a Parquet file ends as one must. What is missing or was cut off does not."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            if size < _LEAST:
                return False
            opened.seek(-8, os.SEEK_END)
            end = opened.read(8)
    except OSError as error:
        if not is_damage(error):
            raise
        return False
    return end[4:] == _MAGIC and int.from_bytes(end[:4], "little") <= size - _LEAST


def is_damage(error: Exception) -> bool:
    """Whether a file is gone, cut off or garbled; not that we may not read it, or have no room for it.

    Whatever is damaged is thrown away and made anew: what is only closed to us must never be taken for that.
    """
    refused = isinstance(error, OSError) and error.errno in _REFUSALS
    return not refused and not any(os.strerror(each) in str(error) for each in _REFUSALS)


def refuse_closed(folder: Path) -> None:
    """Raise `PermissionError` for a folder that is there and cannot be looked into: it is not an empty one."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.scandir(folder / "_delta_log").close()


def refuse_unwritable(folder: Path) -> None:
    """Raise `OSError` for a folder that we may not write, or on a full disk: the libraries below make noise about it."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    if shutil.disk_usage(folder).free < _ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def sync(path: Path) -> None:
    """Write a file or a folder through to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
