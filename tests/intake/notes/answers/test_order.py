"""Scores that were sorted apart from the columns beside them, or filled down from row to row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.support.scenario import land, noted, source, workspace

SCORES = (10, 9, 9, 8, 10, 7, 6, 8, 9, 5, 10, 3, 9, 8, 10, 0, 7, 9, 10, 6)
DAYS = [f"2024-01-{1 + at // 8:02}T10:{at % 60:02}" for at in range(200)]
GIVEN = Random(4).choices(SCORES, k=200)  # noqa: S311 - the same each time


def notes(home: Path, days: Sequence[str], scores: Sequence[int]) -> str:
    rows = [f"{day},{score}" for day, score in zip(sorted(days), scores, strict=True)]
    workspace(home, {"sources": {"a": source("a")}})
    land(home, "a/1.csv", "\n".join(["date,score", *rows, ""]))
    return "".join(noted(home).values())


def test_answers_in_the_order_of_their_times_are_not_noted(tmp_path: Path) -> None:
    assert notes(tmp_path / "home", DAYS, GIVEN) == ""


def test_scores_that_were_sorted_apart_are_noted(tmp_path: Path) -> None:
    assert "sorted from row to row, and so are their times" in notes(tmp_path / "home", DAYS, sorted(GIVEN))


def test_answers_that_are_sorted_by_score_are_not_noted(tmp_path: Path) -> None:
    rows = sorted(zip(GIVEN, DAYS, strict=True))
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    land(home, "a/1.csv", "\n".join(["date,score", *(f"{day},{score}" for score, day in rows), ""]))
    assert "".join(noted(home).values()) == ""


def test_scores_that_were_filled_down_are_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", DAYS, [GIVEN[at - at % 3] for at in range(200)])
    assert "the score is that of the answer above, and by chance it would be in" in told


def test_scores_that_are_sorted_within_each_day_are_not_noted(tmp_path: Path) -> None:
    scores = [score for at in range(0, 200, 20) for score in sorted(GIVEN[at : at + 20])]
    assert notes(tmp_path / "home", DAYS, scores) == ""
