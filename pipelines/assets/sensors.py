"""What the sensors look at, and what they ask for: rebuilds of stale months, publications that nothing else starts.

Here: from the state of the lake to requests of runs. Not here: how often that happens (`pipelines.assets.automation`),
what is stale (`warehouse.months.plan`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import dagster as dg
import polars as pl

from pipelines.assets.partitions import months, range_tags
from pipelines.assets.standing import checks_of_months, months_against
from pipelines.context import Context
from pipelines.guards.crashed import UNFINISHED
from pipelines.recipes.digests import publish_settings
from pipelines.recipes.figures import plan_now, response_rules
from pipelines.recipes.months import business_day, month_key, month_of
from pipelines.stages.publish import inputs_now, is_published
from warehouse.lake.ledgers import current_builds, digest
from warehouse.months.plan import Plan, ranges, stale_months

#: The assets that have a part for each month.
_OF_MONTHS: Final = ("responses", "facts")
#: Months before the first answer are told as empty ones if there are no more of them: a page full of them tells nothing.
_TOLD_BEFORE: Final = 60
NOTHING_NEW: Final = "Nothing has changed since the last look."


def runs_at_work(instance: dg.DagsterInstance) -> list[str]:
    """The runs that must end before it is worth looking: while they go on, what is to be done changes.

    Publishing changes nothing for others. What people start in the UI is a run of assets.
    """
    records = instance.get_run_records(dg.RunsFilter(statuses=list(UNFINISHED)))
    return sorted({_kind(record.dagster_run) for record in records} - {"publish"})


def runs_that_failed(instance: dg.DagsterInstance, now: datetime) -> list[str]:
    """A sentence about each run that failed within a day: always the same one of the same run."""
    failed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=now - timedelta(days=1))
    return [
        f"The Dagster run {record.dagster_run.run_id} ({_kind(record.dagster_run)}) has failed; its page says why."
        for record in instance.get_run_records(failed)
    ]


def ask_for_rebuilds(
    context: Context, cursor: str | None, at_work: Sequence[str], instance: dg.DagsterInstance | None = None
) -> dg.SensorResult:
    """One run per range of stale months; for the same state once a day, so that a failed gate does not loop.

    The state is what the months are to be built from and what they were built from: if an older build ends after a newer
    one, they are asked for again. The cursor is the lake's state when last nothing was stale; it is then that months
    without answers are told to the `instance` as empty ones.
    """
    if at_work:
        return dg.SensorResult(
            skip_reason=f"At work: {', '.join(at_work)}. Months are looked at after that.", cursor=""
        )
    state = state_of(context)
    if cursor == state:
        return dg.SensorResult(skip_reason=NOTHING_NEW, cursor=state)
    plan = plan_now(context)
    stale = stale_months(context.lake, plan)
    if not stale and instance is not None:
        stale = _red_months(context, instance)
    if not stale:
        empty = [] if instance is None else _empty_months(context, plan, instance)
        return dg.SensorResult(skip_reason="No month is stale.", cursor=state, asset_events=empty)
    return dg.SensorResult(
        [_rebuild(context, plan, stale, *each) for each in ranges(stale, set(plan.inputs))], cursor=""
    )


def ask_for_publication(context: Context, cursor: str | None, at_work: Sequence[str]) -> dg.SensorResult:
    """One run a day for each state of the lake that is not published, though no month is stale.

    Only at the second look at the same state: a night that is at work publishes by itself before that. The cursor is what
    was found unpublished at the last look, or else the lake's state.
    """
    state = state_of(context)
    if cursor == state:
        return dg.SensorResult(skip_reason=NOTHING_NEW, cursor=state)
    plan = plan_now(context)
    if at_work or stale_months(context.lake, plan):
        return dg.SensorResult(skip_reason="Months are built first.", cursor="")
    inputs = inputs_now(context, plan)
    if is_published(context, plan) or plan.verdicts.is_empty():
        return dg.SensorResult(skip_reason="All that there is is published.", cursor=state)
    if cursor != inputs:
        return dg.SensorResult(skip_reason="Something is not published; asked for if it still is not.", cursor=inputs)
    return dg.SensorResult([dg.RunRequest(run_key=digest(inputs, context.clock().date()))], cursor=inputs)


def _red_months(context: Context, instance: dg.DagsterInstance) -> list[date]:
    """Months that did not pass and are not stale: what they failed by was taken back, and they need one more look."""
    config = context.workspace.config
    found = (months_against(instance, check, config.history_from) for check in checks_of_months(config))
    return sorted({month_of(key) for keys in found for key in keys})


def _empty_months(context: Context, plan: Plan, instance: dg.DagsterInstance) -> list[dg.AssetMaterialization]:
    """The months since the first answer, or since history_from where that is not long before, that have none.

    Those that Dagster knows nothing of.
    """
    if not plan.inputs:
        return []
    every, first = months(context.workspace.config).get_partition_keys(), month_key(min(plan.inputs))
    before = sum(key < first for key in every)
    since = every[before if before > _TOLD_BEFORE else 0 :]
    empty = [key for key in since if month_of(key) not in plan.inputs]
    known = {asset: instance.get_materialized_partitions(dg.AssetKey(asset)) for asset in _OF_MONTHS}
    none: dict[str, dg.MetadataValue] = dict.fromkeys(
        ("responses", "dagster/partition_row_count"), dg.MetadataValue.int(0)
    )
    return [
        dg.AssetMaterialization(asset, partition=key, description="No answer is of this month.", metadata=none)
        for asset in _OF_MONTHS
        for key in empty
        if key not in known[asset]
    ]


def _rebuild(context: Context, plan: Plan, stale: Sequence[date], first: date, last: date) -> dg.RunRequest:
    wanted = [plan.inputs.get(month) for month in stale if first <= month <= last]
    built = pl.concat(current_builds(context.lake, stage) for stage in ("responses", "facts"))
    before = built.filter(pl.col("month").is_between(first, last)).select("stage", "month", "inputs").rows()
    state = digest(month_key(first), month_key(last), wanted, before, context.clock().date())
    return dg.RunRequest(run_key=state, tags=range_tags(first, last))


def state_of(context: Context) -> str:
    """Changes with everything that may make a month stale or a publication due; cheap to find out."""
    config, database = context.workspace.config, context.workspace.database
    written_at = database.stat().st_mtime_ns if database.exists() else None
    today = business_day(config, context.clock())
    return digest(context.lake.versions(), response_rules(config), publish_settings(config), written_at, today)


def _kind(run: dg.DagsterRun) -> str:
    if run.asset_selection is None:
        return run.job_name
    return "publish" if run.asset_selection == {dg.AssetKey("published")} else "a run of assets"
