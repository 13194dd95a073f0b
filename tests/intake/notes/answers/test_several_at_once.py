"""Answers of several branches at once, as where people may choose several, or a list stands in a cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, land, source, taken_in, workspace

COLUMNS = {**ANSWERS, "branch": "branch"}


def notes(home: Path) -> list[str]:
    return [note for row in taken_in(home).values() for note in row["notes"] if "several at once" in note]


@pytest.mark.parametrize(
    ("branches", "is_told"),
    [
        (["Split", "Zagreb", "Split; Zagreb"], "2 answers of several at once stand below branch"),
        (["Split", "Zagreb", '"Zagreb, SPLIT"'], "2 answers of several at once stand below branch"),
        (["Split", "Zagreb; Ilica", "Zagreb"], ""),
        (["Split", "Zagreb"], ""),
    ],
)
@pytest.mark.parametrize("largest", [5, 300_000])
def test_answers_of_several_branches_are_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, branches: list[str], is_told: str, largest: int
) -> None:
    monkeypatch.setattr("pipelines.intake.notes.answers.parts.LARGEST", largest)
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=COLUMNS)}})
    rows = [f"2025-01-0{1 + at},{at},{branches[at % len(branches)]}" for at in range(6)]
    land(home, "a/1.csv", "\n".join(["date,score,branch", *rows, ""]))
    found = notes(home)
    assert is_told in "".join(found)
    assert bool(found) == bool(is_told)


def test_lists_of_one_are_that_one_and_lists_of_several_are_noted(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", kind="json", columns=COLUMNS)}})
    branches = [["Split"], ["Zagreb"], ["Split", "Zagreb"]]
    rows = [{"date": f"2025-01-0{1 + at}", "score": at, "branch": branches[at % 3]} for at in range(6)]
    land(home, "a/1.json", json.dumps(rows))
    assert "as in 'Split, Zagreb'" in "".join(notes(home))
