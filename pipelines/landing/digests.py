"""What files are known by: the digest of their bytes, kept as long as they do not change.

Here: digests and where they are kept, and whether anything stands in a file at all. Not here: which files there are
(`discover`).
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, Self

from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.unpack import chunks
from transforms.reasons import Reason, with_outcome

_NOT_ALLOWED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_CHUNK: Final = 1 << 16
_PIECE: Final = 1 << 22
_BLANK: Final = b" \t\r\n\v\f\0"
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class DigestCache:
    """Digests of files that have not changed since they were last read, kept in one JSON file.

    Only a cache: a missing or damaged one is an empty one. A file is unchanged while its size, times and inode are.
    Used with `with`, it is saved at the end.
    """

    def __init__(self, path: Path) -> None:
        """Load what is known from `path`."""
        self._path = path
        self._known: dict[str, list[object]] = {}
        self._changed = False
        try:
            loaded = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(loaded, dict):
            self._known = {name: entry for name, entry in loaded.items() if isinstance(entry, list)}

    def __enter__(self) -> Self:
        """For work on many files: what is found anew is saved once."""
        return self

    def __exit__(self, *_: object) -> None:
        """Save, also where the work broke off."""
        self._save()

    def digest(self, path: Path, relative: str) -> str:
        """SHA-256 of a file's bytes, in hex; read only where it may have changed.

        Raises `FileRefusedError`, file_empty, where no text stands in it.
        """
        with path.open("rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
            *known, digest = self._known.get(relative) or [None]
            if known == state and isinstance(digest, str):
                return digest
            if is_blank(path):
                raise FileRefusedError(Reason.FILE_EMPTY, f"{relative} is empty: {status.st_size} bytes and no text.")
            digest = _digest(file)
        self._known[relative] = [*state, digest]
        self._changed = True
        return digest

    def inside(self, path: Path, member: str | None, key: str, limits: Limits) -> tuple[str, int]:
        """Digest and size of what is compressed in a file or is a member of it, found anew where it or a limit changed.

        Raises `FileRefusedError` as `unpack.chunks` does, also when it need not be found anew, and file_empty.
        """
        status = path.stat()
        state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, limits.max_file_mb]
        *known, first, second = [None, None, *self._known.get(key, [])]
        if known[2:] == state and isinstance(first, str) and isinstance(second, int):
            return first, second
        if known[2:] == state and first in with_outcome("refused"):
            raise FileRefusedError(Reason(str(first)), str(second))
        self._changed = True
        try:
            digest, size = _unpacked(path, member, limits)
        except FileRefusedError as error:
            self._known[key] = [*state, error.reason, error.detail]
            raise
        self._known[key] = [*state, digest, size]
        return digest, size

    def _save(self) -> None:
        """Write what is known now, atomically; nothing if nothing is new, or by who may only read the workspace."""
        if not self._changed:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}-")
        except OSError as error:
            if error.errno in _NOT_ALLOWED:
                return
            raise
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(self._known))  # json.dump takes ten times as long
        Path(name).replace(self._path)
        self._changed = False


def digest_with(digest: str, values: Mapping[str, str]) -> str:
    """What a file is known by whose name says something of its rows: its bytes and those values, in hex."""
    return hashlib.sha256(json.dumps([digest, sorted(values.items())]).encode("utf-8")).hexdigest()


def is_blank(path: Path) -> bool:
    """Whether nothing stands in a file but white space, binary zeros and a byte-order mark."""
    with path.open("rb") as file:
        return not any(_texts(iter(partial(file.read, _CHUNK), b"")))


def _digest(file: io.FileIO) -> str:
    """The same as `hashlib.file_digest`, by pieces large enough that other threads do not hold it up between them."""
    found, piece = hashlib.sha256(), bytearray(min(_PIECE, max(os.fstat(file.fileno()).st_size, 1)))
    view = memoryview(piece)
    while size := file.readinto(view):
        found.update(view[:size])
    return found.hexdigest()


def _texts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of a file without what is blank."""
    for number, part in enumerate(parts):
        text = part
        for mark in _MARKS if number == 0 else ():
            text = text.removeprefix(mark)
        yield text.strip(_BLANK)


def _unpacked(path: Path, member: str | None, limits: Limits) -> tuple[str, int]:
    """Digest and size of what is inside; all of it is unpacked, and nothing kept."""
    found, size, blank = hashlib.sha256(), 0, True
    for chunk in chunks(path, member, limits):
        blank = blank and not any(_texts([chunk]))
        found.update(chunk)
        size += len(chunk)
    if blank:
        raise FileRefusedError(Reason.FILE_EMPTY, f"{member or path.name} is empty: {size} bytes and no text.")
    return found.hexdigest(), size
