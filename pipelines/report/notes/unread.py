"""Files of landing that no source of nps.yaml reads: nothing of them counts, and nobody would miss them.

Here: finding them, and the sentences. Not here: files that are read and refused (`pipelines.landing.discover`), patterns
that match nothing (`pipelines.intake.feeds`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.adapters.surveymonkey.companions import is_called_like_details
from pipelines.errors import FileRefusedError
from pipelines.intake.feeds import Landed
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile, inner_name
from pipelines.landing.unpack import is_archive, members_of
from pipelines.shown import counted, shown

_SHOWN: Final = 5
#: What exports are called; others in landing are notes, checksums, or still on their way.
_EXPORTS: Final = (
    ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".parquet", ".xml",
    ".zip",
)  # fmt: skip
_NO_EXPORTS: Final = ("readme*", "license*", "changelog*")


def unread(root: Path, landed: Landed) -> list[str]:
    """A sentence about files whose names differ from a pattern in capitals alone, each, and one about all others.

    `landed` comes from `pipelines.intake.feeds.landing`.
    """
    patterns = [(feed.name, pattern) for feed, _ in landed for pattern in feed.layout.files]
    members = [(feed.name, pattern) for feed, _ in landed for pattern in feed.layout.members or ()]
    said, others = [], []
    for path, inside in [*_files(root, _read(root, landed)), *_members(root, landed)]:
        name = f"{path}/{inside}" if inside else path
        near = next(_but_for_capitals(inside or path, members if inside else patterns), None)
        if near is None:
            others.append(shown(name))
            continue
        feed, pattern = near
        said.append(
            f"{shown(name)} is read by no source: {pattern} of {feed} would match it, but for its capitals. Rename it, or "
            f"add a pattern with its capitals to {'members' if inside else 'files'} of {feed}."
        )
    return said + ([_sentence(others)] if others else [])


def _sentence(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    are = "is" if len(names) == 1 else "are"
    them = "it" if len(names) == 1 else "them"
    return (
        f"{counted(len(names), 'file')} of landing {are} read by no source of nps.yaml, so nothing of {them} counts: "
        f"{', '.join(names[:_SHOWN])}{more}. If something should, let files of a source match {them}; else take {them} out."
    )


def _read(root: Path, landed: Landed) -> set[str]:
    """What some source reads, or would, were it not refused."""
    found: set[str] = set()
    for _, here in landed:
        for item in here:
            if isinstance(item, RefusedFile):
                found.update((item.relative, *map(str, PurePosixPath(item.relative).parents)))
            else:
                found.update(_stands_at(root, each) for each in (item, *item.beside))
    return found


def _stands_at(root: Path, file: LandedFile) -> str:
    """The file of landing that it is, or that it is packed in."""
    return file.relative if file.member is None else shown(file.path.relative_to(root).as_posix())


def _files(root: Path, read: set[str]) -> Iterator[tuple[str, str]]:
    for folder, inside, names in os.walk(root / "landing"):
        inside[:] = sorted(name for name in inside if not name.startswith((".", "__MACOSX")))
        where = Path(folder).relative_to(root).as_posix()
        for name in sorted(names):
            path = f"{where}/{name}"
            if path not in read and _is_export(name) and shown(path) not in read:
                yield path, ""


def _members(root: Path, landed: Landed) -> Iterator[tuple[str, str]]:
    """The files of archives that `members` of all who read the archive leave out."""
    wanted: dict[Path, list[Sequence[str] | None]] = {}
    for feed, here in landed:
        for path in {item.path for item in here if isinstance(item, LandedFile) and is_archive(item.path)}:
            wanted.setdefault(path, []).append(feed.layout.members)
    for path, patterns in sorted(wanted.items()):
        if None in patterns:
            continue
        known = [pattern for each in patterns for pattern in each or ()]
        for name in _names_in(path):
            if _is_export(PurePosixPath(name).name) and not any(map(PurePosixPath(name).match, known)):
                yield path.relative_to(root).as_posix(), name


def _names_in(archive: Path) -> list[str]:
    try:
        return members_of(archive)
    except FileRefusedError:
        return []  # it was opened a moment ago, and is refused when its turn comes


def _is_export(name: str) -> bool:
    lower = inner_name(name).lower()
    is_one = PurePosixPath(lower).suffix in _EXPORTS and not name.startswith((".", "~$"))
    return is_one and not is_called_like_details(name) and not any(fnmatchcase(lower, each) for each in _NO_EXPORTS)


def _but_for_capitals(path: str, patterns: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The patterns that would match a path if capitals made no difference."""
    for feed, pattern in patterns:
        if PurePosixPath(path.lower()).match(pattern.lower()):
            yield feed, pattern
