"""What is damaged or full on the machine is a sentence and exit code 1, never a traceback, and never a file's fault."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.errors import NoRoomError
from tests.scenario import land, night, nps, source, taken_in, workspace
from warehouse.errors import DamagedError
from warehouse.lake import Lake

GARBAGE = b"garbage " * 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("damage") / "home", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "score,date\n" + "9,2025-01-10\n" * 5)
    night(home)
    return home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("pattern", ["_delta_log/*.json", "*.parquet"])
@pytest.mark.parametrize("content", [GARBAGE, b""])
def test_a_damaged_ledger_is_a_sentence_that_names_it(home: Path, pattern: str, content: bytes) -> None:
    for file in (home / "lake" / "files").glob(pattern):
        file.write_bytes(content)
    for command in ("run", "status", "rejects"):
        told = nps(command, "--home", home)
        assert (told.code, told.out) == (1, "")
        assert f"The table {home / 'lake' / 'files'} is damaged (" in told.err


def test_a_ledger_that_lost_a_piece_is_damaged(home: Path) -> None:
    for piece in (home / "lake" / "files").glob("*.parquet"):
        piece.unlink()
    with pytest.raises(DamagedError, match="is damaged"):
        Lake(home / "lake").ledger("files")


def test_damaged_files_of_dagster_are_a_sentence_that_says_what_to_do(home: Path) -> None:
    for file in (home / "dagster").rglob("*.db"):
        file.write_bytes(GARBAGE)
    land(home, "shops/b.csv", "score,date\n0,2025-01-10\n", day=2)
    told = nps("run", "--home", home)
    assert told.code == 1
    assert f"Dagster's history of runs in {home / 'dagster'} is damaged. Move that folder away" in told.err
    shutil.rmtree(home / "dagster")
    night(home)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_spreadsheet_that_cannot_be_read_because_the_disk_is_full_is_not_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", kind="excel")}})
    land(home, "shops/a.xlsx", GARBAGE)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 0))
        with pytest.raises(NoRoomError, match="is full"):
            taken_in(home)
    assert taken_in(home)["landing/shops/a.xlsx"]["reason"] == "file_unreadable"
