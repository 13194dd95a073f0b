"""Files whose answers are unlike those of the files before them by more than chance: no zero, or one brand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import configure, land, source, taken_in, workspace


def file(month: int, scores: Sequence[Any], brands: Sequence[str], heading: str = "Brand") -> str:
    """A hundred and sixty-five answers of a month, with scores and brands in turn."""
    rows = [
        f"2024-{month:02}-{1 + at % 28:02},{scores[(at * 7 + at // 11) % len(scores)]},{brands[at % len(brands)]}"
        for at in range(165)
    ]
    return "\n".join([f"date,score,{heading}", *rows, ""])


def told(home: Path, *files: str, words: str, together: bool = False, **settings: Any) -> list[str]:  # noqa: ANN401
    """The notes with some words on files that come one a night, or all at once."""
    beside = {name: settings.pop(name) for name in ("own_brands",) if name in settings}
    workspace(home, {"sources": {"a": source("a", **settings)}, **beside})
    found: dict[str, dict[str, Any]] = {}
    for at, text in enumerate(files, 1):
        land(home, f"a/{at}.csv", text, day=at)
        if not together or at == len(files):
            found = taken_in(home)
    return [f"{path}: {note}" for path, row in sorted(found.items()) for note in row["notes"] if words in note]


ALL, FROM_1 = range(11), range(1, 11)


@pytest.mark.parametrize("together", [True, False])
def test_no_zero_after_files_with_many_is_noted(tmp_path: Path, together: bool) -> None:
    files = [file(month, scores, ["good"], "Comment") for month, scores in enumerate((ALL, ALL, FROM_1), 1)]
    [note] = told(tmp_path / "home", *files, words="answers is 0", together=together)
    assert "a/3.csv: None of its 165 answers is 0, while 30 of 330 in the files before it are" in note


@pytest.mark.parametrize("scores", [(ALL, [*FROM_1] * 20 + [0]), ([*FROM_1] * 4 + [0], FROM_1), (FROM_1, FROM_1)])
def test_few_zeros_may_be_missing_by_chance(tmp_path: Path, scores: Sequence[Sequence[int]]) -> None:
    files = [file(month, each, ["good"], "Comment") for month, each in enumerate(scores, 1)]
    assert told(tmp_path / "home", *files, words="answers is 0") == []


@pytest.mark.parametrize(
    ("scores", "is_told"),
    [
        ([0, 3, 6], "None of its 165 answers is a passive's, while 60 of 330 in the files before it are"),
        ([*range(11), *[0] * 6], "41 % of its answers are 0, and 9 % in the files before it"),
        ([*range(11), *[10] * 14], "60 % of its answers are 10, and 9 % in the files before it"),
        ([*range(11), 0, 10], ""),
    ],
)
def test_answers_of_a_group_alone_or_one_answer_too_often_are_noted(
    tmp_path: Path, scores: Sequence[int], is_told: str
) -> None:
    files = [file(month, each, ["good"], "Comment") for month, each in enumerate((ALL, ALL, scores), 1)]
    found = told(tmp_path / "home", *files, words="in the files before it")
    assert is_told in "".join(found)
    assert bool(found) == bool(is_told)


@pytest.mark.parametrize(
    ("blank", "is_told"),
    [
        (["", *range(1, 11)], ""),
        ([*range(6), *[""] * 5], "75 of its 165 rows have no score, and 0 of 330 in the files before it"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_scores_that_are_blank_far_more_often_than_before_are_noted(
    tmp_path: Path, blank: Sequence[Any], is_told: str, together: bool
) -> None:
    files = [file(month, each, ["good"], "Comment") for month, each in enumerate((ALL, ALL, blank), 1)]
    found = told(tmp_path / "home", *files, words="rows have no score, and", together=together)
    assert is_told in "".join(found)
    assert bool(found) == bool(is_told)


def test_of_large_files_scores_alone_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.intake.notes.earlier.unlike.LARGEST", 100)
    files = [file(month, scores, ["good"], "Comment") for month, scores in enumerate((ALL, ALL, FROM_1), 1)]
    assert len(told(tmp_path / "home", *files, words="answers is 0")) == 1


@pytest.mark.parametrize("together", [True, False])
def test_another_brand_in_all_rows_of_a_column_that_nothing_reads_is_noted(tmp_path: Path, together: bool) -> None:
    files = [file(month, ALL, [brand]) for month, brand in enumerate(("Acme", " ACME", "Rivex"), 1)]
    [note] = told(tmp_path / "home", *files, words="column of brands", together=together)
    assert "a/3.csv: A column of brands, of which nps.yaml says nothing, says 'Rivex' in all its rows, and" in note


READ: dict[str, Any] = {"columns": {"score": "score", "responded_at": "date", "brand": "Brand"}, "own_brands": ["Acme"]}


def test_your_own_brand_alone_after_files_about_rivals_too_is_noted(tmp_path: Path) -> None:
    files = [file(1, ALL, ["Acme", "Rivex"]), file(2, ALL, ["Acme"])]
    [note] = told(tmp_path / "home", *files, words="other brands", **READ)
    assert "a/2.csv: All of its 165 answers are about " in note
    assert "while 82 of 165 in the files before it are about other brands" in note


@pytest.mark.parametrize("brands", [(["Acme"], ["Acme"]), (["Acme"] * 30 + ["Rivex"], ["Acme"])])
def test_your_own_brand_alone_as_before_is_not(tmp_path: Path, brands: Sequence[Sequence[str]]) -> None:
    files = [file(month, ALL, each) for month, each in enumerate(brands, 1)]
    assert told(tmp_path / "home", *files, words="other brands", **READ) == []


BRANCHES: dict[str, Any] = {"columns": {"score": "score", "responded_at": "date", "branch": "Brand"}}


@pytest.mark.parametrize("together", [True, False])
def test_one_branch_after_files_of_several_is_noted(tmp_path: Path, together: bool) -> None:
    files = [file(1, ALL, ["Split", "Zagreb"]), file(2, ALL, ["Zagreb", "Split"]), file(3, ALL, ["Split"])]
    [note] = told(tmp_path / "home", *files, words="a filter", together=together, **BRANCHES)
    assert "a/3.csv: All of its 165 answers are of one branch, Split, while those before are of several" in note


@pytest.mark.parametrize("branches", [(["Split"], ["Zagreb"], ["Split"]), (["Split"] * 30 + ["Zagreb"], ["Split"])])
def test_a_file_for_each_branch_is_not(tmp_path: Path, branches: Sequence[Sequence[str]]) -> None:
    files = [file(month, ALL, each) for month, each in enumerate(branches, 1)]
    assert told(tmp_path / "home", *files, words="a filter", **BRANCHES) == []


def test_a_brand_that_nps_yaml_reads_now_is_no_other_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert told(home, file(1, ALL, ["Acme"]), words="column of brands") == []
    configure(home, {"sources": {"a": source("a", columns=READ["columns"])}, "own_brands": ["Acme"]})
    land(home, "a/2.csv", file(2, ALL, ["Rivex"]), day=2)
    notes = [note for row in taken_in(home).values() for note in row["notes"]]
    assert not any("column of brands" in note for note in notes)
    assert any("None of its answers is about your own brand, but about Rivex" in note for note in notes)


@pytest.mark.parametrize(("blank", "is_told"), [(3, True), (20, False)])
def test_branches_that_are_blank_in_far_more_answers_are_noted(tmp_path: Path, blank: int, is_told: bool) -> None:
    columns = {"score": "score", "responded_at": "date", "branch": "Shop"}
    shops = ["" if at % blank == 0 else "Split" if at % 2 else "Zagreb" for at in range(60)]
    files = [file(1, ALL, ["Split", "Zagreb"], "Shop"), file(2, ALL, shops, "Shop")]
    notes = told(tmp_path / "home", *files, words="its answers count as of no known branch", columns=columns)
    assert len(notes) == is_told
    assert not is_told or "branch is blank in 55 of its 165 answers, and in 0 of 165 in the files before it" in notes[0]
