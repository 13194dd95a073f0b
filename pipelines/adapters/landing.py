"""Which files have arrived, which of them may be read, and what they are known by.

Here: finding files, refusing unsafe ones, their digests. Not here: what stands in them. Landing is never changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.adapters.table import LandedFile
from pipelines.config.models import Limits
from pipelines.errors import FileRefusedError, UserError

_MB: Final = 1 << 20
_CHUNK: Final = 1 << 16
_BLANK: Final = b" \t\r\n\v\f\0"
#: Control characters, bytes of a name that are no text, line separators, and marks that turn the writing direction.
_UNSHOWN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class RefusedFile:
    """A file of landing that may not be read, as far as it is safe to know it."""

    relative: str
    """Inside the workspace, with forward slashes; characters that cannot be shown are escaped."""
    size_bytes: int
    modified_ns: int
    digest: str
    """Of its path: its bytes may not be touched, or be the same as those of another refused file."""
    error: FileRefusedError


class DigestCache:
    """Digests of files that have not changed since they were last read, kept in one JSON file.

    Only a cache: a missing or damaged one is an empty one. A file is unchanged while its size, times and inode are.
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

    def digest(self, path: Path, relative: str) -> str:
        """SHA-256 of a file's bytes, in hex; read only where it may have changed."""
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
            *known, digest = self._known.get(relative) or [None]
            if known == state and isinstance(digest, str):
                return digest
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._known[relative] = [*state, digest]
        self._changed = True
        return digest

    def save(self) -> None:
        """Write what is known now, atomically; nothing if nothing is new."""
        if not self._changed:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(self._known, file)
        Path(name).replace(self._path)
        self._changed = False


def discover(
    root: Path, patterns: Iterable[str], limits: Limits, digests: DigestCache
) -> Iterator[LandedFile | RefusedFile]:
    """Yield every file of a workspace that matches one of the patterns, in the order of their paths.

    What editors and spreadsheet programs leave behind (`.name`, `~$name`) is passed over. Each file is either landed or
    refused with its reason: one does not stop the others. New digests are saved at the end.
    """
    for path in sorted({path for pattern in patterns for path in _matching(root, pattern)}):
        if path.name.startswith((".", "~$")):
            continue
        try:
            yield landed(root, path, limits, digests)
        except FileRefusedError as error:
            yield _refused(root, path, error)
    digests.save()


def _matching(root: Path, pattern: str) -> Iterator[Path]:
    try:
        yield from root.glob(pattern)
    except ValueError as error:
        raise UserError(
            f"files: {pattern!r} is no pattern of files: {error}. One looks like landing/shops/*.csv"
        ) from error


def landed(root: Path, path: Path, limits: Limits, digests: DigestCache) -> LandedFile:
    """Check that a file may be read, and name it by its digest.

    Raises `FileRefusedError`: file_unsafe (not a regular file inside the workspace, or a name that cannot be shown),
    file_empty, file_too_large, file_unreadable.
    """
    relative = _shown(root, path)
    if relative != path.relative_to(root).as_posix():
        raise FileRefusedError(
            "file_unsafe", f"The name {relative} holds characters that cannot be shown. Rename the file."
        )
    try:
        # Not Path.resolve: of a link to itself some Pythons raise no OSError there.
        if not Path(os.path.realpath(path, strict=True)).is_relative_to(root.resolve()):
            raise FileRefusedError(
                "file_unsafe", f"{relative} is a link to a place outside the workspace. Copy the file in."
            )
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileRefusedError("file_unsafe", f"{relative} is no regular file, but {_kind(status.st_mode)}.")
        if status.st_size > limits.max_file_mb * _MB:
            raise FileRefusedError(
                "file_too_large",
                f"{relative} has {status.st_size // _MB:,} MB, more than limits.max_file_mb of nps.yaml allows.",
            )
        if _is_blank(path):
            raise FileRefusedError("file_empty", f"{relative} is empty: {status.st_size} bytes and no text.")
        digest = digests.digest(path, relative)
        now = path.stat()
        if (now.st_size, now.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
            raise FileRefusedError(
                "file_unreadable", f"{relative} is still being written. The next run tries it again."
            )
    except OSError as error:
        raise FileRefusedError("file_unreadable", f"{relative} cannot be opened: {error.strerror}.") from error
    return LandedFile(path, relative, status.st_size, status.st_mtime_ns, digest)


def digest_with(digest: str, values: Mapping[str, str]) -> str:
    """What a file is known by whose name says something of its rows: its bytes and those values, in hex."""
    return hashlib.sha256(json.dumps([digest, sorted(values.items())]).encode("utf-8")).hexdigest()


def _refused(root: Path, path: Path, error: FileRefusedError) -> RefusedFile:
    relative = _shown(root, path)
    digest = hashlib.sha256(relative.encode("utf-8")).hexdigest()
    status = path.lstat() if os.path.lexists(path) else None
    return RefusedFile(relative, status.st_size if status else 0, status.st_mtime_ns if status else 0, digest, error)


def _shown(root: Path, path: Path) -> str:
    """The path inside the workspace, with whatever would disturb a terminal, a log or a table escaped."""
    text = path.relative_to(root).as_posix()
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _kind(mode: int) -> str:
    return "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"


def _is_blank(path: Path) -> bool:
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        for mark in _MARKS:
            chunk = chunk.removeprefix(mark)
        while not chunk.strip(_BLANK):
            chunk = file.read(_CHUNK)
            if not chunk:
                return True
    return False
