"""Files that may be those of before, corrected, below a name that is not quite theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import configure, land, source, taken_in, workspace

ANSWERS = "date,score\n2025-01-02,9\n2025-01-03,2\n"


def noted(home: Path) -> list[str]:
    return [note for row in taken_in(home).values() for note in row["notes"] if "in capitals alone" in note]


def landed(folder: Path) -> Path:
    home = workspace(folder / "home", {"sources": {"a": source("a")}})
    land(home, "a/June.csv", ANSWERS)
    assert noted(home) == []
    return home


def test_a_file_corrected_below_a_name_in_other_capitals_is_noted(tmp_path: Path) -> None:
    home = landed(tmp_path)
    (home / "landing/a/June.csv").unlink()
    land(home, "a/june.csv", ANSWERS.replace(",2\n", ",3\n"), day=2)
    [note] = noted(home)
    assert note.startswith("landing/a/June.csv, which counts too and is not in landing any more, differs from it")
    assert note.endswith("nps withdraw landing/a/June.csv")


@pytest.mark.parametrize("name", ["june.csv", "July.csv"])
def test_a_file_beside_it_is_not_nor_one_of_another_name(name: str, tmp_path: Path) -> None:
    home = landed(tmp_path)
    if name == "July.csv":
        (home / "landing/a/June.csv").unlink()
    land(home, f"a/{name}", ANSWERS.replace(",2\n", ",3\n"), day=2)
    assert noted(home) == []


def test_a_file_of_which_other_answers_are_read_now_was_not_renamed(tmp_path: Path) -> None:
    whole = {"sources": {"a": source("a")}}
    two = {
        "own": {"columns": {"score": "score"}},
        "of_rivals": {"columns": {"score": "other"}, "defaults": {"brand": "Rival"}},
    }
    by_answers = {"sources": {"a": source("a", columns={"responded_at": "date"}, answers=two)}}
    home = workspace(tmp_path, whole)
    land(home, "a/1.csv", "score,other,date\n9,3,2025-01-01\n")
    for settings in (whole, by_answers, whole):
        configure(home, settings)
        assert not [note for row in taken_in(home).values() for note in row["notes"] if "very bytes" in note]
