"""One export in the folders of two sources, and one file that two sources read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, source, taken_in, workspace

ANSWERS = "date,score,kind\n2025-01-02,9,shop\n2025-01-03,2,call\n"


def notes(home: Path) -> list[str]:
    return [f"{path}: {note}" for path, row in taken_in(home).items() for note in row["notes"] if "very bytes" in note]


@pytest.mark.parametrize("together", [True, False])
def test_an_export_that_lies_in_two_folders_is_noted(tmp_path: Path, together: bool) -> None:
    home = workspace(tmp_path / "home", {"sources": {name: source(name) for name in "ab"}})
    land(home, "a/1.csv", ANSWERS)
    land(home, "a/2.csv", ANSWERS.replace("01-02", "02-02"), day=2)
    assert together or notes(home) == []
    land(home, "b/one.csv", ANSWERS, day=3)
    [note] = notes(home)
    assert note.startswith(
        "landing/b/one.csv: Its very bytes count in source a too, as landing/a/1.csv: its answers count"
    )
    assert note.endswith("nps withdraw landing/b/one.csv")


def test_a_file_that_two_sources_read_is_not(tmp_path: Path) -> None:
    of = {name: {"where": {"column": "kind", "values": [name]}} for name in ("shop", "call")}
    home = workspace(tmp_path / "home", {"sources": {name: source("a", **where) for name, where in of.items()}})
    land(home, "a/1.csv", ANSWERS)
    assert notes(home) == []


def test_a_file_that_does_not_count_is_not(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {name: source(name) for name in "ab"}})
    land(home, "a/1.csv", "date,score\n2025-01-02,\n")
    land(home, "b/1.csv", "date,score\n2025-01-02,\n")
    assert notes(home) == []
