"""Where the warehouse stands: what waits, what is stale, what is published, what each source gave.

Here: deriving it. Not here: showing it (`pipelines.cli`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.context import Context
from pipelines.intake.feeds import landing, odd_feeds
from pipelines.intake.waiting import pending
from pipelines.landing.discover import are_still_there
from pipelines.landing.folders import is_open_folder
from pipelines.recipes.figures import plan_now, response_rules
from pipelines.recipes.months import month_key
from pipelines.report.notes.copies import copies
from pipelines.report.notes.overlaps import overlap_notes
from pipelines.report.notes.published import odd_in_published
from pipelines.report.notes.removed import removed
from pipelines.report.notes.silence import holes, silent_sources
from pipelines.report.notes.unlisted import unlisted_notes
from pipelines.report.notes.unread import unread
from pipelines.report.notes.waves import small_groups, unshown_waves
from pipelines.shown import counted
from pipelines.stages.counting import fates, files_counted
from transforms.reasons import Reason
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_files
from warehouse.months.plan import stale_months
from warehouse.published.query import QueryError, UnopenedError, ask

_OF_WAITING: Final = {"source": pl.String(), "path": pl.String()}


@dataclass(frozen=True)
class Status:
    """The state of a workspace at one moment."""

    pending: list[dict[str, str]]
    """`source, path` of every file of landing without a verdict."""
    stale_months: list[str]
    not_in: pl.DataFrame
    """`source, path, status, reason, detail` of files that were held or refused."""
    notes: pl.DataFrame
    """`source, path, note`: what is odd in files that are in, the last ones taken in first."""
    sources: pl.DataFrame
    """Sums of files that are in: `source, files, rows_read, accepted, counted, superseded, unanswered, excluded, rejected,
    first_month, last_month`. What counts is NULL where months are yet to be built."""
    files: pl.DataFrame
    """What counts of each file of answers that is in, as `pipelines.stages.counting.files_counted` gives it."""
    withdrawn: list[dict[str, Any]]
    """`source, path, withdrawn_by, withdrawn_at, says` of files that a person took back."""
    removed: list[str]
    """A sentence about every file that landing holds no more, and of which answers count."""
    odd: list[str]
    """What nps.yaml says of files and is hardly meant; silent sources; waves that are not shown; spellings of names."""
    last_publish: dict[str, str] | None
    """`published_at, code_version` of the published file."""

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "pending": self.pending,
            "stale_months": self.stale_months,
            "not_in": self.not_in.to_dicts(),
            "notes": self.notes.to_dicts(),
            "sources": self.sources.to_dicts(),
            "files": self.files.to_dicts(),
            "withdrawn": self.withdrawn,
            "removed": self.removed,
            "odd": self.odd,
            "last_publish": self.last_publish,
        }


def status_of(context: Context) -> Status:
    """The state now, derived from landing, the ledgers and the published file."""
    landed = landing(context)
    waiting = [
        {"source": feed.name, "path": item.known_as} for feed, here in landed for item in pending(context, feed, here)
    ]
    rules = response_rules(context.workspace.config)
    plan = plan_now(context)
    files = current_files(context.lake)
    became = fates(context.lake, plan)
    counted = files_counted(files, became)
    named = files.filter(pl.col("source").is_in([feed.name for feed, _ in landed]))
    return Status(
        pending=waiting,
        stale_months=[month_key(month) for month in stale_months(context.lake, plan)],
        not_in=files_not_in(context),
        notes=notes_on(named),
        sources=_per_source(named, counted),
        files=counted,
        withdrawn=_withdrawn(files),
        removed=removed(
            context,
            counted.join(pl.DataFrame(waiting, _OF_WAITING), on=["source", "path"], how="anti"),
            {(feed.name, item.digest) for feed, here in landed for item in here},
        ),
        odd=[
            *_unreadable(context),
            *_unnamed(files.join(named, on="source", how="anti")),
            *odd_feeds(landed),
            *unread(context.workspace.root, landed),
            *copies(landed, context.lake, lambda: became),
            *silent_sources(context, plan),
            *holes(plan),
            *unshown_waves(context.lake),
            *small_groups(context.lake, context.workspace.config.minimum_group),
            *unlisted_notes(context.lake, plan, rules, _last_in(files)),
            *overlap_notes(context.lake, plan, _last_in(files)),
            *odd_in_published(context.workspace.config, context.workspace.database),
        ],
        last_publish=_last_publish(context),
    )


def standing(context: Context) -> pl.DataFrame:
    """What each source has given until now, as `Status.sources` has it."""
    files = current_files(context.lake)
    plan = plan_now(context)
    return _per_source(files, files_counted(files, fates(context.lake, plan)))


def files_not_in(context: Context) -> pl.DataFrame:
    """The files of landing whose last verdict is not 'accepted': `source, path, status, reason, detail`.

    What was mended or taken away since is not among them.
    """
    verdicts = current_files(context.lake).filter(pl.col("status") != "replaced")
    last = verdicts.sort("sequence", nulls_last=False).unique(["source", "path"], keep="last")
    refused = last.filter(pl.col("status").is_in(["held", "refused"])).sort("source", "path")
    there = are_still_there(context.workspace.root, refused.get_column("path"))
    archives = last.filter(pl.col("path").str.to_lowercase().str.contains(".zip/", literal=True))
    still_there = [
        is_there and not _opened_since(file, archives) and not _can_be_opened(context.workspace.root, file)
        for is_there, file in zip(there, refused.iter_rows(named=True), strict=True)
    ]
    chosen = refused.filter(pl.Series(still_there, dtype=pl.Boolean))
    return chosen.select("source", "path", "status", "reason", "detail").cast(pl.String)


def _withdrawn(files: pl.DataFrame) -> list[dict[str, Any]]:
    taken_back = files.filter(pl.col("status") == "withdrawn").sort("source", "path")
    return taken_back.select("source", "path", "withdrawn_by", "withdrawn_at", says="detail").to_dicts()


def _unnamed(files: pl.DataFrame) -> list[str]:
    """What was taken in of sources and lists that nps.yaml does not name any more, or by another name."""
    gone = files.filter(pl.col("status") == "accepted").group_by("source").agg(pl.len(), pl.col("accepted").sum())
    return [
        f"{source} is not in nps.yaml any more: {counted(rows, 'row')} of {counted(number, 'file')} count no more."
        for source, number, rows in gone.sort("source").iter_rows()
    ]


def _last_in(files: pl.DataFrame) -> pl.DataFrame:
    """The files of the last day on which any of answers came in."""
    accepted = files.filter(pl.col("status") == "accepted", ~pl.col("source").str.starts_with(DIMENSION_PREFIX))
    return accepted.filter(pl.col("ingested_at") > pl.col("ingested_at").max() - timedelta(days=1))


def notes_on(files: pl.DataFrame) -> pl.DataFrame:
    """What is odd in those of the files that are in: `source, path, note`, the last ones taken in first."""
    accepted = files.filter(pl.col("status") == "accepted", pl.col("notes").list.len() > 0)
    ordered = accepted.sort("ingested_at", "source", "path", descending=[True, False, False])
    return ordered.select("source", "path", note="notes").explode("note")


def _opened_since(file: Mapping[str, Any], last: pl.DataFrame) -> bool:
    """Whether a refused archive was mended: there are later verdicts on files in it."""
    inside = last.filter(
        pl.col("source") == file["source"],
        pl.col("path").str.starts_with(f"{file['path']}/"),
        pl.col("sequence").fill_null(-1) > (-1 if file["sequence"] is None else file["sequence"]),
    )
    return inside.height > 0


def _can_be_opened(root: Path, file: Mapping[str, Any]) -> bool:
    """Whether what was refused is a folder that could not be opened, and can be by now."""
    return file["reason"] == Reason.FILE_UNREADABLE and is_open_folder(root / file["path"])


def _per_source(files: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    counts = counted.select("source", "file_digest", "counted", "superseded")
    accepted = files.filter(pl.col("status") == "accepted").join(counts, on=["source", "file_digest"], how="left")
    months = pl.col("months").list
    return (
        accepted.group_by("source")
        .agg(
            pl.len().alias("files"),
            pl.col("rows_read", "accepted").sum(),
            # One file of which this is not known yet, and it is not known of the source.
            *(pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()) for name in ("counted", "superseded")),
            pl.col("unanswered", "excluded", "rejected").sum(),
            months.min().min().dt.strftime("%Y-%m").alias("first_month"),
            months.max().max().dt.strftime("%Y-%m").alias("last_month"),
        )
        .sort("source")
    )


def _unreadable(context: Context) -> list[str]:
    """The sentence about a published file that is there and that nobody can read."""
    database = context.workspace.database
    if not database.is_file():
        return []
    try:
        ask(database, "from meta.publish")
    except QueryError as error:
        says = str(error) if isinstance(error, UnopenedError) else f"The published file {database} is none of ours"
        return [f"{says}. Type nps run: if it is damaged, it is made anew."]
    return []


def _last_publish(context: Context) -> dict[str, str] | None:
    if not context.workspace.database.is_file():
        return None
    try:
        rows = ask(
            context.workspace.database,
            "select date_trunc('second', published_at)::varchar as published_at, code_version from meta.publish",
        )
    except QueryError:
        return None
    return {name: str(value) for name, value in rows.row(0, named=True).items()}
