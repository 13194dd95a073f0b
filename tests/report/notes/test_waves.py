"""Waves of employees that are not shown by group are said where people look, with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.guards.readiness import clock_was_ahead
from pipelines.report.notes.waves import counted_twice, small_groups, unshown_waves
from pipelines.stages.gates import rules_of_candidate
from tests.support.scenario import source, workspace
from transforms.tables import WaveRecord, types
from warehouse.lake.store import Lake
from warehouse.published.query import asking


def closed(lake: Lake, month: int, outcome: str) -> None:
    about = {
        "survey": "staff",
        "month": date(2025, month, 1),
        "members": [],
        "closed_at": datetime(2025, month + 1, 8, tzinfo=UTC),
    }
    rows = [
        {"kind": "table", "mart": "enps_by_branch", "withheld": 3},
        {"kind": "wave", "outcome": outcome, "responses": 9},
    ]
    lake.append("waves", pl.DataFrame([about | row for row in rows], schema=types(WaveRecord)))


def test_a_wave_that_shows_no_group_is_said_with_its_reason(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for month, outcome in enumerate(("shown", "withheld", "lost"), 1):
        closed(lake, month, outcome)
    withheld, lost = unshown_waves(lake)
    assert withheld.startswith("Groups of employees of the survey staff in 2025-02 are not shown: what they would show")
    assert lost.startswith("Groups of employees of the survey staff in 2025-03 are not shown: lake/waves lacks")
    assert unshown_waves(lake, datetime(2025, 4, 1, tzinfo=UTC)) == [lost], "in a night only what has closed in it"


def test_groups_smaller_than_nps_yaml_wants_since_are_said_and_pass_the_gate(tmp_path: Path) -> None:
    home = workspace(tmp_path, {"minimum_group": 7, "sources": {"a": source("a")}})
    context = Context(open_workspace(home))
    about = {"survey": "staff", "month": date(2025, 1, 1), "closed_at": datetime(2025, 2, 8, tzinfo=UTC)}
    rows = [
        about | {"kind": "group", "mart": "enps_by_branch", "members": [name], "responses": responses}
        for name, responses in (("ZG", 6), ("ST", 7))
    ]
    context.lake.append("waves", pl.DataFrame(rows, schema=types(WaveRecord)))
    [told] = small_groups(context.lake, 7)
    assert told.startswith("1 of 2 groups of employees that closed waves show have fewer answers than minimum_group")
    assert small_groups(context.lake, 6) == []
    [rule] = [each for each in rules_of_candidate(context) if each.name == "small_groups_are_hidden"]
    assert rule.arguments["min_value"] == 6


def test_a_wave_that_a_clock_closed_too_early_is_told(tmp_path: Path) -> None:
    context = Context(open_workspace(workspace(tmp_path, {"sources": {"a": source("a")}})))
    closed(context.lake, 1, "shown")
    early, later = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 2, 9, tzinfo=UTC)
    [told] = clock_was_ahead(replace(context, clock=lambda: early))
    assert told.startswith(
        "The clock of this machine says 2025-02-01 00:00 UTC, but the survey staff of employees in 2025-01 was closed at"
    )
    assert clock_was_ahead(replace(context, clock=lambda: later)) == []


def test_groups_of_more_answers_than_the_company_are_told(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "nps.duckdb")) as connection:
        connection.execute("create schema marts")
        for table in ("enps_overall", "enps_by_branch", "enps_by_department"):
            connection.execute(f"create table marts.{table} (period_grain text, period_start date, responses int)")
        connection.execute("create table marts.enps_suppression (survey text, month date)")
        for month, survey, answers in ((1, "staff", 30), (2, "staff", 60), (2, "people", 60)):
            counted = [date(2025, month, 1), answers]
            connection.execute("insert into marts.enps_by_department values ('month', $1, $2)", counted)
            connection.execute("insert into marts.enps_suppression values ($1, $2)", [survey, counted[0]])
        for month in (1, 2):
            connection.execute("insert into marts.enps_overall values ('month', $1, 60)", [date(2025, month, 1)])
    with asking(tmp_path / "nps.duckdb") as ask:
        [said] = counted_twice(ask)
        assert said.startswith("Groups of employees in 2025-02 have 120 answers together, and all employees 60:")
        assert "(people, staff)" in said
    with duckdb.connect(str(tmp_path / "nps.duckdb")) as connection:
        connection.execute("delete from marts.enps_overall where period_start = date '2025-01-01'")
    with asking(tmp_path / "nps.duckdb") as ask:
        gone, said = counted_twice(ask)
    assert gone.startswith(
        "Groups of employees in 2025-01 have 30 answers together, and all employees of that month are not"
    )
    assert "Months before history_from" in gone
