"""What the pages show of the published tables: an asset of each, with its columns and what they mean.

For pages alone: a night neither makes nor tells any of it. Here: from the published file to assets and events. Not here:
what runs (`pipelines.assets.graph`), what the columns mean (`warehouse/models/comments.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import dagster as dg
import polars as pl

import warehouse.marts
from warehouse.published.query import QueryError, asking

_TABLES: Final = (
    "select table_name as name, comment as says, estimated_size as rows from duckdb_tables() where schema_name = 'marts' "
    "order by name"
)
_COLUMNS: Final = (
    "select table_name as mart, column_name as name, data_type as kind, comment as says from duckdb_columns() "
    "where schema_name = 'marts' order by mart, column_index"
)
_PUBLISHED_AT: Final = "select published_at::varchar as at from meta.publish"
#: The first of these that a table's name has says which family it is of.
_FAMILIES: Final[Mapping[str, str]] = {
    "fct_": "marts_facts",
    "dim_": "marts_dimensions",
    "benchmark": "marts_dimensions",
    "theme": "marts_why",
    "reason": "marts_why",
    "words": "marts_why",
    "enps_": "marts_enps",
    **dict.fromkeys(
        ("outcome", "churn", "cohort", "value_weighted", "referral", "sales_", "forecast"), "marts_outcomes"
    ),
    "nps_": "marts_nps",
}
#: Those that a score is computed from, and that stand under the same name in the facts.
_SUMS: Final = ("responses", "promoters", "passives", "detractors")
_DECLARED: Final = Path(warehouse.marts.__file__)


def mart_key(name: str) -> dg.AssetKey:
    """What Dagster calls a published table."""
    return dg.AssetKey(["marts", name])


def mart_assets(database: Path) -> list[dg.AssetSpec]:
    """The tables of the schema marts, as they stand in the published file; none before there is one."""
    tables, columns = _told(database, _TABLES), _told(database, _COLUMNS)
    of_tables = {str(name): rows for (name,), rows in columns.group_by("mart")} if columns.height else {}
    there = {name: set(rows.get_column("name")) for name, rows in of_tables.items()}
    return [
        dg.AssetSpec(
            mart_key(name),
            deps=["published"],
            group_name=family(name),
            description=says,
            kinds={"duckdb", "table"},
            tags={"metric": "enps" if "enps" in name else "nps"},
            metadata={
                "dagster/column_schema": _schema(of_tables[name]),
                "dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[_stands_in(name)]),
                **_lineage(name, there),
            },
        )
        for name, says, _ in tables.iter_rows()
    ]


def marts_told(database: Path, instance: dg.DagsterInstance) -> list[dg.AssetMaterialization]:
    """What Dagster does not know yet of this publication: how many rows each table has."""
    at = _told(database, _PUBLISHED_AT)
    known = instance.get_latest_data_version_record(mart_key("fct_nps"))
    if at.is_empty() or (known and known.asset_materialization and _said(known.asset_materialization) == at.item()):
        return []
    return [
        dg.AssetMaterialization(mart_key(name), metadata={"dagster/row_count": rows, "published_at": at.item()})
        for name, _, rows in _told(database, _TABLES).iter_rows()
    ]


def family(mart: str) -> str:
    """The group of assets that a table is shown in."""
    return next((group for part, group in _FAMILIES.items() if part in mart), "marts_programme")


def _told(database: Path, sql: str) -> pl.DataFrame:
    if not database.is_file():
        return pl.DataFrame()
    try:
        with asking(database) as ask:
            return ask(sql)
    except QueryError:  # `nps status` says what is wrong with the file
        return pl.DataFrame()


def _said(event: dg.AssetMaterialization) -> object:
    return event.metadata["published_at"].value if "published_at" in event.metadata else None


def _schema(columns: pl.DataFrame) -> dg.TableSchema:
    return dg.TableSchema(
        [
            dg.TableColumn(name, kind, description=says or "")
            for name, kind, says in columns.select("name", "kind", "says").iter_rows()
        ]
    )


def _lineage(mart: str, there: Mapping[str, set[str]]) -> dict[str, Any]:
    """Which columns of facts those of a mart of scores come from; of other tables that is not known here."""
    declared = {each.name: each for each in warehouse.marts.SCORES}.get(mart)
    facts = "" if declared is None or declared.is_frozen else f"fct_{declared.metric}"
    if declared is None or facts not in there:
        return {}
    same = [name for name in (*declared.groups, *_SUMS) if name in there[facts] & there[mart]]
    score = ("responses", "promoters", "detractors")
    deps: dict[str, Sequence[dg.TableColumnDep]] = {
        **{name: [dg.TableColumnDep(mart_key(facts), name)] for name in same},
        "nps": [dg.TableColumnDep(mart_key(facts), name) for name in score],
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)}


def _stands_in(mart: str) -> dg.LocalFileCodeReference:
    """The file that says what a mart is: its model, or the line that declares it."""
    own = next(iter(sorted(_DECLARED.with_name("models").rglob(f"{mart}.sql"))), None)
    if own is not None:
        return dg.LocalFileCodeReference(file_path=str(own), line_number=1, label=own.name)
    lines = _DECLARED.read_text("utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if f'"{mart}"' in text), 1)
    return dg.LocalFileCodeReference(file_path=str(_DECLARED), line_number=line, label=_DECLARED.name)
