"""Files of which nps.yaml leaves nothing: a note, since no figure shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, noted, source, workspace

LEFT_OUT = "None of its {} rows counts: "


def file(month: int, score: str = "9", says: str = "Complete", rows: int = 20) -> str:
    lines = [f"2025-{month:02}-{1 + at % 28:02},{score},{says}" for at in range(rows)]
    return "\n".join(["date,score,what", *lines, ""])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"exclude": {"test": {"column": "what", "values": ["complete"]}}}, "20 are left out as test (exclude)"),
        ({"where": {"column": "what", "values": ["NPS"]}}, "20 are left out as other_question (where)"),
        ({"unanswered_where": {"column": "what", "values": ["complete"]}}, "20 have no score that counts"),
        ({"unanswered": ["9"]}, "20 have no score that counts"),
    ],
)
def test_a_first_file_of_which_nothing_counts_is_told(tmp_path: Path, settings: dict[str, object], told: str) -> None:
    home = workspace(tmp_path, {"sources": {"a": source("a", **settings)}})
    land(home, "a/1.csv", file(1))
    [note] = noted(home).values()
    assert LEFT_OUT.format(20) + told in note


def test_a_later_file_that_is_excluded_as_a_whole_is_told_and_one_without_scores_is_told_once(tmp_path: Path) -> None:
    rule = {"test": {"column": "what", "values": ["test"]}}
    home = workspace(tmp_path, {"sources": {"a": source("a", exclude=rule)}})
    for month, text in enumerate((file(1), file(2, says="Test"), file(3, score=""), file(4, says="test", rows=19)), 1):
        land(home, f"a/{month}.csv", text, day=month)
    first, told, blank, few = noted(home).values()
    assert LEFT_OUT.format(20) + "20 are left out as test (exclude)" in told
    assert not any("rows counts" in each for each in (first, blank, few))


def test_attempts_of_which_none_was_answered_are_no_file_without_answers(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "response_id": "id"}
    home = workspace(tmp_path, {"sources": {"a": source("a", contacts=True, columns=columns)}})
    land(home, "a/1.csv", "\n".join(["date,score,id", *(f"2025-01-02,,{at}" for at in range(30)), ""]))
    assert "rows counts" not in "".join(noted(home).values())
