"""What is handed to tools is true: the data dictionary, and metrics that sum as the published tables do."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
import yaml

from examples.dashboard import FOLDER, bundle
from examples.dashboard import main as make_dashboard
from tests.support.lakes import RULES, File, answer, build, day, limits, take_in
from warehouse.lake.store import Lake
from warehouse.months.plan import make_plan
from warehouse.published.dictionary import dictionary
from warehouse.published.publication import Publication
from warehouse.published.publish import build_candidate

ROOT = Path(__file__).parents[3]
METRICS = ROOT / "examples/metrics"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("metrics") / "lake")
    take_in(
        lake,
        File("a.csv", tuple(answer(row, f"2025-0{1 + row % 2}-10", score=(9, 0, 7)[row % 3]) for row in range(20))),
    )
    build(lake)
    about = Publication(day(1), "1", "1", 5, "v1.0.0", date(2025, 6, 1), 30)
    file = lake.root.parent / "nps.duckdb"
    build_candidate(lake, make_plan(lake, RULES), file, about, limits(lake.root))
    return file


def metrics() -> dict[str, dict[str, str]]:
    """The expression of each metric, as the tool would run it."""
    cube = yaml.safe_load((METRICS / "cube.yml").read_text("utf-8"))["cubes"][0]
    dbt = yaml.safe_load((METRICS / "dbt.yml").read_text("utf-8"))
    measures = {each["name"]: f"{each['agg']}({each['expr']})" for each in dbt["semantic_models"][0]["measures"]}
    parts = {each["name"]: each["type_params"] for each in dbt["metrics"]}
    return {
        "cube": {each["name"]: each["sql"] for each in cube["measures"]},
        "dbt": {
            name: " / ".join(measures[each] for each in of.values())
            for name, of in parts.items()
        },
    }  # fmt: skip


def asked(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("tool", ["cube", "dbt"])
def test_metrics_of_a_tool_are_those_that_are_published_and_no_sum_is_too_wide(published: Path, tool: str) -> None:
    found = metrics()[tool]
    assert {"responses", "nps"} <= set(found)
    for name, expression in found.items():
        [(value, kind)] = asked(published, f"select {expression}, typeof({expression}) from marts.fct_nps")
        own = f"select {name} from marts.nps_overall where period_grain = 'year'"
        assert [(pytest.approx(value),)] == asked(published, own), name
        assert kind in {"BIGINT", "DOUBLE"}, name


def test_columns_of_the_datasets_are_there(published: Path) -> None:
    there = {name for name, *_ in asked(published, "describe marts.fct_nps")}
    cube = yaml.safe_load((METRICS / "cube.yml").read_text("utf-8"))["cubes"][0]
    dbt = yaml.safe_load((METRICS / "dbt.yml").read_text("utf-8"))["semantic_models"][0]
    assert {each["name"] for each in cube["dimensions"]} <= there
    assert {each["name"] for each in dbt["dimensions"]} <= there


@pytest.fixture(scope="module")
def superset(published: Path) -> dict[str, Any]:
    """What the zip for Superset says, by the file's name in it."""
    with zipfile.ZipFile(io.BytesIO(bundle(published, "/srv/nps.duckdb"))) as archive:
        return {name.removeprefix("nps/"): yaml.safe_load(archive.read(name)) for name in archive.namelist()}


def test_the_dashboard_of_superset_reads_the_file_read_only(superset: dict[str, Any]) -> None:
    assert superset["databases/NPS.yaml"]["sqlalchemy_uri"] == "duckdb:////srv/nps.duckdb?access_mode=READ_ONLY"


def test_each_metric_of_superset_is_what_is_published(superset: dict[str, Any], published: Path) -> None:
    sums = [each for name, each in superset.items() if name.startswith("datasets/") and not each["sql"]]
    assert len(sums) >= 5
    for dataset in sums:
        for metric in dataset["metrics"]:
            name, sql = metric["metric_name"], metric["expression"]
            table = f"{dataset['schema']}.{dataset['table_name']}"
            [(value, kind)] = asked(published, f"select {sql}, typeof({sql}) from {table}")
            own = f"select {name} from marts.nps_overall where period_grain = 'year'"
            assert [(pytest.approx(value),)] == asked(published, own), (table, name)
            assert kind in {"BIGINT", "DOUBLE"}, name


def test_charts_of_superset_find_their_datasets_and_columns(superset: dict[str, Any]) -> None:
    datasets = {each["uuid"]: each for name, each in superset.items() if name.startswith("datasets/")}
    placed = {
        each["meta"].get("uuid") for each in superset["dashboards/NPS.yaml"]["position"].values() if "meta" in each
    }
    charts = [each for name, each in superset.items() if name.startswith("charts/")]
    assert {each["uuid"] for each in charts} == placed - {None}
    for chart in charts:
        dataset, params = datasets[chart["dataset_uuid"]], chart["params"]
        columns = {each["column_name"] for each in dataset["columns"]}
        metrics = {each["metric_name"] for each in dataset["metrics"]}
        named = {params.get("x_axis"), *params.get("groupby", ()), *params.get("all_columns", ())} - {None}
        measured = {params.get("metric"), *params.get("metrics", ())} - {None}
        assert named, chart
        assert named <= columns, chart
        assert measured <= metrics, chart


def test_lines_of_branches_are_of_finished_months_with_enough_answers_and_end_where_the_interval_does(
    tmp_path: Path,
) -> None:
    file = tmp_path / "nps.duckdb"
    with duckdb.connect(str(file)) as made:
        made.execute("create schema bi")
        made.execute(
            "create table bi.nps_by_branch_month as from (values "
            "(date '2025-03-01', 'ZG', 'Center', 'North', 10.0, 5.0, 15.0, false), "
            "(date '2025-03-01', 'ST', 'Center', 'South', -20.0, -25.0, -15.0, false), "
            "(date '2025-03-01', 'OS', 'Osijek', 'East', 100.0, -5.0, 100.0, true), "
            "(date '2025-03-01', 'unknown', null, null, 1.0, 0.0, 2.0, false)) "
            "as t (period_start, branch, branch_name, region, nps, ci_low, ci_high, is_low_sample)"
        )
    lines = (FOLDER / "branch_lines.sql").read_text("utf-8")
    found = dict(asked(file, f"select line, value from ({lines})"))
    assert len(found) == 12
    assert {name: found[name] for name in ("Center (ZG)", "Center (ZG)__yhat_lower", "Center (ST)__yhat_upper")} == {
        "Center (ZG)": 10.0,
        "Center (ZG)__yhat_lower": 5.0,
        "Center (ST)__yhat_upper": -15.0,
    }
    assert found["unknown"] == 1.0


def test_the_data_dictionary_is_as_it_is_made() -> None:
    assert (ROOT / "docs/data-dictionary.md").read_text("utf-8") == dictionary(), "make docs writes it anew"


def test_a_mistake_in_making_the_dashboard_is_a_sentence(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "garbage").write_bytes(b"garbage")
    for database, made, says in (
        (tmp_path / "none.duckdb", "made.zip", "There is no file"),
        (tmp_path / "garbage", "made.zip", "Name the published file"),
        (published, "none/made.zip", "Name another place"),
    ):
        typed = patch.object(sys, "argv", ["dashboard", str(database), str(tmp_path / made)])
        with typed, pytest.raises(SystemExit) as ended:
            make_dashboard()
        assert (ended.value.code, says in capsys.readouterr().err) == (2, True)
