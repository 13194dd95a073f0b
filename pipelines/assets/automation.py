"""When things run by themselves: the nightly schedule, the sensor of stale months, publishing.

Here: jobs, schedules, sensors. Not here: what a sensor finds (`pipelines.assets.sensors`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import dagster as dg

from pipelines.assets.sensors import ask_for_publication, ask_for_rebuilds, runs_at_work, runs_that_failed
from pipelines.context import Context
from pipelines.guards.crashed import look_for_killed_nights
from pipelines.notices.outbox import tell

#: How often the sensors look.
LOOK_EVERY_SECONDS = 30
#: How often it is looked whether somebody must be told.
TELL_EVERY_SECONDS = 300

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
        "ingest": _job("ingest", sources, "Takes in the files of landing that are new or have changed."),
        "rebuild": _job("rebuild", ["responses", "facts"], "Builds months: which answers count, and their counts."),
        "publish": _job("publish", ["published"], "Builds the file that BI reads, checks it, and swaps it in."),
    }


def _job(name: str, assets: Sequence[str], says: str) -> Job:
    return dg.define_asset_job(name, selection=dg.AssetSelection.assets(*assets), description=says)


def automations(night: Context, work: Mapping[str, Job]) -> Timing:
    """The nightly schedule, and the sensors that follow it up."""
    config = night.workspace.config

    @dg.sensor(
        name="stale_months",
        job=work["rebuild"],
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for one rebuild per range of months that were built from something else than there is now.",
    )
    def stale(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        look_for_killed_nights(night, context.instance)
        return ask_for_rebuilds(night, context.cursor, runs_at_work(context.instance), context.instance)

    nightly = dg.ScheduleDefinition(
        name="nightly",
        job=work["ingest"],
        cron_schedule=config.nightly.cron,
        execution_timezone=config.nightly.timezone or config.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Takes in what arrived; stale months and publishing follow by themselves.",
    )

    @dg.sensor(
        name="unpublished_changes",
        job=work["publish"],
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Publishes once no month is stale and nothing is at work: after months were built, and after "
        "what no month is built for, such as another setting.",
    )
    def unpublished(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return ask_for_publication(night, context.cursor, runs_at_work(context.instance))

    @dg.sensor(
        name="notices",
        minimum_interval_seconds=TELL_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells the receivers of nps.yaml (notify) of runs that failed, files that are not in, gates, silence.",
    )
    def notices(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        said = tell(night, runs_that_failed(context.instance, night.clock()))
        return dg.SkipReason(" ".join(said) or "Everybody knows what there is to know.")

    return Timing([nightly], [stale, unpublished, *([notices] if config.notify else [])])
