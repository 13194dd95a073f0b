"""The gates between the stages: each stage's result is held against its rules, and what they found is written down.

Here: which database a gate looks at, and the records of its verdicts. Not here: the rules (`expectations.suites`), the
tables that they look at (`warehouse.gates`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from expectations.check import Verdict, check
from expectations.rules import Rule
from expectations.suites import fact_suite, file_suite, published_suite, response_suite
from pipelines.config.models import Config
from pipelines.context import Context
from pipelines.recipes.figures import apart, branchless
from transforms.dates.periods import month_after
from transforms.tables import CheckRecord, types
from warehouse import gates
from warehouse.engine import connect
from warehouse.lake.ledgers import current_files
from warehouse.months.responses import Built
from warehouse.published.waves import groups_shown

#: So many files are named at once.
_NAMED: Final = 5
#: What the rows are about that break a rule of the last gate, where that is not tables.
_BY: Final = {"published_changes": "Figures"}


def rules_of_files(config: Config, today: date) -> tuple[Rule, ...]:
    """The rules of the gate of files."""
    declared = [config.scale_of(source) for source in config.sources.values()]
    scales = {scale.name: scale.scores() for scale in declared}
    # A history that is yet to begin leaves no answer to judge; the reject share of the file tells it.
    latest = max(config.history_start, month_after(today))
    return file_suite(scales=scales, earliest=config.history_start, latest=latest)


def rules_of_responses(config: Config) -> tuple[Rule, ...]:
    """The rules of the gate of responses."""
    return response_suite(min_match_rate=config.gates.min_match_rate)


def rules_of_published(config: Config) -> tuple[Rule, ...]:
    """The rules of the gate of the file about to be published."""
    return published_suite(minimum_group=config.minimum_group, max_restatement=config.gates.max_restatement)


def rules_of_candidate(context: Context) -> tuple[Rule, ...]:
    """The same, where a wave that had closed before `minimum_group` was raised goes on showing what it showed."""
    config = context.workspace.config
    fewest = groups_shown(context.lake).get_column("responses").min()
    least = config.minimum_group if fewest is None else min(config.minimum_group, int(str(fewest)))
    return published_suite(minimum_group=least, max_restatement=config.gates.max_restatement)


def check_files(context: Context, pending: pl.DataFrame) -> dict[str, str]:
    """The loads of the files that must be held, each with the sentence that says why.

    `pending` has one row per staged file, as `warehouse.gates.files_gate` wants it. All files are checked at once, and what
    was found is recorded of each source.
    """
    with connect(context.limits) as gate:
        gates.files_gate(context.lake, gate, pending)
        verdicts = check(gate, rules_of_files(context.workspace.config, context.clock().date()))
    broken = [(verdict, _by_load(verdict, pending)) for verdict in verdicts]
    context.lake.append("checks", _by_source(context, broken, dict(pending.select("load_id", "source").iter_rows())))
    stopped: dict[str, list[str]] = {}
    for verdict, loads in broken:
        for load_id, rows in loads.items():
            stopped.setdefault(load_id, []).append(f"{verdict.rule.says[:-1]} ({_rows(rows)}).")
    return {load_id: " ".join(sentences) for load_id, sentences in stopped.items()}


def _by_load(verdict: Verdict, pending: pl.DataFrame) -> Mapping[str, int]:
    """How many rows of each load break a rule. Nothing passes one that fails and cannot say for which file."""
    if verdict.passed or verdict.by:
        return verdict.by
    return dict.fromkeys(pending.get_column("load_id"), verdict.rows)


def _by_source(
    context: Context, broken: Sequence[tuple[Verdict, Mapping[str, int]]], sources: Mapping[str, str]
) -> pl.DataFrame:
    """The verdicts on each source alone, as `CheckRecord`; `sources` names that of each load."""
    rows: dict[str, list[Verdict]] = {source: [] for source in dict.fromkeys(sources.values())}
    for verdict, loads in broken:
        of_source = dict.fromkeys(rows, 0)
        for load_id, number in loads.items():
            of_source[sources[load_id]] += number
        failing = {sources[load_id] for load_id in loads}
        for source, number in of_source.items():
            rows[source].append(replace(verdict, passed=source not in failing, rows=number))
    return pl.concat([as_records(context, "sources", source, verdicts) for source, verdicts in rows.items()])


def check_responses(context: Context, built: Built) -> list[Verdict]:
    """The verdicts on months of responses that were just built; one that fails names the months and sources."""
    with connect(context.limits) as gate:
        gates.responses_gate(context.lake, gate, built, branchless(context.workspace.config))
        verdicts = check(gate, rules_of_responses(context.workspace.config))
    return _record(
        context,
        "responses",
        "months",
        [_with_files(context, _naming(verdict, "Months and sources")) for verdict in verdicts],
    )


def check_facts(context: Context, load_id: str, builds: pl.DataFrame) -> list[Verdict]:
    """The verdicts on months of facts that were just built; `builds` are those of their responses."""
    with connect(context.limits) as gate:
        gates.facts_gate(context.lake, gate, load_id, builds)
        verdicts = check(gate, fact_suite())
    return _record(context, "facts", "months", [_naming(verdict, "Months") for verdict in verdicts])


def passes(verdicts: Sequence[Verdict], month: date) -> bool:
    """Whether a month passes a gate of months. None passes a rule that fails and does not say for which ones."""
    return not any(fails_for(verdict, month) for verdict in verdicts)


def fails_for(verdict: Verdict, month: date) -> int | None:
    """How many rows of a month break a rule of a gate of months; None where it holds for that month."""
    of_month = [rows for part, rows in verdict.by.items() if part.startswith(f"{month:%Y-%m}")]
    if verdict.passed or (verdict.by and not of_month):
        return None
    return sum(of_month) if verdict.by else verdict.rows


def check_candidate(context: Context, candidate: Path) -> list[Verdict]:
    """The verdicts on the file about to be published; one that fails names the tables that it is about."""
    with connect(context.limits) as gate:
        config = context.workspace.config
        gates.published_gate(
            candidate,
            gate,
            low_sample=config.low_sample,
            apart=apart(config),
            staff=config.enps.groups,
        )
        verdicts = check(gate, rules_of_candidate(context))
    return _record(
        context, "published", "file", [_naming(verdict, _BY.get(verdict.rule.view, "Tables")) for verdict in verdicts]
    )


def still_true(rules: Sequence[Rule]) -> list[Verdict]:
    """The verdicts on a published file that nothing has changed: it would not be there had a rule failed."""
    return [Verdict(rule, passed=True, rows=0, observed="unchanged since it was last checked") for rule in rules]


def as_records(context: Context, stage: str, subject: str, verdicts: Sequence[Verdict]) -> pl.DataFrame:
    """Verdicts as `CheckRecord` rows."""
    now = context.clock()
    rows = [
        (stage, subject, verdict.rule.name, verdict.rule.says, verdict.passed, verdict.rows, now, None)
        for verdict in verdicts
    ]
    return pl.DataFrame(rows, schema=types(CheckRecord), orient="row")


def _record(context: Context, stage: str, subject: str, verdicts: list[Verdict]) -> list[Verdict]:
    context.lake.append("checks", as_records(context, stage, subject, verdicts))
    return verdicts


def _naming(verdict: Verdict, what: str) -> Verdict:
    """The verdict, its sentence followed by what the rows are about, most first."""
    most_first = sorted(verdict.by.items(), key=lambda each: (-each[1], each[0]))
    told = ", ".join(f"{name} ({_rows(rows)})" for name, rows in most_first)
    return (
        replace(verdict, rule=replace(verdict.rule, says=f"{verdict.rule.says} {what}: {told}.")) if told else verdict
    )


def _with_files(context: Context, verdict: Verdict) -> Verdict:
    """The verdict, its sentence followed by the file of each month and source that was taken in last."""
    if verdict.passed or not verdict.by:
        return verdict
    files = current_files(context.lake).filter(pl.col("status") == "accepted").explode("months").drop_nulls("months")
    part = pl.col("months").dt.strftime("%Y-%m") + " " + pl.col("source")
    last = files.filter(part.is_in([*verdict.by])).sort("sequence").unique(["months", "source"], keep="last")
    names = ", ".join(sorted(set(last.get_column("path")))[:_NAMED])
    return (
        replace(verdict, rule=replace(verdict.rule, says=f"{verdict.rule.says} Taken in last: {names}."))
        if names
        else verdict
    )


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
