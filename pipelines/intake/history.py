"""The files of a feed that count, as far as taking in has come: what a newer file is compared with.

Here: which file came before which. Not here: what is compared (`drift`, `snapshots`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipelines.adapters.landing import RefusedFile, modified_at
from pipelines.adapters.table import LandedFile
from pipelines.intake.feeds import Feed
from pipelines.intake.verdicts import FileVerdict
from pipelines.tools import Tools
from warehouse.ledgers import current_files


@dataclass(frozen=True)
class Earlier:
    """A file that counts."""

    file_digest: str
    path: str
    modified_at: datetime
    scope: str
    recipe: str
    headings: tuple[str, ...]
    load_id: str | None
    surveys: tuple[str, ...]
    accepted: int
    rules: str | None = None
    settings: str | None = None
    bytes_digest: str | None = None


class History:
    """The files of one feed that count; what this run decides is told to it, file by file."""

    def __init__(self, tools: Tools, feed: Feed, here: Iterable[LandedFile | RefusedFile]) -> None:
        """Begin with what the ledger says; `here` are the feed's files in landing."""
        files = current_files(tools.lake).filter(pl.col("source") == feed.name, pl.col("status") == "accepted")
        columns = list(Earlier.__dataclass_fields__)
        self._files = {row["file_digest"]: _earlier(row) for row in files.select(columns).iter_rows(named=True)}
        self._were_in = set(self._files)
        self._feed = feed
        self._present = {item.digest: item.known_as for item in here}

    def tell(self, verdict: FileVerdict) -> None:
        """A file counts, or does not."""
        self._files.pop(verdict.file.digest, None)
        if verdict.staged is not None and verdict.status == "accepted":
            tally = verdict.tally
            self._files[verdict.file.digest] = Earlier(
                verdict.file.digest, verdict.file.known_as, modified_at(verdict.file), verdict.scope, self._feed.recipe,
                verdict.headings, verdict.staged.load_id, tuple(tally.surveys), tally.accepted, self._feed.rules,
                self._feed.settings, verdict.file.content if isinstance(verdict.file, LandedFile) else None,
            )  # fmt: skip

    def was_in(self, digest: str) -> bool:
        """Whether a file counted before this run."""
        return digest in self._were_in

    def by_older_rules(self, digest: str) -> Earlier | None:
        """A file as it counted by older rules of this program; None where it did not, or only nps.yaml has changed.

        Programs that did not write down by which rules they read were older than this one.
        """
        known = self._files.get(digest)
        is_older = known is not None and known.recipe != self._feed.recipe and known.rules != self._feed.rules
        return known if is_older else None

    def same_bytes(self, file: LandedFile) -> Earlier | None:
        """A file that counts with the very bytes of another, and is not in landing any more: it may have been renamed.

        It is not known by them alone where its name says something of its rows (`feeds`).
        """
        names = set(self._present.values())
        found = (
            other
            for other in self._files.values()
            if other.bytes_digest == file.content and other.file_digest != file.digest and other.path not in names
        )
        return next(found, None) if file.content else None

    def before(self, file: LandedFile | RefusedFile, scope: str) -> list[Earlier]:
        """The files that come before one, the last of them first: older ones, and the one whose place it takes."""
        position = (modified_at(file), file.known_as, file.digest)
        found = [
            other
            for other in self._files.values()
            if other.file_digest != file.digest
            and other.scope == scope
            and ((other.modified_at, other.path, other.file_digest) < position or self._gives_way(other, file))
        ]
        return sorted(found, key=lambda each: (each.modified_at, each.path, each.file_digest), reverse=True)

    def _gives_way(self, other: Earlier, file: LandedFile | RefusedFile) -> bool:
        return other.path == file.known_as and other.file_digest not in self._present


def _earlier(row: dict[str, object]) -> Earlier:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Earlier(**{**row, **lists})  # type: ignore[arg-type]  # the ledger's own types
