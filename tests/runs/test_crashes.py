"""A night may be killed at any point: the next one publishes just what an undisturbed one would have.

Meanwhile a reader opens the published file again and again. It never fails, and sees nothing but whole versions.
"""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.stages.publish import OF_RUNS
from tests.support import nights
from tests.support.crash import KILLED, Point, command, night, started
from tests.support.laws import some_of
from warehouse.upkeep.tidy import KEPT_HOURS, sweep, tidy

READ = "pipelines.intake.ingest:read_file"
COMMIT, APPEND = "warehouse.lake.store:Lake.commit", "warehouse.lake.store:Lake.append"
VERSION_OF_OLD = "nps.20240101T000000000000Z.duckdb"

#: In the order in which a night comes to them. A night has three feeds: accounts, shops, calls.
POINTS = [
    Point("before", READ, nth=2),
    Point("before", COMMIT, "staged", nth=2),  # the Parquet files of the first source lie there
    Point("after", COMMIT, "staged", nth=2),
    Point("before", APPEND, "files", nth=2),
    Point("after", APPEND, "files", nth=2),
    Point("before", "pipelines.assets.graph:rebuild_responses"),
    Point("after", COMMIT, "responses"),  # those superseded are not there yet
    Point("before", APPEND, "builds"),
    Point("after", APPEND, "builds"),  # facts are about to be built
    Point("before", COMMIT, "facts"),
    Point("after", APPEND, "builds", nth=2),  # the file is about to be published
    Point("after", "warehouse.published.publish:run_model", "nps_overall"),  # the candidate is half built
    Point("before", "pipelines.stages.publish:check_candidate"),
    Point("before", "pipelines.stages.publish:swap_in"),
    Point("before", "os:replace", "nps.duckdb"),
    Point("after", "os:replace", "nps.duckdb"),
]
#: Old versions are there to be removed only after some nights.
LATER_POINTS = [*POINTS, Point("after", "pathlib:Path.unlink", VERSION_OF_OLD)]
#: Where a first night differs from a later one: tables are made, nothing is published yet.
FIRST_POINTS = [
    Point("after", COMMIT, "staged", nth=2),
    Point("before", APPEND, "builds"),
    Point("after", "warehouse.published.publish:run_model", "nps_overall"),
    Point("after", "os:replace", "nps.duckdb"),
]

ALL = some_of([("first", point) for point in FIRST_POINTS] + [("second", point) for point in LATER_POINTS])

#: One after the other, each in the night after the last one, which begins where that one ended.
IN_A_ROW = [
    Point("before", COMMIT, "staged", nth=2),
    Point("after", COMMIT, "staged"),
    Point("after", APPEND, "files"),
    Point("before", COMMIT, "superseded"),
    Point("before", APPEND, "builds"),
    Point("after", APPEND, "builds"),
    Point("before", COMMIT, "facts"),
    Point("after", "warehouse.published.publish:run_model", "nps_overall"),
    Point("before", "os:replace", "nps.duckdb"),
]

#: How many commands are killed at any moment, each in its turn: `make proofs PROOFS=kills` kills 200, for an hour.
RANDOM_KILLS = int(os.environ.get("NPS_KILLS", "5"))
#: What is killed, and in which state of the workspace it begins.
KILLED_AT_RANDOM: dict[str, tuple[str, ...]] = {
    "run": ("run",),
    "backfill": ("backfill", "2024-10", "2024-12"),
    "publish": (),
    "report": ("report", "--to"),
    "export": ("export", "--to"),
}

Seen = tuple[object, ...] | None


@dataclass
class Reader:
    """What was seen by opening the published file again and again."""

    seen: list[Seen] = field(default_factory=list)
    """The versions in their order, each once: how many facts, and their sums. None where there is no file."""
    looks: int = 0
    failures: list[str] = field(default_factory=list)

    def look(self, database: Path) -> None:
        now = facts(database) if database.exists() else None
        self.looks += 1
        if self.seen[-1:] != [now]:
            self.seen.append(now)


@dataclass(frozen=True)
class Outcome:
    """How a killed night and the one after it went."""

    home: Path
    killed: int
    healed: int
    reader: Reader


@dataclass(frozen=True)
class Undisturbed:
    """The workspace before each of two nights, and after them."""

    before: dict[str, Path]
    after: dict[str, Path]


