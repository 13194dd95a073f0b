"""Building months of responses and facts: build, check, and only then let the build count.

Here: the order of things. Not here: the building (`warehouse`), what is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from expectations.check import Verdict
from pipelines.context import Context
from pipelines.recipes.figures import plan_now, response_rules
from pipelines.stages.counting import files_of_months
from pipelines.stages.gates import check_facts, check_responses, passes
from pipelines.stages.volume import hold_changed_months
from warehouse.lake.ledgers import current_builds, facts_inputs
from warehouse.months.facts import build_facts
from warehouse.months.responses import build_responses
from warehouse.upkeep.conversion import convert
from warehouse.upkeep.mending import damage_told


@dataclass(frozen=True)
class Rebuilt:
    """Months that were built: those that pass their gate count, and no other."""

    counts: pl.DataFrame
    """One row per month: `month, answers, responses, superseded`."""
    verdicts: list[Verdict]
    """Of the gate, on all of the months together."""
    files: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Of responses: one row per file with answers in these months, as `pipelines.stages.counting.files_of_months` has it."""


def rebuild_responses(context: Context, months: Sequence[date]) -> Rebuilt:
    """Build the responses of months."""
    rules = response_rules(context.workspace.config)
    convert(context.lake)
    plan = plan_now(context)
    context.tell(f"responses of {len(months)} months", 0, 1)
    with damage_told(context.lake):
        built = build_responses(context.lake, plan, months, rules)
        if hold_changed_months(context, plan, built):
            plan = plan_now(context)
            built = build_responses(context.lake, plan, months, rules)
        verdicts = check_responses(context, built)
    records = _passing(plan.counting(built.counts), verdicts)
    inputs = [plan.inputs[month] for month in records.get_column("month")]
    _record(context, "responses", built.load_id, records, inputs)
    return Rebuilt(built.counts, verdicts, files_of_months(plan.files, built.outcomes))


def rebuild_facts(context: Context, months: Sequence[date]) -> Rebuilt:
    """Build the facts of months from their responses."""
    context.tell(f"facts of {len(months)} months", 0, 1)
    builds = current_builds(context.lake, "responses").filter(pl.col("month").is_in(list(months)))
    with damage_told(context.lake):
        load_id = build_facts(context.lake, builds, context.limits)
        verdicts = check_facts(context, load_id, builds)
    records = _passing(builds, verdicts)
    inputs = [facts_inputs(inputs) for inputs in records.get_column("inputs")]
    _record(context, "facts", load_id, records, inputs)
    return Rebuilt(builds.select("month", "answers", "responses", "superseded"), verdicts)


def _passing(builds: pl.DataFrame, verdicts: Sequence[Verdict]) -> pl.DataFrame:
    return builds.filter([passes(verdicts, month) for month in builds.get_column("month")]) if builds.height else builds


def _record(context: Context, stage: str, load_id: str, counts: pl.DataFrame, inputs: Sequence[str]) -> None:
    if counts.is_empty():
        return
    records = counts.select("month", "answers", "responses", "superseded").with_columns(
        stage=pl.lit(stage),
        load_id=pl.lit(load_id),
        inputs=pl.Series(list(inputs), dtype=pl.String),
        built_at=pl.lit(context.clock()),
    )
    context.lake.append("builds", records)
