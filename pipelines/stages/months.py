"""Building months of responses and facts: build, check, and only then let the build count.

Here: the order of things. Not here: the building (`warehouse`), what is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from expectations.check import Verdict
from pipelines.recipes import response_rules
from pipelines.stages.counting import files_of_months
from pipelines.stages.gates import check_facts, check_responses
from pipelines.stages.volume import hold_changed_months
from pipelines.tools import Tools
from warehouse.conversion import convert
from warehouse.facts import build_facts
from warehouse.ledgers import current_builds, facts_inputs
from warehouse.mending import damage_told
from warehouse.plan import make_plan
from warehouse.responses import build_responses


def rebuild_responses(tools: Tools, months: Sequence[date]) -> tuple[pl.DataFrame, pl.DataFrame, list[Verdict]]:
    """Build the responses of months. They count only if every rule holds.

    Gives one row per month (`month, answers, responses, superseded`), one per file with answers in these months, as
    `pipelines.stages.counting.files_counted` has it, and the verdicts of the gate.
    """
    rules = response_rules(tools.workspace.config)
    convert(tools.lake)
    plan = make_plan(tools.lake, rules)
    tools.tell(f"responses of {len(months)} months", 0, 1)
    with damage_told(tools.lake):
        built = build_responses(tools.lake, plan, months, rules)
        if hold_changed_months(tools, plan, built):
            plan = make_plan(tools.lake, rules)
            built = build_responses(tools.lake, plan, months, rules)
        verdicts = check_responses(tools, built)
    if all(verdict.passed for verdict in verdicts):
        records = plan.counting(built.counts)
        inputs = [plan.inputs[month] for month in records.get_column("month")]
        _record(tools, "responses", built.load_id, records, inputs)
    return built.counts, files_of_months(plan.files, built.outcomes), verdicts


def rebuild_facts(tools: Tools, months: Sequence[date]) -> tuple[pl.DataFrame, list[Verdict]]:
    """Build the facts of months from their responses. They count only if every rule holds.

    Gives one row per month (`month, answers, responses, superseded`) and the verdicts of the gate.
    """
    tools.tell(f"facts of {len(months)} months", 0, 1)
    builds = current_builds(tools.lake, "responses").filter(pl.col("month").is_in(list(months)))
    with damage_told(tools.lake):
        load_id = build_facts(tools.lake, builds, tools.limits)
        verdicts = check_facts(tools, load_id, builds)
    if all(verdict.passed for verdict in verdicts):
        inputs = [facts_inputs(inputs) for inputs in builds.get_column("inputs")]
        _record(tools, "facts", load_id, builds, inputs)
    return builds.select("month", "answers", "responses", "superseded"), verdicts


def _record(tools: Tools, stage: str, load_id: str, counts: pl.DataFrame, inputs: Sequence[str]) -> None:
    if counts.is_empty():
        return
    records = counts.select("month", "answers", "responses", "superseded").with_columns(
        stage=pl.lit(stage),
        load_id=pl.lit(load_id),
        inputs=pl.Series(list(inputs), dtype=pl.String),
        built_at=pl.lit(tools.clock()),
    )
    tools.lake.append("builds", records)
