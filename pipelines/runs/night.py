"""One night in one process: take in what is pending, rebuild what is stale, publish. What `nps run` does.

It works through the same Dagster assets and instance as the schedule, so it shows in the UI; where there is nothing to do
it does not even start Dagster. Not here: any step itself, or what is told of a night (`told`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.guards.mending import mended
from pipelines.guards.readiness import clock_behind, clock_was_ahead, refuse_what_has_not_begun
from pipelines.intake.feeds import for_a_night, landing
from pipelines.intake.waiting import has_work
from pipelines.recipes.figures import plan_now
from pipelines.recipes.months import month_key
from pipelines.runs.told import NightReport, as_it_is, odd_in_landing, report_on
from pipelines.stages.publish import is_published
from warehouse.lake.ledgers import current_files
from warehouse.months.plan import ranges, stale_months


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
    return replace(report, odd=[*said, *odd_in_landing(context, landed, report), *report.odd])


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

    if behind := clock_behind(context):
        return NightReport("stopped", errors=[behind])
    before = as_it_is(context)
    with Runs(replace(context, is_ready=True)) as runs:
        went_well = runs.ingest(waiting) if waiting else True
        if months:
            went_well = runs.rebuild(*months) and went_well
        plan = plan_now(context)
        stale = stale_months(context.lake, plan)
        rebuilt = len({*stale, *(month for month in plan.inputs if months and months[0] <= month <= months[1])})
        for first, last in ranges(stale, set(plan.inputs)):
            went_well = runs.rebuild(first, last) and went_well
        plan = plan_now(context)
        # A file that was held for one month may have been built into others before.
        for first, last in ranges(stale_months(context.lake, plan) if went_well else [], set(plan.inputs)):
            went_well = runs.rebuild(first, last) and went_well
        went_well = went_well and runs.publish()
    return replace(report_on(context, before, plan, rebuilt, went_well=went_well), errors=runs.errors)


def _reports(context: Context) -> list[str]:
    """Write what is not there yet of the reports of nps.yaml; a sentence about each that cannot be written."""
    if not context.workspace.config.reports:
        return []
    from pipelines.pages.standing import write_reports  # noqa: PLC0415 - nobody needs charts who declares no report

    return write_reports(context.workspace)


def _is_up_to_date(context: Context) -> bool:
    plan = plan_now(context)
    return not stale_months(context.lake, plan) and is_published(context, plan)


def _digests_between(context: Context, first: date, last: date) -> frozenset[str]:
    within = pl.col("months").list.eval(pl.element().is_between(first, last)).list.any()
    return frozenset(current_files(context.lake).filter(within).get_column("file_digest"))
