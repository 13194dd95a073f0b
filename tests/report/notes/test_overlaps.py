"""Answers of which a part stands in another source too, and months that are missing amid others, are told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.support.scenario import ANSWERS, counts, land, night, nps, source, workspace
from warehouse.months.overlaps import _of_one_second


def answers(first: int, last: int, day: int = 1) -> list[str]:
    return [f"{n * 7 % 11},2025-03-{day + n % 20:02} {8 + n % 9:02}:{n * 13 % 60:02},p{n}" for n in range(first, last)]


def made(home: Path, *, who: bool = True, second: str = "") -> Path:
    columns = {**ANSWERS, **({"respondent": "who"} if who else {})}
    workspace(home, {"sources": {name: source(name, columns=columns) for name in "ab"}})
    for name, rows in (("a", answers(0, 100)), ("b", answers(70, 170))):
        told = [row.replace(",p", f"{second},p") for row in rows]
        land(home, f"{name}/1.csv", "\n".join(["score,date,who", *told]))
    return home


def said(home: Path) -> list[str]:
    return [line for line in night(home).out.splitlines() if "stand in" in line]


def test_a_part_of_the_answers_that_stands_in_another_source_is_told(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    [told] = said(home)
    timed = sum(n * 13 % 60 % 15 != 0 for n in range(100))
    both = sum(n * 13 % 60 % 15 != 0 for n in range(70, 100))
    assert told.strip().startswith(
        f"{both} of {timed} answers of a that have a time stand in b too: of the same person"
    )
    assert sum(counts(home, "a")) + sum(counts(home, "b")) == 200
    assert any("stand in" in line for line in nps("status", "--home", home).out.splitlines())


def test_without_persons_seconds_tell_and_minutes_do_not(tmp_path: Path) -> None:
    assert said(made(tmp_path / "minutes", who=False)) == []
    assert len(said(made(tmp_path / "seconds", who=False, second=":17"))) == 1


@pytest.mark.parametrize(("change", "clock", "told"), [(0, "", 1), (0, " 10:07:11", 1), (1, "", 0)])
def test_without_times_days_that_have_the_very_same_scores_tell(
    tmp_path: Path, change: int, clock: str, told: int
) -> None:
    """Two tools were used for a while: one began before the other ended, and nobody is named."""
    home = workspace(tmp_path, {"sources": {name: source(name) for name in "ab"}})
    scores = [(n * n + 3 * n) % 11 for n in range(140)]
    days = [f"2025-03-{1 + n // 5:02}" for n in range(140)]
    land(home, "a/1.csv", "\n".join(["score,date", *(f"{scores[n]},{days[n]}{clock}" for n in range(90))]))
    later = [f"{(scores[n] + change * (n < 90)) % 11},{days[n]},x" for n in range(40, 140)]
    land(home, "b/1.csv", "\n".join(["score,date,agent", *later]))
    assert [("day by day, by their scores" in line) for line in said(home)] == [True] * told


def test_other_answers_of_the_same_people_are_told_of_nothing(tmp_path: Path) -> None:
    columns = {**ANSWERS, "respondent": "who"}
    home = workspace(tmp_path / "home", {"sources": {name: source(name, columns=columns) for name in "ab"}})
    land(home, "a/1.csv", "\n".join(["score,date,who", *answers(0, 100)]))
    land(home, "b/1.csv", "\n".join(["score,date,who", *answers(0, 100, day=5)]))
    assert said(home) == []


def test_two_questions_of_one_form_agree_by_chance_and_are_told_of_nothing(tmp_path: Path) -> None:
    read = {name: {"score": name, "responded_at": "date", "respondent": "who"} for name in "ab"}
    both = {name: source(name, columns=columns, files="landing/form/*") for name, columns in read.items()}
    home = workspace(tmp_path / "home", {"sources": both})
    rows = [
        f"{n * 7 % 11},{n * 7 % 11 if n % 4 else 10},2025-03-{1 + n % 20:02} {8 + n % 9:02}:07:01,p{n}"
        for n in range(200)
    ]
    land(home, "form/1.csv", "\n".join(["a,b,date,who", *rows]))
    assert len(said(home)) == 1
    fewer = [f"{n * 7 % 11},{(n * 7 + (n % 4 > 0)) % 11},{row.split(',', 2)[2]}" for n, row in enumerate(rows)]
    land(home, "form/1.csv", "\n".join(["a,b,date,who", *fewer]), day=2)
    assert said(home) == []


def test_answers_that_replace_each_other_are_told_of_nothing(tmp_path: Path) -> None:
    columns = {**ANSWERS, "respondent": "who"}
    both = {name: source(name, columns=columns, defaults={"survey": "one"}) for name in "ab"}
    home = workspace(tmp_path / "home", {"sources": both})
    for name in "ab":
        land(home, f"{name}/1.csv", "\n".join(["score,date,who", *answers(0, 60)][: 61 if name == "a" else 41]))
    assert said(home) == []
    assert sum(counts(home, "one")) == 60


def months(*missing: int) -> str:
    return "score,date\n" + "".join(f"9,{2024 + n // 12}-{1 + n % 12:02}-05\n" for n in range(14) if n not in missing)


def test_a_hole_of_two_months_is_told_by_the_night_and_by_status(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    land(home, "a/1.csv", months(8, 9))
    words = "a has no answers of 2024-09 to 2024-10, though"
    assert words in night(home).out
    assert words in nps("status", "--home", home).out


def test_a_source_of_quarters_and_a_month_without_answers_have_no_hole(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a"), "b": source("b")}})
    land(home, "a/1.csv", months(8))
    land(home, "b/1.csv", months(*(n for n in range(14) if n % 3)))
    assert "has no answers of" not in night(home).out


def test_very_many_answers_of_one_second_are_told_without_pairing_each_with_each() -> None:
    answers = pl.DataFrame({
        "row": range(200_000), "source": ["a", "b"] * 100_000, "metric": "nps", "survey": ["s", "t"] * 100_000,
        "at": 61_000_001, "score": 9, "respondent_key": [None, "p"] * 100_000,
    })  # fmt: skip
    told = _of_one_second(answers, answers)
    assert told.group_by("source").len().sort("source").rows() == [("a", 100_000), ("b", 100_000)]
