"""Files for people, which are there whole or not at all.

Here: writing beside and putting in place. Not here: what is written, or the files of the lake (`warehouse.lake.durable`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pipelines.errors import NoRoomError, UserError

#: What a file is called until it is whole; hidden, and no ending that a reader looks for.
_UNFINISHED: Final = ".part"
_MB: Final = 1 << 20
#: The words of Python, Rust and xlsxwriter.
_FULL: Final = ("No space left on device", "Disk quota exceeded", "File too large")
_NOT_ALLOWED: Final = ("Permission denied", "Operation not permitted", "Read-only file system", "Not a directory")


def written(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file, in place of one of its name; gives its path.

    What a killed run left half-way is removed. Raises `UserError` where a folder has that name or nothing may be written
    there, and `NoRoomError` where the disk is full; what was there before stays then.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder: name the file to be written.")
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_unfinished(path)
        with _beside(path) as new:
            write(new)
            new.replace(path)
    return path


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=_UNFINISHED, dir=path.parent)
    new = Path(name)
    try:
        # Held until it is finished, which tells others that somebody is at work on it.
        fcntl.flock(handle, fcntl.LOCK_EX)
        new.chmod(0o644)
        yield new
    finally:
        os.close(handle)
        new.unlink(missing_ok=True)


def _forget_unfinished(path: Path) -> None:
    for left in path.parent.glob(f".{path.name}-*{_UNFINISHED}"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """In sentences what the system does not let us do, whichever library says it."""
    try:
        yield
    except (UserError, NoRoomError):
        raise
    except Exception as error:
        said = str(error)
        if any(sign in said for sign in _FULL):
            free = shutil.disk_usage(path.parent).free // _MB
            raise NoRoomError(
                f"There is no room for {path}: {free} MB are free there. Make room, or write elsewhere with --to. "
                "What was there before stands."
            ) from error
        if isinstance(error, OSError) and error.strerror:
            where = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
            raise UserError(f"{path} may not be written ({where}). Write elsewhere with --to.") from error
        if any(sign in said for sign in _NOT_ALLOWED):
            raise UserError(f"{path} may not be written ({said}). Write elsewhere with --to.") from error
        raise
