"""Rows that hold no answer, or are left out, with the ids of answers that count: nothing takes these back, so it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, night, noted, published, source, workspace

HEADING = "id,date,score,state"
FIRST = [f"r{at},2025-03-{at % 20 + 1:02},{at % 11},ok" for at in range(30)]
#: No answer any more, one that is left out, one that is answered anew, one that is both, and one that nobody knew.
LATER = [
    "r3,2025-03-04,,ok",
    "r4,2025-03-05,7,Deleted",
    "r5,2025-03-06,9,ok",
    "r6,2025-03-07,,ok",
    "r6,2025-03-07,5,ok",
]
LATER += ["r99,2025-03-09,,ok"]


def notes(home: Path, *later: list[str], **settings: object) -> list[str]:
    """The notes of files that come after the first is in."""
    columns = {"response_id": "id", "score": "score", "responded_at": "date"}
    left_out = {"flagged": {"column": "state", "values": ["Deleted"]}}
    workspace(home, {"sources": {"web": source("web", columns=columns, exclude=left_out, **settings)}})
    land(home, "web/1.csv", "\n".join([HEADING, *FIRST]), day=1)
    noted(home)
    for at, rows in enumerate(later, 2):
        land(home, f"web/{at}.csv", "\n".join([HEADING, *rows]), day=at)
    return [note for path, note in noted(home).items() if not path.endswith("/1.csv")]


@pytest.mark.parametrize("others", [[], [["r200,2025-03-09,8,ok"]]], ids=["alone", "read with another"])
def test_answers_that_a_later_file_knows_nothing_of_are_told(tmp_path: Path, others: list[list[str]]) -> None:
    told, *rest = notes(tmp_path, LATER, *others)
    assert "2 answers of earlier files go on counting" in told
    assert not any("go on counting" in each for each in rest)
    night(tmp_path)
    counted = published(tmp_path, "select sum(responses)::int from marts.nps_overall where period_grain = 'month'")
    assert counted == [(30 + len(others),)]


def test_who_is_asked_again_takes_nothing_back_and_who_is_left_out_is_told(tmp_path: Path) -> None:
    [told] = notes(tmp_path, LATER, contacts=True)
    assert "1 answer of an earlier file goes on counting" in told


def test_a_snapshot_takes_them_back(tmp_path: Path) -> None:
    new = ["r100,2025-03-08,8,ok", "r101,2025-03-08,8,ok"]
    assert "counting" not in notes(tmp_path, [*LATER, *FIRST[:3], *FIRST[7:], *new], delivery="snapshot")[0]


def test_ids_that_begin_anew_with_other_answers_are_told_once_and_corrections_never(tmp_path: Path) -> None:
    def rows(day: int, first: int, answer: int) -> list[str]:
        return [f"r{at},2025-03-{day:02},{(at * 7 + answer) % 11},ok" for at in range(first, first + 25)]

    going_on, anew, again = rows(21, 30, 0), rows(25, 0, 3), rows(28, 25, 5)
    corrected = [row.replace("2025-03-21", "2025-03-21 10:00") for row in rows(21, 30, 1)]
    assert "shares" not in notes(tmp_path, going_on)[0]
    told = []
    for day, later in enumerate((corrected, anew, again), 3):
        land(tmp_path, f"web/{day}.csv", "\n".join([HEADING, *later]), day=day)
        told.append(noted(tmp_path)[f"landing/web/{day}.csv"])
    assert ["ids of answers that it shares with other files" in each for each in told] == [False, True, False]
    assert "23 of the 25 ids" in told[1]


def test_few_ids_that_all_have_other_answers_are_told_and_few_among_many_are_not(tmp_path: Path) -> None:
    anew = [f"r{at},2025-04-{at + 1:02},{(at * 7 + 3) % 11},ok" for at in range(6)]
    assert "5 of the 6 ids" in notes(tmp_path / "all", anew)[0]
    assert "shares" not in notes(tmp_path / "some", [*FIRST[6:], *anew])[0]
