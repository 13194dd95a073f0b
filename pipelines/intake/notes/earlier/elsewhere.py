"""Files whose very bytes count in another source too, or the same answers in other bytes: an export in two folders.

Here: the notes on them. Not here: files of one source (`again.counts_already`, `days`), one file that two sources read,
each its part of it, whole surveys that agree month by month (`pipelines.report.notes.odd_figures`).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

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
_BY_COUNT: Final = ("load_id", "source", "path", "accepted", "months")

#: The source and the path of a file.
_Named: TypeAlias = tuple[str, str]


def with_others(
    lake: Lake, feed: Feed, verdicts: Sequence[FileVerdict], just_now: Sequence[tuple[str, FileVerdict]]
) -> list[FileVerdict]:
    """The verdicts with a note on each file that counts twice so; `just_now` are those not recorded yet, by their source."""
    if not isinstance(feed.layout, Source) or not feed.layout.has_scores:
        return [*verdicts]
    same: dict[str, list[_Named]] = {content: [] for verdict in verdicts if (content := _content(verdict))}
    for source, verdict in just_now:
        if (content := _content(verdict)) in same:
            same[content].append((source, verdict.file.known_as))
    rows = current_files(lake).filter(
        pl.col("bytes_digest").is_in(list(same)), pl.col("status") == "accepted", pl.col("accepted") > 0
    )
    for content, source, path in rows.select("bytes_digest", "source", "path").iter_rows():
        same[content].append((source, path))
    noted = [_noted(feed.name, verdict, same.get(_content(verdict), ())) for verdict in verdicts]
    plain = [told for verdict, told in zip(verdicts, noted, strict=True) if len(told.notes) == len(verdict.notes)]
    as_many = _as_many(lake, feed.name, [each for each in plain if _is_looked_at(each)], just_now)
    return [_alike(lake, told, as_many.get(told.load() or "", {})) for told in noted]


def _content(verdict: FileVerdict) -> str:
    """The digest of the bytes of a file whose answers count."""
    counts = verdict.status == "accepted" and verdict.tally.accepted > 0
    return verdict.file.content if counts and isinstance(verdict.file, LandedFile) else ""


def _noted(name: str, verdict: FileVerdict, same: Sequence[_Named]) -> FileVerdict:
    told = [*_told(name, verdict.file.known_as, same)]
    return replace(verdict, notes=(*verdict.notes, *told)) if told else verdict


def _told(name: str, path: str, same: Sequence[_Named]) -> Iterator[str]:
    for source, other in same:
        if source != name and other.partition(" [")[0] != path.partition(" [")[0]:
            yield (
                f"Its very bytes count in source {source} too, as {other}: its answers count twice. Take one of them back, "
                f"such as: nps withdraw {shlex.quote(path)}"
            )
            return


def _is_looked_at(verdict: FileVerdict) -> bool:
    return verdict.load(_ENOUGH, _LARGEST) is not None and len(verdict.tally.by_score) >= _SCORES


def _alike(lake: Lake, verdict: FileVerdict, loads: Mapping[str, _Named]) -> FileVerdict:
    """The verdict with a note where one of the loads has answers of the same days and scores, in other bytes."""
    tally, load_id = verdict.tally, verdict.load()
    if load_id is None or not loads:
        return verdict
    with damage_told(lake):
        cells = answers_of(lake, [load_id, *loads]).group_by("load_id", "day", "score").len()
    own = cells.filter(pl.col("load_id") == load_id).drop("load_id")
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
    lake: Lake, name: str, verdicts: Sequence[FileVerdict], just_now: Sequence[tuple[str, FileVerdict]]
) -> dict[str, dict[str, _Named]]:
    """By the load of each verdict those of other sources with as many answers of the same months, the newest first."""
    of_tally: dict[tuple[tuple[int, int], ...], dict[str, _Named]] = {}
    for source, other in just_now:
        if source != name and (load := other.load()):
            of_tally.setdefault(other.tally.by_score, {})[load] = (source, other.file.known_as)
    recorded = _recorded(lake, name, {verdict.tally.accepted for verdict in verdicts})
    found = {}
    for verdict in verdicts:
        tally, bare = verdict.tally, verdict.file.known_as.partition(" [")[0]
        loads = of_tally.get(tally.by_score, {}) | recorded.get((tally.accepted, _words(tally.months)), {})
        others = [(load, of) for load, of in loads.items() if of[1].partition(" [")[0] != bare]
        found[verdict.load() or ""] = dict(others[:_LOOKED_AT])
    return found


def _recorded(lake: Lake, name: str, counts: Collection[int]) -> dict[tuple[int, str], dict[str, _Named]]:
    """The newest accepted files of other sources with so many answers, by these and by their months."""
    rows = lake.remembered("files", "as_many", lambda: _by_count(current_files(lake)))
    wanted = rows.filter(pl.col("accepted").is_in(list(counts)), pl.col("source") != name)
    # One path may have several answers, all of the file that is looked at, which are passed over.
    of_path = wanted.group_by("accepted", "months", pl.col("path").str.split(" [").list.first()).len()
    enough = _LOOKED_AT + int(str(of_path["len"].max() or 0))
    found: dict[tuple[int, str], dict[str, _Named]] = {}
    newest = wanted.group_by("accepted", "months", maintain_order=True).head(enough)
    for load, source, path, accepted, months in newest.select(_BY_COUNT).iter_rows():
        found.setdefault((accepted, months), {})[load] = (source, path)
    return found


def _by_count(files: pl.DataFrame) -> pl.DataFrame:
    """The accepted files, the newest first, with their months in words."""
    months = pl.col("months").list.sort().cast(pl.List(pl.String)).list.join(" ")
    is_in = (pl.col("status") == "accepted") & pl.col("load_id").is_not_null()
    return files.filter(is_in).select("load_id", "source", "path", "accepted", months=months).reverse()


def _words(months: Iterable[date]) -> str:
    return " ".join(f"{month}" for month in sorted(months))
