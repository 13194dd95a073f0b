"""A later file whose days are odd beside those of the files before it: all of one day, or their very answers again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import land, noted, source, workspace

SCORES = [(at * 7) % 11 for at in range(60)]
DAYS = [f"2024-0{1 + at % 3}-{1 + at * 5 % 28:02}" for at in range(60)]


def table(days: list[str], scores: list[Any], *, heading: str = "comment", beside: str = "said {}") -> str:
    """A file of answers, with something beside each that is its own."""
    rows = [f"{day},{score},{beside.format(at)}" for at, (day, score) in enumerate(zip(days, scores, strict=True))]
    return "\n".join([f"date,score,{heading}", *rows, ""])


def last_noted(home: Path, *files: str, **settings: Any) -> str:  # noqa: ANN401 - as nps.yaml has it
    """The notes of the last of some files that come one a night."""
    columns = {"columns": {"score": "score", "responded_at": "date"}, **settings}
    workspace(home, {"sources": {"a": source("a", **columns)}})
    for at, text in enumerate(files, 1):
        land(home, f"a/{at}.csv", text, day=at)
        notes = noted(home)
    return notes[f"landing/a/{len(files)}.csv"]


def test_one_day_after_files_of_many_days_is_noted(tmp_path: Path) -> None:
    told = last_noted(tmp_path / "home", table(DAYS, SCORES), table(["2024-07-01"] * 60, SCORES))
    assert (
        "All of its 60 answers are of one day, 2024-07-01, while the files before it have no more than 1 of a day"
        in told
    )


def test_days_that_come_one_by_one_are_not(tmp_path: Path) -> None:
    history = table([f"2024-01-{1 + at % 20:02}" for at in range(400)], [at % 11 for at in range(400)])
    daily = [table([f"2024-02-{day:02}"] * 30, SCORES[:30], beside=f"{day} {{}}") for day in (1, 2)]
    assert "of one day" not in last_noted(tmp_path / "home", history, *daily)
    assert "of one day" not in last_noted(tmp_path / "days", *daily)


AGAIN = {
    "another way to write dates": table([f"{day} 00:00:00" for day in DAYS], SCORES),
    "another way to write scores": table(DAYS, [f"{score}.0" for score in SCORES]),
    "a column more": table(DAYS, SCORES, heading="comment,region", beside="said {},north"),
    "a column less": "\n".join(
        ["date,score", *(f"{day},{score}" for day, score in zip(DAYS, SCORES, strict=True)), ""]
    ),
}


@pytest.mark.parametrize("how", AGAIN)
def test_answers_without_ids_that_come_again_otherwise_are_noted(tmp_path: Path, how: str) -> None:
    told = last_noted(tmp_path / "home", table(DAYS, SCORES), AGAIN[how])
    assert "answers are of the days and scores of landing/a/1.csv" in told
    assert "nps withdraw landing/a/1.csv" in told


def test_a_file_of_which_a_part_comes_again_is_not_to_be_taken_back(tmp_path: Path) -> None:
    half = table([f"{day} 00:00" for day in DAYS[:30]], SCORES[:30])
    told = last_noted(tmp_path / "home", table(DAYS, SCORES), half)
    assert "30 of its 30 answers are of the days and scores of landing/a/1.csv" in told
    assert "put that file in landing anew, by the same name, without them: it has 60 answers, others too" in told
    assert "withdraw" not in told


def test_the_same_answers_in_two_files_of_one_night_are_noted(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    for at, text in enumerate((table(DAYS, SCORES), AGAIN["another way to write dates"]), 1):
        land(home, f"a/{at}.csv", text, day=at)
    assert "60 of its 60 answers are of the days and scores" in noted(home)["landing/a/2.csv"]


def test_other_answers_of_the_same_days_are_not(tmp_path: Path) -> None:
    other = [(at * 5 + at // 9) % 11 for at in range(60)]
    assert last_noted(tmp_path / "home", table(DAYS, SCORES), table(DAYS, other, beside="other {}")) == ""


def test_answers_that_take_the_place_of_themselves_are_not(tmp_path: Path) -> None:
    assert last_noted(tmp_path / "home", table(DAYS, SCORES), table(DAYS, SCORES) + "2024-04-01,9,more\n") == ""
    for name in ("response_id", "respondent"):
        ids = {"columns": {"score": "score", "responded_at": "date", name: "comment"}}
        assert last_noted(tmp_path / name, table(DAYS, SCORES), AGAIN["another way to write dates"], **ids) == ""


def test_so_they_are_where_all_are_of_one_day(tmp_path: Path) -> None:
    day = ["2024-01-05"] * 60
    ids = {"columns": {"score": "score", "responded_at": "date", "response_id": "comment"}}
    told = last_noted(tmp_path / "home", table(day, SCORES), table(day, SCORES, beside="id {}"), **ids)
    assert "60 of its 60 answers are of the days and scores of landing/a/1.csv" in told


def test_another_part_of_the_same_day_is_not(tmp_path: Path) -> None:
    day = ["2024-01-05"] * 60
    other = [*SCORES[:59], (SCORES[59] + 1) % 11]
    ids = {"columns": {"score": "score", "responded_at": "date", "response_id": "comment"}}
    assert "days and scores" not in last_noted(
        tmp_path / "home", table(day, SCORES), table(day, other, beside="id {}"), **ids
    )
    few = [9] * 50 + [0] * 10
    assert "days and scores" not in last_noted(
        tmp_path / "few", table(day, few), table(day, few, beside="id {}"), **ids
    )


@pytest.mark.parametrize("name", ["response_id", "respondent"])
def test_answers_that_come_again_under_other_ids_are_noted(tmp_path: Path, name: str) -> None:
    ids = {"columns": {"score": "score", "responded_at": "date", name: "comment"}}
    told = last_noted(tmp_path / "home", table(DAYS, SCORES), table(DAYS, SCORES, beside="id {}"), **ids)
    assert "60 of its 60 answers are of the days and scores of landing/a/1.csv" in told


@pytest.mark.parametrize(("as_first", "as_later"), [("ab-{}x", "AB-{}X"), ("10{}", "10{}.0"), ("000{}", "{}")])
def test_a_few_ids_that_are_written_otherwise_are_noted(tmp_path: Path, as_first: str, as_later: str) -> None:
    ids = {"columns": {"score": "score", "responded_at": "date", "response_id": "Response ID"}}
    first = table(DAYS, SCORES, heading="Response ID", beside=as_first)
    corrected = table(DAYS[:9], [1] * 9, heading="Response ID", beside=as_later)
    told = last_noted(tmp_path / "home", first, corrected, **ids)
    assert "9 of its 9 answers have ids of landing/a/1.csv" in told
    again = table(DAYS[:9], [1] * 9, heading="Response ID", beside=as_first)
    assert "written" not in last_noted(tmp_path / "same", first, again, **ids)
    others = table(["2024-05-01", *DAYS[1:9]], [1] * 9, heading="Response ID", beside=f"9{as_later}")
    assert "written" not in last_noted(tmp_path / "others", first, others, **ids)


def test_a_few_answers_of_the_same_times_are_noted_where_an_export_laps_over_into_the_one_before(
    tmp_path: Path,
) -> None:
    times = [f"2024-0{1 + at // 20}-{1 + at % 20:02} {9 + at % 9:02}:{at:02}:{at * 7 % 60:02}" for at in range(60)]
    later = [f"2024-05-{1 + at % 20:02} 10:{at:02}:00" for at in range(40)]
    first = table(times, SCORES)
    beside = table([*times[-6:], *later], [*SCORES[-6:], *SCORES[:40]], heading="comment,region", beside="said,{}")
    assert "6 of its 46 answers are of the times and scores of landing/a/1.csv" in last_noted(
        tmp_path / "home", first, beside
    )
    others = table([*times[-6:], *later], [(each + 1) % 11 for each in [*SCORES[-6:], *SCORES[:40]]], beside="{}")
    assert "times and scores" not in last_noted(tmp_path / "others", first, others)
    days = table([each[:10] for each in [*times[-6:], *later]], [*SCORES[-6:], *SCORES[:40]], beside="now {}")
    assert "times and scores" not in last_noted(tmp_path / "days", table([each[:10] for each in times], SCORES), days)


def test_two_answers_of_the_same_seconds_are_noted_however_few_the_file_has(tmp_path: Path) -> None:
    times = [f"2024-0{1 + at // 20}-{1 + at % 20:02} {9 + at % 9:02}:{at:02}:{at * 7 % 60:02}" for at in range(60)]
    later = [f"2024-05-{1 + at:02} 10:{at:02}:00" for at in range(5)]
    lapping = table(
        [*times[-2:], *later], [*SCORES[-2:], *SCORES[:5]], heading="comment,exported", beside="said {0},now"
    )
    told = last_noted(tmp_path / "home", table(times, SCORES), lapping)
    assert "2 of its 7 answers are of the times and scores of landing/a/1.csv" in told
    minutes = [f"{each[:16]}:00" for each in times]
    lapping = table([*minutes[-2:], *later], [*SCORES[-2:], *SCORES[:5]], beside="now {}")
    assert "times and scores" not in last_noted(tmp_path / "minutes", table(minutes, SCORES), lapping)


def test_days_that_come_again_with_their_very_scores_are_noted_where_no_chance_does_that(tmp_path: Path) -> None:
    days = [f"2024-01-{1 + at // 2:02}" for at in range(60)]
    later = [f"2024-02-{1 + at // 2:02}" for at in range(40)]
    first = table(days, SCORES)

    def lapping(answers: int, change: int = 0) -> str:
        again = [(score + change) % 11 for score in SCORES[-answers:]]
        return last_noted(
            tmp_path / f"{answers}_{change}",
            first,
            table([*days[-answers:], *later], [*again, *SCORES[:40]], beside="now {}"),
        )

    assert "12 of its 52 answers are those of landing/a/1.csv day by day, by their scores" in lapping(12)
    assert "day by day" not in lapping(4)
    assert "day by day" not in lapping(12, change=1)


def test_a_few_days_and_scores_again_are_noted_where_columns_changed_so_that_no_row_is_known_again(
    tmp_path: Path,
) -> None:
    days, later = [f"2024-01-{1 + at // 2:02}" for at in range(40)], [f"2024-01-{21 + at // 2:02}" for at in range(20)]
    first, said = table(days, SCORES[:40], beside="same"), "answers have the day and score of one of landing/a/1.csv"

    def again(answers: int, **columns: str) -> str:
        scores = [*SCORES[40 - answers : 40], *SCORES[40:60]]
        lapping = table([*days[-answers:], *later], scores, **columns)
        return last_noted(tmp_path / f"{answers}_{len(columns)}", first, lapping)

    assert f"5 of its 25 {said}, beside other columns" in again(5, heading="comment,agent", beside="same,7")
    assert said not in again(5, beside="same") + again(1, heading="comment,agent", beside="same,7")
    assert said not in last_noted(
        tmp_path / "later", first, table(later, SCORES[40:60], heading="comment,agent", beside="same,7")
    )


@pytest.mark.parametrize(("hours", "says"), [(3, "3 h later"), (-5.5, "5.5 h earlier")])
def test_answers_that_come_again_by_another_clock_are_noted(hours: float, says: str, tmp_path: Path) -> None:
    times = [
        datetime(2024, 3, 1, 9, tzinfo=UTC) + timedelta(hours=at * 5, minutes=at * 7, seconds=at * 11)
        for at in range(200)
    ]
    scores = [at * at % 11 for at in range(200)]
    moved = [each + timedelta(hours=hours) for each in times]
    first = table([f"{each:%F %T}" for each in times[:150]], scores[:150])
    told = last_noted(tmp_path / "home", first, table([f"{each:%F %T}" for each in moved[100:]], scores[100:]))
    assert f"answers are of the times and scores of landing/a/1.csv, {says}" in told
    few = table([f"{each:%F %T}" for each in moved[138:162]], scores[138:162])
    assert f"landing/a/1.csv, {says}" in last_noted(tmp_path / "few", first, few)
    others = table([f"{each + timedelta(minutes=3):%F %T}" for each in moved[100:]], scores[100:])
    assert "times and scores" not in last_noted(tmp_path / "others", first, others)
    full_hours = [[f"{each:%Y-%m-%d %H:00}" for each in some] for some in (times[:150], moved[100:])]
    files = table(full_hours[0], scores[:150]), table(full_hours[1], scores[100:])
    assert "times and scores" not in last_noted(tmp_path / "hours", *files)
