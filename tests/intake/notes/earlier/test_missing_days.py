"""Days without an answer between one file and the next."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.scenario import land, noted, source, workspace


def answers(first: date, days: int, a_day: int = 3, every: int = 1) -> str:
    on = [first + timedelta(days=day) for day in range(0, days, every) for _ in range(a_day)]
    return "\n".join(["score,date,n", *(f"{n % 11},{day},{n}" for n, day in enumerate(on)), ""])


def notes(tmp_path: Path, *files: str) -> list[str]:
    home = workspace(tmp_path, {"sources": {"a": source("a")}})
    for day, text in enumerate(files, 1):
        land(home, f"a/{day}.csv", text, day)
    return [*noted(home).values()]


def test_an_export_that_ended_too_early_is_told_by_the_next_one(tmp_path: Path) -> None:
    whole, part = answers(date(2025, 1, 1), 31), answers(date(2025, 2, 1), 10)
    *before, told = notes(tmp_path, whole, part, answers(date(2025, 3, 1), 20))
    assert "Its first answer is of 2025-03-01, and the last one in the files before it of 2025-02-10" in told
    assert "of the 18 days between there is none" in told
    assert "".join(before) == ""


@pytest.mark.parametrize(
    ("a_day", "every", "second"),
    [(3, 1, date(2025, 2, 5)), (1, 6, date(2025, 2, 14)), (3, 1, date(2025, 1, 20))],
    ids=["a few days", "waves", "days again"],
)
def test_usual_gaps_are_told_of_nothing(a_day: int, every: int, second: date, tmp_path: Path) -> None:
    files = [answers(date(2024, 12, 1), 62, a_day, every), answers(second, 20, a_day, every)]
    assert "apart" not in " ".join(notes(tmp_path, *files))


def test_days_that_a_file_written_later_has_are_not_missing(tmp_path: Path) -> None:
    months = [answers(date(2025, month, 1), 31 if month == 1 else 28) for month in (1, 3, 2)]
    assert "".join(notes(tmp_path, *months)) == ""
