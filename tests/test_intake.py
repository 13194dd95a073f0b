"""Taking in the files of several sources at once: together, and none at the cost of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.adapters import kinds
from pipelines.adapters.table import LandedFile, TextTable
from pipelines.config.workspace import open_workspace
from pipelines.gates import check_files
from pipelines.night import run_night
from pipelines.tools import Tools
from tests.scenario import counts, land, night, source, taken_in, workspace
from warehouse.lake import Lake

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

    def check_and_count(tools: Tools, pending: pl.DataFrame) -> dict[str, str]:
        done["gates"] += 1
        return check(tools, pending)

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


def test_a_source_that_breaks_stops_no_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_mail(file: LandedFile, *rest: Any) -> TextTable:  # noqa: ANN401 - as the reader takes them
        if "mail" in file.relative:
            raise ZeroDivisionError("a mistake of ours")
        return read(file, *rest)

    read: Callable[..., TextTable] = kinds.read
    monkeypatch.setattr(kinds, "read", break_mail)
    report = run_night(Tools(open_workspace(home)))
    assert report.outcome == "stopped"
    [error] = report.errors
    assert "a mistake of ours" in error
    assert "mail" in error
    assert report.files_in == 2
    monkeypatch.undo()
    night(home)
    assert [counts(home, name) for name in NAMES] == [(5, 0, 1)] * 3
