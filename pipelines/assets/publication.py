"""What a publication tells Dagster: its outcome, the rules of its gate, and what stands in the published file.

Not here: what sources tell (`reports`), publishing (`pipelines.stages.publish`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import dagster as dg

from pipelines.assets.failures import SaidError
from pipelines.assets.reports import Result, check_results
from pipelines.stages.publish import PublishReport
from warehouse.published.query import asking

ANSWERS_MATCHED = "answers_are_to_contacts"
_ASSET: Final = "published"
_TABLES: Final = (
    "select schema_name || '.' || table_name as name, estimated_size as rows, column_count as columns from duckdb_tables() "
    "order by all"
)
_LAST_SCORE: Final = (
    "select strftime(period_start, '%Y-%m') as month, round(nps, 1) as nps, responses from marts.nps_overall "
    "where period_grain = 'month' and is_complete order by is_low_sample, period_start desc limit 1"
)


def match_check() -> dg.AssetCheckSpec:
    """What is checked where contacts stand apart from the answers to them; it stops nothing."""
    return dg.AssetCheckSpec(
        ANSWERS_MATCHED, asset=_ASSET, description="Warns when few answers are to a contact (meta.contact_matches)."
    )


def publish_report(
    report: PublishReport, database: Path, seconds: float, unmatched: Sequence[str] | None = None
) -> Result:
    """What became of the publication, and what stands in the published file.

    `unmatched` are sentences about contacts that stand apart from the answers to them; None where there are none such.
    Raises `SaidError` where months are to be rebuilt first, or answers are lost.
    """
    if report.outcome in ("waiting", "lost"):
        raise SaidError(report.says)
    said = [] if unmatched is None else [unmatched]
    # What an older version published may lack what is asked for.
    there = _published(database) if report.outcome != "stopped" else {}
    return dg.MaterializeResult(
        metadata={"outcome": report.outcome, "says": report.says, "seconds": round(seconds, 2), **there},
        check_results=[*check_results(_ASSET, report.verdicts), *(_matched(each) for each in said)],
    )


def _matched(unmatched: Sequence[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not unmatched,
        asset_key=dg.AssetKey(_ASSET),
        check_name=ANSWERS_MATCHED,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join(unmatched) or "Most answers are to a contact.",
    )


def _published(database: Path) -> dict[str, Any]:
    """What stands in the published file: its tables, how large it is, the last score of all clients."""
    with asking(database) as ask:
        tables = ask(_TABLES)
        [about] = ask("select published_at, data_through from meta.publish").to_dicts()
        scores = ask(_LAST_SCORE).to_dicts()
    lines = [f"| {name} | {rows:,} | {columns} |" for name, rows, columns in tables.iter_rows()]
    of_clients = {f"overall_{name}": value for score in scores for name, value in score.items()}
    return {
        "path": dg.MetadataValue.path(database),
        "size": f"{database.stat().st_size / (1 << 20):.1f} MiB",
        "published_at": dg.MetadataValue.timestamp(about["published_at"]),
        "data_through": str(about["data_through"]),
        **of_clients,
        "tables": dg.MetadataValue.md("\n".join(["| table | rows | columns |", "|---|--:|--:|", *lines])),
    }
