"""Answers that stand several times in a file that was joined with something, and ids or people that very many rows share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, land, nps, source, taken_in, workspace

SCORES = [(at * 7 + at // 11) % 11 for at in range(60)]


def joined(times: Callable[[int], str], scores: Callable[[int, int], int]) -> str:
    """Sixty answers, of which each second one stands there twice, beside two tickets."""
    rows = [f"{times(at)},{scores(at, copy)},Split,T{at}-{copy}" for at in range(60) for copy in range(1 + at % 2)]
    return "\n".join(["date,score,branch,Ticket", *rows, ""])


def second(at: int) -> str:
    return f"2025-01-{1 + at % 28:02} 10:{at % 60:02}:{7 + at % 50:02}"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (joined(second, lambda at, _: SCORES[at]), True),
        (joined(second, lambda at, copy: (SCORES[at] + copy) % 11), False),
        (joined(lambda at: second(at)[:16], lambda at, copy: (SCORES[at] + copy) % 11), False),
        (joined(lambda at: f"2025-01-01 10:00:{1 + at % 3:02}", lambda at, _: SCORES[at]), False),
    ],
    ids=["joined", "other answers", "no seconds", "loaded at once"],
)
@pytest.mark.parametrize("own_id", [None, "Ticket"])
def test_answers_that_were_joined_with_tickets_are_noted(
    tmp_path: Path, text: str, is_told: bool, own_id: str | None
) -> None:
    columns = {**ANSWERS, "branch": "branch", **({"response_id": own_id} if own_id else {})}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=columns)}})
    land(home, "a/1.csv", text)
    [row] = taken_in(home).values()
    told = [note for note in row["notes"] if "joined" in note]
    assert len(told) == is_told
    assert not is_told or told[0].startswith(
        "30 of its 90 answers have the second, the score and the comment of another"
    )


def commented(comments: Callable[[int], str], days: int = 28, copies: int = 2) -> str:
    """Sixty answers of some days, of which each second one stands there again, beside another product."""
    rows = [
        f"2025-01-{1 + at % days:02},{SCORES[at]},Split,P{at}-{copy},{comments(at)}"
        for copy in range(copies)
        for at in range(copy, 60, 1 + copy)
    ]
    return "\n".join(["date,score,branch,Product,Comment", *rows, ""])


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (
            commented(lambda at: f"I waited {at} minutes"),
            "30 of its 90 answers have the time, the score and the comment",
        ),
        (commented(lambda at: f"I waited {at % 7} minutes"), ""),
        (commented(lambda at: f"{at} minutes"), ""),
        (commented(lambda at: f"I waited {at} minutes", days=1), ""),
        (commented(lambda at: f"I waited {at} minutes", copies=1), ""),
    ],
    ids=["joined", "phrases", "short", "one day", "once"],
)
@pytest.mark.parametrize("largest", [10, 300_000])
def test_answers_of_days_that_were_joined_are_noted_by_their_comments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, is_told: str, largest: int
) -> None:
    monkeypatch.setattr("pipelines.intake.notes.answers.repeated.LARGEST", largest)
    home = workspace(
        tmp_path / "home",
        {"sources": {"a": source("a", columns={**ANSWERS, "branch": "branch", "comment": "Comment"})}},
    )
    land(home, "a/1.csv", text)
    [row] = taken_in(home).values()
    told = [note for note in row["notes"] if "joined" in note]
    assert is_told in "".join(told)
    assert bool(told) == bool(is_told)


def of_days(
    score: Callable[[int, int], int], days: Callable[[int], int] = lambda at: 1 + at % 28, copies: int = 2
) -> str:
    """Sixty answers of days without comments, of which each second one stands there again, beside another product."""
    rows = [
        f"2025-01-{days(at):02},{score(at, copy)},{'Split' if at % 3 else 'Zadar'},P{copy}"
        for at in range(60)
        for copy in range(1 + (copies - 1) * (at % 2))
    ]
    return "\n".join(["date,score,branch,Product", *rows, ""])


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (of_days(lambda at, _: SCORES[at]), "30 of its 90 answers have the time, the score and the comment"),
        (of_days(lambda at, copy: SCORES[at + copy - 1]), ""),
        (of_days(lambda at, _: SCORES[at], copies=1), ""),
        (of_days(lambda at, _: at // 6, lambda at: 1 + at // 30), ""),
        (of_days(lambda at, _: 10 if at % 7 else 0), ""),
    ],
    ids=["joined", "other answers", "once", "sorted", "all alike"],
)
def test_answers_of_days_that_stand_one_below_another_are_noted(tmp_path: Path, text: str, is_told: str) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns={**ANSWERS, "branch": "branch"})}})
    land(home, "a/1.csv", text)
    [row] = taken_in(home).values()
    told = [note for note in row["notes"] if "joined" in note]
    assert is_told in "".join(told)
    assert bool(told) == bool(is_told)


def test_ids_and_people_that_very_many_rows_of_a_file_share_are_said_to_be_odd(tmp_path: Path) -> None:
    columns = {**ANSWERS, "response_id": "id", "respondent": "mail"}
    home = workspace(tmp_path / "home", {"sources": {name: source(name, columns=columns) for name in "ab"}})
    days = [f"2025-01-{1 + at % 28:02},{score}" for at, score in enumerate(SCORES)]
    people = [f"{day},r{at},{'desk@acme.hr' if at % 2 else f'c{at}@x.hr'}" for at, day in enumerate(days)]
    ids = [f"{day},S{at % 30},c{at}@x.hr" for at, day in enumerate(days)]
    land(home, "a/1.csv", "\n".join(["date,score,id,mail", *people, ""]))
    land(home, "b/1.csv", "\n".join(["date,score,id,mail", *ids, ""]))
    told = nps("run", "--home", home).said.splitlines()
    [of_people] = [line for line in told if "landing/a/1.csv do not count" in line]
    [of_ids] = [line for line in told if "landing/b/1.csv do not count" in line]
    assert "29 of 60 answers" in of_people
    assert "If nobody answered so often, respondent of nps.yaml reads what many share" in of_people
    assert "30 of 60 answers" in of_ids
    assert "If these are different answers, response_id of nps.yaml reads what many of them share" in of_ids


@pytest.mark.parametrize("beside", ["", "{}"], ids=["equal rows", "rows with a number"])
def test_an_export_that_was_appended_to_itself_is_noted(tmp_path: Path, beside: str) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    once = [f"2025-01-{1 + (at * 5) % 28:02},{(at * 7 + at // 11) % 11}" for at in range(60)]
    rows = [f"{row},{beside.format(copy)}" for copy in (1, 2) for row in once]
    land(home, "a/1.csv", "\n".join(["date,score,Export", *rows, ""]))
    [row] = taken_in(home).values()
    assert [note for note in row["notes"] if "60 of its 120 answers are the ones above them again" in note]


def test_answers_in_order_are_not_appended_ones(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    rows = sorted(f"2025-01-{1 + at % 5:02},{8 + at % 2},{at}" for at in range(200))
    land(home, "a/1.csv", "\n".join(["date,score,No", *rows, ""]))
    [row] = taken_in(home).values()
    assert not [note for note in row["notes"] if "again, in the same order" in note]


@pytest.mark.parametrize(
    ("later", "is_told", "dated"),
    [("2025-03-02,3", True, ""), ("2025-03-01,3", True, "In 1 of them"), ("2025-03-02,9", False, "")],
    ids=["another score", "another score of an earlier time", "the same"],
)
def test_an_id_with_several_scores_is_noted_where_nothing_says_which_is_the_newest(
    tmp_path: Path, later: str, is_told: bool, dated: str
) -> None:
    text = f"id,date,score,changed\n1,2025-03-02,9,2025-03-03\n2,2025-03-02,8,2025-03-03\n1,{later},2025-03-01\n"
    columns = {**ANSWERS, "response_id": "id"}
    for name, dates in (("alone", {}), ("changed", {"updated_at": "changed"})):
        home = workspace(tmp_path / name, {"sources": {"a": source("a", columns={**columns, **dates})}})
        land(home, "a/1.csv", text)
        [row] = taken_in(home).values()
        told = [note for note in row["notes"] if "the last row counts" in note]
        assert bool(told) == (is_told and not dates)
        assert not told or (told[0].startswith("1 id of answers stands in several of its rows") and dated in told[0])
