"""Taking a file back: its answers count no more until that is undone, whatever else happens to it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from tests.nights import imbalances
from tests.scenario import Settings, configure, land, marts, night, nps, published, source, workspace

COLUMNS = {"score": "Score", "responded_at": "Date", "response_id": "Id", "respondent": "Person"}
HEADING = "Id,Date,Person,Score\n"
SETTINGS: Settings = {
    "history_from": "2024-01",
    "sources": {
        "shops": source("shops", columns=COLUMNS, delivery="snapshot"),
        "calls": source("calls", columns=COLUMNS),
        "waves": source(
            "waves",
            columns={"responded_at": "Date"},
            answers={name: {"columns": {"score": name}} for name in ("first", "second")},
        ),
    },
    "dimensions": {"branches": {"kind": "csv", "files": "landing/branches/*", "columns": {"branch": "Code"}}},
}
FIRST = {
    "branches/all.csv": "Code\nZG\n",
    "shops/1.csv": HEADING + "a,2025-01-10,p1,9\nb,2025-02-10,p2,3\n",
    "calls/1.csv": HEADING + "k,2025-01-10,q1,9\nl,2025-01-11,q2,8\nm,2025-02-11,q3,8\n",
}
#: What the files to be taken back replace: a whole export, an id in another month, an answer of the same person.
TAKEN_BACK = {
    "landing/shops/2.csv": HEADING + "a,2025-01-10,p1,9\nb,2025-02-10,p2,10\nc,2025-03-10,p3,10\n",
    "landing/calls/2.csv": HEADING + "k,2025-03-10,q1,2\nz,2025-01-20,q2,1\n",
    "landing/waves/1.csv": "Date,first,second\n2025-03-01,9,1\n",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = workspace(tmp_path / "home", SETTINGS)
    for name, text in FIRST.items():
        land(home, name, text)
    return home


def withdrawn(home: Path, name: str, *how: str) -> None:
    told = nps("withdraw", name, "--home", home, *how)
    assert (told.code, told.err) == (0, ""), told.said


def test_without_the_file_is_as_if_it_had_never_been_and_undone_as_if_nothing_had_happened(home: Path) -> None:
    night(home)
    without = marts(home)
    for name, text in TAKEN_BACK.items():
        land(home, name.removeprefix("landing/"), text, day=2)
    night(home)
    with_them = marts(home)
    assert with_them != without
    for name in TAKEN_BACK:
        withdrawn(home, name)
    night(home)
    assert marts(home) == without
    assert imbalances(home) == []
    assert published(
        home, "select count(*) from meta.files where status = 'withdrawn' and withdrawn_by is not null"
    ) == [(4,)]
    assert "Nothing to do" in night(home).out
    for name in TAKEN_BACK:
        withdrawn(home, name, "--undo")
    night(home)
    assert marts(home) == with_them
    assert imbalances(home) == []


def test_nothing_but_undoing_it_brings_a_file_back(home: Path) -> None:
    file = home / "landing" / "calls" / "1.csv"
    night(home)
    withdrawn(home, "landing/calls/1.csv")
    os.utime(file)
    land(home, "calls/again.csv", file.read_bytes(), day=5)
    configure(
        home,
        {**SETTINGS, "sources": {**SETTINGS["sources"], "calls": source("calls", columns=COLUMNS, unanswered=["x"])}},
    )
    night(home)
    assert nps("backfill", "2025-01", "2025-02", "--reingest", "--home", home).code == 0
    assert published(home, "select count(*) from marts.fct_nps where survey = 'calls'") == [(0,)]
    status = nps("status", "--home", home)
    assert "landing/calls/1.csv (calls) is withdrawn: " in status.out
    assert "Pending files: none" in status.out
    withdrawn(home, "landing/calls/again.csv", "--undo")
    night(home)
    assert published(home, "select sum(responses)::int from marts.fct_nps where survey = 'calls'") == [(3,)]


def test_removing_a_file_alone_does_nothing_and_is_said(home: Path) -> None:
    night(home)
    before = marts(home)
    (home / "landing" / "calls" / "1.csv").unlink()
    night(home)
    assert marts(home) == before
    says = "landing/calls/1.csv is no longer in landing; its answers go on counting (3)."
    assert says in nps("status", "--home", home).out
    withdrawn(home, "landing/calls/1.csv")
    night(home)
    assert says not in nps("status", "--home", home).out


def test_what_was_held_against_a_file_is_judged_again_when_that_is_taken_back(home: Path) -> None:
    land(home, "shops/2.csv", HEADING + "".join(f"x{n},2025-01-10,r{n},9\n" for n in range(20)), day=2)
    night(home)
    land(home, "shops/3.csv", HEADING + "".join(f"x{n},2025-01-10,r{n},9\n" for n in range(5)), day=3)
    assert nps("run", "--home", home).code == 3
    withdrawn(home, "landing/shops/2.csv")
    night(home)
    assert published(home, "select sum(responses)::int from marts.fct_nps where survey = 'shops'") == [(5,)]


def test_what_cannot_be_taken_back_is_told(home: Path) -> None:
    night(home)
    land(home, "calls/new.csv", HEADING + "y,2025-01-10,q9,9\n", day=3)
    withdrawn(home, "landing/shops/1.csv")
    for words, says in (
        (("landing/shops/1.csv",), "withdrawn already"),
        (("landing/calls/1.csv", "--undo"), "was not withdrawn: it is accepted"),
        (("landing/branches/all.csv",), "has no answers to take back"),
        (("landing/calls/new.csv",), "has not been read yet"),
        (("calls/1.csv",), "Is one of these meant: landing/calls/1.csv, landing/shops/1.csv?"),
    ):
        told = nps("withdraw", *words, "--home", home)
        assert (told.code, says in told.err) == (2, True), told.said
    with FileLock(home / "scratch" / "locks" / "night.lock"):
        told = nps("withdraw", "landing/calls/1.csv", "--home", home)
    assert (told.code, "Another run is at work" in told.err) == (1, True), told.said