def facts(database: Path) -> Seen:
    with duckdb.connect(str(database), read_only=True, config={"threads": 1}) as connection:
        return connection.execute(
            "select count(*), sum(responses), sum(promoters), sum(score_sum), (select count(*) from marts.nps_overall) "
            "from marts.fct_nps"
        ).fetchone()


@contextmanager
def reading(database: Path) -> Iterator[Reader]:
    reader, stop = Reader(), threading.Event()

    def look_on() -> None:
        while not stop.wait(0.1):
            try:
                reader.look(database)
            except duckdb.Error as error:
                reader.failures.append(str(error))

    thread = threading.Thread(target=look_on)
    thread.start()
    try:
        yield reader
    finally:
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    top = tmp_path_factory.mktemp("undisturbed")
    first = nights.make(top / "before_first")
    after_first = nights.copy(first, top / "after_first")
    assert night(after_first) == 0
    second = nights.copy(after_first, top / "before_second")
    nights.arrive(second, nights.SECOND, day=2)
    old = second / "published" / "versions" / VERSION_OF_OLD
    old.parent.mkdir()
    old.write_bytes(b"")
    after_second = nights.copy(second, top / "after_second")
    assert night(after_second) == 0
    return Undisturbed({"first": first, "second": second}, {"first": after_first, "second": after_second})


@dataclass(frozen=True)
class Crashes:
    """All crashes, at work two at a time since the first was asked for."""

    each: dict[tuple[str, Point], Future[Outcome]]
    in_a_row: Future[Path]


@pytest.fixture(scope="module")
def crashes(undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crashes]:
    top = tmp_path_factory.mktemp("crashes")
    with ThreadPoolExecutor(2) as pool:
        each = {
            (which, point): pool.submit(crashed, nights.copy(undisturbed.before[which], top / f"{number}"), point)
            for number, (which, point) in enumerate(ALL)
        }
        in_a_row = pool.submit(crashed_in_a_row, nights.copy(undisturbed.before["second"], top / "row"))
        yield Crashes(each, in_a_row)
        pool.shutdown(cancel_futures=True)


def crashed(home: Path, point: Point) -> Outcome:
    with reading(home / "published" / "nps.duckdb") as reader:
        killed = night(home, point=point)
        healed = night(home)
        time.sleep(0.05)
    return Outcome(home, killed, healed, reader)


def crashed_in_a_row(home: Path) -> Path:
    for point in IN_A_ROW:
        assert night(home, point=point) == KILLED, (point, (home / "night.log").read_text("utf-8"))
    assert night(home) == 0
    return home


@pytest.mark.parametrize(("which", "point"), ALL, ids=str)
def test_after_a_kill_the_next_night_publishes_what_an_undisturbed_one_does(
    which: str, point: Point, undisturbed: Undisturbed, crashes: Crashes
) -> None:
    outcome = crashes.each[which, point].result()
    assert (outcome.killed, outcome.healed) == (KILLED, 0), (outcome.home / "night.log").read_text("utf-8")
    assert nights.published(outcome.home) == nights.published(undisturbed.after[which])
    assert nights.imbalances(outcome.home) == []
    before = facts(undisturbed.before[which] / "published" / "nps.duckdb") if which == "second" else None
    after = facts(undisturbed.after[which] / "published" / "nps.duckdb")
    assert outcome.reader.failures == []
    assert outcome.reader.seen == [before, after]
    assert outcome.reader.looks > 3


@pytest.fixture(scope="module")
def killed_in_a_row(crashes: Crashes) -> Path:
    return crashes.in_a_row.result()


def test_a_night_that_is_killed_again_and_again_comes_to_the_same_end(
    undisturbed: Undisturbed, killed_in_a_row: Path
) -> None:
    assert nights.published(killed_in_a_row) == nights.published(undisturbed.after["second"])
    assert nights.imbalances(killed_in_a_row) == []


def test_killed_nights_do_not_look_busy_for_ever(killed_in_a_row: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(killed_in_a_row / "dagster"))
    with dg.DagsterInstance.from_config(str(killed_in_a_row / "dagster")) as instance:
        statuses = [record.dagster_run.status for record in instance.get_run_records()]
    assert dg.DagsterRunStatus.STARTED not in statuses
    assert statuses.count(dg.DagsterRunStatus.FAILURE) >= len(IN_A_ROW)


