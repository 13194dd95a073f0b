"""Files whose hours of day are all moved against those of the files before them: times of another zone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.scenario import land, source, taken_in, workspace

#: Hours of a shop's day, most of them in the afternoon.
DAY = [8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 16, 17, 17, 18, 18, 19]


def file(month: int, hours: Sequence[int], answers: int) -> str:
    rows = [
        f"2024-{month:02}-{1 + at % 27:02} {hours[(at * 7) % len(hours)]:02}:{at % 60:02}:00,{(at * 7) % 11}"
        for at in range(answers)
    ]
    return "\n".join(["date,score", *rows, ""])


@pytest.mark.parametrize(
    ("hours", "answers", "is_told"),
    [
        ([hour + 5 for hour in DAY[:-1]] + [23], 240, "Its 240 answers are 5 hours later in the day than those"),
        ([hour - 2 for hour in DAY], 240, "Its 240 answers are 2 hours earlier in the day than those"),
        ([hour - 1 for hour in DAY], 240, ""),
        ([hour - 5 for hour in DAY], 190, ""),
        (DAY, 240, ""),
        ([12, 13, 14, 18, 19, 20, 21], 240, ""),
        ([0], 240, ""),
    ],
    ids=["later", "earlier", "summer", "few", "the same", "other hours", "no hours"],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Zagreb"])
def test_hours_that_are_all_moved_are_noted(
    tmp_path: Path, zone: str, hours: Sequence[int], answers: int, is_told: str
) -> None:
    home = workspace(tmp_path / "home", {"timezone": zone, "sources": {"a": source("a")}})
    for month, (each, many) in enumerate(((DAY, 240), (DAY, 240), (hours, answers)), 1):
        land(home, f"a/{month}.csv", file(month, each, many), day=month)
    notes = [note for row in taken_in(home).values() for note in row["notes"] if "in the day" in note]
    assert is_told in "".join(notes)
    assert bool(notes) == bool(is_told)


@pytest.mark.parametrize(
    ("hours", "is_told"), [([(hour - 1) % 12 + 1 for hour in DAY], True), ([8, 9, 10, 10, 11, 12], False)]
)
def test_halves_of_the_day_that_are_lost_are_noted(tmp_path: Path, hours: Sequence[int], is_told: bool) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    for month, each in enumerate((DAY, hours), 1):
        land(home, f"a/{month}.csv", file(month, each, 240), day=month)
    notes = [note for row in taken_in(home).values() for note in row["notes"] if "half of the day" in note]
    assert len(notes) == is_told


@pytest.mark.parametrize(
    "before", ["2024-01-01 09:00:00,N/A", "2024-01-01 09:00:00,9"], ids=["nobody answered", "one did"]
)
def test_a_file_after_one_of_which_hardly_anybody_answered_is_taken_in(tmp_path: Path, before: str) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    land(home, "a/1.csv", f"date,score\n{before}\n", day=1)
    land(home, "a/2.csv", file(2, DAY, 240), day=2)
    verdicts = taken_in(home)
    assert {row["status"] for row in verdicts.values()} == {"accepted"}
    assert not [note for row in verdicts.values() for note in row["notes"] if "in the day" in note]
