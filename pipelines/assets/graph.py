"""The asset graph: sources → responses → facts → published. Every body is one call, once the run may begin.

Here: what Dagster must know of each asset. Not here: any work (`pipelines.intake.ingest`, `pipelines.stages`).
Annotations are not postponed in this module: Dagster reads them as they stand.
"""

import time
from collections.abc import Iterator, Sequence

import dagster as dg

from expectations.suites import fact_suite
from pipelines.assets.by_month import Event, months_report
from pipelines.assets.failures import tried_again, trouble_said
from pipelines.assets.partitions import months, months_of_run
from pipelines.assets.publication import match_check, publish_report
from pipelines.assets.reports import (
    ALL_FILES_IN,
    Result,
    check_specs,
    feed_check,
    files_report,
    lines_of,
    refuse_broken,
)
from pipelines.config.models import Config
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.guards.readiness import ready
from pipelines.intake.acceptance import accepting_tagged, restating_tagged
from pipelines.intake.feeds import Feed
from pipelines.intake.ingest import ingest
from pipelines.report.notes.matches import match_notes
from pipelines.report.notes.published import seen
from pipelines.report.status import files_not_in, standing
from pipelines.stages.gates import rules_of_published, rules_of_responses
from pipelines.stages.months import rebuild_facts, rebuild_responses
from pipelines.stages.publish import publish
from warehouse.lake.ledgers import ACTIVITY_PREFIX, DIMENSION_PREFIX

#: The step in which the files of all sources and dimensions of a run are taken in. No source can be called so.
INTAKE = "taking_in"


def _ready(context: dg.AssetExecutionContext, night: Context, *, reads_files: bool = False) -> Context:
    """The context of a step that may begin, whoever started its run: in a night of `nps run` that is known already."""
    night, said = ready(night, reads_files=reads_files)
    for each in said:
        context.log.warning(each)
    return night


def asset_name(feed: Feed) -> str:
    """A source's or dimension's name in Dagster."""
    return feed.name.removeprefix(DIMENSION_PREFIX)


def feed_assets(taken_in: Sequence[Feed]) -> dg.AssetsDefinition:
    """An asset for each source and dimension: its files, taken in. Those of one run are taken in together."""
    names = {asset_name(feed): feed for feed in taken_in}

    @dg.multi_asset(
        name=INTAKE,
        specs=[_feed_spec(name, feed) for name, feed in names.items()],
        check_specs=[feed_check(name) for name in names],
        can_subset=True,
        pool="files",
    )
    def files(context: dg.AssetExecutionContext, night: dg.ResourceParam[Context]) -> Iterator[Result]:
        chosen = [feed for name, feed in names.items() if dg.AssetKey(name) in context.selected_asset_keys]
        night = _ready(context, night, reads_files=True)
        for feed in chosen:
            night = accepting_tagged(night, context.run.tags, feed)
        with trouble_said(night.workspace), tried_again():
            intakes = ingest(night, chosen)
        not_in, until_now = files_not_in(night), standing(night)
        for intake in intakes:
            if intake.error is None:
                name = asset_name(intake.feed)
                wanted = dg.AssetCheckKey(dg.AssetKey(name), ALL_FILES_IN) in context.selected_asset_check_keys
                for line in lines_of(intake):
                    context.log.info(line)
                yield files_report(name, intake, not_in, until_now, is_checked=wanted)
        with trouble_said(night.workspace):
            refuse_broken(intakes)

    return files


def _feed_spec(name: str, feed: Feed) -> dg.AssetSpec:
    owner = feed.layout.owner if isinstance(feed.layout, Source) else None
    return dg.AssetSpec(
        name,
        group_name=_group(feed),
        kinds={feed.layout.kind, "polars", "deltalake"},
        owners=[owner] if owner else [],
        tags=_tags(feed),
        description=f"Files of {', '.join(feed.layout.files)}: read, judged row by row, each through its gate.",
    )


def _group(feed: Feed) -> str:
    if feed.name.startswith(ACTIVITY_PREFIX):
        return "activity"
    return "dimensions" if feed.is_dimension else "sources"


def _tags(feed: Feed) -> dict[str, str]:
    """What one may look for among sources."""
    layout = feed.layout
    return {"metric": layout.metric, "delivery": layout.delivery} if isinstance(layout, Source) else {}


def responses_asset(config: Config, upstream: Sequence[str]) -> dg.AssetsDefinition:
    """Months of the one answer that counts."""

    @dg.asset(
        name="responses",
        group_name="responses",
        kinds={"duckdb", "deltalake"},
        deps=list(upstream),
        partitions_def=months(config),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="months",
        check_specs=check_specs("responses", rules_of_responses(config), months(config)),
    )
    def responses(context: dg.AssetExecutionContext, night: dg.ResourceParam[Context]) -> Iterator[Event]:
        """The one answer that counts, per respondent, survey and month."""
        started = time.monotonic()
        night, wanted = _ready(context, night), months_of_run(context)
        with trouble_said(night.workspace), tried_again():
            built = rebuild_responses(night, wanted)
        yield from months_report(context, "responses", built, time.monotonic() - started)

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
        pool="months",
        check_specs=check_specs("facts", fact_suite(), months(config)),
    )
    def facts(context: dg.AssetExecutionContext, night: dg.ResourceParam[Context]) -> Iterator[Event]:
        """Counts by branch, industry, survey and channel, that may be summed."""
        started = time.monotonic()
        night, wanted = _ready(context, night), months_of_run(context)
        with trouble_said(night.workspace), tried_again():
            built = rebuild_facts(night, wanted)
        yield from months_report(context, "facts", built, time.monotonic() - started)

    return facts


def _reports(night: Context) -> list[str]:
    """Write the reports of nps.yaml; a sentence about each that could not be written."""
    if not night.workspace.config.reports:
        return []
    from pipelines.pages.standing import write_reports  # noqa: PLC0415 - nobody needs charts who declares no report

    return write_reports(night.workspace)


def published_asset(config: Config) -> dg.AssetsDefinition:
    """The file that BI reads."""
    is_apart = any(source.asked.answered_in for source in config.sources.values())
    matching = [match_check()] if is_apart else []

    @dg.asset(
        name="published",
        group_name="marts",
        kinds={"duckdb"},
        pool="publication",
        deps=["facts"],
        check_specs=[*check_specs("published", rules_of_published(config)), *matching],
    )
    def published(context: dg.AssetExecutionContext, night: dg.ResourceParam[Context]) -> Result:
        """A fresh DuckDB file, checked and swapped in: what BI reads."""
        started = time.monotonic()
        night = restating_tagged(_ready(context, night), context.run.tags)
        with trouble_said(night.workspace), tried_again():
            report = publish(night)
        for each in _reports(night):
            context.log.warning(each)
        unmatched = seen(night.workspace.database, match_notes) if is_apart else None
        return publish_report(report, night.workspace.database, time.monotonic() - started, unmatched)

    return published
