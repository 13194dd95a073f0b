"""A branch, a channel or a day whose answers are odd beside the others of its file, and answers of one second: noted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.support.scenario import land, noted, source, workspace

SCORES = (10, 9, 9, 8, 10, 7, 6, 8, 9, 5, 10, 3, 9, 8, 10, 0, 7, 9, 10, 6)
SHOPS = ("Split", "Zagreb", "Rijeka", "Osijek")


def notes(home: Path, odd: Callable[[str, str, int, int], int], answers: int = 400, **settings: object) -> str:
    """The notes on a file of four shops; `odd` says from shop, day, number and score what is answered instead."""
    chance, lines = Random(5), ["date,score,Shop"]  # noqa: S311 - the same each time
    for at in range(answers):
        day, shop = f"2024-01-{1 + at % 10:02}", SHOPS[at % 4]
        score = odd(shop, day, at, chance.choice(SCORES))
        lines.append(f"{day}T{8 + at % 12:02}:{at % 59:02}:{1 + at % 53:02},{score},{shop}")
    columns = {"score": "score", "responded_at": "date", "branch": "Shop"}
    workspace(home, {"sources": {"a": source("a", columns=columns, **settings)}})
    land(home, "a/1.csv", "\n".join([*lines, ""]))
    return "".join(noted(home).values())


def plain(_: str, __: str, ___: int, score: int) -> int:
    return score


def test_answers_that_are_alike_everywhere_are_not_noted(tmp_path: Path) -> None:
    assert notes(tmp_path / "home", plain) == ""


def test_a_branch_that_is_turned_around_is_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda shop, _, __, score: 10 - score if shop == "Split" else score)
    assert "100 answers of branch Split look like the others of the file in a mirror" in told


def test_an_unhappy_branch_is_not_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda shop, _, __, score: max(0, score - 4) if shop == "Split" else score)
    assert told == ""


@pytest.mark.parametrize("at", [0, 5])
def test_a_branch_that_stands_at_an_answer_is_noted(tmp_path: Path, at: int) -> None:
    told = notes(tmp_path / "home", lambda shop, _, n, score: at if shop == "Split" and n % 3 == 0 else score, 900)
    assert f"answers of branch Split are {at}, and " in told


def test_a_day_that_stands_at_an_answer_is_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda _, day, n, score: 0 if day == "2024-01-05" and n % 3 else score)
    assert "answers of 2024-01-05 are 0, and " in told


def test_a_branch_of_promoters_alone_is_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda shop, _, n, score: 9 + n // 4 % 2 if shop == "Split" else score)
    assert "All 100 answers of branch Split are 9 or 10, as chance hardly has it" in told


def test_employees_are_not_told_by_their_branches(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", lambda shop, _, __, score: 10 if shop == "Split" else score, metric="enps")
    assert told == ""


def seconds(home: Path, stamps: list[str]) -> str:
    chance = Random(5)  # noqa: S311 - the same each time
    rows = "".join(f"{stamp},{chance.choice(SCORES)}\n" for stamp in stamps)
    workspace(home, {"sources": {"a": source("a")}})
    land(home, "a/1.csv", f"date,score\n{rows}")
    return "".join(noted(home).values())


SPREAD = [f"2024-01-{1 + at % 28:02}T{8 + at % 12:02}:{at % 59:02}:{1 + at % 53:02}" for at in range(120)]


def test_many_answers_of_one_second_are_noted(tmp_path: Path) -> None:
    told = seconds(tmp_path / "home", [*SPREAD, *["2024-01-29T10:00:07"] * 15, *["2024-01-29T10:00:08"] * 15])
    assert "30 of its 150 answers were given within the same second as 4 others or more" in told


def test_minutes_and_spread_seconds_are_not_noted(tmp_path: Path) -> None:
    assert seconds(tmp_path / "home", SPREAD) == ""
    assert seconds(tmp_path / "other", [f"{stamp[:16]}:00" for stamp in SPREAD[:40] * 3]) == ""
