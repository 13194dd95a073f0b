"""What Dagster loads: the assets, jobs, schedule and sensors of the workspace in NPS_HOME.

Here: putting it together. Not here: any asset (`pipelines.assets`) or timing (`pipelines.assets.automation`).
"""

from __future__ import annotations

import warnings

import dagster as dg

from pipelines.assets.automation import automations, jobs
from pipelines.assets.catalog import mart_assets
from pipelines.assets.freshness import freshness_checks, freshness_sensor
from pipelines.assets.graph import asset_name, facts_asset, feed_assets, published_asset, responses_asset
from pipelines.assets.standing import standing_sensor
from pipelines.config.workspace import find_home, open_workspace
from pipelines.context import Context
from pipelines.intake.feeds import feeds


@dg.definitions
def definitions() -> dg.Definitions:
    """The workspace in NPS_HOME, or in ./workspace."""
    return define(Context(open_workspace(find_home())), for_pages=True)


def define(context: Context, *, for_pages: bool = False) -> dg.Definitions:
    """Everything that Dagster runs for a workspace, in one process by default; for pages with what only they show."""
    with warnings.catch_warnings():
        # Single-run backfills are what the design rests on; that Dagster calls the parameter beta is known.
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return _define(context, for_pages=for_pages)


def _resource(context: Context) -> dg.ResourceDefinition:
    """What every step is given, under a name that the pages can show."""

    def workspace(_: dg.InitResourceContext) -> Context:
        return context

    says = f"What every step is given: the workspace {context.workspace.root}, its lake, the clock and the limits."
    return dg.ResourceDefinition(workspace, description=says)


def _define(context: Context, *, for_pages: bool) -> dg.Definitions:
    config = context.workspace.config
    taken_in = feeds(config, context.workspace.key())
    assets: list[dg.AssetsDefinition] = [
        *([feed_assets(taken_in)] if taken_in else []),
        responses_asset(config, [asset_name(feed) for feed in taken_in]),
        facts_asset(config),
        published_asset(config),
    ]
    work = jobs([asset_name(feed) for feed in taken_in])
    timing = automations(context, work)
    return dg.Definitions(
        assets=[*dg.with_source_code_references(assets), *mart_assets(context.workspace.database)]
        if for_pages
        else assets,
        asset_checks=[freshness_checks(config)] if for_pages else [],
        jobs=list(work.values()),
        schedules=timing.schedules,
        sensors=[*timing.sensors, *([freshness_sensor(context), standing_sensor(config)] if for_pages else [])],
        resources={"night": _resource(context)},
        executor=dg.in_process_executor,
    )
