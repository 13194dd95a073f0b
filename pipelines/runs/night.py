"""One night in one process: take in what is pending, rebuild what is stale, publish. What `nps run` does.

It works through the same Dagster assets and instance as the schedule, so it shows in the UI; where there is nothing to do
it does not even start Dagster. Not here: any step itself, or how a night is shown (`pipelines.cli`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.guards.mending import mended
from pipelines.guards.readiness import clock_behind, clock_was_ahead, refuse_what_has_not_begun
from pipelines.intake.feeds import for_a_night, landing, odd_feeds
from pipelines.intake.waiting import has_work
from pipelines.recipes.figures import response_rules
from pipelines.recipes.months import month_key
from pipelines.report.notes.copies import copies
from pipelines.report.notes.overlaps import overlap_notes
from pipelines.report.notes.published import odd_in_published
from pipelines.report.notes.silence import holes, silent_sources
from pipelines.report.notes.unlisted import unlisted_notes
from pipelines.report.notes.unread import unread
from pipelines.report.notes.waves import given_away, small_groups, unshown_waves
from pipelines.report.status import files_not_in, notes_on
from pipelines.shown import counted
from pipelines.stages.counting import fates, newly_superseded
from pipelines.stages.publish import is_published
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_files
from warehouse.months.plan import make_plan, ranges, stale_months
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


def run_night(context: Context) -> NightReport:
    """Do everything that there is to do. Raises `UserError` where history begins in the future."""
    refuse_what_has_not_begun(context)
    landed = landing(context)
    found = mended(for_a_night(context, landed), lambda: landed)
    context, said = found.context, [*found.said, *clock_was_ahead(context)]
    waiting = [feed.name for feed, here in landed if has_work(context, feed, here)]
    idle = not waiting and _is_up_to_date(context)
    report = NightReport("nothing to do") if idle else _work(context, waiting, None)
    report = replace(report, errors=[*report.errors, *_reports(context)])
    plan = make_plan(context.lake, response_rules(context.workspace.config))
    silent = [*silent_sources(context, plan), *holes(plan)]
    again = copies(landed, context.lake, lambda: fates(context.lake, plan))
    of_landing = [*odd_feeds(landed), *unread(context.workspace.root, landed), *again, *_still_out(context, report)]
    return replace(report, odd=[*said, *of_landing, *silent, *report.odd])


def _still_out(context: Context, report: NightReport) -> list[str]:
    """A sentence about the files that were kept out before this night, and lie in landing as they did."""
    told = [each["path"] for each in report.not_in]
    files = files_not_in(context).filter(~pl.col("path").is_in(told)).height
    are = "is" if files == 1 else "are"
    return [f"{counted(files, 'file')} of landing {are} still not in: nps status says which, and why."] if files else []


def backfill(context: Context, first: date, last: date, *, reingest: bool) -> NightReport:
    """Build the months anew, stale or not, and publish: the same as selecting those partitions in the UI.

    With `reingest` the files that have answers in these months are read again first, where landing still has them.
    Raises `UserError` for months that the warehouse does not keep.
    """
    config = context.workspace.config
    this_month = context.clock().astimezone(ZoneInfo(config.timezone)).date().replace(day=1)
    if first < config.history_start or last > this_month:
        raise UserError(
            f"Months can be built from {config.history_from} (history_from of nps.yaml) to {month_key(this_month)}, the "
            f"current one; {month_key(first)} to {month_key(last)} reaches beyond that."
        )
    landed = landing(context)
    found = mended(for_a_night(context, landed), lambda: landed)
    context = found.context
    if reingest:
        context = replace(context, again=context.again | _digests_between(context, first, last))
    waiting = [feed.name for feed, here in landed if has_work(context, feed, here)] if context.again else []
    report = _work(context, waiting, (first, last))
    return replace(report, odd=[*found.said, *report.odd], errors=[*report.errors, *_reports(context)])


def _work(context: Context, waiting: list[str], months: tuple[date, date] | None) -> NightReport:
    from pipelines.runs.jobs import Runs  # noqa: PLC0415 - Dagster costs a second, which an idle night need not pay

    started = _Started(context.clock(), context.lake.mark("files"), context.lake.mark("checks"))
    behind = clock_behind(context, started.at)
    if behind:
        return NightReport("stopped", errors=[behind])
    rules = response_rules(context.workspace.config)
    before, forgotten = fates(context.lake, make_plan(context.lake, rules)), _forgotten(context)
    with Runs(replace(context, is_ready=True)) as runs:
        went_well = runs.ingest(waiting) if waiting else True
        if months:
            went_well = runs.rebuild(*months) and went_well
        plan = make_plan(context.lake, rules)
        stale = stale_months(context.lake, plan)
        rebuilt = len({*stale, *(month for month in plan.inputs if months and months[0] <= month <= months[1])})
        for first, last in ranges(stale, set(plan.inputs)):
            went_well = runs.rebuild(first, last) and went_well
        plan = make_plan(context.lake, rules)
        # A file that was held for one month may have been built into others before.
        for first, last in ranges(stale_months(context.lake, plan) if went_well else [], set(plan.inputs)):
            went_well = runs.rebuild(first, last) and went_well
        went_well = went_well and runs.publish()
    report = _report(context, started, rebuilt, went_well=went_well)
    is_out = report.outcome == "published"
    waves = [
        *unshown_waves(context.lake, started.at),
        *small_groups(context.lake, context.workspace.config.minimum_group),
        *given_away(context.lake, started.at),
    ]
    tonight = _tonight(context, started)
    unlisted = unlisted_notes(context.lake, plan, rules, tonight)
    of_published = (
        [*forgotten, *odd_in_published(context.workspace.config, context.workspace.database)] if is_out else []
    )
    odd = [*waves, *unlisted, *overlap_notes(context.lake, plan, tonight), *of_published]
    told = newly_superseded(plan, before, fates(context.lake, plan))
    return replace(report, errors=runs.errors, odd=odd, superseded=told)


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


def _reports(context: Context) -> list[str]:
    """Write what is not there yet of the reports of nps.yaml; a sentence about each that cannot be written."""
    if not context.workspace.config.reports:
        return []
    from pipelines.pages.standing import write_reports  # noqa: PLC0415 - nobody needs charts who declares no report

    return write_reports(context.workspace)


def _is_up_to_date(context: Context) -> bool:
    plan = make_plan(context.lake, response_rules(context.workspace.config))
    return not stale_months(context.lake, plan) and is_published(context, plan)


def _digests_between(context: Context, first: date, last: date) -> frozenset[str]:
    within = pl.col("months").list.eval(pl.element().is_between(first, last)).list.any()
    return frozenset(current_files(context.lake).filter(within).get_column("file_digest"))


@dataclass(frozen=True)
class _Started:
    """When a night began: by the clock, and by what the ledgers held."""

    at: datetime
    files: int
    checks: int


def _report(context: Context, started: _Started, rebuilt: int, *, went_well: bool) -> NightReport:
    tonight = _tonight(context, started)
    refused = tonight.filter(pl.col("status").is_in(["held", "refused"]))
    not_in = refused.select("source", "path", "status", "reason", "detail")
    checked = context.lake.ledger("checks").filter(
        pl.col("sequence") > started.checks, ~pl.col("passed"), pl.col("stage") != "sources"
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
        failed_rules=checked.select("stage", "rule", "failing_rows", "says").cast(pl.String).to_dicts(),
    )


def _tonight(context: Context, started: _Started) -> pl.DataFrame:
    """The files of which this night has decided: one under another name has a new record, but was taken in when it was."""
    return current_files(context.lake).filter(pl.col("sequence") > started.files, pl.col("ingested_at") >= started.at)
