"""When things run by themselves: the nightly schedule, the sensor of stale months, publishing after facts.

Here: jobs, schedules, sensors. Not here: what is stale (`warehouse.plan`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import dagster as dg
import polars as pl

from pipelines.killed import look_for_killed_nights
from pipelines.recipes import month_key, response_rules
from pipelines.tools import Tools
from warehouse.ledgers import current_builds, digest
from warehouse.plan import make_plan, ranges, stale_months

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"

#: How often the sensor looks for stale months.
LOOK_EVERY_SECONDS = 30

_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

#: What `dg.define_asset_job` gives; Dagster has no public name for it.
Job: TypeAlias = Any


@dataclass(frozen=True)
class Timing:
    """What starts by itself."""

    schedules: Sequence[dg.ScheduleDefinition]
    sensors: Sequence[dg.SensorDefinition]


def jobs(sources: Sequence[str]) -> Mapping[str, Job]:
    """`ingest` takes in files, `rebuild` builds months, `publish` publishes."""
    return {
        "ingest": dg.define_asset_job("ingest", selection=dg.AssetSelection.assets(*sources)),
        "rebuild": dg.define_asset_job("rebuild", selection=dg.AssetSelection.assets("responses", "facts")),
        "publish": dg.define_asset_job("publish", selection=dg.AssetSelection.assets("published")),
    }


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags of a run over a range of months."""
    return {RANGE_START: month_key(first), RANGE_END: month_key(last)}


def automations(tools: Tools, work: Mapping[str, Job]) -> Timing:
    """The nightly schedule, and the sensors that follow it up."""
    config = tools.workspace.config

    @dg.sensor(
        name="stale_months",
        job=work["rebuild"],
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for one rebuild per range of months that were built from something else than there is now.",
    )
    def stale(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        look_for_killed_nights(tools, context.instance)
        busy = jobs_at_work(context.instance)
        if busy:
            yield dg.SkipReason(f"{' and '.join(busy)} at work; months are looked at when that is done.")
        else:
            yield from rebuild_requests(tools)

    nightly = dg.ScheduleDefinition(
        name="nightly",
        job=work["ingest"],
        cron_schedule=config.nightly.cron,
        execution_timezone=config.nightly.timezone or config.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Takes in what arrived; stale months and publishing follow by themselves.",
    )
    publishing = dg.AutomationConditionSensorDefinition(
        "publish_after_facts",
        target=dg.AssetSelection.assets("published"),
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
    )
    return Timing([nightly], [stale, publishing])


def jobs_at_work(instance: dg.DagsterInstance) -> list[str]:
    """The jobs that must end before it is worth looking for stale months: while they run, more or fewer become stale."""
    unfinished = dg.RunsFilter(statuses=_UNFINISHED)
    records = instance.get_run_records(unfinished)
    return sorted({record.dagster_run.job_name for record in records} & {"ingest", "rebuild"})


def rebuild_requests(tools: Tools) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One request per range of stale months; the same state is asked for once a day, so a failed gate does not loop.

    The state is what the months are to be built from and what they were built from: if an older build ends after a newer
    one, they are asked for again.
    """
    plan = make_plan(tools.lake, response_rules(tools.workspace.config))
    stale = stale_months(tools.lake, plan)
    if not stale:
        yield dg.SkipReason("No month is stale.")
    built = pl.concat(current_builds(tools.lake, stage) for stage in ("responses", "facts"))
    for first, last in ranges(stale, set(plan.inputs)):
        inputs = [plan.inputs_of(month) for month in stale if first <= month <= last]
        before = built.filter(pl.col("month").is_between(first, last)).select("stage", "month", "inputs")
        state = digest(month_key(first), month_key(last), inputs, before.rows(), tools.clock().date())
        yield dg.RunRequest(run_key=state, tags=range_tags(first, last))
