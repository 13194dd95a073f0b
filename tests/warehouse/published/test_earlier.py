"""What versions before the closing of waves published of employees: known to everybody who kept a copy, for good."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.report.notes.waves import given_away, unshown_waves
from tests.support.lakes import FEBRUARY, JANUARY, File, day, record
from tests.warehouse.published.test_publish import candidate
from tests.warehouse.published.test_waves import departments, lake_of, staff
from transforms.tables import CheckRecord, types
from warehouse.lake.store import Lake
from warehouse.published.waves import closed_waves

pytestmark = pytest.mark.usefixtures("bare")

#: Sales and IT of two branches: the whole, branches and departments can all be shown.
SALES, IT = (9, 6, 5), (5, 6, 7)
HOUSE = [
    staff(name, counts, branch=branch) for branch in ("ZG", "ST") for name, counts in (("Sales", SALES), ("IT", IT))
]
SMALL = staff("HR", (1, 1, 1), branch="ST")
BY_DEPARTMENT = {"Sales": (18, 12, 10), "IT": (10, 12, 14)}
Shown = Sequence[tuple[str, date, tuple[str, ...], tuple[int, int, int]]]


def old_file(path: Path, by: Sequence[str], shown: Shown) -> Path:
    """A file as versions published it that knew of no waves."""
    with duckdb.connect(str(path)) as connection:
        names = ", ".join(f"{name} varchar" for name in by)
        connection.execute("create schema if not exists marts")
        connection.execute(
            f"create table marts.enps_by_{'_'.join(by)} (period_grain varchar, period_start date, period_end date, {names}, "
            "responses bigint, promoters bigint, passives bigint, detractors bigint, nps double)"
        )
        for grain, start, members, counts in shown:
            row = [grain, start, start, *members, sum(counts), *counts, 0.0]
            marks = ", ".join("?" * len(row))
            connection.execute(f"insert into marts.enps_by_{'_'.join(by)} values ({marks})", row)
    return path


def by_department(path: Path, shown: dict[str, tuple[int, int, int]]) -> Path:
    return old_file(path, ["department"], [("month", JANUARY, (name,), counts) for name, counts in shown.items()])


def closed(lake: Lake) -> dict[str, Any]:
    return closed_waves(lake).filter(kind="wave").select("outcome", "compromised").row(0, named=True)


def test_what_was_told_and_gives_nobody_away_changes_nothing(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, *HOUSE)
    old = by_department(tmp_path / "old.duckdb", BY_DEPARTMENT)
    file = candidate(tmp_path, lake, earlier=[old])
    assert closed(lake) == {"outcome": "shown", "compromised": 0}
    assert departments(file) == [(JANUARY, "IT", 36), (JANUARY, "Sales", 40)]
    assert given_away(lake, day(1)) == []


def test_groups_that_were_given_away_are_counted_said_once_and_nothing_is_shown_beside_what_was(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, *HOUSE, SMALL, staff("Law", (4, 4, 4), branch="ST"))
    # The whole less these three is the three people of HR.
    old = by_department(tmp_path / "old.duckdb", {**BY_DEPARTMENT, "Law": (4, 4, 4)})
    file = candidate(tmp_path, lake, earlier=[old])
    about = closed(lake)
    assert about["outcome"] == "shown"
    assert about["compromised"] >= 1
    told = departments(file)
    assert {name for _, name, _ in told} <= {"Sales", "IT", "Law"}
    assert (JANUARY, "HR", 3) not in told
    assert len(told) < len(BY_DEPARTMENT) + 1, "who has the new file alone cannot subtract"
    assert closed_waves(lake).filter(mart="enps_by_branch", kind="group").is_empty()
    (said,) = given_away(lake, day(1))
    assert "in the survey staff in 2025-01 lets" in said
    assert given_away(lake, day(12)) == []


def test_a_wave_that_was_told_otherwise_shows_nothing_by_group(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, *HOUSE)
    old = by_department(tmp_path / "old.duckdb", {"Sales": (17, 12, 10), "Legal": (5, 5, 5)})
    file = candidate(tmp_path, lake, earlier=[old])
    assert departments(file) == []
    assert closed(lake)["outcome"] == "compromised"
    assert unshown_waves(lake)[0].endswith("and the difference would be single answers.")


@pytest.mark.parametrize("shows_february", [True, False])
def test_a_quarter_tells_of_the_months_that_were_not_shown(tmp_path: Path, *, shows_february: bool) -> None:
    lake = lake_of(tmp_path, *HOUSE, SMALL, *(staff("HR", (6, 6, 6), FEBRUARY, branch=name) for name in ("ZG", "ST")))
    months = [("month", FEBRUARY, ("HR",), (12, 12, 12))] if shows_february else []
    old = old_file(tmp_path / "old.duckdb", ["department"], [*months, ("quarter", JANUARY, ("HR",), (13, 13, 13))])
    candidate(tmp_path, lake, earlier=[old])
    january = closed_waves(lake).filter(kind="wave", month=JANUARY)
    assert january.get_column("compromised").item() >= 1, "alone, or together with February: held to be known"


def test_without_the_ledger_and_without_any_published_file_nothing_is_known_and_nothing_shown(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, *HOUSE)
    record(lake, File("hr.csv"), metric="enps", months=[JANUARY])
    passed = ("published", "file", "rule", "says", True, 0, day(12), None)
    lake.append("checks", pl.DataFrame([passed], schema=types(CheckRecord), orient="row"))
    assert departments(candidate(tmp_path, lake)) == []
    assert closed(lake)["outcome"] == "lost"


def test_a_publication_that_its_gate_stopped_showed_nobody_anything(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, *HOUSE)
    record(lake, File("hr.csv"), metric="enps", months=[JANUARY])
    failed = ("published", "file", "rule", "says", False, 1, day(12), None)
    lake.append("checks", pl.DataFrame([failed], schema=types(CheckRecord), orient="row"))
    assert closed_waves(lake).is_empty()
    assert len(departments(candidate(tmp_path, lake))) == 2


def test_a_file_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database")
    shutil.copy(broken, tmp_path / "other.duckdb")
    assert departments(candidate(tmp_path, lake_of(tmp_path, *HOUSE), earlier=[broken]))
