"""Publishing, from whether there is anything to publish to the swap.

Here: the order of things and when not to publish. Not here: the file itself (`warehouse.published.publish`), what is
believable (`expectations`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

import polars as pl

from expectations.check import Verdict
from pipelines.context import RESTATEMENTS, Context
from pipelines.recipes.digests import code_version, deciding, publish_settings
from pipelines.recipes.figures import asked, follow_up, has_rivals, outcomes, plan_now, standards, why
from pipelines.recipes.months import business_day, month_key
from pipelines.stages.gates import as_records, check_candidate, rules_of_published, still_true
from warehouse.lake.ledgers import digest
from warehouse.months.matched import record_matched
from warehouse.months.plan import Plan, publication_inputs, stale_months
from warehouse.published.hiding import hide_small_groups
from warehouse.published.publication import Publication
from warehouse.published.publish import build_candidate, record_checks
from warehouse.published.restatements import record_restatements
from warehouse.published.swap import candidate_path, discard, only_publisher, published_inputs, swap_in, versions_kept
from warehouse.upkeep.mending import damage_told
from warehouse.upkeep.tidy import sweep, tidy

#: So many lost files are named at once.
_NAMED = 5
#: Folders of temporary files that belong to single runs. Not the locks, nor what is known of landing.
OF_RUNS: Final = ("files", "gates", "spill")


@dataclass(frozen=True)
class PublishReport:
    """What became of it.

    published; unchanged: nothing is new; waiting: months are stale; lost: answers are, and landing lacks them too;
    stopped: a gate failed.
    """

    outcome: Literal["published", "unchanged", "waiting", "lost", "stopped"]
    says: str
    verdicts: list[Verdict] = field(default_factory=list)


def is_published(context: Context, plan: Plan) -> bool:
    """Whether the published file was made from just what there is now."""
    return published_inputs(context.workspace.database) == inputs_now(context, plan)


def publish(context: Context) -> PublishReport:
    """Build a candidate, check it, and swap it in if every rule holds; otherwise yesterday's file stands."""
    with only_publisher(context.workspace.published):
        plan = plan_now(context)
        stale = stale_months(context.lake, plan)
        if stale:
            first, last = month_key(stale[0]), month_key(stale[-1])
            says = f"{first} is" if first == last else f"{len(stale)} months ({first} to {last}) are"
            return PublishReport("waiting", f"{says} to be rebuilt first; nothing published.")
        lost = plan.verdicts.filter(pl.col("status") == "lost").sort("source", "path")
        if lost.height:
            return PublishReport("lost", " ".join(lost.get_column("detail").head(_NAMED)))
        if is_published(context, plan):
            says = "Nothing has changed since the last publication."
            return PublishReport("unchanged", says, still_true(rules_of_published(context.workspace.config)))
        return _publish(context, plan)


def _publish(context: Context, plan: Plan) -> PublishReport:
    workspace = context.workspace
    candidate = candidate_path(workspace.database)
    context.tell("published", 0, 1)
    try:
        with damage_told(context.lake):
            build_candidate(context.lake, plan, candidate, _publication(context, plan), context.limits)
        verdicts = check_candidate(context, candidate)
        failed = [verdict for verdict in verdicts if not verdict.passed]
        if failed:
            says = " ".join(f"{verdict.rule.name} ({verdict.rows}): {verdict.rule.says}" for verdict in failed)
            return PublishReport("stopped", f"The file about to be published failed its gate. {says}", verdicts)
        hide_small_groups(
            candidate,
            workspace.config.nps.minimum_group,
            context.limits,
            workspace.config.publish.storage_version,
            plan.apart,
        )
        restated = record_checks(
            context.lake, candidate, as_records(context, "published", "file", verdicts), context.limits
        )
        swap_in(candidate, workspace.database, workspace.config.publish.keep)
        record_matched(context.lake, plan.matched, context.clock())
        record_restatements(context.lake, restated)
    finally:
        discard(candidate)
    limits = workspace.config.limits
    kept = timedelta(days=limits.keep_rejected_days), timedelta(days=limits.keep_replaced_days)
    tidy(context.lake, context.clock(), *kept)
    sweep(map(context.scratch, OF_RUNS), context.clock())
    return PublishReport("published", f"Published {workspace.database}.", verdicts)


def _publication(context: Context, plan: Plan) -> Publication:
    config = context.workspace.config
    return Publication(
        published_at=context.clock(),
        code_version=code_version(),
        inputs=inputs_now(context, plan),
        minimum_group=config.minimum_group,
        storage_version=config.publish.storage_version,
        today=business_day(config, context.clock()),
        low_sample=config.low_sample,
        minimum_agent=config.agents.minimum,
        shown_from=config.nps.minimum_group,
        has_rivals=has_rivals(config),
        language=config.language,
        timezone=config.timezone,
        settings=deciding(config),
        headline=config.headline_programmes,
        one_answer=config.one_answer,
        standards=standards(config),
        before=context.workspace.database,
        accepted_by=context.user if RESTATEMENTS in context.accept else None,
        close_after=config.enps.close_after,
        earlier=_published(context),
        why=why(config),
        follow_up=follow_up(config, context.workspace.key(), plan.inputs) if config.follow_up else None,
        asked=asked(config),
        outcomes=outcomes(config),
    )


def _published(context: Context) -> list[Path]:
    """The published file, and the earlier ones beside it."""
    database = context.workspace.database
    return [file for file in (database, *versions_kept(database)) if file.is_file()]


def inputs_now(context: Context, plan: Plan) -> str:
    """Digest of what would be published now: with the key, or it told whoever guesses answers that they are right."""
    config = context.workspace.config
    settings, today = publish_settings(config), business_day(config, context.clock())
    if config.follow_up is not None:
        # What is not due today is overdue tomorrow, whether anything arrives or not.
        settings = digest(settings, today)
    inputs = publication_inputs(plan, settings, today, config.enps.close_after, config.timezone)
    return digest(context.workspace.key(), inputs)
