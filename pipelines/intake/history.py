"""The files of a feed that count, as far as taking in has come: what a newer file is compared with.

Here: which file came before which. Not here: what is compared (`drift`, `snapshots`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice
from typing import Final

import polars as pl

from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.once import told_once
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.discover import RefusedFile, modified_at
from pipelines.landing.landed import OF_ANSWER, LandedFile
from warehouse.lake.ledgers import current_files

#: So many files before one are looked at, and rows in all: more would take too long.
_FEW: Final = 5
MOST_ROWS: Final = 300_000

_Position = tuple[datetime, str, str]
"""When a file was last modified, its path and its digest: files are in this order."""


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
    months: tuple[date, ...] = ()
    rules: str | None = None
    settings: str | None = None
    bytes_digest: str | None = None
    notes: tuple[str, ...] | None = None
    brand: str | None = None
    unanswered: int = 0
    blank: frozenset[str] | None = None
    """What nothing stands in (`notes.blanked`), of a file that was read in this run."""


class History:
    """The files of one feed that count; what this run decides is told to it, file by file.

    There may be very many: each look is at few of them.
    """

    def __init__(self, context: Context, feed: Feed, here: Iterable[LandedFile | RefusedFile]) -> None:
        """Begin with what the ledger says; `here` are the feed's files in landing."""
        files = current_files(context.lake).filter(pl.col("source") == feed.name, pl.col("status") == "accepted")
        columns = [name for name in Earlier.__dataclass_fields__ if name != "blank"]
        self._files = {row["file_digest"]: _earlier(row) for row in files.select(columns).iter_rows(named=True)}
        self._were_in = set(self._files)
        self._feed = feed
        self._present = {item.digest: item.known_as for item in here}
        self._names = set(self._present.values())
        self._in_order: dict[str, list[_Position]] = {}
        self._by_path: dict[str, set[str]] = {}
        self._by_letters: dict[str, set[str]] = {}
        self._by_bytes: dict[str, dict[str, None]] = {}
        self._told: dict[str, set[str]] = {}
        for each in self._files.values():
            self._place(each)
        for positions in self._in_order.values():
            positions.sort()

    def tell(self, verdict: FileVerdict) -> None:
        """A file counts, or does not."""
        known = self._files.pop(verdict.file.digest, None)
        if known is not None:
            positions = self._in_order[known.scope]
            del positions[bisect_left(positions, _position(known))]
            self._by_path[known.path].discard(known.file_digest)
            self._by_bytes.get(known.bytes_digest or "", {}).pop(known.file_digest, None)
            for same in filter(None, map(told_once, known.notes or ())):
                self._told[same].discard(known.file_digest)
        if verdict.staged is not None and verdict.status == "accepted":
            tally = verdict.tally
            told = Earlier(
                verdict.file.digest, verdict.file.known_as, modified_at(verdict.file), verdict.scope, self._feed.recipe,
                verdict.headings, verdict.staged.load_id, tuple(tally.surveys), tally.accepted, tuple(tally.months),
                self._feed.rules, self._feed.settings,
                verdict.file.content if isinstance(verdict.file, LandedFile) else None, verdict.notes, verdict.brand,
                tally.unanswered, verdict.blank,
            )  # fmt: skip
            self._files[told.file_digest] = told
            self._place(told)
            positions = self._in_order[told.scope]
            insort(positions, positions.pop())

    def _place(self, file: Earlier) -> None:
        self._in_order.setdefault(file.scope, []).append(_position(file))
        self._by_path.setdefault(file.path, set()).add(file.file_digest)
        self._by_letters.setdefault(file.path.casefold(), set()).add(file.path)
        if file.bytes_digest:
            self._by_bytes.setdefault(file.bytes_digest, {})[file.file_digest] = None
        for same in filter(None, map(told_once, file.notes or ())):
            self._told.setdefault(same, set()).add(file.file_digest)

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

        It is not known by them alone where its name says something of its rows (`feeds`). One that lies there and of which
        nps.yaml reads other `answers` now has its name.
        """
        others = (self._files[digest] for digest in self._by_bytes.get(file.content, {}) if digest != file.digest)
        gone = [other for other in others if other.path not in self._names]
        there = {re.sub(OF_ANSWER, "", name) for name in self._names} if gone else set()
        return next((other for other in gone if re.sub(OF_ANSWER, "", other.path) not in there), None)

    def same_letters(self, file: LandedFile) -> str | None:
        """The path of a file that counts and is not in landing any more, and that differs in capitals alone."""
        others = self._by_letters.get(file.known_as.casefold(), set()) - self._names
        return next((path for path in sorted(others) if self._by_path[path]), None)

    def told(self, verdict: FileVerdict, notes: Iterable[str] = ()) -> FileVerdict:
        """The verdict with further notes, but for those that are told once of a source and that another file has already.

        It is told.
        """
        own = verdict.file.digest
        known = {same for same, digests in self._told.items() if digests - {own}}
        news = tuple(note for note in (*verdict.notes, *notes) if told_once(note) not in known)
        told = replace(verdict, notes=news)
        self.tell(told)
        return told

    def first(self, scope: str) -> Earlier | None:
        """The oldest file."""
        positions = self._in_order.get(scope)
        return self._files[positions[0][-1]] if positions else None

    def gives_way(self, file: LandedFile | RefusedFile) -> Earlier | None:
        """The file whose name another one has taken, and whose own bytes are not in landing any more."""
        others = self._by_path.get(file.known_as, set()) - {file.digest} - self._present.keys()
        return max((self._files[digest] for digest in others), key=_position, default=None)

    def before(self, file: LandedFile | RefusedFile, scope: str) -> Iterator[Earlier]:
        """The files that come before one, the last of them first: older ones, and the one whose place it takes."""
        positions = self._in_order.get(scope, [])
        position = modified_at(file), file.known_as, file.digest
        older = bisect_left(positions, position)
        gives_way = [
            _position(self._files[digest])
            for digest in self._by_path.get(file.known_as, ())
            if digest not in self._present and self._files[digest].scope == scope
        ]
        newer = sorted((each for each in gives_way if each >= position), reverse=True)
        for *_, digest in chain(newer, (positions[at] for at in range(older - 1, -1, -1))):
            if digest != file.digest:
                yield self._files[digest]

    def shortly_before(self, file: LandedFile | RefusedFile, scope: str) -> list[Earlier]:
        """The last files before one, the last of them first: so few, of so few rows, as are read in a moment."""
        found: list[Earlier] = []
        for each in islice(self.before(file, scope), _FEW):
            if each.load_id is None:
                continue
            if sum(other.accepted for other in found) + each.accepted > MOST_ROWS:
                break
            found.append(each)
        return found

    def after(self, file: LandedFile | RefusedFile, scope: str) -> Iterator[Earlier]:
        """The files that come after one, the first of them first."""
        positions = self._in_order.get(scope, [])
        at = bisect_left(positions, (modified_at(file), file.known_as, file.digest))
        yield from (self._files[digest] for *_, digest in positions[at:] if digest != file.digest)


def _position(file: Earlier) -> _Position:
    return file.modified_at, file.path, file.file_digest


def _earlier(row: dict[str, object]) -> Earlier:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Earlier(**{**row, **lists})  # type: ignore[arg-type]  # the ledger's own types
