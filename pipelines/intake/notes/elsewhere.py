"""Files whose very bytes count in another source too, from another file: an export that was put into two folders.

Here: the note on them. Not here: files of one source (`doubts.counts_already`), one file that two sources read, each its
part of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.feeds import Feed
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.landed import LandedFile
from warehouse.lake import Lake
from warehouse.ledgers import current_files


def with_others(
    lake: Lake, feed: Feed, verdicts: Sequence[FileVerdict], just_now: Iterable[tuple[str, FileVerdict]]
) -> list[FileVerdict]:
    """The verdicts with a note on each file that counts twice so; `just_now` are those not recorded yet, by their source."""
    if not isinstance(feed.layout, Source) or not feed.layout.has_scores:
        return [*verdicts]
    contents = {content for verdict in verdicts if (content := _content(verdict))}
    others = [
        (source, content, verdict.file.known_as) for source, verdict in just_now if (content := _content(verdict))
    ]
    rows = current_files(lake).filter(
        pl.col("bytes_digest").is_in(list(contents)), pl.col("status") == "accepted", pl.col("accepted") > 0
    )
    others += rows.select("source", "bytes_digest", "path").rows()
    return [_noted(feed.name, verdict, others) for verdict in verdicts]


def _content(verdict: FileVerdict) -> str:
    """The digest of the bytes of a file whose answers count."""
    counts = verdict.status == "accepted" and verdict.tally.accepted > 0
    return verdict.file.content if counts and isinstance(verdict.file, LandedFile) else ""


def _noted(name: str, verdict: FileVerdict, others: Sequence[tuple[str, str, str]]) -> FileVerdict:
    content = _content(verdict)
    told = [*_told(name, verdict.file.known_as, [(source, path) for source, same, path in others if same == content])]
    return replace(verdict, notes=(*verdict.notes, *told)) if content and told else verdict


def _told(name: str, path: str, same: Sequence[tuple[str, str]]) -> Iterator[str]:
    for source, other in same:
        if source != name and other.partition(" [")[0] != path.partition(" [")[0]:
            yield (
                f"Its very bytes count in source {source} too, as {other}: its answers count twice. Take one of them back, "
                f"such as: nps withdraw {shlex.quote(path)}"
            )
            return
