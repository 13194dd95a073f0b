"""What an older file holds and a newer one of the same days does not goes on counting, and the newer one's note says so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.support.scenario import ANSWERS, counts, land, night, source, workspace

HEADING = "id,score,date,who"


def answers(days: Iterable[int], but: frozenset[int] = frozenset(), changed: frozenset[int] = frozenset()) -> str:
    rows = [
        f"r{day}-{n},{0 if n in changed else 10},2025-03-{day:02},p{day}-{n}"
        for day in days
        for n in range(6)
        if not (n in but and day % 5 == 0)
    ]
    return "\n".join([HEADING, *rows, ""])


def made(home: Path, *columns: str) -> Path:
    known = {"response_id": "id", "respondent": "who"}
    return workspace(
        home, {"sources": {"shops": source("shops", columns={**ANSWERS, **{c: known[c] for c in columns}})}}
    )


def said(home: Path) -> list[str]:
    return [line.strip() for line in night(home).out.splitlines() if "in it again" in line]


def test_corrected_rows_without_ids_count_beside_what_they_were_and_that_is_told(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    land(
        home, "shops/1.csv", "score,date\n" + "".join(f"{n % 11},2025-03-{1 + n % 20:02}\n" for n in range(120)), day=1
    )
    assert said(home) == []
    rows = [(0 if 3 < n < 10 else n % 11, 1 + n % 20) for n in range(120)]
    land(home, "shops/2.csv", "score,date\n" + "".join(f"{s},2025-03-{d:02}\n" for s, d in rows), day=2)
    [told] = said(home)
    assert "114 answers of landing/shops/1.csv stand in it again, and 6 do not" in told
    assert told.endswith("take that file back: nps withdraw landing/shops/1.csv; if it holds a part only, all is well.")
    assert sum(counts(home, "shops")) == 126


def test_answers_that_were_deleted_are_told_with_what_to_do_where_the_newer_file_has_a_part_of_the_days(
    tmp_path: Path,
) -> None:
    home = made(tmp_path / "home", "response_id")
    land(home, "shops/1.csv", answers(range(1, 15)), day=1)
    land(home, "shops/2.csv", answers(range(7, 25), but=frozenset({2})), day=2)
    [told] = said(home)
    assert "47 answers of landing/shops/1.csv stand in it again, and 1 does not" in told
    assert "by the same name" in told


def test_rolling_exports_and_later_answers_of_the_same_people_are_told_of_nothing(tmp_path: Path) -> None:
    home = made(tmp_path / "home", "response_id")
    for day in range(1, 5):
        land(home, f"shops/{day}.csv", answers(range(day, day + 10)), day=day)
    assert said(home) == []
    people = made(tmp_path / "people", "respondent")
    land(people, "shops/1.csv", answers(range(1, 15)), day=1)
    land(people, "shops/2.csv", answers(range(1, 15), changed=frozenset({2})), day=2)
    assert said(people) == []


def test_a_file_in_which_few_of_an_older_one_stand_is_told_of_nothing(tmp_path: Path) -> None:
    home = made(tmp_path / "home", "response_id")
    land(home, "shops/1.csv", answers(range(1, 25)), day=1)
    land(
        home,
        "shops/2.csv",
        answers(range(1, 25), but=frozenset(range(6)))
        .replace("-1,", "-7,")
        .replace("-2,", "-8,")
        .replace("-3,", "-9,"),
        day=2,
    )
    assert said(home) == []


def test_a_dump_of_what_each_client_answered_last_is_told_of_nothing(tmp_path: Path) -> None:
    home = made(tmp_path / "home", "respondent")
    land(home, "shops/1.csv", answers(range(1, 25)), day=1)
    last = "".join(f"x{n},3,2025-04-{1 + n:02},p{10 + n}-1\n" for n in range(9))
    kept = "".join(line + "\n" for line in answers(range(1, 25)).splitlines() if line.split(",")[-1] not in last)
    land(home, "shops/2.csv", kept + last, day=2)
    assert said(home) == []
