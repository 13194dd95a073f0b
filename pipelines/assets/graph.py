"""The asset graph: sources → responses → facts → published. Every body is one call, once the run may begin.

Here: what Dagster must know of each asset. Not here: any work (`pipelines.intake.ingest`, `.months`, `.publishing`).
Annotations are not postponed in this module: Dagster reads them as they stand.
"""

import time
from collections.abc import Sequence

import dagster as dg
import polars as pl

from expectations.suites import fact_rules
from pipelines.assets.partitions import months
from pipelines.assets.reports import (
    Result,
    check_specs,
    feed_checks,
    files_report,
    months_report,
    publish_report,
)
from pipelines.config.models import Config
from pipelines.gates import rules_of_published, rules_of_responses
from pipelines.intake.acceptance import accepting_tagged
from pipelines.intake.feeds import Feed
from pipelines.intake.ingest import ingest
from pipelines.months import rebuild_facts, rebuild_responses
from pipelines.publishing import publish
from pipelines.readiness import ready
from pipelines.recipes import month_of
from pipelines.status import files_not_in
from pipelines.tools import Tools
from warehouse.ledgers import DIMENSION_PREFIX

#: What to do with the published file when its facts change: publish, but not while they are being built, and only if their
#: gates let them through. A backfill still counts as in progress when its months are there already: that they changed is
#: therefore kept in mind until it was acted upon.
PUBLISH_WHEN = (
    dg.AutomationCondition.any_deps_updated().since_last_handled()
    & ~dg.AutomationCondition.any_deps_in_progress()
    & ~dg.AutomationCondition.in_progress()
    & dg.AutomationCondition.all_deps_blocking_checks_passed()
)


def _ready(context: dg.AssetExecutionContext, tools: Tools, *, reads_files: bool = False) -> Tools:
    """The tools of a step that may begin, whoever started its run: in a night of `nps run` that is known already."""
    tools, said = ready(tools, reads_files=reads_files)
    for each in said:
        context.log.warning(each)
    return tools


def asset_name(feed: Feed) -> str:
    """A source's or dimension's name in Dagster."""
    return feed.name.removeprefix(DIMENSION_PREFIX)


def feed_asset(feed: Feed, owner: str | None) -> dg.AssetsDefinition:
    """The asset of one source or dimension: its files, taken in."""
    name = asset_name(feed)
    is_dimension = feed.name != name

    @dg.asset(
        name=name,
        group_name="dimensions" if is_dimension else "sources",
        kinds={feed.layout.kind, "polars", "deltalake"},
        owners=[owner] if owner else None,
        description=f"Files of {', '.join(feed.layout.files)}: parsed, cleaned, each through its gate.",
        check_specs=feed_checks(name),
    )
    def files(context: dg.AssetExecutionContext, tools: dg.ResourceParam[Tools]) -> Result:
        started = time.monotonic()
        tools = _ready(context, tools, reads_files=True)
        verdicts = ingest(accepting_tagged(tools, context.run.tags, feed), feed)
        not_in = files_not_in(tools).filter(pl.col("source") == feed.name)
        return files_report(name, verdicts, not_in, time.monotonic() - started)

    return files


def responses_asset(config: Config, upstream: Sequence[str]) -> dg.AssetsDefinition:
    """Months of the one answer that counts."""

    @dg.asset(
        name="responses",
        group_name="responses",
        kinds={"duckdb", "deltalake"},
        deps=list(upstream),
        partitions_def=months(config),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=check_specs("responses", rules_of_responses(config), blocking=True),
    )
    def responses(context: dg.AssetExecutionContext, tools: dg.ResourceParam[Tools]) -> Result:
        """The one answer that counts, per respondent, survey and month."""
        started = time.monotonic()
        tools = _ready(context, tools)
        counts, files, verdicts = rebuild_responses(tools, [month_of(key) for key in context.partition_keys])
        return months_report("responses", counts, verdicts, time.monotonic() - started, files)

    return responses


def facts_asset(config: Config) -> dg.AssetsDefinition:
    """Months of counts."""

    @dg.asset(
        name="facts",
        group_name="facts",
        kinds={"duckdb", "deltalake"},
        deps=["responses"],
        partitions_def=months(config),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=check_specs("facts", fact_rules(), blocking=True),
    )
    def facts(context: dg.AssetExecutionContext, tools: dg.ResourceParam[Tools]) -> Result:
        """Counts by branch, industry, survey and channel, that may be summed."""
        started = time.monotonic()
        tools = _ready(context, tools)
        counts, verdicts = rebuild_facts(tools, [month_of(key) for key in context.partition_keys])
        return months_report("facts", counts, verdicts, time.monotonic() - started)

    return facts


def published_asset(config: Config) -> dg.AssetsDefinition:
    """The file that BI reads."""

    @dg.asset(
        name="published",
        group_name="marts",
        kinds={"duckdb"},
        deps=["facts"],
        automation_condition=PUBLISH_WHEN,
        check_specs=check_specs("published", rules_of_published(config), blocking=True),
    )
    def published(context: dg.AssetExecutionContext, tools: dg.ResourceParam[Tools]) -> Result:
        """A fresh DuckDB file, checked and swapped in: what BI reads."""
        started = time.monotonic()
        tools = _ready(context, tools)
        return publish_report("published", publish(tools), time.monotonic() - started)

    return published