def test_what_killed_nights_left_is_thrown_away_when_it_is_old_enough(killed_in_a_row: Path) -> None:
    lake = nights.context(killed_in_a_row).lake
    tidy(lake, datetime.now(UTC))
    assert nights.loads_that_do_not_count(killed_in_a_row) != []
    tidy(lake, datetime.now(UTC) + timedelta(hours=KEPT_HOURS + 1))
    assert nights.loads_that_do_not_count(killed_in_a_row) == []
    assert nights.imbalances(killed_in_a_row) == []


def test_temporary_files_of_killed_runs_are_swept_away_when_they_are_old(tmp_path: Path) -> None:
    context = nights.context(nights.make(tmp_path / "home"))
    copies = [context.scratch("files") / name for name in ("file-of-a-killed-run", "file-of-a-run-at-work")]
    for copy in copies:
        copy.mkdir()
        (copy / "answers.csv").write_text("somebody@example.com,9")
    killed_at = time.time() - 3600 * (KEPT_HOURS + 1)
    os.utime(copies[0], (killed_at, killed_at))
    sweep(map(context.scratch, OF_RUNS), context.clock())
    assert [copy.exists() for copy in copies] == [False, True]


@dataclass(frozen=True)
class Begun:
    """What is killed at random: where it begins, and undisturbed how long it takes, and what it makes for people."""

    name: str
    home: Path
    seconds: float
    made: dict[str, bytes]

    @classmethod
    def measured(cls, name: str, home: Path, to: Path) -> Begun:
        """Done once, undisturbed, on a copy."""
        began = time.monotonic()
        process = started(work, nights.copy(home, to), name, log=to.with_suffix(".log"))
        process.join(120)
        assert process.exitcode == 0, to.with_suffix(".log").read_text("utf-8")
        return cls(name, home, time.monotonic() - began, made(to))


@pytest.fixture(scope="module")
def begun(undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> list[Begun]:
    """The second night; and when it is over or about to publish, what may be done then."""
    top = tmp_path_factory.mktemp("begun")
    built = nights.copy(undisturbed.before["second"], top / "built")
    assert night(built, point=Point("before", "pipelines.stages.publish:build_candidate")) == KILLED
    homes = {"run": undisturbed.before["second"], "publish": built}
    return [
        Begun.measured(name, homes.get(name, undisturbed.after["second"]), top / name)
        for name in list(KILLED_AT_RANDOM)[:RANDOM_KILLS]
    ]


def test_whenever_it_is_killed_no_row_differs_and_no_reader_fails(
    undisturbed: Undisturbed, begun: list[Begun], tmp_path: Path
) -> None:
    chance = random.Random(RANDOM_KILLS)  # noqa: S311 - moments, no secret
    right = nights.published(undisturbed.after["second"])
    after = facts(undisturbed.after["second"] / "published" / "nps.duckdb")
    died = 0
    for number in range(RANDOM_KILLS):
        each = begun[number % len(begun)]
        home = nights.copy(each.home, tmp_path / f"{number}")
        before = facts(home / "published" / "nps.duckdb")
        with reading(home / "published" / "nps.duckdb") as reader:
            died += killed_after(home, each.name, chance.uniform(0.0, each.seconds)) == KILLED
            assert made(home).items() <= each.made.items()
            assert night(home) == 0, (home / "night.log").read_text("utf-8")
            time.sleep(0.05)
        assert (reader.failures, reader.seen[0], reader.seen[-1]) == ([], before, after)
        assert set(reader.seen) <= {before, after}
        assert nights.published(home) == right
        assert nights.imbalances(home) == []
        shutil.rmtree(home)
    assert died


def killed_after(home: Path, name: str, seconds: float) -> int | None:
    """A command whose process is killed after so long; gives how it ended."""
    process = started(work, home, name, log=home / "night.log")
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode


def work(home: Path, name: str) -> None:
    """A command, or publishing as Dagster's daemon does it."""
    words = KILLED_AT_RANDOM[name]
    if words:
        command(home, (*words, str(home / "made" / name)) if words[-1] == "--to" else words)
        return
    from pipelines.runs.jobs import Runs  # noqa: PLC0415 - where the process is forked from has it already

    with Runs(nights.context(home)) as runs:
        assert runs.publish()


def made(home: Path) -> dict[str, bytes]:
    """The files that a command has made for people, by name."""
    files = (file for file in (home / "made").rglob("*") if file.is_file() and not file.name.startswith("."))
    return {file.name: file.read_bytes() for file in files}
