"""A file of landing that may be read: what is known of it before anybody reads it.

Here: the word that all who find, unpack and read files share. Not here: finding files (`discover`), reading them
(`pipelines.adapters`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

_COMPRESSED: Final = frozenset({".gz", ".zst"})
#: What stands behind the path of a file that is known as one of the answers in its rows (`LandedFile.known_as`).
OF_ANSWER: Final = r" \[\w+\]$"


@dataclass(frozen=True)
class LandedFile:
    """A file of landing that may be read: checked to be regular, inside the workspace and of bearable size.

    It may be compressed, or one of the files in an archive: size and digest are those of the bytes to be read.
    """

    path: Path
    relative: str
    """Inside the workspace, with forward slashes; of a file in an archive, the archive comes like a folder."""
    size_bytes: int
    modified_ns: int
    digest: str
    member: str | None = None
    """As the archive at `path` names it."""
    beside: tuple[LandedFile, ...] = ()
    """Files without which it cannot be read, such as the details of a survey."""
    content: str = ""
    """The digest of its bytes alone, whatever its name, or nps.yaml, says of them."""
    answer: str = ""
    """Which of the several answers in each of its rows it stands for: a file with `answers` is one file for each."""
    first_at: datetime | None = None
    """When it was modified as the ledger has it, where it is in already."""

    @property
    def name(self) -> str:
        """Its own name, without folders and without the ending that says how it is compressed."""
        return inner_name(self.relative.rpartition("/")[2])

    @property
    def suffix(self) -> str:
        """The ending of its own name, in lower case: `.csv`."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def known_as(self) -> str:
        """The path, and the answer that it stands for: `landing/waves.csv [wave_1]`."""
        return f"{self.relative} [{self.answer}]" if self.answer else self.relative


def is_compressed(name: str) -> bool:
    """Whether a file's name says that it is one compressed file (`.gz`, `.zst`)."""
    return PurePosixPath(name).suffix.lower() in _COMPRESSED


def inner_name(name: str) -> str:
    """The name of a file without the ending that says how it is compressed."""
    return PurePosixPath(name).stem if is_compressed(name) else name
