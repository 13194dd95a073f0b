"""One export in the folders of two sources, and one file that two sources read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, source, taken_in, workspace

MANY = [(1 + i % 28, 1 + i // 28, (i * 7 + i // 9) % 11) for i in range(84)]
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


def in_other_bytes(home: Path) -> list[str]:
    return [
        f"{path}: {note}" for path, row in taken_in(home).items() for note in row["notes"] if "another form" in note
    ]


@pytest.mark.parametrize("together", [True, False])
def test_the_same_answers_in_other_bytes_are_noted(tmp_path: Path, together: bool) -> None:
    english = source("b", columns={"score": "mark", "responded_at": "when"}, dates={"formats": ["%d.%m.%Y"]})
    home = workspace(tmp_path / "home", {"sources": {"a": source("a"), "b": english}})
    land(home, "a/1.csv", "date,score\n" + "".join(f"2025-{m:02}-{d:02},{s}\n" for d, m, s in MANY))
    assert together or in_other_bytes(home) == []
    land(home, "b/one.csv", "mark,when\n" + "".join(f"{s},{d:02}.{m:02}.2025\n" for d, m, s in reversed(MANY)), day=3)
    [note] = in_other_bytes(home)
    assert note.startswith(
        "landing/b/one.csv: Its 84 answers are of the days and scores of those that count in source a"
    )
    assert note.endswith("nps withdraw landing/b/one.csv")


def test_as_many_other_answers_of_the_same_days_are_not(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {name: source(name) for name in "ab"}})
    land(home, "a/1.csv", "date,score\n" + "".join(f"2025-{m:02}-{d:02},{s}\n" for d, m, s in MANY))
    land(home, "b/1.csv", "date,score\n" + "".join(f"2025-{m:02}-{d:02},{(s + d) % 11}\n" for d, m, s in MANY))
    assert in_other_bytes(home) == []
