"""What a night did, for whoever started it: its outcome, and every sentence that people should read.

Here: the report, put together from the ledgers and from whoever looks for something odd. Not here: what is odd
(`pipelines.report.notes`), how a report is shown (`pipelines.cli.show`), any step of a night (`night`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipelines.context import Context
from pipelines.intake.feeds import Landed, odd_feeds
from pipelines.recipes.figures import plan_now, response_rules
from pipelines.report.notes.copies import copies
from pipelines.report.notes.overlaps import overlap_notes
from pipelines.report.notes.published import odd_in_published
from pipelines.report.notes.removed import taken_out
from pipelines.report.notes.silence import holes, silent_sources
from pipelines.report.notes.unlisted import unlisted_notes
from pipelines.report.notes.unread import unread
from pipelines.report.notes.waves import given_away, small_groups, unshown_waves
from pipelines.report.status import files_not_in, notes_on
from pipelines.shown import counted
from pipelines.stages.counting import fates, newly_superseded
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_files
from warehouse.months.plan import Plan
from warehouse.published.swap import published_inputs

PUBLISHED, STOPPED, PUBLISHED_WITHOUT_SOME = 0, 1, 3


@dataclass(frozen=True)
class NightReport:
    """What a night did: `published`, `nothing to do` or `stopped`; what stopped it; which files are not in."""

    outcome: str
    files_in: int = 0
    months_rebuilt: int = 0
    rows_rejected: int = 0
    """Of the files of answers that were taken in; `nps rejects` has each with its reason."""
    files_with_rejected: int = 0
    not_in: list[dict[str, str]] = field(default_factory=list)
    """source, path, status, reason, detail of every file that was held or refused in this night."""
    notes: list[dict[str, str]] = field(default_factory=list)
    """source, path, note: what is odd in the files that were taken in."""
    superseded: list[str] = field(default_factory=list)
    """A sentence about every file of which more answers do not count than before this night."""
    odd: list[str] = field(default_factory=list)
    """What nps.yaml says of files and is hardly meant."""
    failed_rules: list[dict[str, str]] = field(default_factory=list)
    """stage, rule, failing_rows, says of every rule that stopped the night."""
    errors: list[str] = field(default_factory=list)
    """What broke in a way that no rule foresaw."""

    @property
    def exit_code(self) -> int:
        """The exit code of the contract."""
        if self.outcome == "stopped":
            return STOPPED
        return PUBLISHED_WITHOUT_SOME if self.not_in else PUBLISHED


@dataclass(frozen=True)
class Before:
    """What was when a night began to work: by the clock, by the ledgers, and which answers counted."""

    at: datetime
    files: int
    checks: int
    fates: pl.DataFrame
    forgotten: list[str]


def as_it_is(context: Context) -> Before:
    """What is now."""
    lake = context.lake
    plan = plan_now(context)
    return Before(context.clock(), lake.mark("files"), lake.mark("checks"), fates(lake, plan), _forgotten(context))


def report_on(context: Context, before: Before, plan: Plan, rebuilt: int, *, went_well: bool) -> NightReport:
    """What was done since `before`, of which `rebuilt` months; `plan` is as it was when they were built."""
    tonight = _tonight(context, before)
    refused = tonight.filter(pl.col("status").is_in(["held", "refused"]))
    not_in = refused.select("source", "path", "status", "reason", "detail")
    checked = context.lake.ledger("checks").filter(
        pl.col("sequence") > before.checks, ~pl.col("passed"), pl.col("stage") != "sources"
    )
    is_in = tonight.filter(pl.col("status") == "accepted")
    # Files of lists and of activity say it in a note of their own.
    with_rejected = is_in.filter(pl.col("rejected") > 0, ~pl.col("source").str.starts_with(DIMENSION_PREFIX))
    return NightReport(
        outcome="published" if went_well else "stopped",
        files_in=is_in.height,
        rows_rejected=int(with_rejected.get_column("rejected").sum()),
        files_with_rejected=with_rejected.height,
        months_rebuilt=rebuilt,
        not_in=not_in.sort("source", "path").cast(pl.String).to_dicts(),
        notes=notes_on(tonight).to_dicts(),
        superseded=newly_superseded(plan, before.fates, fates(context.lake, plan)),
        odd=_odd(context, before, plan, tonight, is_published=went_well),
        failed_rules=checked.select("stage", "rule", "failing_rows", "says").cast(pl.String).to_dicts(),
    )


def _odd(context: Context, before: Before, plan: Plan, tonight: pl.DataFrame, *, is_published: bool) -> list[str]:
    """What is odd about the files of this night, and about what it published."""
    lake, config = context.lake, context.workspace.config
    found = [
        *unshown_waves(lake, before.at),
        *small_groups(lake, config.minimum_group),
        *given_away(lake, before.at),
        *unlisted_notes(lake, plan, response_rules(config), tonight),
        *overlap_notes(lake, plan, tonight),
    ]
    if is_published:
        found += [*before.forgotten, *odd_in_published(config, context.workspace.database)]
    return found


def odd_in_landing(context: Context, landed: Landed, report: NightReport) -> list[str]:
    """What is odd about landing and its sources as they are now, also where nothing waited."""
    plan = plan_now(context)
    return [
        *odd_feeds(landed),
        *unread(context.workspace.root, landed),
        *copies(landed, context.lake, lambda: fates(context.lake, plan)),
        *taken_out(context, landed, plan),
        *_still_out(context, report),
        *silent_sources(context, plan),
        *holes(plan),
    ]


def _still_out(context: Context, report: NightReport) -> list[str]:
    """A sentence about the files that were kept out before this night, and lie in landing as they did."""
    told = [each["path"] for each in report.not_in]
    files = files_not_in(context).filter(~pl.col("path").is_in(told)).height
    are = "is" if files == 1 else "are"
    return [f"{counted(files, 'file')} of landing {are} still not in: nps status says which, and why."] if files else []


def _forgotten(context: Context) -> list[str]:
    """That nothing tells which published figures change, where the file that held them cannot be read any more."""
    if published_inputs(context.workspace.database) is not None:
        return []
    gates = context.lake.ledger("checks").filter(pl.col("stage") == "published").group_by("checked_at")
    if not gates.agg(pl.col("passed").all()).get_column("passed").any():
        return []
    says = (
        "was gone or could not be read, and was made anew. Which figures of periods that had ended were others in it,"
    )
    return [f"{context.workspace.database} {says} meta.restatements does not tell."]


def _tonight(context: Context, before: Before) -> pl.DataFrame:
    """The files of which this night has decided: one under another name has a new record, but was taken in when it was."""
    return current_files(context.lake).filter(pl.col("sequence") > before.files, pl.col("ingested_at") >= before.at)
