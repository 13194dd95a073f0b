"""Small files, night after night, that show only together that a column or the scale is another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from tests.support.scenario import land, source, taken_in, workspace

COLUMNS = {"score": "score", "responded_at": "date", "branch": "shop", "respondent": "who"}


def day(number: int, scores: Sequence[int] = range(11), shop: str = "Split", who: str = "c{}") -> str:
    dice = Random(number)  # noqa: S311 - the same every time
    lines = [
        f"{dice.choice(scores)},2025-03-{number:02},{shop},{who.format(100 * number + n) if who else ''}"
        for n in range(8)
    ]
    return "\n".join(["score,date,shop,who", *lines, ""])


def told(home: Path, files: Sequence[str]) -> list[str]:
    """The notes on the last of some files, each of which comes in a night of its own."""
    workspace(home, {"sources": {"a": source("a", columns=COLUMNS)}})
    context = Context(open_workspace(home))
    notes = []
    for number, text in enumerate(files, 1):
        land(home, f"a/{number:02}.csv", text, number)
        notes.append(" ".join(taken_in(home, context)[f"landing/a/{number:02}.csv"]["notes"] or ()))
    return notes


def test_a_branch_that_small_files_have_no_more_is_told_once(tmp_path: Path) -> None:
    notes = told(tmp_path, [day(n, shop="Split" if n <= 4 else "") for n in range(1, 9)])
    assert "branch is blank in all 24 answers of the last small files (this one and 2 before it)" in notes[6]
    assert "".join(notes[:6]) + notes[7] == ""


@pytest.mark.parametrize(
    ("scores", "says"), [(range(1, 6), "is above 5"), (range(7), "is above 6"), (range(9, 11), "is below 9")]
)
def test_small_files_of_a_shorter_scale_or_one_group_are_told(scores: range, says: str, tmp_path: Path) -> None:
    notes = told(tmp_path, [day(n, range(11) if n <= 6 else scores) for n in range(1, 13)])
    said = " ".join(notes)
    assert "answers of the last small files (this one and" in said
    assert says in said
    assert said.count("of the last small files") == 1


def test_small_files_as_before_are_told_of_nothing(tmp_path: Path) -> None:
    assert "".join(told(tmp_path, [day(n, shop="Split" if n % 3 else "") for n in range(1, 10)])) == ""
