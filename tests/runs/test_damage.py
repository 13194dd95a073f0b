"""What is damaged or full on the machine is a sentence and exit code 1, never a traceback, and never a file's fault."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import pytest
from deltalake import DeltaTable

from pipelines.assets.partitions import range_tags
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.definitions import define
from pipelines.errors import NoRoomError, UserError
from pipelines.guards.lock import only_night
from pipelines.guards.mending import mended
from pipelines.intake.feeds import landing
from pipelines.runs.instance import night_instance
from pipelines.trouble.dagster_settings import refuse_mistaken_settings
from pipelines.trouble.sentences import no_room
from tests.config import test_settings as settings
from tests.support import crash, nights
from tests.support.scenario import land, marts, night, nps, published, source, taken_in, workspace
from warehouse.lake.errors import DamagedError
from warehouse.lake.store import Lake

GARBAGE = b"garbage " * 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("damage") / "home", {"sources": {"shops": source("shops")}})
    land(home, "shops/a.csv", "score,date\n" + "9,2025-01-10\n" * 5)
    night(home, recorded=True)
    return home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("pattern", ["_delta_log/*.json", "*.parquet"])
@pytest.mark.parametrize("content", [GARBAGE, b""])
def test_a_ledger_that_is_damaged_as_a_whole_is_made_anew(home: Path, pattern: str, content: bytes) -> None:
    before = marts(home)
    for file in (home / "lake" / "files").glob(pattern):
        file.write_bytes(content)
    assert nps("run", "--home", home).code == 0
    assert marts(home) == before
    assert nps("status", "--home", home).code == 0


@pytest.mark.parametrize("garbled", ["rows", "what it says of them"])
@pytest.mark.parametrize("ledger", ["files", "builds"])
def test_a_ledger_that_is_garbled_within_is_a_sentence_once_and_then_mended(
    home: Path, ledger: str, garbled: str
) -> None:
    before = marts(home)
    for file in (home / "lake" / ledger).glob("*.parquet"):
        content = file.read_bytes()
        end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
        first, last = (4, end) if garbled == "rows" else (end, len(content) - 8)
        file.write_bytes(content[:first] + b"\xff" * (last - first) + content[last:])
    told = nps("run", "--home", home)
    assert (told.code, "is damaged" in told.err) == (1, True), told.said
    assert "was damaged, and was mended" in nps("run", "--home", home).out
    assert marts(home) == before


def test_so_is_one_that_only_publishing_reads_and_what_it_lost_is_told_by_the_published_file(home: Path) -> None:
    land(home, "shops/b.csv", "score,date\n0,2025-01-11\n")
    night(home)
    [piece] = (home / "lake" / "restatements").glob("*.parquet")
    content = piece.read_bytes()
    piece.write_bytes(content[:4] + b"\xff" * (len(content) // 2) + content[4 + len(content) // 2 :])
    land(home, "shops/c.csv", "score,date\n7,2025-01-12\n")
    told = nps("run", "--home", home)
    assert told.code == 1
    assert f"The table {home / 'lake' / 'restatements'} is damaged (" in told.err
    assert "was damaged, and was mended" in nps("run", "--home", home).out
    both = "select distinct from_responses, to_responses from meta.restatements where mart = 'nps_overall' order by all"
    assert published(home, both) == [(5, 6), (6, 7)]


def test_a_ledger_that_lost_a_piece_is_damaged(home: Path) -> None:
    for piece in (home / "lake" / "files").glob("*.parquet"):
        piece.unlink()
    with pytest.raises(DamagedError, match="is damaged"):
        Lake(home / "lake").ledger("files")


def test_damaged_files_of_dagster_are_a_sentence_that_says_what_to_do(home: Path) -> None:
    for file in (home / "dagster").rglob("*.db"):
        file.write_bytes(GARBAGE)
    land(home, "shops/b.csv", "score,date\n0,2025-01-10\n", day=2)
    told = nps("run", "--home", home, recorded=True)
    assert told.code == 1
    assert f"Dagster's history of runs in {home / 'dagster'} is damaged. Move that folder away" in told.err
    told = nps("ui", "--home", home, "--port", "3998")
    assert (told.code, told.err.count("is damaged. Move that folder away and type it again")) == (1, 1)
    shutil.rmtree(home / "dagster")
    night(home, recorded=True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{[:", "line 1"),
        (b"only text", "dictionary"),
        (b"\xff\xfe\0", "utf-8"),
        (b"storge: {}", "storge"),
        (b"storage: 5", "no len"),
        (b"storage: {postgres: {}}", "dagster_postgres"),
    ],
)
def test_a_mistake_in_the_settings_of_dagster_is_a_sentence(content: bytes, says: str, tmp_path: Path) -> None:
    settings = tmp_path / "dagster.yaml"
    settings.write_bytes(content)
    for opened in (night_instance, refuse_mistaken_settings):
        with pytest.raises(UserError, match=f"(?s)dagster.yaml cannot be used: .*{says}.* made anew"):
            opened(tmp_path)


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


def test_a_command_that_a_full_disk_stopped_is_to_be_typed_again_and_a_night_does_not_do_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(Lake, "append", _no_room_left)
        taken_back = nps("withdraw", "landing/shops/a.csv", "--home", home)
    assert taken_back.code == 1
    assert "Make room and type it again" in taken_back.err.replace("\n", " ")
    assert "its 5 answers count no more" in nps("withdraw", "landing/shops/a.csv", "--home", home).out


def _no_room_left(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_sqlite_cannot_write_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", kind="excel")}})
    said = no_room(open_workspace(home), "(sqlite3.OperationalError) disk I/O error [SQL: CREATE INDEX ...]")
    assert said is not None
    assert said.startswith(
        "What Dagster keeps could not be written: make room on its disk, allow larger files (ulimit -f"
    )


# A loss of power: what was written last is gone, cut off or empty


LOSSES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "garbled": lambda file: file.write_bytes(b"\0" * file.stat().st_size),
}
TABLES = ("staged", "rejected", "members", "responses", "superseded", "cells", "facts", "files", "builds", "checks")


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = nights.make(tmp_path_factory.mktemp("power") / "home")
    settings.night(home)
    nights.arrive(home, nights.SECOND, day=2)
    settings.night(home)
    return home


def lose(home: Path, loss: str, *patterns: str) -> None:
    """The newest file of each pattern is damaged."""
    for pattern in patterns:
        newest = max((home / "lake").glob(pattern), key=lambda file: (file.stat().st_mtime_ns, file.name))
        LOSSES[loss](newest)


def mend(home: Path) -> str:
    """What becomes of publishing in a night that mends first."""
    context = nights.context(home)
    return settings.night(home, mended(context, lambda: landing(context)).context)


def is_as_before(home: Path, undamaged: Path) -> bool:
    """Whether everything is published anew as it was, and adds up."""
    (home / "published" / "nps.duckdb").unlink()
    assert settings.night(home) == "published"
    return (nights.published(home), nights.imbalances(home)) == (nights.published(undamaged), [])


@pytest.mark.parametrize(
    ("loss", "tables"), [("cut", ("files",)), *((loss, TABLES) for loss in LOSSES)], ids=lambda each: str(each)[:8]
)
def test_the_newest_commits_are_lost_and_nothing_with_them(
    two_nights: Path, tmp_path: Path, loss: str, tables: tuple[str, ...]
) -> None:
    home = nights.copy(two_nights, tmp_path / "home")
    lose(home, loss, *(f"{table}/_delta_log/*.json" for table in tables))
    assert mend(home) in ("unchanged", "published")
    assert is_as_before(home, two_nights)


@pytest.mark.parametrize("loss", ["gone", "garbled"])
def test_the_newest_files_of_all_tables_are_lost_and_made_again_from_landing(
    two_nights: Path, tmp_path: Path, loss: str
) -> None:
    home = nights.copy(two_nights, tmp_path / "home")
    lose(home, loss, *(f"{table}/**/*.parquet" for table in TABLES))
    for _ in TABLES:  # what is only found when it is opened costs a night each
        (home / "published" / "nps.duckdb").unlink(missing_ok=True)
        with suppress(DamagedError):
            mend(home)
            nights.imbalances(home)  # opens what no night of these had to
    assert is_as_before(home, two_nights)


def test_a_night_that_is_killed_while_it_mends_is_mended_by_the_next(two_nights: Path, tmp_path: Path) -> None:
    home = nights.copy(two_nights, tmp_path / "home")
    lose(home, "gone", *(f"{table}/**/*.parquet" for table in TABLES))
    assert (
        crash.night(home, point=crash.Point("before", "warehouse.lake.store:Lake.forget_missing", nth=3))
        == crash.KILLED
    )
    assert mend(home) in ("unchanged", "published")
    assert is_as_before(home, two_nights)


@pytest.mark.parametrize("table", ["staged", "facts"])
def test_what_is_garbled_within_is_a_sentence_once_it_is_read_and_then_mended(
    two_nights: Path, tmp_path: Path, table: str
) -> None:
    home = nights.copy(two_nights, tmp_path / "home")
    for file in (home / "lake" / table).rglob("*.parquet"):
        content = file.read_bytes()
        end = int.from_bytes(content[-8:-4], "little") + 8
        file.write_bytes(content[:4] + b"\xff" * (len(content) - 4 - end) + content[-end:])
    (home / "published" / "nps.duckdb").unlink()
    nights.arrive(home, {"calls/2025-01-03.csv": [nights.HEADING, "k99,2024-12-28,+385 1 000060,c2,2"]}, day=3)
    outcomes = []
    for _ in range(30):
        try:
            outcomes.append(mend(home))
        except DamagedError as error:
            outcomes.append(str(error)[:9])
        if outcomes[-1] == "published":
            break
    assert {*outcomes} <= {"The file ", "waiting", "published"}, outcomes
    assert (outcomes[0], outcomes[-1]) == ("The file ", "published"), outcomes
    assert nights.imbalances(home) == []


def test_a_checkpoint_that_is_cut_off_is_passed_over(two_nights: Path, tmp_path: Path) -> None:
    home = nights.copy(two_nights, tmp_path / "home")
    DeltaTable(home / "lake" / "files").create_checkpoint()
    lose(home, "cut", "files/_delta_log/*.checkpoint.parquet")
    assert mend(home) == "unchanged"
    assert is_as_before(home, two_nights)


def test_answers_that_are_lost_and_not_in_landing_are_named_and_stop_publishing(home: Path) -> None:
    file = home / "landing" / "shops" / "a.csv"
    content, before = file.read_bytes(), marts(home)
    lose(home, "cut", "staged/**/*.parquet")
    file.unlink()
    for _ in range(2):
        told = nps("run", "--home", home)
        assert (told.code, "Traceback" in told.said) == (1, False)
        assert "landing/shops/a.csv is not in landing any more. Put it back there" in told.err
        assert marts(home) == before
    land(home, "shops/a.csv", content)
    night(home)
    assert marts(home) == before


def test_a_file_that_the_ledger_lost_and_landing_too_is_named_from_what_is_published(home: Path) -> None:
    (home / "landing" / "shops" / "a.csv").unlink()
    shutil.rmtree(home / "lake")
    told = nps("run", "--home", home)
    assert told.code == 1
    assert "landing/shops/a.csv is not in landing any more" in told.err
    assert nps("withdraw", "landing/shops/a.csv", "--home", home).code == 0
    assert nps("run", "--home", home).code == 0
    assert published(home, "select status from meta.files") == [("withdrawn",)]
    assert published(home, "from marts.fct_nps") == []


def test_damage_that_a_night_mends_is_told_by_other_commands_with_the_command_that_mends_it(home: Path) -> None:
    lose(home, "cut", "files/_delta_log/*.json")
    for command in ("status", "rejects"):
        told = nps(command, "--home", home)
        assert (told.code, told.out) == (1, "")
        assert f"The table {home / 'lake' / 'files'} is damaged (" in told.err
        assert "Type nps run" in told.err
    assert "was mended" in nps("run", "--home", home).out
    assert nps("status", "--home", home).code == 0


# Runs that no night started: the schedule's, the sensors', those of people in the UI


def started_by_the_daemon(context: Context, job: str) -> list[str]:
    """What a run of a job says that went wrong, step by step."""
    tags = range_tags(date(2025, 1, 1), date(2025, 1, 1)) if job == "rebuild" else {}
    done = define(context).resolve_job_def(job).execute_in_process(tags=tags, raise_on_error=False)
    return [says(event) for event in done.all_events if event.is_step_failure]


def says(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return "" if error is None else error.message


@pytest.mark.parametrize("left", [None, GARBAGE])
def test_of_a_published_file_that_is_gone_it_is_said_that_nothing_tells_what_changed(
    home: Path, left: bytes | None
) -> None:
    before, file = marts(home), home / "published" / "nps.duckdb"
    file.unlink()
    if left:
        file.write_bytes(left)
    [told] = [line for line in night(home).out.splitlines() if "was gone or could not be read" in line]
    assert str(file) in told
    assert marts(home) == before
    assert "could not be read" not in night(home).out


def test_a_file_of_employees_that_the_ledger_has_lost_is_lost_until_it_is_back(tmp_path: Path) -> None:
    """The published file knows it by its path alone."""
    home = workspace(tmp_path / "home", {"sources": {"people": {**source("people"), "metric": "enps"}}})
    file = land(home, "people/a.csv", "score,date\n" + "".join(f"{n % 11},2025-01-10\n" for n in range(40)))
    night(home)
    before = marts(home)
    lake, content = home / "lake", file.read_bytes()
    waves = shutil.move(lake / "waves", tmp_path / "waves")
    shutil.rmtree(lake)
    shutil.copytree(waves, lake / "waves")
    file.unlink()
    told = nps("run", "--home", home)
    assert "Put it back there and type nps run, or take it out for good: nps withdraw landing/people/a.csv" in told.said
    assert marts(home) == before
    land(home, "people/a.csv", content)
    night(home)
    assert marts(home) == before


def test_runs_that_no_night_started_mend_too_and_build_nothing_on_what_is_lost(home: Path) -> None:
    before, context = marts(home), nights.context(home)
    lose(home, "gone", "staged/**/*.parquet", "facts/**/*.parquet")
    lose(home, "cut", "builds/_delta_log/*.json")
    (home / "published" / "nps.duckdb").unlink()
    for job in ("rebuild", "publish"):
        [failed] = started_by_the_daemon(context, job)
        assert "lost the answers of landing/shops/a.csv, which landing still holds" in failed
        assert "Type nps run, or start the job ingest" in failed
    for job in ("ingest", "rebuild", "publish"):
        assert started_by_the_daemon(context, job) == []
    assert marts(home) == before


def test_a_clock_that_is_behind_stops_runs_that_no_night_started(home: Path) -> None:
    context = replace(nights.context(home), clock=lambda: datetime(2021, 1, 1, tzinfo=UTC))
    land(home, "shops/b.csv", "score,date\n0,2020-12-10\n", day=2)
    before = context.lake.versions()
    for job in ("ingest", "rebuild", "publish"):
        [failed, *_] = started_by_the_daemon(context, job)
        assert "The clock of this machine says 2021-01-01 00:00 UTC" in failed
    assert context.lake.versions() == before


def test_beside_a_night_at_work_which_has_mended_nothing_is_mended(home: Path) -> None:
    lose(home, "gone", "checks/_delta_log/*.json")
    before = nights.context(home).lake.versions()
    with only_night(nights.context(home)):
        assert started_by_the_daemon(nights.context(home), "publish") == []
    assert nights.context(home).lake.versions() == before
