"""Files of answers with comments alone, or without, after files that hold both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import ANSWERS, land, source, taken_in, workspace


def file(month: int, comments: Sequence[str], answers: int = 60) -> str:
    rows = [f"2024-{month:02}-{1 + at % 28:02},{(at * 7) % 11},{comments[at % len(comments)]}" for at in range(answers)]
    return "\n".join(["date,score,comment", *rows, ""])


COLUMNS = {**ANSWERS, "comment": "comment"}
BOTH = ["good", "", "", "slow"]


@pytest.mark.parametrize(
    "case",
    [
        (["fine", "bad"], 60, "Each of its 60 answers has a comment, while 60 of 120 in the files before it have none"),
        ([""], 60, "None of its 60 answers has a comment, while 60 of 120 in the files before it have one"),
        (["fine", ""], 60, ""),
        (["fine"], 9, ""),
    ],
)
@pytest.mark.parametrize("how", ["one a night", "together", "large"])
def test_answers_with_comments_alone_or_without_are_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[Sequence[str], int, str], how: str
) -> None:
    comments, answers, is_told = case
    if how == "large":
        monkeypatch.setattr("pipelines.intake.notes.earlier.commented.LARGEST", 10)
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=COLUMNS)}})
    found: dict[str, dict[str, Any]] = {}
    for month, each in enumerate((BOTH, BOTH, comments), 1):
        land(home, f"a/{month}.csv", file(month, each, answers if month > 2 else 60), day=month)
        found = taken_in(home) if month > 2 or how != "together" else {}
    notes = [note for row in found.values() for note in row["notes"] if "comment" in note]
    assert is_told in "".join(notes)
    assert bool(notes) == bool(is_told)


def test_a_survey_in_which_everybody_has_always_written_something_is_not(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=COLUMNS)}})
    for month in (1, 2):
        land(home, f"a/{month}.csv", file(month, ["good", "bad"]), day=month)
    assert not any("comment" in note for row in taken_in(home).values() for note in row["notes"])
