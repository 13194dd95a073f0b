"""A file of which the first or last answers were given on a shorter scale: noted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.support.scenario import land, noted, source, workspace

SCORES = (10, 9, 9, 8, 10, 7, 6, 8, 9, 5, 10, 3, 9, 8, 10, 0, 7, 9, 10, 6)


def notes(home: Path, odd: Callable[[int, int], int], **settings: object) -> str:
    """The notes on a file of 20 days, of which `odd` says from day and score what is answered instead."""
    chance = Random(5)  # noqa: S311 - the same each time
    rows = [f"2024-01-{1 + at % 20:02},{odd(1 + at % 20, chance.choice(SCORES))}" for at in range(300)]
    workspace(home, {"sources": {"a": source("a", **settings)}})
    land(home, "a/1.csv", "\n".join(["date,score", *rows, ""]))
    return "".join(noted(home).values())


def test_last_answers_on_a_shorter_scale_are_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda day, score: max(1, round(score / 2)) if day > 15 else score)
    assert "None of its last 7" in told
    assert "from 2024-01-16 on, is above 5, while" in told


def test_first_answers_on_a_shorter_scale_are_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda day, score: max(1, round(score * 0.7)) if day <= 5 else score)
    assert "until 2024-01-05, is above 7, while" in told


@pytest.mark.parametrize("metric", ["nps", "enps"])
def test_answers_of_one_scale_and_those_of_employees_are_not(tmp_path: Path, metric: str) -> None:
    told = notes(
        tmp_path / "home", lambda day, score: min(score, 5) if metric == "enps" and day > 15 else score, metric=metric
    )
    assert "is above" not in told
