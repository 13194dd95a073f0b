"""What a run over months tells Dagster: of each month its own figures and its own verdicts.

Here: from what was built to events. Not here: any work (`pipelines.stages.months`), which months pass
(`pipelines.stages.gates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import dagster as dg
import polars as pl

from expectations.check import Verdict
from pipelines.assets.failures import RuleFailedError
from pipelines.assets.reports import SHOWN_FILES, cell, line
from pipelines.assets.standing import to_be_told_again
from pipelines.recipes.months import month_of
from pipelines.stages.gates import fails_for, passes
from pipelines.stages.months import Rebuilt

if TYPE_CHECKING:
    Event: TypeAlias = dg.MaterializeResult[Any] | dg.AssetCheckEvaluation | dg.Output[None]
else:
    # Dagster does not recognise its own class with a parameter.
    Event = dg.MaterializeResult

#: What is told of a month.
_COUNTS: Final = ("answers", "responses", "superseded")


def months_report(context: dg.AssetExecutionContext, asset: str, built: Rebuilt, seconds: float) -> Iterator[Event]:
    """What was built of each month, and the verdicts of its gate on it. Of a run over several months each has its own.

    Raises `RuleFailedError` where a month does not pass: those that do are materialised before.
    """
    keys = list(context.partition_keys)
    failed = [key for key in keys if not passes(built.verdicts, month_of(key))]
    yield from (_evaluation(asset, verdict, key) for key in keys for verdict in built.verdicts)
    for key, counts in _counts(built, keys).items():
        said = "; it does not pass its gate" if key in failed else ""
        context.log.info("%s of %s: %s%s.", asset, key, line(counts), said)
        about = {**counts, "dagster/partition_row_count": counts["responses"]}
        if not failed:
            context.add_asset_metadata(about, partition_key=key)
        elif key not in failed:
            context.log_event(dg.AssetMaterialization(asset, partition=key, metadata=about))
    if failed:
        broken = [dg.AssetCheckKey(dg.AssetKey(asset), each.rule.name) for each in built.verdicts if not each.passed]
        for verdict in to_be_told_again(context.instance, broken):
            context.instance.report_runless_asset_event(verdict)
        raise RuleFailedError(_says(asset, failed, built.verdicts))
    # What Dagster waits for of each check, since its verdicts were given month by month.
    yield from (dg.Output(None, f"{asset}_{verdict.rule.name}") for verdict in built.verdicts)
    if not built.files.is_empty():
        # Of the last month alone: Dagster keeps for good what is said of each.
        table = dg.MetadataValue.md(_counted_table(built.files))
        context.add_asset_metadata({"by_file_of_run": table}, partition_key=keys[-1])
    yield dg.MaterializeResult(
        asset_key=asset, metadata={"seconds_of_run": round(seconds, 2), "months_of_run": len(keys)}
    )


def _counts(built: Rebuilt, keys: Sequence[str]) -> dict[str, dict[str, int]]:
    """What was counted in each month; nothing in those of which no answer is known."""
    told = {month: counts for month, *counts in built.counts.select("month", *_COUNTS).iter_rows()}
    nothing = [0] * len(_COUNTS)
    return {key: dict(zip(_COUNTS, told.get(month_of(key), nothing), strict=True)) for key in keys}


def _evaluation(asset: str, verdict: Verdict, key: str) -> dg.AssetCheckEvaluation:
    rows = fails_for(verdict, month_of(key))
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(asset),
        check_name=verdict.rule.name,
        passed=rows is None,
        partition=key,
        description="The rule holds." if rows is None else verdict.rule.says,
        metadata={"failing_rows": rows or 0},
        blocking=True,
    )


def _says(asset: str, failed: Sequence[str], verdicts: Sequence[Verdict]) -> str:
    """Which months of an asset do not pass, and what is wrong with them."""
    told = " ".join(f"{verdict.rule.name}: {verdict.rule.says}" for verdict in verdicts if not verdict.passed)
    return f"The {asset} of {', '.join(failed)} do not pass their gate, and what was there before stands. {told}"


def _counted_table(files: pl.DataFrame) -> str:
    lines = ["| file | answers in these months | counted | superseded | says |", "|---|--:|--:|--:|---|"]
    # What does not count comes first: the list is cut off.
    shown = files.sort("superseded", descending=True, maintain_order=True).head(SHOWN_FILES)
    lines += [
        f"| {cell(path)} | {answers} | {counted} | {superseded} | {cell(says or '')} |"
        for path, answers, counted, superseded, says in shown.select(
            "path", "accepted", "counted", "superseded", "says"
        ).iter_rows()
    ]
    return "\n".join(lines)
