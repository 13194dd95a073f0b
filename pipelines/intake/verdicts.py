"""What became of a file, and how the ledger records it.

Here: verdicts, and their rows in the ledger of files. Not here: how a verdict is come to (`ingest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.waiting import known_files, left_out, out_of_place, renamed
from pipelines.landing.discover import RefusedFile, modified_at
from pipelines.landing.landed import LandedFile
from pipelines.recipes.digests import key_id
from transforms.tables import FileRecord, types
from warehouse.intake.redelivery import NO_REDELIVERY, Redelivery
from warehouse.intake.staging import Staged
from warehouse.intake.tally import Tally

#: Why a file is `replaced` whose place another one took.
OUT_OF_PLACE: Final = "Other bytes came under its name, and its own are not in landing any more."

_NOTHING = Tally(0, 0, 0, 0, 0, [], [], {})


@dataclass(frozen=True)
class LetIn:
    """That a person accepted a file that would else be held."""

    by: str
    at: datetime


@dataclass(frozen=True)
class FileVerdict:
    """What became of one file."""

    file: LandedFile | RefusedFile
    status: Literal["accepted", "held", "refused"]
    staged: Staged | None = None
    scope: str = "{}"
    redelivery: Redelivery = NO_REDELIVERY
    reason: str | None = None
    detail: str | None = None
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences about a file that was accepted: what is odd in it."""
    shrunk_from: int | None = None
    """How many answers the snapshot before it has, where it has fewer."""
    let_in: LetIn | None = None
    """Who accepted that; remembered whatever else becomes of the file."""
    blank: frozenset[str] | None = None
    """Which columns that decide figures are blank in it (`notes.blanked`); None where that was not looked at."""
    brand: str | None = None
    """What a column of brands that nps.yaml does not read says in all its rows."""

    @property
    def tally(self) -> Tally:
        """What was found in it; nothing in a file that could not be read."""
        return _NOTHING if self.staged is None else self.staged.tally

    def load(self, fewest: int = 0, most: int | None = None) -> str | None:
        """Its load, where it was accepted with so many answers or rows that count; else None."""
        if self.staged is None or self.status != "accepted":
            return None
        is_looked_at = fewest <= self.tally.accepted and (most is None or self.tally.accepted <= most)
        return self.staged.load_id if is_looked_at else None


def records_of(
    context: Context, feed: Feed, verdicts: Sequence[FileVerdict], here: Sequence[LandedFile | RefusedFile]
) -> pl.DataFrame:
    """The records, as `FileRecord`, with which the accepted files count, and what stood under their names does not.

    `here` are all files of the feed in landing.
    """
    rows = pl.DataFrame(list(_rows(context, feed, verdicts)), schema=types(FileRecord), orient="row")
    known = known_files(context, feed)
    judged = [verdict.file.digest for verdict in verdicts]
    moved = renamed(known, here).filter(~pl.col("file_digest").is_in(judged))
    # Next after the record that it takes the place of: the file was taken in when it was.
    moved = moved.with_columns(pl.col("ingested_at") + pl.duration(microseconds=1))
    return pl.concat([rows, moved, _replaced(context, known, verdicts, here)])


def _replaced(
    context: Context, known: pl.DataFrame, verdicts: Sequence[FileVerdict], here: Sequence[LandedFile | RefusedFile]
) -> pl.DataFrame:
    accepted = [verdict.file.digest for verdict in verdicts if verdict.status == "accepted"]
    gone = out_of_place(known, here, accepted).with_columns(detail=pl.lit(OUT_OF_PLACE))
    unnamed = left_out(context, known, here).with_columns(
        detail=pl.lit("It lies in landing, but nps.yaml does not name it any more, or finds it too large.")
    )
    return (
        pl.concat([gone, unnamed])
        .unique("file_digest", keep="first", maintain_order=True)
        .with_columns(
            status=pl.lit("replaced", types(FileRecord)["status"]),
            ingested_at=pl.lit(context.clock(), types(FileRecord)["ingested_at"]),
        )
    )


def _rows(context: Context, feed: Feed, verdicts: Sequence[FileVerdict]) -> Iterator[dict[str, object]]:
    now, key = context.clock(), key_id(context.workspace.key())
    # Or read again it would look as it did before: what was built of it then would count.
    erased = dict(known_files(context, feed).select("file_digest", "erasures").iter_rows())
    for verdict in verdicts:
        file, tally = verdict.file, verdict.tally
        yield {
            "source": feed.name,
            "file_digest": file.digest,
            "bytes_digest": file.content or None if isinstance(file, LandedFile) else None,
            "path": file.known_as,
            "size_bytes": file.size_bytes,
            "modified_at": modified_at(file),
            "recipe": feed.recipe,
            "rules": feed.rules,
            "settings": feed.settings,
            "key_id": key,
            "status": verdict.status,
            "reason": verdict.reason,
            "detail": verdict.detail,
            "load_id": verdict.staged.load_id if verdict.staged else None,
            "delivery": feed.delivery,
            "scope": verdict.scope,
            "metric": feed.layout.metric if isinstance(feed.layout, Source) else None,
            "scale": context.workspace.config.scale_of(feed.layout).name if isinstance(feed.layout, Source) else None,
            "surveys": tally.surveys,
            "months": tally.months,
            "redelivers": verdict.redelivery.redelivers,
            "moved_months": list(verdict.redelivery.moved_months),
            "moved_with": list(verdict.redelivery.moved_with),
            "rows_read": tally.rows_read,
            "accepted": tally.accepted,
            "unanswered": tally.unanswered,
            "excluded": tally.excluded,
            "rejected": tally.rejected,
            "contacts": tally.attempts,
            "voided": tally.voided,
            "notes": list(verdict.notes),
            "headings": list(verdict.headings),
            "erasures": erased.get(file.digest, []),
            "brand": verdict.brand,
            "shrunk_from": verdict.shrunk_from,
            "let_in_by": verdict.let_in.by if verdict.let_in else None,
            "let_in_at": verdict.let_in.at if verdict.let_in else None,
            "ingested_at": now,
        }
