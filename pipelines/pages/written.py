"""Files for people, which are there whole or not at all.

Here: writing beside and putting in place. Not here: what is written, or the files of the lake (`warehouse.durable`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import UserError


def written(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file, in place of one of its name; gives its path. Raises `UserError` where a folder has that name."""
    if path.is_dir():
        raise UserError(f"{path} is a folder: name the file to be written.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as new:
        write(new)
        new.replace(path)
    return path


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    new = Path(name)
    new.chmod(0o644)
    try:
        yield new
    finally:
        new.unlink(missing_ok=True)
