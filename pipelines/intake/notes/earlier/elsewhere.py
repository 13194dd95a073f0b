"""Files whose very bytes count in another source too, or the same answers in other bytes: an export in two folders.

Here: the notes on them. Not here: files of one source (`again.counts_already`, `days`), one file that two sources read,
each its part of it, whole surveys that agree month by month (`pipelines.report.notes.odd_figures`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.feeds import Feed
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.landed import LandedFile
from warehouse.intake.days import answers_of
from warehouse.lake.ledgers import current_files
from warehouse.lake.store import Lake
from warehouse.upkeep.mending import damage_told

#: So many answers, of so many scores and so many different days and scores, such a part of which is alike, are no chance.
_ENOUGH: Final = 20
_SCORES: Final = 3
_CELLS: Final = 10
_MOSTLY: Final = 0.9
#: Larger files would take too long, and so would more of them.
_LARGEST: Final = 300_000
_LOOKED_AT: Final = 3


def with_others(
    lake: Lake, feed: Feed, verdicts: Sequence[FileVerdict], just_now: Sequence[tuple[str, FileVerdict]]
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
    noted = [_noted(feed.name, verdict, others) for verdict in verdicts]
    return [
        _alike(lake, feed.name, told, just_now) if len(told.notes) == len(verdict.notes) else told
        for verdict, told in zip(verdicts, noted, strict=True)
    ]


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


def _alike(lake: Lake, name: str, verdict: FileVerdict, just_now: Sequence[tuple[str, FileVerdict]]) -> FileVerdict:
    """The verdict with a note where another source has as many answers of the same days and scores, in other bytes."""
    tally, staged = verdict.tally, verdict.staged
    is_looked_at = (
        verdict.status == "accepted" and _ENOUGH <= tally.accepted <= _LARGEST and len(tally.by_score) >= _SCORES
    )
    if staged is None or not is_looked_at:
        return verdict
    loads = _as_many(lake, name, verdict, just_now)
    if not loads:
        return verdict
    with damage_told(lake):
        cells = answers_of(lake, [staged.load_id, *loads]).group_by("load_id", "day", "score").len()
    own = cells.filter(pl.col("load_id") == staged.load_id).drop("load_id")
    for load, (source, path) in loads.items():
        both = own.join(cells.filter(pl.col("load_id") == load), on=["day", "score", "len"], how="inner")
        if own.height >= _CELLS and both.height >= _MOSTLY * own.height:
            note = (
                f"Its {tally.accepted:,} answers are of the days and scores of those that count in source {source}, as "
                f"{path}: if they are the same ones in another form, they count twice. Then take one of both back, such as: "
                f"nps withdraw {shlex.quote(verdict.file.known_as)}"
            )
            return replace(verdict, notes=(*verdict.notes, note))
    return verdict


def _as_many(
    lake: Lake, name: str, verdict: FileVerdict, just_now: Sequence[tuple[str, FileVerdict]]
) -> dict[str, tuple[str, str]]:
    """The loads of other sources with as many answers of the same months, the newest first: their source and path."""
    tally = verdict.tally
    found = {
        other.staged.load_id: (source, other.file.known_as)
        for source, other in just_now
        if other.staged is not None and other.status == "accepted" and other.tally.by_score == tally.by_score
    }
    rows = current_files(lake).filter(
        pl.col("status") == "accepted", pl.col("accepted") == tally.accepted, pl.col("load_id").is_not_null()
    )
    months = sorted(tally.months)
    for row in rows.select("load_id", "source", "path", "months").reverse().iter_rows(named=True):
        if sorted(row["months"] or ()) == months:
            found.setdefault(row["load_id"], (row["source"], row["path"]))
    bare = verdict.file.known_as.partition(" [")[0]
    others = [(load, of) for load, of in found.items() if of[0] != name and of[1].partition(" [")[0] != bare]
    return dict(others[:_LOOKED_AT])
