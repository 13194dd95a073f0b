"""Columns beside the score that say something against it, or of who gave it, in files that are in: a note, once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from pipelines.intake import once
from tests.support.scenario import ANSWERS, land, noted, nps, source, taken_in, workspace

OURS = (once.LEGS, *once.OF_LOOKS)
SCORES = (10, 9, 9, 8, 10, 7, 6, 8, 9, 5, 10, 3, 9, 8, 10, 0, 7, 9, 10, 6)


def file(month: int, heading: str, values: Sequence[str], scores: Sequence[object]) -> str:
    """Answers of a month, each at a minute of its own, with what a column says."""
    rows = [
        f"2024-{month:02}-{1 + at % 28:02}T{8 + at % 10:02}:{at % 60:02}:{(7 * at) % 60:02},{score},{value}"
        for at, (score, value) in enumerate(zip(scores, values, strict=True))
    ]
    return "\n".join([f"date,score,{heading}", *rows, ""])


def people(answers: int, shape: str = "person{}@gmail.com") -> list[str]:
    return [shape.format(at) for at in range(answers)]


def given(answers: int) -> list[int]:
    """Answers as clients give them, in no order."""
    return Random(3).choices(SCORES, k=answers)  # noqa: S311 - the same each time


def notes(home: Path, heading: str, values: Sequence[str], scores: Sequence[object], **settings: object) -> str:
    """The notes on a later file, whose columns an earlier one had with nothing odd; and on a third that is like it: none."""
    workspace(home, {"sources": {"a": source("a", **settings)}})
    land(home, "a/1.csv", file(1, heading, people(60, "p{}@gmail.com"), given(60)))
    land(home, "a/2.csv", file(2, heading, values, scores), day=2)
    told = all_notes(home)
    land(home, "a/3.csv", file(3, heading, values, scores), day=3)
    assert told == all_notes(home), "it is told again"
    return told


def all_notes(home: Path) -> str:
    """The notes on all files, those on other things than columns beside the score left aside."""
    told = "".join(noted(home).values())
    return told if any(each in told for each in OURS) else ""


def group(score: int) -> str:
    return "Promoter" if score > 8 else "Passive" if score > 6 else "Detractor"


def test_groups_beside_blank_scores_are_noted(tmp_path: Path) -> None:
    scores = given(60)
    left_out = ["" if at % 10 == 0 else score for at, score in enumerate(scores)]
    told = notes(tmp_path / "home", "Group", [group(each) for each in scores], left_out)
    assert "6 rows have no score, though promoter, passive or detractor is said in 'Group' all the same" in told


def test_groups_that_contradict_scores_are_noted(tmp_path: Path) -> None:
    scores = given(60)
    told = notes(tmp_path / "home", "Group", [group(each) for each in scores], [10 - score for score in scores])
    assert "answers are of another group than by their scores on the scale of nps.yaml" in told


def test_groups_that_agree_are_not_noted(tmp_path: Path) -> None:
    scores = given(60)
    assert notes(tmp_path / "home", "Group", [group(each) for each in scores], scores) == ""


def test_legs_of_calls_are_noted(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    scores = [score for score in given(60) for _ in (1, 2)]
    land(home, "a/1.csv", file(1, "Call", [f"C-{at // 2}" for at in range(120)], scores))
    told = all_notes(home)
    assert "60 of 120 answers have the score of another one below the same id in 'Call'" in told


@pytest.mark.parametrize("heading", ["Client ID", "Phone", "Interview day"])
def test_people_that_answer_again_are_no_legs(tmp_path: Path, heading: str) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    scores = [score for score in given(60) for _ in (1, 2)]
    shape = "2024-01-{:02}" if "day" in heading else "3859{:04}"
    land(home, "a/1.csv", file(1, heading, [shape.format(at // 2) for at in range(120)], scores))
    assert all_notes(home) == ""


def test_keys_of_one_call_are_noted_and_settled_by_its_id(tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + at // 4 % 28:02} 10:{at % 60:02},{score},C-{at // 2}" for at, score in enumerate(given(120))]
    for read, told in (({}, True), ({"response_id": "Call"}, False)):
        home = workspace(tmp_path / str(told), {"sources": {"a": source("a", columns={**ANSWERS, **read})}})
        land(home, "a/1.csv", "\n".join(["date,score,Call", *rows, ""]))
        assert (
            "60 of 120 answers are of one day with another one below the same id in 'Call'" in all_notes(home)
        ) is told


def test_brands_of_one_interview_are_no_keys_of_a_call(tmp_path: Path) -> None:
    scores = enumerate(given(120))
    rows = [
        f"2024-01-{1 + at // 4 % 28:02} 10:{at // 2:02},{score},I-{at // 2},{'ABC'[at % 2]}" for at, score in scores
    ]
    home = workspace(tmp_path, {"sources": {"a": source("a", columns={**ANSWERS, "brand": "Brand"})}})
    land(home, "a/1.csv", "\n".join(["date,score,Interview,Brand", *rows, ""]))
    assert "below the same id" not in all_notes(home)
    file = tmp_path / "market.csv"
    file.write_text("\n".join(["date,nps,Interview,Brand", *rows, ""]))
    assert "as where each key" not in nps("sniff", file).out


def test_ids_with_different_scores_are_no_legs(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    land(home, "a/1.csv", file(1, "Call", [f"C-{at // 2}" for at in range(120)], given(120)))
    assert all_notes(home) == ""


def test_addresses_of_testers_are_noted(tmp_path: Path) -> None:
    values = [*people(57), "test1@firm.com", "qa@firm.com", "ana+test@firm.com"]
    told = notes(tmp_path / "home", "E-mail", values, given(60))
    assert "3 answers are of addresses of testers in 'E-mail'" in told
    assert "firm.com" not in told


@pytest.mark.parametrize("read_as", ["comment", ""])
def test_comments_of_testers_are_noted(tmp_path: Path, read_as: str) -> None:
    columns = {"score": "score", "responded_at": "date"} | ({read_as: "Comment"} if read_as else {})
    values = [*people(57, "quick and friendly {}"), "TEST", "asdf", "test"]
    told = notes(tmp_path / "home", "Comment", values, given(60), columns=columns)
    assert "3 answers have a comment that only testers write in 'Comment'" in told


def test_many_answers_of_one_address_are_noted(tmp_path: Path) -> None:
    values = [f"93.1.2.{at}" if at < 100 else "10.0.0.1" for at in range(120)]
    told = notes(tmp_path / "home", "IP Address", values, given(120))
    assert "20 of 120 answers are of one address in 'IP Address'" in told
    assert "10.0.0.1" not in told


def test_terminals_that_many_answer_at_are_not_noted(tmp_path: Path) -> None:
    values = [f"10.0.0.{at % 4}" for at in range(120)]
    assert notes(tmp_path / "home", "IP Address", values, given(120)) == ""


@pytest.mark.parametrize(("heading", "read_as"), [("Interviewer", ""), ("Operator", "agent"), ("Anketar", "")])
def test_one_who_asks_and_hears_10s_alone_is_noted(tmp_path: Path, heading: str, read_as: str) -> None:
    columns = {"score": "score", "responded_at": "date"} | ({read_as: heading} if read_as else {})
    names = [("Ana", "Ivo", "Mia", "Max")[at % 4] for at in range(160)]
    scores = [10 if name == "Max" else score for name, score in zip(names, given(160), strict=True)]
    told = notes(tmp_path / "home", heading, names, scores, columns=columns)
    assert f"All 40 answers of one and the same in '{heading}' are 10" in told
    assert "Max" not in told


def test_browsers_ask_nobody(tmp_path: Path) -> None:
    names = [("Chrome", "Safari", "Edge", "Opera")[at % 4] for at in range(160)]
    scores = [10 if name == "Opera" else score for name, score in zip(names, given(160), strict=True)]
    assert notes(tmp_path / "home", "User agent", names, scores) == ""


def test_the_mail_of_one_firm_amid_that_of_the_public_is_noted(tmp_path: Path) -> None:
    values = [*people(48), *people(12, "someone{}@acme.hr")]
    told = notes(tmp_path / "home", "E-mail", values, given(60))
    assert "12 of 60 answers are of the mail of one firm in 'E-mail'" in told
    assert "It says acme.hr." in told


def test_clients_that_are_firms_are_not_noted(tmp_path: Path) -> None:
    values = [*people(30), *people(15, "a{}@acme.hr"), *people(15, "b{}@rivex.hr")]
    assert notes(tmp_path / "home", "E-mail", values, given(60)) == ""


def test_nothing_is_said_of_who_employees_are(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", metric="enps")}})
    values = [*people(88), *people(32, "someone{}@acme.hr")]
    land(home, "a/1.csv", file(1, "E-mail", values, [*given(88), *[10] * 32]))
    assert all_notes(home) == ""


def test_many_small_files_are_looked_at_each(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    for month in range(1, 6):
        values = [*people(57), *(["test1@firm.com"] * 3 if month == 4 else people(3, "x{}@gmail.com"))]
        land(home, f"a/{month}.csv", file(month, "E-mail", values, given(60)), day=month)
    assert [path for path, told in noted(home).items() if told] == ["landing/a/4.csv"]


def test_a_file_with_broken_rows_is_looked_at_too(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    broken = "2024-01-09T10:00:00,9,x@gmail.com,one,cell,too,many\n"
    land(home, "a/1.csv", file(1, "E-mail", [*people(59), "test1@firm.com"], given(60)) + broken)
    assert "1 answer are of addresses of testers" in "".join(noted(home).values())


def test_a_file_with_broken_rows_and_branches_written_once_is_in(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "branch": "Shop"}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=columns)}})
    shops = [("Split", "Zagreb")[at // 5 % 2] if at % 5 == 0 else "" for at in range(60)]
    land(home, "a/1.csv", file(1, "Shop", shops, given(60)) + "2024-01-09T10:00:00,9,Split,one,cell,too,many\n")
    assert "written only in the first row of each group" in "".join(noted(home).values())
    assert [row["accepted"] for row in taken_in(home).values()] == [60]
