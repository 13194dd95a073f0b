"""What must survive a loss of power: files and the folders that name them, written through to the disk.

Here: writing through, and telling a whole Parquet file from a broken one. Not here: what is written (`warehouse.lake`), or
what is done about what was lost (`warehouse.mending`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_MAGIC: Final = b"PAR1"
#: The length of the footer and the mark at the end, and the mark at the beginning.
_LEAST: Final = 12


def write_through(files: Iterable[Path], root: Path) -> None:
    """Write files through to the disk, and the folders between them and `root`, which may be new too."""
    folders: set[Path] = set()
    for file in files:
        _sync(file)
        folders |= {folder for folder in file.parents if folder.is_relative_to(root)}
    for folder in sorted(folders, reverse=True):
        _sync(folder)


def committed(table: Path, since: int) -> list[Path]:
    """The commits of a Delta table after a version, and the files that they add."""
    commits = [file for file in (table / "_delta_log").glob("*.json") if int(file.stem) > since]
    added = [
        table / action["add"]["path"]
        for commit in commits
        for action in map(json.loads, commit.read_text("utf-8").splitlines())
        if "add" in action
    ]
    return [*added, *commits]


def is_whole(file: Path) -> bool:
    """Whether a Parquet file ends as one must. What is missing or was cut off does not."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            if size < _LEAST:
                return False
            opened.seek(-8, os.SEEK_END)
            end = opened.read(8)
    except OSError:
        return False
    return end[4:] == _MAGIC and int.from_bytes(end[:4], "little") <= size - _LEAST


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
