"""What is told of surveys that agree with one another month by month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.report.notes.odd_figures import twins
from warehouse.published.query import asking

Row = tuple[str, int, int, int, int]
"""Survey, month, promoters, passives, detractors."""
ONE: list[Row] = [("web", 1, 60, 25, 15), ("web", 2, 55, 30, 20), ("web", 3, 70, 21, 12), ("web", 4, 40, 12, 9)]


def told(folder: Path, rows: list[Row]) -> list[str]:
    with duckdb.connect(str(folder / "nps.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_nps (survey text, month date, responses int, promoters int, passives int, "
            "detractors int)"
        )
        for survey, month, *groups in rows:
            values = [survey, date(2024, month, 1), sum(groups), *groups]
            connection.execute("insert into marts.fct_nps values ($1, $2, $3, $4, $5, $6)", values)
    with asking(folder / "nps.duckdb") as ask:
        return twins(ask)


def test_a_survey_that_is_another_one_again_is_told_also_where_its_last_month_is_fuller(tmp_path: Path) -> None:
    again: list[Row] = [("sheet", *row[1:]) for row in ONE[:3]]
    [said] = told(tmp_path, [*ONE, *again, ("sheet", 4, 44, 13, 9)])
    assert said.startswith(
        "Surveys sheet and web have as many promoters, passives and detractors as one another in 3 months"
    )
    assert "from 2024-01 to 2024-03 (308 answers of each)" in said


@pytest.mark.parametrize(
    "rows",
    [
        [("sheet", *row[1:]) for row in ONE[:2]],
        [("sheet", month, 50, 30, 20) for _, month, *_ in ONE],
        [("sheet", month + 4, *groups) for _, month, *groups in ONE],
    ],
    ids=["few months", "other groups", "other months"],
)
def test_others_are_not(rows: list[Row], tmp_path: Path) -> None:
    assert told(tmp_path, [*ONE, *rows]) == []
