"""A night beside one that hangs, and one on a machine that lacks something: each says so in a sentence, none is green."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from pipelines.guards.lock import only_night
from tests.support.nights import context
from tests.support.scenario import configure, land, night, nps, published, source, workspace

SETTINGS = {"sources": {"shops": source("shops", scale="0-10")}}
#: Root may open everything; without these two capabilities it may not.
AS_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with something published, and a file that came since."""
    made = workspace(tmp_path_factory.mktemp("machine") / "home", SETTINGS)
    land(made, "shops/a.csv", "score,date\n9,2025-01-01\n")
    night(made)
    land(made, "shops/b.csv", "score,date\n3,2025-01-02\n", day=2)
    return made


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "home")


def test_beside_a_run_at_work_another_leaves_it_alone_but_what_was_asked_for_is_not_done(home: Path) -> None:
    with only_night(context(home)):
        run, backfill = nps("run", "--home", home), nps("backfill", "2025-01", "2025-01", "--home", home)
    assert (run.code, backfill.code) == (0, 1)
    assert "leaves it alone" in run.err
    assert "was not done" in backfill.err


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def test_beside_a_run_that_hangs_every_other_says_so_and_is_not_green(home: Path) -> None:
    configure(home, {**SETTINGS, "limits": {"max_night_hours": 2}})
    for hours, code in ((1.9, 0), (2.1, 1)):
        with only_night(replace(context(home), clock=partial(hours_ago, hours))):
            told = nps("run", "--home", home)
        assert told.code == code
        assert ("it hangs" in told.err) == (code == 1)
    assert f"End its process, {os.getpid()}" in told.err


def test_what_a_killed_run_left_of_its_lock_disturbs_nobody(home: Path) -> None:
    (home / "scratch" / "locks" / "night.holder").write_text('{"pid": 1, "since": "2001-01-01T00:00:00+00:00"}')
    night(home)
    (home / "scratch" / "locks" / "night.holder").write_text("no JSON")
    with only_night(context(home)):
        assert nps("run", "--home", home).code == 0


