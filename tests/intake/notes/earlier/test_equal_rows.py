"""Files that meet on a day: people who said the same are one answer where nothing tells them apart, which is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import ANSWERS, land, noted, source, workspace

MORNING = ["9,2025-03-05", "3,2025-03-05", "7,2025-03-05", "10,2025-03-05"]
EVENING = ["9,2025-03-05", "8,2025-03-05", "6,2025-03-05", "2,2025-03-05"]
BEFORE = [f"{day % 11},2025-02-{day:02}" for day in range(1, 29)]
AFTER = [f"{day % 11},2025-04-{day:02}" for day in range(1, 29)]
SAYS = "1 row of it stands in landing/a/1.csv, or in others before it, though other rows of these days do not"


def last_noted(home: Path, *files: list[str], heading: str = "score,date", **settings: Any) -> str:  # noqa: ANN401 - as nps.yaml has it
    """The notes of the last of some files that come one a night."""
    workspace(home, {"sources": {"a": source("a", **settings)}})
    for at, rows in enumerate(files, 1):
        land(home, f"a/{at}.csv", "\n".join([heading, *rows, ""]), day=at)
        notes = noted(home)
    return notes[f"landing/a/{len(files)}.csv"]


def test_a_day_that_is_parted_between_two_files_is_noted(tmp_path: Path) -> None:
    assert SAYS in last_noted(tmp_path / "home", BEFORE + MORNING, EVENING + AFTER)


def test_a_day_of_few_rows_is_too(tmp_path: Path) -> None:
    assert SAYS in last_noted(tmp_path / "home", BEFORE + MORNING[:2], EVENING[:2] + AFTER)


def test_files_of_several_places_that_no_column_tells_apart_are_noted(tmp_path: Path) -> None:
    assert SAYS in last_noted(tmp_path / "home", BEFORE + MORNING, EVENING)


@pytest.mark.parametrize(
    "second", [MORNING + EVENING + AFTER, MORNING[:2], BEFORE + MORNING + AFTER, AFTER],
    ids=["the whole day again", "a part of the day again", "the whole file again", "other days"],
)  # fmt: skip
def test_rows_that_are_delivered_again_are_not(tmp_path: Path, second: list[str]) -> None:
    assert "of it stand" not in last_noted(tmp_path / "home", BEFORE + MORNING, second)


@pytest.mark.parametrize(
    ("beside", "columns"),
    [("id", {"response_id": "beside"}), ("anna", {"respondent": "beside"}), ("long words", {"comment": "beside"})],
)
def test_what_tells_answers_apart_proves_that_they_are_the_same(
    beside: str, columns: dict[str, str], tmp_path: Path
) -> None:
    files = [[f"{row},{beside}{row[0]}" for row in rows] for rows in (BEFORE + MORNING, EVENING + AFTER)]
    told = last_noted(tmp_path / "home", *files, heading="score,date,beside", columns={**ANSWERS, **columns})
    assert "of it stand" not in told


def test_times_of_day_tell_answers_apart(tmp_path: Path) -> None:
    files = [
        [f"{row} {at % 24:02}:05" for at, row in enumerate(rows)] for rows in (BEFORE + MORNING, BEFORE[:1] + EVENING)
    ]
    assert "of it stand" not in last_noted(tmp_path / "home", *files)
