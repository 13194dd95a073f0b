"""Whether what arrives and what is published is as new as it should be, as checks that the pages show.

For pages alone: the daemon looks, and a night pays nothing. Here: from what is late to Dagster's words. Not here: what is
late (`pipelines.report.notes.silence`, `pipelines.notices.events`). Annotations are not postponed in this module:
Dagster reads them as they stand.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from pipelines.assets.catalog import marts_told
from pipelines.assets.sensors import state_of
from pipelines.config.models import Config
from pipelines.context import Context
from pipelines.notices.events import old_publication
from pipelines.report.notes.silence import late_sources
from warehouse.lake.ledgers import digest

#: How often the daemon looks.
LOOK_EVERY_SECONDS = 60
IS_CURRENT = dg.AssetCheckKey(dg.AssetKey("published"), "is_current")
ARRIVES_IN_TIME = "arrives_in_time"


def freshness_checks(config: Config) -> dg.AssetChecksDefinition:
    """Of what is published, and of each source of which nps.yaml says how often a file comes."""
    published = dg.AssetCheckSpec(
        IS_CURRENT.name,
        asset=IS_CURRENT.asset_key,
        description="Warns when what is published is older than a day, and something newer waits.",
    )
    sources = [
        dg.AssetCheckSpec(
            ARRIVES_IN_TIME, asset=name, description=f"Warns when no new file has come, one every {source.every}."
        )
        for name, source in config.sources.items()
        if source.every
    ]

    @dg.multi_asset_check(name="freshness", specs=[published, *sources], can_subset=True)
    def freshness(
        context: dg.AssetCheckExecutionContext, night: dg.ResourceParam[Context]
    ) -> Iterator[dg.AssetCheckResult]:
        for key, late in lateness(night).items():
            if key in context.selected_asset_check_keys:
                yield dg.AssetCheckResult(
                    passed=late is None,
                    asset_key=key.asset_key,
                    check_name=key.name,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=late or "In time.",
                )

    return freshness


def lateness(night: Context) -> Mapping[dg.AssetCheckKey, str | None]:
    """The sentence of each check that does not hold; None of one that does."""
    late = late_sources(night)
    of_sources = {dg.AssetCheckKey(dg.AssetKey(name), ARRIVES_IN_TIME): says for name, says in late.items()}
    return {IS_CURRENT: old_publication(night), **of_sources}


def look(night: Context, cursor: str | None, instance: dg.DagsterInstance) -> dg.SensorResult:
    """What is late, and what stands in a new publication, told to Dagster where it does not know it yet."""
    late = lateness(night)
    state = digest(state_of(night), sorted((f"{key}", f"{says}") for key, says in late.items()))
    if state == cursor:
        return dg.SensorResult(skip_reason="What is late and what is published is known.", cursor=state)
    told = [
        dg.AssetCheckEvaluation(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=says is None,
            metadata={},
            severity=dg.AssetCheckSeverity.WARN,
            description=says or "In time.",
            blocking=False,
        )
        for key, says in late.items()
    ]
    return dg.SensorResult(cursor=state, asset_events=[*told, *marts_told(night.workspace.database, instance)])


def freshness_sensor(night: Context) -> dg.SensorDefinition:
    """Looks every minute."""

    @dg.sensor(
        name="freshness",
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Says of what is published, and of sources with every in nps.yaml, whether they are late; and of each "
        "published table how many rows it has.",
    )
    def freshness(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return look(night, context.cursor, context.instance)

    return freshness