def test_a_night_waits_while_a_file_is_being_taken_back(home: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def take_back() -> None:
        with only_night(context(home), "moment"):
            held.set()
            done.wait(2)

    thread = threading.Thread(target=take_back)
    thread.start()
    held.wait()
    told = nps("run", "--home", home)
    done.set()
    thread.join()
    assert (told.code, "Published" in told.out, told.err) == (0, True, "")


def test_a_night_that_a_backfill_kept_from_its_new_files_does_not_end_as_if_all_were_well(home: Path) -> None:
    with only_night(context(home), "backfill"):
        told = nps("run", "--home", home)
    assert (told.code, told.err.startswith("A backfill is at work")) == (1, True)
    assert "Type it again" in told.err


def limited(home: Path, limit: int, value: int) -> subprocess.CompletedProcess[str]:
    """`nps run` in a process that may use only so much of something."""
    starts = (
        f"import resource; resource.setrlimit({limit}, ({value}, {value})); from pipelines.cli.main import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", starts, "run", "--home", str(home)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [
        (resource.RLIMIT_NOFILE, 32, "may open only 32 files at once"),
        (resource.RLIMIT_AS, 1_000_000_000, "may use only 0.9 GB of address space"),
    ],
)
def test_a_process_that_may_use_too_little_says_so(home: Path, limit: int, value: int, says: str) -> None:
    told = limited(home, limit, value)
    assert told.returncode == 1
    assert says in told.stderr
    assert "type the command again" in told.stderr
    assert "Traceback" not in told.stderr


def as_anybody(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`nps` by somebody who may open only what is his."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root may open everything, and only setpriv could make it somebody else")
    prefix = AS_ANYBODY if os.geteuid() == 0 else ()
    command = [*prefix, sys.executable, "-m", "pipelines.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_folder_of_landing_that_cannot_be_opened_is_named_every_night_until_it_can(home: Path) -> None:
    folder = home / "landing" / "shops"
    folder.chmod(0o000)
    try:
        told = [as_anybody("run", "--home", home) for _ in range(2)]
        status = as_anybody("status", "--home", home)
    finally:
        folder.chmod(0o755)
    assert (status.returncode, "a.csv cannot be opened now; the answers that it had before" in status.stdout) == (
        0,
        True,
    )
    for each in told:
        assert each.returncode == 3
        assert "The folder landing/shops cannot be opened: Permission denied" in each.stderr
    assert published(home, "select sum(responses)::int from marts.fct_nps") == [(1,)]
    night(home)
    assert published(home, "select sum(responses)::int from marts.fct_nps") == [(2,)]
    assert nps("status", "--home", home, "--json").document["not_in"] == []


def test_a_closed_folder_in_which_no_pattern_looks_disturbs_nobody(home: Path) -> None:
    other = home / "landing" / "other"
    other.mkdir()
    other.chmod(0o000)
    try:
        told = as_anybody("run", "--home", home)
    finally:
        other.chmod(0o755)
    assert (told.returncode, told.stderr) == (0, "")


def test_a_workspace_that_cannot_be_written_is_told_in_a_sentence(home: Path) -> None:
    with closed(home / "scratch", home / "scratch" / "locks" / "night.lock", folders=0o500, files=0o400):
        told = as_anybody("run", "--home", home)
    assert told.returncode == 1
    assert "must be able to read and write the whole workspace" in told.stderr
    assert "Traceback" not in told.stderr


def test_who_may_only_read_a_workspace_is_told_how_it_stands(home: Path) -> None:
    with closed(home / "scratch", folders=0o500):
        told = as_anybody("status", "--home", home)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Pending files: 1" in told.stdout


@pytest.mark.parametrize("name", ["published/nps.duckdb", "published", "lake"])
def test_a_file_where_a_folder_belongs_or_a_folder_where_a_file_does_is_told_in_a_sentence(
    home: Path, name: str
) -> None:
    there = home / name
    was_folder = there.is_dir()
    if was_folder:
        shutil.rmtree(there)
        there.write_text("")
    else:
        there.unlink()
        there.mkdir()
    told = nps("run", "--home", home)
    assert told.code == 1
    what = "a file, and nps keeps a folder" if was_folder else "a folder, and nps keeps a file"
    assert f"{there} is {what} of that name: move it away" in told.err.replace("\n", " ")
    assert "Error" not in told.err


@contextmanager
def closed(*paths: Path, folders: int = 0o000, files: int = 0o000) -> Iterator[None]:
    """Places that nobody but root may look into, or write to."""
    for each in paths:
        each.chmod(folders if each.is_dir() else files)
    try:
        yield
    finally:
        for each in filter(Path.exists, paths):
            each.chmod(0o755)


def test_pages_that_may_not_write_what_dagster_keeps_are_a_sentence(home: Path) -> None:
    night(home, recorded=True)
    kept = home / "dagster"
    with closed(kept, *kept.rglob("*"), folders=0o500, files=0o400):
        told = as_anybody("ui", "--no-daemon", "--port", "3997", "--home", home)
    assert (told.returncode, "Traceback" in told.stderr) == (1, False), told.stderr
    assert "must be able to read and write the whole workspace" in told.stderr


def test_what_is_closed_to_us_is_a_sentence_and_is_never_taken_for_empty_or_damaged(home: Path) -> None:
    lake, withdraw = home / "lake", ("withdraw", "landing/shops/a.csv")
    pieces = sorted((lake / "files").glob("*.parquet"))
    told = []
    for paths, commands in (
        ((lake,), [("status",), ("rejects",), withdraw]),
        ((lake / "files" / "_delta_log",), [("status",)]),
        (pieces, [("run",)]),
    ):
        with closed(*paths):
            told += [as_anybody(*words, "--home", home) for words in commands]
    for part in ("lake/staged", "dagster", "published"):
        with closed(home / part, *(home / part).rglob("*"), folders=0o500, files=0o400):
            told.append(as_anybody("run", "--home", home))
    for each in told:
        assert (each.returncode, each.stdout, "Traceback" in each.stderr) == (1, "", False), each.stderr
        assert "must be able to read and write the whole workspace" in each.stderr
    assert {*pieces} <= {*(lake / "files").glob("*.parquet")}
    night(home)
    assert published(home, "select sum(responses)::int from marts.fct_nps") == [(2,)]
