"""Answers dated a year off: all of a later file, or a few amid the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, noted, source, workspace


def file(month: str, answers: int = 60, beside: str = "", few: int = 0) -> str:
    months = [month] * answers + [beside] * few
    rows = [f"{each}-{1 + at % 28:02},{(7 * at) % 11},{each} {at}" for at, each in enumerate(months)]
    return "\n".join(["date,score,reason", *rows, ""])


def notes(home: Path, *files: str) -> list[str]:
    workspace(home, {"sources": {"a": source("a")}})
    for day, content in enumerate(files, 1):
        land(home, f"a/{day}.csv", content, day=day)
    return [note for note in noted(home).values() if "year" in note]


@pytest.mark.parametrize("wrong", ["2024-01", "2023-12", "2026-01"])
def test_a_later_file_a_year_off_is_noted(tmp_path: Path, wrong: str) -> None:
    [told] = notes(tmp_path / "home", file("2024-11"), file("2024-12"), file(wrong))
    assert f"All of its answers are of {wrong}, a year" in told


def test_answers_of_the_wrong_year_amid_others_are_noted(tmp_path: Path) -> None:
    [told] = notes(tmp_path / "home", file("2025-01", beside="2024-01", few=5))
    assert "5 answers of 2024-01 stand in it, a year before the others" in told


@pytest.mark.parametrize(
    "months",
    [
        ("2024-03", "2025-03", "2026-03"),
        ("2025-03", "2024-03"),
        ("2024-11", "2024-12", "2025-01"),
        ("2024-11", "2024-12", "2024-10"),
        ("2024-11", "2024-12", "2022-05"),
    ],
)
def test_waves_and_older_files_are_not_noted(tmp_path: Path, months: tuple[str, ...]) -> None:
    assert notes(tmp_path / "home", *map(file, months)) == []


def test_a_file_of_a_whole_year_is_not_noted(tmp_path: Path) -> None:
    months = [(f"2024-{month:02}", 5) for month in range(1, 13)]
    whole = "".join(file(*each).removeprefix("date,score,reason\n") for each in months)
    january = file("2025-01", 80).removeprefix("date,score,reason\n")
    assert notes(tmp_path / "home", f"date,score,reason\n{whole}{january}") == []
