"""Which files have arrived, which of them may be read, and what they are known by.

Here: finding files and those in archives, refusing unsafe ones. Not here: their digests (`digests`), unpacking them
(`unpack`), what stands in them. Landing is never changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError, UserError
from pipelines.landing.digests import DigestCache
from pipelines.landing.folders import closed_folders
from pipelines.landing.landed import OF_ANSWER, LandedFile, is_compressed
from pipelines.landing.unpack import is_archive, members_of, safe_name
from pipelines.shown import shown
from transforms.reasons import Reason

_MB: Final = 1 << 20
_NAMED: Final = 10


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
    is_folder: bool = False
    """Whether it is a folder whose files nobody can know."""

    @property
    def known_as(self) -> str:
        """The path; nobody knows how many answers its rows hold."""
        return self.relative


def modified_at(file: LandedFile | RefusedFile) -> datetime:
    """When a file was last modified, as the ledger has it: what is touched or packed anew once it is in is no newer."""
    now = datetime.fromtimestamp(file.modified_ns // 1000 / 1e6, UTC)
    return min(now, file.first_at) if isinstance(file, LandedFile) and file.first_at else now


def discover(
    root: Path, patterns: Iterable[str], limits: Limits, digests: DigestCache, members: Sequence[str] | None = None
) -> Iterator[LandedFile | RefusedFile]:
    """Yield every file of a workspace that matches one of the patterns, in the order of their paths.

    What editors and spreadsheet programs leave behind (`.name`, `~$name`) is passed over. Of an archive each file is one
    of its own, if it matches one of `members`. Each file is either landed or refused with its reason: one does not stop
    the others. Saving new digests is left to whoever opened `digests`.
    """
    wanted = list(patterns)
    for folder, error in sorted(closed_folders(root, wanted).items()):
        yield replace(refused(folder, shown(folder.relative_to(root).as_posix()), error), is_folder=True)
    for path in sorted({path for pattern in wanted for path in _matching(root, pattern)}):
        if path.name.startswith((".", "~$")):
            continue
        relative = shown(path.relative_to(root).as_posix())
        try:
            if is_archive(path):
                yield from _in_archive(root, path, limits, digests, members)
            else:
                yield landed(root, path, limits, digests)
        except FileRefusedError as error:
            yield refused(path, relative, error)


def are_still_there(root: Path, known_as: Iterable[str]) -> list[bool]:
    """Whether files that were refused are still in landing, or in their archives; where that cannot be known, they are.

    They are named as ledgers do, with the one of their several answers that they stood for, if any.
    """
    inside = lru_cache(_places)
    return [
        "\\" in name or any(_is_there(root, each, inside) for each in (name, re.sub(OF_ANSWER, "", name)))
        for name in known_as
    ]


def _is_there(root: Path, relative: str, inside: Callable[[Path], frozenset[str]]) -> bool:
    path = root / relative
    if os.path.lexists(path):
        return True
    archive = next((parent for parent in path.parents if is_archive(parent) and parent.is_file()), None)
    return archive is not None and path.relative_to(archive).as_posix() in inside(archive)


def _places(archive: Path) -> frozenset[str]:
    """Where the files of an archive stand in it; none where it is refused as a whole, and named itself."""
    try:
        return frozenset(map(_place, members_of(archive)))
    except FileRefusedError:
        return frozenset()


def _matching(root: Path, pattern: str) -> Iterator[Path]:
    try:
        # Folders match where all that is in them does, too.
        found = root.glob(pattern)
        yield from (
            (path for path in found if path.is_symlink() or not path.is_dir()) if pattern.endswith("**/*") else found
        )
    except ValueError as error:
        raise UserError(
            f"files: {pattern!r} is no pattern of files: {error}. One looks like landing/shops/*.csv"
        ) from error


def landed(root: Path, path: Path, limits: Limits, digests: DigestCache) -> LandedFile:
    """Check that a file may be read, and name it by the digest of its bytes, or of those that are compressed in it.

    Raises `FileRefusedError`: file_unsafe (not a regular file inside the workspace, or a name that cannot be shown),
    file_empty, file_too_large, file_unreadable.
    """
    with _checked(root, path, limits) as (relative, status):
        if is_compressed(path.name):
            digest, size = digests.inside(path, None, relative, limits)
            return LandedFile(path, relative, size, status.st_mtime_ns, digest, content=digest)
        digest = digests.digest(path, relative)
        return LandedFile(path, relative, status.st_size, status.st_mtime_ns, digest, content=digest)


def _in_archive(
    root: Path, path: Path, limits: Limits, digests: DigestCache, patterns: Sequence[str] | None
) -> Iterator[LandedFile | RefusedFile]:
    """The files of an archive that match. A file that cannot be read harms no other, a bad archive is refused itself."""
    with _checked(root, path, limits):
        names = members_of(path)
    wanted = [name for name in names if patterns is None or any(map(PurePosixPath(name).match, patterns))]
    if not wanted:
        there = ", ".join(map(shown, names[:_NAMED]))
        raise FileRefusedError(
            Reason.FILE_LAYOUT, f"No file of {path.name} matches members of nps.yaml; there are: {there}."
        )
    archive = path.relative_to(root).as_posix()
    places = Counter(_place(name) for name in wanted)
    for place, name in {_place(name): name for name in wanted}.items():
        if places[place] > 1:
            twins = FileRefusedError(
                Reason.FILE_UNSAFE, f"{path.name} holds several files called {place}. Pack it anew."
            )
            yield refused(path, f"{archive}/{place}", twins)
            continue
        try:
            yield _landed_member(root, path, name, limits, digests)
        except FileRefusedError as error:
            yield refused(path, f"{archive}/{place}", error)


def _place(member: str) -> str:
    """Where a member of an archive stands in it, with whatever leads away from there escaped too."""
    parts = [part for part in member.replace("\\", "/").split("/") if part not in ("", ".")]
    inside = "/".join(r"\x2e\x2e" if part == ".." else shown(part) for part in parts)
    return rf"\x2f{inside}" if member.startswith(("/", "\\")) else inside


def _landed_member(root: Path, path: Path, name: str, limits: Limits, digests: DigestCache) -> LandedFile:
    with _checked(root, path, limits) as (archive, status):
        inside = safe_name(name)
        if inside != _place(name):
            raise _unshown(_place(name))
        relative = f"{archive}/{inside}"
        digest, size = digests.inside(path, name, relative, limits)
        return LandedFile(path, relative, size, status.st_mtime_ns, digest, member=name, content=digest)


@contextmanager
def _checked(root: Path, path: Path, limits: Limits) -> Iterator[tuple[str, os.stat_result]]:
    """A file's path to be shown and its status, where it may be read; after reading, that it has not changed."""
    relative = path.relative_to(root).as_posix()
    if relative != shown(relative):
        raise _unshown(shown(relative))
    try:
        if _leads_elsewhere(root, relative):
            raise FileRefusedError(
                Reason.FILE_UNSAFE, f"{relative} is a link to a place outside the workspace. Copy the file in."
            )
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileRefusedError(Reason.FILE_UNSAFE, f"{relative} is no regular file, but {_kind(status.st_mode)}.")
        if status.st_size > limits.max_file_mb * _MB:
            raise FileRefusedError(
                Reason.FILE_TOO_LARGE,
                f"{relative} has {status.st_size // _MB:,} MB, more than limits.max_file_mb of nps.yaml allows.",
            )
        if status.st_size == 0:
            raise FileRefusedError(Reason.FILE_EMPTY, f"{relative} is empty: 0 bytes and no text.")
        yield relative, status
        now = path.stat()
        if (now.st_size, now.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
            raise FileRefusedError(
                Reason.FILE_UNREADABLE, f"{relative} is still being written. The next run tries it again."
            )
    except OSError as error:
        raise FileRefusedError(Reason.FILE_UNREADABLE, f"{relative} cannot be opened: {error.strerror}.") from error


def _leads_elsewhere(root: Path, relative: str) -> bool:
    """Whether a path ends outside the workspace; only one with a link in it, or a step up, needs to be followed."""
    place = str(root)
    for step in relative.split("/"):
        place = f"{place}/{step}"
        if step == ".." or os.path.islink(place):  # noqa: PTH114 - asked of every file
            # Not Path.resolve: of a link to itself some Pythons raise no OSError there.
            real = os.path.realpath(root / relative, strict=True)
            return not Path(real).is_relative_to(root.resolve())
    return False


def refused(path: Path, relative: str, error: FileRefusedError) -> RefusedFile:
    """A file that may not be read, or could not this once: whatever its bytes are, no verdict on them is known by it."""
    digest = hashlib.sha256(relative.encode("utf-8")).hexdigest()
    status = path.lstat() if os.path.lexists(path) else None
    return RefusedFile(relative, status.st_size if status else 0, status.st_mtime_ns if status else 0, digest, error)


def _unshown(relative: str) -> FileRefusedError:
    return FileRefusedError(
        Reason.FILE_UNSAFE, f"The name {relative} holds characters that cannot be shown. Rename the file."
    )


def _kind(mode: int) -> str:
    return "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
