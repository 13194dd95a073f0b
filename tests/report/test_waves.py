"""Waves of employees that are not shown by group are said where people look, with what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from pipelines.report.waves import unshown_waves
from transforms.tables import WaveRecord, types
from warehouse.lake import Lake


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
