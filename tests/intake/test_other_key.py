"""Another key for pseudonyms makes other people of everybody: never without a word."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from pipelines.config.workspace import KEY_FILE, KEY_VARIABLE, open_workspace
from pipelines.context import Context
from pipelines.intake.feeds import feeds
from pipelines.intake.ingest import ingest
from tests.support.scenario import land, marts, night, nps, published, source, workspace
from warehouse.lake.ledgers import current_files
from warehouse.lake.store import Lake

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


def keys_of(home: Path) -> set[str]:
    """The pseudonyms of those whose answers count."""
    lake = Lake(home / "lake")
    files = lake.files_of("staged", current_files(lake).filter(status="accepted"))
    return {*pl.read_parquet(files, hive_partitioning=False)["respondent_key"].drop_nulls()}


@pytest.fixture
def rotating(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace with its own key again."""
    monkeypatch.delenv(KEY_VARIABLE)
    return home


def test_a_rotated_key_leaves_no_pseudonym_and_every_figure_what_it_was(rotating: Path) -> None:
    before, known = marts(rotating), keys_of(rotating)
    for _ in range(2):
        told = nps("key", "rotate", "--home", rotating)
        assert told.code == 0, told.said
        assert "2 files of landing are read again" in told.out
        assert marts(rotating) == before
    assert (rotating / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert "3 files taken in" in night(rotating).out
    assert marts(rotating) == before
    assert keys_of(rotating) & known == set()
    land(rotating, "calls/3.csv", f"{HEADING}2025-03-10,P1 ,8\n")
    night(rotating)
    assert published(rotating, PEOPLE) == [(2,)]


def test_who_was_erased_stays_erased_by_a_rotated_key_and_can_be_between_it_and_the_next_night(rotating: Path) -> None:
    assert nps("erase", "--respondent", "p1", "--home", rotating).code == 0
    assert nps("key", "rotate", "--home", rotating).code == 0
    assert nps("erase", "--respondent", "p2", "--home", rotating).said.count("1 row of theirs") == 2
    land(rotating, "calls/3.csv", f"{HEADING}2025-03-10,P1 ,8\n2025-03-11,p2,8\n2025-03-11,p3,8\n")
    night(rotating)
    assert published(rotating, PEOPLE) == [(1,)]
    assert len(keys_of(rotating)) == 1


def test_no_key_is_rotated_while_files_are_taken_in_of_which_some_were_read_by_it(
    rotating: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.intake.withdrawal._SECONDS", 0)
    with FileLock(rotating / "scratch" / "locks" / "calls.lock"):
        told = nps("key", "rotate", "--home", rotating)
    assert (told.code, told.err) == (2, "Files of calls are being taken in right now. Type it again after that.\n")
    assert "Nothing to do" in night(rotating).out


def test_a_run_that_began_before_a_rotation_reads_files_by_the_key_of_now_alone(rotating: Path) -> None:
    known, begun = keys_of(rotating), Context(open_workspace(rotating))
    by_former_key = feeds(begun.workspace.config, begun.workspace.key())
    assert nps("key", "rotate", "--home", rotating).code == 0
    land(rotating, "calls/3.csv", f"{HEADING}2025-03-10,P1 ,8\n")
    ingest(begun, by_former_key)
    assert keys_of(rotating) & known == set()
    night(rotating)
    assert published(rotating, PEOPLE) == [(2,)]


def test_a_key_that_cannot_be_rotated_stays_as_it_is(rotating: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = (rotating / KEY_FILE).read_text("utf-8")
    monkeypatch.setenv(KEY_VARIABLE, key.strip())
    told = nps("key", "rotate", "--home", rotating)
    assert (told.code, told.out) == (2, "")
    assert "The key comes from NPS_KEY" in told.err
    monkeypatch.delenv(KEY_VARIABLE)
    (rotating / "landing" / "calls" / "1.csv").unlink()
    told = nps("key", "rotate", "--home", rotating)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(
        "landing/calls/1.csv, which landing does not have any more, was read with the key of now"
    )
    assert (rotating / KEY_FILE).read_text("utf-8") == key
    assert "Nothing to do" in night(rotating).out
