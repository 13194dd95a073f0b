"""Snapshots that shrank: held with both counts, taken in when a person says so, and only those very bytes."""

from __future__ import annotations

import io
import shlex
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from filelock import FileLock

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.definitions import define
from pipelines.intake.acceptance import ACCEPT_TAG, accepting
from tests.support import crash
from tests.support.scenario import (
    Settings,
    Told,
    configure,
    counts,
    land,
    night,
    nps,
    published,
    source,
    taken_in,
    workspace,
)
from warehouse.lake.ledgers import current_files

COLUMNS = {"score": "Score", "responded_at": "Date", "response_id": "Id"}
OLD, NEW = "shops/2025-01-01.csv", "shops/2025-01-02.csv"
ACCEPT = ("--accept", f"landing/{NEW}")


def export(answers: Sequence[int], score: int = 9) -> str:
    """An export with these answers."""
    rows = [f"r{answer},2025-0{1 + answer % 3}-10,{score}" for answer in answers]
    return "\n".join(["Id,Date,Score", *rows]) + "\n"


WHOLE = export(range(100))
HALF = WHOLE[: len(WHOLE) // 2].rpartition("\n")[0] + "\n"
HELD = HALF.count("\n") - 1


def settings(**shops: Any) -> Settings:  # noqa: ANN401 - as nps.yaml has it
    return {
        "sources": {
            "shops": source("shops", **{"columns": COLUMNS, "delivery": "snapshot", **shops}),
            "calls": source("calls", columns=COLUMNS),
        }
    }


def run(home: Path, *more: str) -> Told:
    return nps("run", "--home", home, *more)


def context(home: Path) -> Context:
    return Context(open_workspace(home))


def record(home: Path, name: str) -> dict[str, Any]:
    """The last verdict on a file."""
    files = current_files(context(home).lake).filter(
        pl.col("path") == f"landing/{name}", pl.col("status") != "replaced"
    )
    return files.sort("ingested_at").row(-1, named=True)


def said(home: Path, name: str, *, accept: bool = False) -> tuple[str, str]:
    """Let all files in, perhaps one although it shrank; what becomes of that one, and what is said of it."""
    path = f"landing/{name}"
    verdict = taken_in(home, accepting(context(home), [path]) if accept else context(home))[path]
    return verdict["status"], verdict["detail"] or " ".join(verdict["notes"])


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot is in, and so is a file of another source."""
    home = workspace(tmp_path_factory.mktemp("shrunk") / "home", settings())
    land(home, OLD, WHOLE, day=1)
    land(home, "calls/a.csv", export(range(5), score=0), day=1)
    night(home)
    return home


@pytest.fixture(scope="module")
def held_night(first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    """The download of the second snapshot broke off."""
    home = tmp_path_factory.mktemp("held") / "home"
    shutil.copytree(first_night, home)
    land(home, NEW, HALF, day=2)
    return home, run(home)


@pytest.fixture
def home(first_night: Path, tmp_path: Path) -> Path:
    shutil.copytree(first_night, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def held(held_night: tuple[Path, Told], tmp_path: Path) -> Path:
    shutil.copytree(held_night[0], tmp_path / "home")
    return tmp_path / "home"


# What is held


def test_a_snapshot_whose_download_broke_off_is_held_with_both_counts(held_night: tuple[Path, Told]) -> None:
    home, told = held_night
    assert told.code == 3
    says = f"landing/{NEW} has {HELD} answers, {100 - HELD} fewer than the 100 that landing/{OLD} has"
    assert f"(shops): held, snapshot_shrunk: {says}" in told.err
    assert f"nps run --accept landing/{NEW}" in told.err
    assert counts(home, "shops") == (100, 0, 0)
    sql = f"select shrunk_from, let_in_by from meta.files where path = 'landing/{NEW}'"
    assert published(home, sql) == [(100, None)]


def test_a_snapshot_that_is_held_stays_held_until_a_whole_one_comes(held: Path) -> None:
    before = record(held, NEW)
    taken_in(held)
    assert record(held, NEW) == before
    land(held, "shops/2025-01-03.csv", export(range(101)), day=3)
    assert said(held, "shops/2025-01-03.csv") == ("accepted", "")


def test_the_same_answers_in_another_order_are_not_fewer(home: Path) -> None:
    land(home, NEW, export(list(reversed(range(100)))), day=2)
    assert said(home, NEW) == ("accepted", "")


def test_an_export_without_any_answer_is_held(home: Path) -> None:
    land(home, NEW, "Id,Date,Score\n", day=2)
    status, says = said(home, NEW)
    assert (status, f"landing/{NEW} has 0 answers, 100 fewer" in says) == ("held", True)
    status, says = said(home, NEW, accept=True)
    assert (status, "it replaces nothing" in says) == ("accepted", True)


def test_an_older_snapshot_that_arrives_late_replaces_nothing_and_is_in(home: Path) -> None:
    land(home, NEW, HALF, day=0.5)
    assert said(home, NEW) == ("accepted", "")


@pytest.mark.parametrize("day", [2, 0.5])
def test_what_is_saved_over_the_export_of_before_is_held_too(home: Path, day: float) -> None:
    land(home, OLD, export(range(60)), day=day)
    status, says = said(home, OLD)
    assert status == "held"
    assert f"landing/{OLD} has 60 answers, 40 fewer than the 100 that it had before" in says
    assert "accepted" in [row["status"] for row in current_files(context(home).lake).iter_rows(named=True)]


def test_how_much_may_be_lost_is_a_setting(home: Path) -> None:
    land(home, NEW, export(range(90)), day=2)
    land(home, "shops/2025-01-03.csv", export(range(80)), day=3)
    assert said(home, NEW)[0] == "held"
    configure(home, {**settings(), "gates": {"max_snapshot_shrink": 0.105}})
    assert said(home, NEW) == ("accepted", "")
    status, says = said(home, "shops/2025-01-03.csv")
    assert (status, "has 80 answers, 10 fewer than the 90" in says) == ("held", True)


@pytest.mark.parametrize(("answers", "status"), [(71, "accepted"), (70, "accepted"), (69, "held")])
def test_as_much_as_may_be_lost_may_be_lost(home: Path, answers: int, status: str) -> None:
    configure(home, {**settings(), "gates": {"max_snapshot_shrink": 0.3}})
    land(home, NEW, export(range(answers)), day=2)
    assert said(home, NEW)[0] == status


def test_files_that_add_up_may_be_as_small_as_they_like(home: Path) -> None:
    land(home, "calls/b.csv", export(range(50, 51), score=0), day=2)
    assert said(home, "calls/b.csv") == ("accepted", "")


def test_files_of_one_archive_that_replace_one_another_are_noted(tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", settings())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("part 1.csv", export(range(20)))
        out.writestr("part 2.csv", export(range(20, 40)))
    land(home, "shops/export.zip", packed.getvalue())
    [first, second] = taken_in(home).values()
    assert not first["notes"]
    assert "part 1.csv" in second["notes"][0]
    assert "delivery: incremental" in second["notes"][0]


def test_surveys_and_scopes_are_compared_each_with_its_own(tmp_path: Path) -> None:
    columns = {**COLUMNS, "survey": "Survey"}
    shops = source("shops", columns=columns, delivery="snapshot", file_name="^(?P<branch>[A-Z])")
    home = workspace(tmp_path / "home", {"sources": {"shops": shops}})

    def arrive(name: str, day: float, **answers: int) -> tuple[str, str]:
        rows = [f"{name[0]}{survey}{n},2025-01-10,9,{survey}" for survey, many in answers.items() for n in range(many)]
        land(home, f"shops/{name}", "\n".join(["Id,Date,Score,Survey", *rows]) + "\n", day)
        return said(home, f"shops/{name}")

    assert arrive("A1.csv", 1, east=10, west=10) == ("accepted", "")
    assert arrive("B1.csv", 1, east=3) == ("accepted", "")
    assert arrive("A2.csv", 2, east=11) == ("accepted", "")
    assert arrive("B2.csv", 2, east=4, west=1) == ("accepted", "")
    status, says = arrive("A3.csv", 3, east=30, west=9)
    assert status == "held"
    assert "A3.csv has 9 answers of west, 1 fewer than the 10 that landing/shops/A1.csv has" in says


# What is accepted


def test_an_accepted_snapshot_counts_and_who_accepted_it_is_recorded(held: Path) -> None:
    told = run(held, *ACCEPT)
    assert told.code == 0, told.said
    assert counts(held, "shops") == (HELD, 0, 0)
    [(status, shrunk_from, who, has_time, notes)] = published(
        held,
        "select status, shrunk_from, let_in_by, let_in_at is not null, notes from meta.files "
        f"where path = 'landing/{NEW}'",
    )
    assert (status, shrunk_from, has_time) == ("accepted", 100, True)
    assert who
    assert f"has {HELD} answers, {100 - HELD} fewer than the 100" in notes
    assert f"{who} took it in all the same" in notes
    for shown in (told.out, nps("status", "--home", held).out, nps("status", "--json", "--home", held).out):
        assert f"{who} took it in all the same" in shown
    assert published(held, "from meta.reconciliation where difference <> 0") == []


def test_what_was_accepted_is_remembered_when_its_source_is_read_again(held: Path) -> None:
    assert said(held, NEW, accept=True)[0] == "accepted"
    before = record(held, NEW)
    configure(held, settings(unanswered=["none"]))
    assert said(held, NEW)[0] == "accepted"
    again = taken_in(held, replace(context(held), again=frozenset([before["file_digest"]])))[f"landing/{NEW}"]
    assert again["load_id"] != before["load_id"]
    for name in ("status", "shrunk_from", "let_in_by", "let_in_at", "notes"):
        assert again[name] == before[name], name


def test_acceptance_outlasts_a_time_in_which_the_file_could_not_be_in(held: Path) -> None:
    said(held, NEW, accept=True)
    configure(held, settings(dates={"formats": ["%d.%m.%Y"]}))
    assert said(held, NEW)[0] == "held"
    configure(held, settings(columns={**COLUMNS, "score": "Points"}))
    assert said(held, NEW)[0] == "refused"
    configure(held, settings())
    assert said(held, NEW)[0] == "accepted"


def test_settings_that_change_what_all_bytes_give_hold_nothing_that_was_in(home: Path) -> None:
    """The older export is in landing no more, so it cannot be counted by the new settings."""
    land(home, NEW, export(range(90)) + export(range(90, 102), score=8).partition("\n")[2], day=2)
    assert said(home, NEW)[0] == "accepted"
    (home / "landing" / OLD).unlink()
    configure(home, settings(exclude={"test": {"column": "Score", "values": ["8"]}}))
    assert said(home, NEW) == ("accepted", "")
    assert record(home, NEW)["accepted"] == 90


def test_acceptance_is_for_those_bytes_under_whatever_name_and_for_no_others(held: Path) -> None:
    said(held, NEW, accept=True)
    land(held, "shops/2025-01-04.csv", HALF, day=4)
    assert "landing/shops/2025-01-04.csv" not in taken_in(held)
    land(held, NEW, HALF.rpartition("r")[0], day=5)
    status, says = said(held, NEW)
    assert status == "held"
    assert f"landing/{NEW} has {HELD - 1} answers, 1 fewer" in says


def test_a_file_that_changed_since_it_was_held_is_not_accepted(held: Path) -> None:
    land(held, NEW, export(range(3)), day=2)
    told = run(held, *ACCEPT)
    assert (told.code, "it has changed since it was held" in told.err) == (2, True)
    assert record(held, NEW)["status"] == "held"


def test_only_held_snapshots_can_be_accepted(held: Path) -> None:
    land(held, "calls/bad.csv", "nothing,of,use\n1,2,3\n", day=2)
    land(held, "calls/dates.csv", "Id,Date,Score\n" + "x,soon,9\n" * 5, day=2)
    land(held, "calls/new.csv", export([7]), day=2)
    for path, says in (
        ("landing/shops/none.csv", "no source of nps.yaml has a file at that path.\n"),
        ("restatement", "no source of nps.yaml has a file at that path. Is restatements meant?"),
        (Path(OLD).name, f"no source of nps.yaml has a file at that path. Is landing/{OLD} meant?"),
        (f"landing/{OLD}", "need not be accepted: it is in"),
        ("landing/calls/new.csv", "it has not been read yet"),
    ):
        told = run(held, "--accept", path)
        assert (told.code, says in told.err) == (2, True), told.said
    taken_in(held)
    for name, reason in (("bad", "file_layout"), ("dates", "gate")):
        told = run(held, *ACCEPT, "--accept", f"landing/calls/{name}.csv")
        assert (told.code, f"for another reason, {reason}" in told.err) == (2, True), told.said
    assert record(held, NEW)["status"] == "held"


def test_the_command_that_is_told_can_be_typed_as_it_stands(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "shops/it's new & odd.csv"
    land(home, name, export(range(60)), day=2)
    _, says = said(home, name)
    words = shlex.split(says.rpartition("with: ")[2])
    assert words[:3] == ["nps", "run", "--accept"]
    monkeypatch.chdir(home / "landing")
    assert accepting(context(home), words[3:]).accept == {("shops", record(home, name)["file_digest"])}


def test_a_path_may_be_typed_as_a_shell_completes_it(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {("shops", record(held, NEW)["file_digest"])}
    for folder, path in (
        (".", f"landing/{NEW}"),
        ("landing/shops", Path(NEW).name),
        ("..", f"{held.name}/landing/{NEW}"),
    ):
        monkeypatch.chdir(held / folder)
        assert accepting(context(held), [path]).accept == wanted
    assert accepting(context(held), [str(held / "landing" / NEW)]).accept == wanted


# What disturbs


@pytest.mark.parametrize(
    "point",
    [
        crash.Point("before", "warehouse.lake.store:Lake.append", about="files"),
        crash.Point("after", "warehouse.lake.store:Lake.append", about="files"),
    ],
    ids=str,
)
def test_an_acceptance_that_is_killed_is_recorded_whole_or_not_at_all(held: Path, point: crash.Point) -> None:
    process = crash.started(crash.command, held, ("run", *ACCEPT), point, log=held / "night.log")
    process.join(120)
    assert process.exitcode == crash.KILLED
    assert run(held).code == 0
    was_recorded = point.when == "after"
    assert counts(held, "shops") == ((HELD if was_recorded else 100), 0, 0)
    assert run(held, *ACCEPT).code == (2 if was_recorded else 0)
    assert counts(held, "shops") == (HELD, 0, 0)


def test_an_acceptance_beside_another_run_is_not_done_and_says_so(held: Path) -> None:
    with FileLock(held / "scratch" / "locks" / "night.lock"):
        told = run(held, *ACCEPT)
    assert (told.code, "Another run is at work" in told.err) == (1, True)
    assert run(held, *ACCEPT).code == 0


def test_of_two_acceptances_at_once_each_is_done_or_says_that_it_is_not(held: Path) -> None:
    started = [
        crash.started(crash.command, held, ("run", *ACCEPT), log=held / f"night{number}.log") for number in range(2)
    ]
    for process in started:
        process.join(120)
    assert 0 in {process.exitcode for process in started}
    assert {process.exitcode for process in started} <= {0, 1, 2}
    assert counts(held, "shops") == (HELD, 0, 0)
    assert published(held, "select count(*) from meta.files") == [(3,)]


def test_a_run_in_the_dagster_ui_accepts_by_a_tag(held: Path) -> None:
    job = define(context(held)).resolve_job_def("ingest")
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(tags={ACCEPT_TAG: f"landing/{NEW}"}, instance=instance).success
    assert record(held, NEW)["status"] == "accepted"
    assert record(held, NEW)["let_in_by"]
