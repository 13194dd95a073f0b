"""The folders of landing in which patterns of nps.yaml look.

Here: those that may not be opened. Not here: the files in them (`discover`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.errors import FileRefusedError
from pipelines.shown import shown
from transforms.reasons import Reason

_WILD: Final = frozenset("*?[")
_CLOSED: Final = (errno.EACCES, errno.EPERM)
_ANY_DEPTH: Final = "**"


def closed_folders(root: Path, patterns: Iterable[str]) -> dict[Path, FileRefusedError]:
    """The folders that may not be opened, each with the sentence about it: a glob passes over them without a word."""
    found: dict[Path, FileRefusedError] = {}
    for pattern in patterns:
        parts = PurePosixPath(pattern).parts
        for error in _refused_by_the_system(root, parts):
            folder = Path(error.filename).relative_to(root)
            if _ANY_DEPTH in parts or all(map(fnmatchcase, folder.parts, parts)):
                says = f"The folder {shown(folder.as_posix())} cannot be opened: {error.strerror}."
                found[root / folder] = FileRefusedError(Reason.FILE_UNREADABLE, f"{says} Let whoever runs nps read it.")
    return found


def is_open_folder(path: Path) -> bool:
    """Whether a path is a folder whose files can be read."""
    return path.is_dir() and os.access(path, os.R_OK | os.X_OK)


def _refused_by_the_system(root: Path, pattern: Sequence[str]) -> Iterator[OSError]:
    """The errors of opening every folder in which a pattern may find files, and none below."""
    fixed = list(takewhile(lambda part: not _WILD.intersection(part), pattern[:-1]))
    levels = len(pattern) - len(fixed)
    start = root.joinpath(*fixed)
    errors: list[OSError] = []
    for folder, inside, _ in os.walk(start, onerror=errors.append):
        if _ANY_DEPTH not in pattern and len(Path(folder).relative_to(start).parts) + 1 >= levels:
            inside.clear()
    return (error for error in errors if error.errno in _CLOSED)
