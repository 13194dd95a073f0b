"""What is alike in every file of a source is noted once, and again where it is something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, land, noted, source, workspace

ROWS = "".join(f"r{{month}}-{score},2025-0{{month}}-{1 + score:02},{score}\n" for score in range(11))
HEADINGS = "id,date,score\n"
TITLE = "Report: NPS\nMade on: 2025-06-01\n\n"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            [f"{TITLE}{HEADINGS}{ROWS}", f"{TITLE}{HEADINGS}{ROWS}", f"Report: NPS\n\n{HEADINGS}{ROWS}"],
            "taken for a title",
        ),
        (
            [f"{HEADINGS}{ROWS}Total,,5\n", f"{HEADINGS}{ROWS}Total,,5\n", f"{HEADINGS}{ROWS}Total,,5\nAverage,,5\n"],
            "of totals or averages",
        ),
    ],
    ids=["a title", "a row of totals"],
)
def test_what_each_file_has_is_noted_once_and_again_where_it_is_more(
    files: list[str], words: str, tmp_path: Path
) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns={**ANSWERS, "response_id": "id"})}})
    for month, text in enumerate(files, 1):
        land(home, f"a/{month}.csv", text.replace("{month}", f"{month}"), day=month)
    assert [words in notes for notes in noted(home).values()] == [True, False, True]
