"""A rule that a month breaks stays red at the headline of its check, whichever month is checked after it.

Dagster's headline is the verdict of a check that was stored last, and those of a run are stored in the order of its months.
So the verdict that stands against a month is told once more, without a run. Here: which verdicts stand. Not here: who judges
(`pipelines.stages.gates`), the verdicts of a run (`by_month`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import dagster as dg
from dagster._core.event_api import PartitionKeyFilter

from expectations.suites import fact_suite
from pipelines.config.models import Config
from pipelines.stages.gates import rules_of_responses
from warehouse.lake.ledgers import digest

#: How often the daemon looks.
LOOK_EVERY_SECONDS: Final = 30
_PASSED, _FAILED = "SUCCEEDED", "FAILED"


def checks_of_months(config: Config) -> list[dg.AssetCheckKey]:
    """The checks that have a verdict of each month."""
    rules = {"responses": rules_of_responses(config), "facts": fact_suite()}
    return [dg.AssetCheckKey(dg.AssetKey(asset), rule.name) for asset, each in rules.items() for rule in each]


def months_against(instance: dg.DagsterInstance, check: dg.AssetCheckKey, since: str = "") -> list[str]:
    """The months that do not pass a check now, the one that was found last at the end; `since` is the first that is kept."""
    found = instance.event_log_storage.get_asset_check_partition_info([check])
    red = {
        each.latest_check_event_storage_id: each.partition_key
        for each in found
        if each.latest_execution_status.value == _FAILED
        and each.partition_key is not None
        and each.partition_key >= since
    }
    return [red[event] for event in sorted(red)]


def _verdicts(instance: dg.DagsterInstance, check: dg.AssetCheckKey, since: str) -> list[dg.AssetCheckEvaluation]:
    """The verdict that stands against a month, of the one that was found last."""
    ask = instance.event_log_storage.get_asset_check_execution_history
    against = months_against(instance, check, since)[-1:]
    records = [
        each for month in against for each in ask(check, limit=1, partition_filter=PartitionKeyFilter(key=month))
    ]
    return [_without_month(record.evaluation) for record in records if record.evaluation is not None]


def _without_month(verdict: dg.AssetCheckEvaluation) -> dg.AssetCheckEvaluation:
    """The same verdict as one of no month: outside of a run Dagster keeps a single one of each month."""
    return dg.AssetCheckEvaluation(
        asset_key=verdict.asset_key,
        check_name=verdict.check_name,
        passed=verdict.passed,
        description=verdict.description,
        metadata={"month": verdict.partition or "", **verdict.metadata},
        blocking=verdict.blocking,
    )


def to_be_told_again(
    instance: dg.DagsterInstance, checks: Sequence[dg.AssetCheckKey], since: str = ""
) -> list[dg.AssetCheckEvaluation]:
    """A verdict that stands against a month, of each check whose headline says that the rule holds."""
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(checks))
    green = [check for check, record in latest.items() if record.status.value == _PASSED]
    return [verdict for check in green for verdict in _verdicts(instance, check, since)]


def look(instance: dg.DagsterInstance, cursor: str | None, config: Config) -> dg.SensorResult:
    """The verdicts that must be told again, where any was told since the last look."""
    checks = checks_of_months(config)
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(checks))
    state = digest(*sorted(f"{record.id} {record.status.value}" for record in latest.values()))
    if state == cursor:
        return dg.SensorResult(skip_reason="No month was checked since the last look.", cursor=state)
    return dg.SensorResult(cursor=state, asset_events=to_be_told_again(instance, checks, config.history_from))


def standing_sensor(config: Config) -> dg.SensorDefinition:
    """Looks twice a minute."""

    @dg.sensor(
        name="standing_failures",
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Keeps the check of a rule red that a month breaks, though other months were checked after it.",
    )
    def standing_failures(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return look(context.instance, context.cursor, config)

    return standing_failures
