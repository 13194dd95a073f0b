"""The dashboard of Superset for a published file, as the zip that Superset imports.

`python -m examples.dashboard published/nps.duckdb nps.zip`; with `--path` where Superset sees that file, if it is elsewhere.
Here: what Superset wants in such a zip. Not here: what is on the dashboard (`examples/superset/dashboard.yaml`).
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import polars as pl
import yaml

from pipelines.cli.main import told
from pipelines.errors import UserError
from warehouse.published.query import QueryError, ask

FOLDER: Final = Path(__file__).with_name("superset")
_VERSION: Final = "1.0.0"
#: Zips begin in that year; the same file gives the same zip.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_LINES: Final = ("", "__yhat", "__yhat_lower", "__yhat_upper")


def bundle(database: Path, path: str | None = None) -> bytes:
    """The zip for a published file, which Superset sees as `path`. Importing it again replaces what it made before."""
    said = yaml.safe_load((FOLDER / "dashboard.yaml").read_text("utf-8"))
    files = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard", "timestamp": "1980-01-01T00:00:00+00:00"},
        "databases/NPS.yaml": _database(path or str(database.resolve())),
        **{f"datasets/NPS/{name}.yaml": _dataset(database, name, of) for name, of in said["datasets"].items()},
        **{f"charts/{name}.yaml": _chart(name, of) for name, of in said["charts"].items()},
        "dashboards/NPS.yaml": _dashboard(said, _branches(database)),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
            archive.writestr(zipfile.ZipInfo(f"nps/{name}", _NO_TIME), text)
    return made.getvalue()


def question(name: str, of: Mapping[str, Any]) -> str:
    """What a dataset asks the published file."""
    return (FOLDER / of["sql"]).read_text("utf-8") if "sql" in of else f"select * from {of['schema']}.{name}"  # noqa: S608 - our own names


def _database(path: str) -> dict[str, Any]:
    return {
        "database_name": "NPS",
        "sqlalchemy_uri": f"duckdb:///{path}?access_mode=READ_ONLY",
        "expose_in_sqllab": True,
        **dict.fromkeys(("allow_run_async", "allow_ctas", "allow_cvas", "allow_dml", "allow_file_upload"), False),
        "extra": {"metadata_params": {}, "engine_params": {}, "schemas_allowed_for_file_upload": []},
        **_known_as("database"),
    }


def _dataset(database: Path, name: str, of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "table_name": name,
        "schema": of.get("schema", "bi"),
        "sql": question(name, of) if "sql" in of else None,
        "main_dttm_col": of.get("time"),
        "metrics": of["metrics"],
        "columns": list(_columns(database, question(name, of), of.get("labels", {}))),
        "database_uuid": _uuid("database"),
        **_known_as(f"dataset {name}"),
    }


def _columns(database: Path, sql: str, labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    meanings = dict(
        ask(
            database, "select column_name, comment from duckdb_columns() where schema_name in ('bi', 'marts')"
        ).iter_rows()
    )
    for name, kind in ask(database, f"from ({sql}) limit 0").schema.items():
        yield {
            "column_name": name,
            "verbose_name": labels.get(name),
            "description": meanings.get(name),
            "is_dttm": kind.is_temporal(),
            "type": _type(kind),
            "groupby": True,
            "filterable": True,
        }


def _type(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "BOOLEAN"
    if kind.is_temporal():
        return "DATE" if kind == pl.Date else "TIMESTAMP"
    return "BIGINT" if kind.is_integer() else "DOUBLE" if kind.is_numeric() else "VARCHAR"


def _chart(name: str, of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slice_name": of["name"],
        "description": of.get("about"),
        "viz_type": of["params"]["viz_type"],
        "params": of["params"],
        "dataset_uuid": _uuid(f"dataset {of['dataset']}"),
        **_known_as(f"chart {name}"),
    }


def _dashboard(said: Mapping[str, Any], branches: list[str]) -> dict[str, Any]:
    colours = {
        f"{branch}{line}": colour
        for branch, colour in zip(branches, cycle(said["palette"]), strict=False)
        for line in _LINES
    }
    return {
        "dashboard_title": said["title"],
        "slug": "nps",
        "published": True,
        "position": _position(said),
        "metadata": {
            "native_filter_configuration": [_filter(said["filter"])],
            "cross_filters_enabled": False,
            "label_colors": said["colours"] | colours,
        },
        **_known_as("dashboard"),
    }


def _position(said: Mapping[str, Any]) -> dict[str, Any]:
    grid = ["ROOT_ID", "GRID_ID"]
    rows = {f"ROW-{number}": row for number, row in enumerate(said["rows"])}
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [*rows], "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": said["title"]}},
    }
    for key, row in rows.items():
        charts = [f"CHART-{name}" for name in row["charts"]]
        look = {"background": "BACKGROUND_TRANSPARENT"}
        found[key] = {"id": key, "type": "ROW", "children": charts, "parents": grid, "meta": look}
        for name, width in row["charts"].items():
            about = {"uuid": _uuid(f"chart {name}"), "width": width, "height": row["height"], "chartId": 0}
            about["sliceName"] = said["charts"][name]["name"]
            found[f"CHART-{name}"] = {
                "id": f"CHART-{name}", "type": "CHART", "children": [], "parents": [*grid, key], "meta": about,
            }  # fmt: skip
    return found


def _filter(of: Mapping[str, Any]) -> dict[str, Any]:
    """One that begins with the first member, since all of them at once could not be told apart."""
    return {
        "id": "NATIVE_FILTER-branch",
        "name": of["name"],
        "filterType": "filter_select",
        "type": "NATIVE_FILTER",
        "targets": [{"datasetUuid": _uuid(f"dataset {of['dataset']}"), "column": {"name": of["column"]}}],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "controlValues": {"enableEmptyFilter": True, "defaultToFirstItem": True, "multiSelect": True},
        "requiredFirst": True,
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
    }


def _branches(database: Path) -> list[str]:
    lines = (FOLDER / "branch_lines.sql").read_text("utf-8")
    shown = ask(database, f"select distinct branch_shown from ({lines}) order by branch_shown")  # noqa: S608 - our own words
    return shown.to_series().to_list()


def _known_as(name: str) -> dict[str, str]:
    return {"uuid": _uuid(name), "version": _VERSION}


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"nps-warehouse/superset/{name}"))


def main() -> None:
    """Write the zip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path, help="the published file")
    parser.add_argument("zip", type=Path, help="the file to write")
    parser.add_argument("--path", help="where Superset sees the published file; where it is here, if not given")
    given = parser.parse_args()
    with told():
        _write(given.database, given.zip, given.path)
    print(f"{given.zip}: for Dashboards, Import, of Superset")  # noqa: T201 - to whoever typed it


def _write(database: Path, made: Path, path: str | None) -> None:
    if not database.is_file():
        raise UserError(f"There is no file {database}: name the published one, published/nps.duckdb of a workspace.")
    try:
        content = bundle(database, path)
    except QueryError as error:
        raise UserError(f"{error}\nName the published file, published/nps.duckdb of a workspace.") from error
    try:
        made.write_bytes(content)
    except OSError as error:
        raise UserError(f"{made} cannot be written ({error.strerror}). Name another place for the zip.") from error


if __name__ == "__main__":
    main()
