"""What is handed to tools is true: the data dictionary, and metrics that sum as the published tables do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.support.lakes import RULES, File, answer, build, day, limits, take_in
from warehouse.dictionary import dictionary
from warehouse.lake import Lake
from warehouse.plan import make_plan
from warehouse.publish import Publication, build_candidate

ROOT = Path(__file__).parents[2]
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
    superset = yaml.safe_load((METRICS / "superset.yaml").read_text("utf-8"))
    measures = {each["name"]: f"{each['agg']}({each['expr']})" for each in dbt["semantic_models"][0]["measures"]}
    parts = {each["name"]: each["type_params"] for each in dbt["metrics"]}
    return {
        "cube": {each["name"]: each["sql"] for each in cube["measures"]},
        "dbt": {
            name: " / ".join(measures[each] for each in of.values())
            for name, of in parts.items()
        },
        "superset": {each["metric_name"]: each["expression"] for each in superset["metrics"]},
    }  # fmt: skip


def asked(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("tool", ["cube", "dbt", "superset"])
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
    superset = yaml.safe_load((METRICS / "superset.yaml").read_text("utf-8"))
    dbt = yaml.safe_load((METRICS / "dbt.yml").read_text("utf-8"))["semantic_models"][0]
    assert {each["name"] for each in cube["dimensions"]} <= there
    assert {each["column_name"] for each in superset["columns"]} <= there
    assert {each["name"] for each in dbt["dimensions"]} <= there


def test_the_data_dictionary_is_as_it_is_made() -> None:
    assert (ROOT / "docs/data-dictionary.md").read_text("utf-8") == dictionary(), "make docs writes it anew"
