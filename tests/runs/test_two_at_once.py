"""Several processes on one workspace at once, and one that finds no room: nothing is lost, doubled or half."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import duckdb
import pytest

from pipelines.intake.feeds import feeds
from pipelines.intake.ingest import ingest
from tests.support import nights
from tests.support.crash import FORKS, command, night, started

FACTS = "select count(*), sum(responses), sum(promoters), sum(score_sum) from marts.fct_nps"
ROUNDS = 6


@dataclass(frozen=True)
class Workspaces:
    """One before and after its first night, and before and after its second."""

    before_first: Path
    after_first: Path
    before_second: Path
    after_second: Path


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Workspaces:
    top = tmp_path_factory.mktemp("workspaces")
    before_first = nights.make(top / "before_first")
    after_first = nights.copy(before_first, top / "after_first")
    assert night(after_first) == 0
    before_second = nights.copy(after_first, top / "before_second")
    nights.arrive(before_second, nights.SECOND, day=2)
    after_second = nights.copy(before_second, top / "after_second")
    assert night(after_second) == 0
    return Workspaces(before_first, after_first, before_second, after_second)


def test_of_two_nights_at_once_one_works_and_the_other_leaves_it_alone(workspaces: Workspaces, tmp_path: Path) -> None:
    home = nights.copy(workspaces.before_second, tmp_path / "home")
    logs = [tmp_path / "one.log", tmp_path / "other.log"]
    both = [started(command, home, ("run",), log=log) for log in logs]
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    said = sorted(log.read_text("utf-8").split(":")[0].split(" ")[0] for log in logs)
    assert said == ["Another", "Published"]
    assert nights.published(home) == nights.published(workspaces.after_second)
    assert nights.imbalances(home) == []


def look_on(database: Path, pipe: Connection) -> None:
    """A BI tool: holds the file open, is asked again when a new one is published, then opens it anew."""
    connection = duckdb.connect(str(database), read_only=True)
    pipe.send(connection.execute(FACTS).fetchone())
    pipe.recv()
    pipe.send(connection.execute(FACTS).fetchone())
    pipe.send(connection.execute("select count(*) from marts.nps_by_branch").fetchone())
    connection.close()
    with duckdb.connect(str(database), read_only=True) as fresh:
        pipe.send(fresh.execute(FACTS).fetchone())


def test_an_open_reader_neither_stops_a_publication_nor_sees_it_before_it_opens_the_file_again(
    workspaces: Workspaces, tmp_path: Path
) -> None:
    home = nights.copy(workspaces.before_second, tmp_path / "home")
    database = home / "published" / "nps.duckdb"
    old, new = (facts(of) for of in (home, workspaces.after_second))
    branches = len(nights.published(home)["marts.nps_by_branch"])
    ours, theirs = FORKS.Pipe()
    reader = started(look_on, database, theirs, log=tmp_path / "reader.log")
    assert ours.recv() == old
    assert night(home) == 0
    ours.send("published")
    assert [ours.recv(), ours.recv()] == [old, (branches,)]
    assert ours.recv() == new != old
    reader.join(30)
    assert reader.exitcode == 0


def facts(home: Path) -> tuple[object, ...] | None:
    with duckdb.connect(str(home / "published" / "nps.duckdb"), read_only=True) as connection:
        return connection.execute(FACTS).fetchone()


def take_in_calls(home: Path, together: Barrier) -> None:
    """Take in a new file of calls, just when another process does, again and again."""
    context = nights.context(home)
    [calls] = [feed for feed in feeds(context.workspace.config, context.workspace.key()) if feed.name == "calls"]
    for _ in range(ROUNDS):
        together.wait(60)
        ingest(context, [calls])
        together.wait(60)


def calls_of(day: int) -> dict[str, list[str]]:
    """A file with two new calls and a correction of an older one."""
    rows = [f"d{day}{row},2024-11-{day + 1:02},+385 2 {day}{row},c1,{9 - row}" for row in range(2)]
    return {f"calls/day{day}.csv": [nights.HEADING, *rows, f"k{day},2024-10-{day + 1:02},+385 1 {day:06},c0,1"]}


def test_two_that_take_in_the_same_file_at_the_same_moment_double_nothing(
    workspaces: Workspaces, tmp_path: Path
) -> None:
    home, alone = (nights.copy(workspaces.after_first, tmp_path / name) for name in ("home", "alone"))
    together = FORKS.Barrier(3)
    both = [started(take_in_calls, home, together, log=tmp_path / f"{number}.log") for number in range(2)]
    for day in range(ROUNDS):
        nights.arrive(home, calls_of(day), day=3 + day)
        together.wait(60)
        together.wait(60)
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    for day in range(ROUNDS):
        nights.arrive(alone, calls_of(day), day=3 + day)
    assert [night(home), night(alone)] == [0, 0]
    assert nights.published(home) == nights.published(alone)
    assert nights.imbalances(home) == []


@contextmanager
def nearly_full(folder: Path, free: int) -> Iterator[Path]:
    """Move a folder to a disk of its own that has only so many bytes free; gives the file to delete to make room."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount the small disk that is to be full")
    kept = folder.with_name(f"{folder.name} as it was")
    shutil.copytree(folder, kept)
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        ballast = folder / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(folder).free - free))
        yield ballast
    finally:
        subprocess.run([umount, str(folder)], check=True)


def test_on_a_full_disk_nothing_is_taken_back_and_that_is_a_sentence(workspaces: Workspaces, tmp_path: Path) -> None:
    home, log = nights.copy(workspaces.after_first, tmp_path / "home"), tmp_path / "withdraw.log"
    with nearly_full(home / "lake", 0):
        process = started(command, home, ("withdraw", "landing/shops/2025-01-01.csv"), log=log)
        process.join(60)
        said = " ".join(log.read_text("utf-8").split())
        assert (process.exitcode, "Traceback" in said, "panicked" in said) == (1, False, False), said
        assert f"The disk of {home / 'lake'} is full" in said


@pytest.mark.parametrize(
    ("folder", "free"),
    [("lake", 0), ("lake", 150_000), ("published", 400_000), (".", 600_000)],
)
def test_a_full_disk_is_told_in_a_sentence_and_the_next_night_makes_it_good(
    folder: str, free: int, workspaces: Workspaces, tmp_path: Path
) -> None:
    home = nights.copy(workspaces.before_second, tmp_path / "home")
    log = tmp_path / "night.log"
    with nearly_full(home / folder, free) as ballast:
        assert night(home, log=log) == 1
        said = " ".join(log.read_text("utf-8").split())
        assert "Traceback" not in said
        assert f"The disk of {(home / folder)} is full" in said
        assert nights.published(home) == nights.published(workspaces.after_first)
        ballast.unlink()
        assert night(home, log=log) == 0
        assert nights.published(home) == nights.published(workspaces.after_second)
        assert nights.imbalances(home) == []
