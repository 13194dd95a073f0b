"""Another key for pseudonyms makes other people of everybody: never without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.workspace import KEY_VARIABLE
from tests.support.scenario import land, night, nps, published, source, workspace

COLUMNS = {"score": "Score", "responded_at": "Date", "respondent": "Person"}
HEADING = "Date,Person,Score\n"
PEOPLE = "select max(respondents)::int from marts.nps_overall where period_grain = 'year'"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A night with the key of the workspace; after it the environment has another one."""
    columns = {"branch": "Code"}
    branches = {"branches": {"kind": "csv", "files": "landing/branches/*", "columns": columns}}
    home = workspace(
        tmp_path / "home", {"sources": {"calls": source("calls", columns=COLUMNS)}, "dimensions": branches}
    )
    land(home, "branches/1.csv", "Code\nZG\n")
    land(home, "calls/1.csv", f"{HEADING}2025-01-10,p1,9\n2025-01-11,p2,3\n")
    land(home, "calls/2.csv", f"{HEADING}2025-02-10,p1,9\n2025-02-11,p2,3\n")
    night(home)
    assert published(home, PEOPLE) == [(2,)]
    monkeypatch.setenv(KEY_VARIABLE, "f" * 40)
    return home


def test_where_landing_has_all_files_they_are_read_again_and_people_stay_one(home: Path) -> None:
    (home / "landing" / "branches" / "1.csv").unlink()  # codes of branches are no pseudonyms
    told = night(home)
    assert "2 files taken in" in told.out
    assert published(home, PEOPLE) == [(2,)]


def test_where_landing_lacks_one_nothing_is_done_until_the_key_is_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "landing" / "calls" / "1.csv").unlink()
    for arguments in (("run",), ("backfill", "2025-01", "2025-02")):
        told = nps(*arguments, "--home", home)
        assert (told.code, told.out) == (2, "")
        assert "than that of before. Landing/calls/1.csv, which landing does not have any more" in told.err
        assert "nps run --accept key" in told.err
    assert published(home, PEOPLE) == [(2,)]
    monkeypatch.delenv(KEY_VARIABLE)
    assert "Nothing to do" in night(home).out


def test_who_accepts_it_is_told_each_night_of_people_who_are_two(home: Path) -> None:
    (home / "landing" / "calls" / "1.csv").unlink()
    says = "people in there count as others than the same people in files read since"
    told = nps("run", "--accept", "key", "--home", home)
    assert told.code == 0, told.said
    assert published(home, PEOPLE) == [(4,)]
    assert says in nps("run", "--home", home).said
    land(home, "calls/1.csv", f"{HEADING}2025-01-10,p1,9\n2025-01-11,p2,3\n")
    assert says not in nps("run", "--home", home).said
    assert published(home, PEOPLE) == [(2,)]


def test_erased_people_do_not_come_back_by_another_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE)
    assert nps("erase", "--respondent", "p1", "--home", home).code == 0
    monkeypatch.setenv(KEY_VARIABLE, "f" * 40)
    for arguments in (("run",), ("run", "--accept", "key"), ("erase", "--respondent", "p2")):
        told = nps(*arguments, "--home", home)
        assert (told.code, told.out) == (2, "")
        assert "they would come back. Put the former key back." in told.err
