"""A file that comes again under another name is taken in once, and the night says what goes on counting instead."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenario import ANSWERS, Settings, counts, land, night, nps, source, workspace

SHOPS: Settings = {"sources": {"shops": source("shops", columns={**ANSWERS, "response_id": "id"})}}
LIST: Settings = {
    "sources": SHOPS["sources"],
    "dimensions": {
        "branches": {"kind": "csv", "files": "landing/lists/*.csv", "columns": {"branch": "code", "name": "name"}}
    },
}


def answers(score: int, first: int = 1, last: int = 20) -> str:
    return "\n".join(["id,score,date", *(f"r{n},{score},2025-03-{n:02}" for n in range(first, last)), ""])


def said(home: Path) -> list[str]:
    return [line.strip() for line in night(home).out.splitlines() if "very bytes of" in line]


def test_an_older_file_that_comes_again_leaves_the_newer_one_counting_and_that_is_told(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/1.csv", answers(10), day=1)
    assert said(home) == []
    land(home, "shops/2.csv", answers(0, last=5), day=2)
    assert said(home) == []
    land(home, "shops/3.csv", answers(10), day=3)
    [told] = said(home)
    assert told.startswith("landing/shops/3.csv has the very bytes of landing/shops/1.csv, which is in and older than")
    assert told in (line.strip() for line in nps("status", "--home", home).out.splitlines())
    assert counts(home, "shops") == (15, 0, 4)
    assert nps("withdraw", "landing/shops/2.csv", "--home", home).code == 0
    assert said(home)[0].endswith("else all is well.")
    assert counts(home, "shops") == (19, 0, 0)


def test_so_it_is_where_the_older_file_was_taken_out_of_landing(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/1.csv", answers(10), day=1)
    assert said(home) == []
    (home / "landing/shops/1.csv").unlink()
    land(home, "shops/2.csv", answers(0, last=5), day=2)
    assert said(home) == []
    land(home, "shops/3.csv", answers(10), day=3)
    [told] = said(home)
    assert told.startswith("landing/shops/3.csv has the very bytes of landing/shops/1.csv, which is in and older than")
    assert said(home) == [told]


def test_a_list_that_comes_again_leaves_the_newer_one_counting_and_that_is_told(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", LIST)
    land(home, "shops/1.csv", answers(10), day=1)
    for day, name in ((1, "Zagreb"), (2, "Agram"), (3, "Zagreb")):
        land(home, f"lists/{day}.csv", f"code,name\nZG,{name}\n", day=day)
    [told] = said(home)
    assert "older than landing/lists/2.csv" in told


def test_a_copy_of_a_file_that_nothing_replaced_is_told_to_count_once(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    for day in (1, 2, 3):
        land(home, f"shops/{day}.csv", answers(10), day=day)
    [told] = said(home)
    assert told.startswith("landing/shops/2.csv has the very bytes of landing/shops/1.csv, and so it is with 1 more")
    assert counts(home, "shops") == (19, 0, 0)
    land(home, "shops/4.csv", answers(10, first=20, last=25), day=4)
    assert said(home) == [], "something newer came"


def test_a_list_that_is_the_same_from_day_to_day_is_told_of_nothing(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", LIST)
    land(home, "shops/1.csv", answers(10), day=1)
    for day in (1, 2, 3):
        land(home, f"lists/{day}.csv", "code,name\nZG,Zagreb\n", day=day)
    assert said(home) == []


def test_a_file_that_is_renamed_and_one_without_rows_are_told_of_nothing(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SHOPS)
    land(home, "shops/1.csv", answers(10), day=1)
    assert said(home) == []
    (home / "landing/shops/1.csv").rename(home / "landing/shops/new.csv")
    for day in (2, 3):
        land(home, f"shops/{day}.csv", "id,score,date\n", day=day)
    assert said(home) == []
