"""Taking in the files of several sources at once: together, and none at the cost of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.adapters import kinds
from pipelines.adapters.table import TextTable
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.landing.landed import LandedFile
from pipelines.runs.night import run_night
from pipelines.stages.gates import check_files
from tests.support.built import built
from tests.support.cases import settle
from tests.support.scenario import by, counts, land, night, nps, source, taken_in, unrecorded, workspace
from warehouse.lake.store import Lake

GOOD = "score,date\n" + "9,2025-01-10\n" * 5 + "0,2025-01-11\n"
NAMES = ("calls", "mail", "shops")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three sources with a file each."""
    home = workspace(tmp_path / "workspace", {"sources": {name: source(name) for name in NAMES}})
    for name in NAMES:
        land(home, f"{name}/a.csv", GOOD)
    return home


def test_the_files_of_all_sources_are_gated_and_recorded_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()
    check, append = check_files, Lake.append

    def check_and_count(context: Context, pending: pl.DataFrame) -> dict[str, str]:
        done["gates"] += 1
        return check(context, pending)

    def append_and_count(lake: Lake, ledger: str, rows: pl.DataFrame) -> None:
        done[ledger] += 1
        append(lake, ledger, rows)

    monkeypatch.setattr("pipelines.intake.gated.check_files", check_and_count)
    monkeypatch.setattr(Lake, "append", append_and_count)
    assert {verdict["status"] for verdict in taken_in(home).values()} == {"accepted"}
    assert done == {"gates": 1, "checks": 1, "files": 1}


def test_a_file_that_the_gate_holds_takes_no_other_with_it(home: Path) -> None:
    land(home, "mail/b.csv", "score,date\n" + "77,2025-01-10\n" * 9)
    land(home, "calls/b.csv", "score,date\n" + "77,2025-01-10\n" * 9)
    land(home, "calls/c.csv", "score,date\n9,2025-01-12\n")
    status = {path: verdict["status"] for path, verdict in taken_in(home).items()}
    held = {f"landing/{name}/b.csv" for name in ("mail", "calls")}
    assert {path for path, each in status.items() if each == "held"} == held
    assert len(status) == 6


def test_files_without_refused_rows_leave_nothing_among_them(tmp_path: Path) -> None:
    """Else every later night would look at a file more, for each file of each source."""
    home = workspace(tmp_path / "workspace", {"sources": {"shops": source("shops"), "calls": source("calls")}})
    land(home, "shops/a.csv", GOOD)
    land(home, "calls/a.csv", GOOD + "9,2025-01-10\n" * 50 + "11,2025-01-11\n")
    night(home)
    lake = Lake(home / "lake")
    assert [path.parent.parent.parent.name for path in lake.sizes("rejected")] == ["source=calls"]
    assert {path.name for path in (home / "lake" / "rejected").glob("source=*")} == {"source=calls"}


def test_a_source_that_breaks_stops_no_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_mail(file: LandedFile, *rest: Any) -> TextTable:  # noqa: ANN401 - as the reader takes them
        if "mail" in file.relative:
            raise ZeroDivisionError("a mistake of ours")
        return read(file, *rest)

    read: Callable[..., TextTable] = kinds.read
    monkeypatch.setattr(kinds, "read", break_mail)
    with unrecorded():
        report = run_night(Context(open_workspace(home)))
    assert report.outcome == "stopped"
    [error] = report.errors
    assert "a mistake of ours" in error
    assert "mail" in error
    assert report.files_in == 2
    monkeypatch.undo()
    night(home)
    assert [counts(home, name) for name in NAMES] == [(5, 0, 1)] * 3


def test_a_file_renamed_so_that_its_name_says_something_else_is_told_to_count_twice(tmp_path: Path) -> None:
    named = source("shops", file_name=r"^(?P<branch>[A-Z]{2})_")
    home = workspace(tmp_path / "workspace", {"sources": {"shops": named}})
    old = land(home, "shops/ZG_a.csv", GOOD)
    other = land(home, "shops/RI_a.csv", GOOD)
    assert [verdict["notes"] for verdict in taken_in(home).values()] == [[], []]
    old.rename(other.with_name("ST_a.csv"))
    night(home)
    assert counts(home, "shops") == (15, 0, 3)
    [note] = taken_in(home)["landing/shops/ST_a.csv"]["notes"]
    assert "its answers count twice" in note
    assert nps("withdraw", "landing/shops/ZG_a.csv", "--home", home).code == 0
    night(home)
    assert counts(home, "shops") == (10, 0, 2)
    assert by(home, "shops", "branch") == {"RI": (5, 0, 1), "ST": (5, 0, 1)}


@pytest.mark.parametrize(
    ("fmt", "answers", "is_told"), [("%m/%d/%Y", 60, True), ("%m/%d/%Y", 24, True), ("%d/%m/%Y", 60, False)]
)
def test_a_later_file_with_day_and_month_the_other_way_round_is_noted(
    fmt: str, answers: int, is_told: bool, tmp_path: Path
) -> None:
    def written(path: Path, month: int, fmt: str, days: int) -> Path:
        rows = [f"{date(2024, month, 1 + at % days).strftime(fmt)},{at % 11},{month} {at}" for at in range(answers)]
        path.write_text("\n".join(["Date,NPS,Comment", *rows, ""]), "utf-8")
        return path

    found = settle(tmp_path / "home", written(tmp_path / "nps.csv", 1, "%d/%m/%Y", 28))
    written(found.home / "landing/nps/later.csv", 2, fmt, 12)
    built(found.home)
    assert {each["status"] for each in found.verdicts.values()} == {"accepted"}
    assert ("all of the same day of the month" in found.notes) == is_told
