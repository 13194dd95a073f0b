"""Taking a file back: its answers count no more until that is undone, whatever else happens to it."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from pipelines.guards.mending import mended
from pipelines.intake.decisions import FILE
from pipelines.intake.feeds import landing
from pipelines.intake.ingest import ingest
from pipelines.intake.waiting import has_work
from tests.runs.test_machine import as_anybody
from tests.support import crash
from tests.support.nights import context, imbalances
from tests.support.scenario import Settings, configure, counts, land, marts, night, nps, published, source, workspace
from warehouse.lake.ledgers import current_files
from warehouse.lake.store import Lake

COLUMNS = {"score": "Score", "responded_at": "Date", "response_id": "Id", "respondent": "Person"}
HEADING = "Id,Date,Person,Score\n"
SETTINGS: Settings = {
    "history_from": "2024-01",
    "sources": {
        "shops": source("shops", columns=COLUMNS, delivery="snapshot", max_reject_share=1),
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
    "landing/shops/2.csv": HEADING + "a,2025-01-10,p1,9\nb,2025-02-10,p2,10\nc,2025-03-10,p3,10\nd,2025-03-11,p4,11\n",
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
    without, rejected = marts(home), published(home, "from meta.rejections")
    for name, text in TAKEN_BACK.items():
        land(home, name.removeprefix("landing/"), text, day=2)
    night(home)
    with_them = marts(home)
    assert with_them != without
    assert published(home, "from meta.rejections") != rejected
    for name in TAKEN_BACK:
        withdrawn(home, name)
    night(home)
    assert marts(home) == without
    assert published(home, "from meta.rejections") == rejected
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


def test_a_file_that_is_taken_out_of_an_archive_goes_on_counting_and_each_night_says_so(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    days = {f"{day:02}.csv": f"score,date\n{day},2025-01-{day:02}\n" for day in range(1, 6)}

    def pack(*names: str, day: int) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, days[name])
        land(home, "shops/all.zip", packed.getvalue(), day=day)

    pack("01.csv", "02.csv", "03.csv", "04.csv", day=1)
    night(home)
    pack("02.csv", "03.csv", "04.csv", "05.csv", day=2)
    assert "01.csv" not in night(home).said, "an archive of the last days loses the first one by itself"
    pack("02.csv", "04.csv", "05.csv", day=3)
    for _ in range(2):
        assert "To take them back: nps withdraw landing/shops/all.zip/03.csv" in nps("run", "--home", home).said
    assert nps("withdraw", "landing/shops/all.zip/03.csv", "--home", home).code == 0
    assert "03.csv" not in night(home).said
    assert sum(counts(home, "shops")) == 4


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
        (("all.csv",), "landing/branches/all.csv is a list of branches: it has no answers to take back"),
        (("landing/branchs/al.csv",), "Is one of these meant: landing/shops/1.csv, landing/calls/1.csv?"),
    ):
        told = nps("withdraw", *words, "--home", home)
        assert (told.code, says in told.err) == (2, True), told.said
    with FileLock(home / "scratch" / "locks" / "night.lock"):
        told = nps("withdraw", "landing/calls/1.csv", "--home", home)
    assert (told.code, "Another run is at work" in told.err) == (1, True), told.said


# What follows works in place: no workspace but the first runs a whole night


NAMED: Settings = {
    "history_from": "2024-01",
    "sources": {
        "shops": source("shops", delivery="snapshot"),
        "packed": source("packed", files="landing/packed/*.zip"),
        "named": source("named", file_name=r"(?P<branch>[a-z]+)_\d+"),
        "waves": SETTINGS["sources"]["waves"],
    },
}
ROWS = "score,date\n9,2025-01-10\n3,2025-01-11\n"


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return packed.getvalue()


@pytest.fixture(scope="module")
def taken_in_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(tmp_path_factory.mktemp("named") / "home", NAMED)
    land(home, "shops/all.csv", ROWS)
    land(home, "packed/q1.zip", zipped(january=ROWS, february=ROWS.replace("01-1", "02-1")))
    for name in ("split_1", "zagreb_1"):
        land(home, f"named/{name}.csv", ROWS)
    land(home, "waves/1.csv", "Date,first,second\n2025-03-01,9,1\n")
    night(home)
    return home


@pytest.fixture
def ready(taken_in_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(taken_in_once, tmp_path / "home"))


def answers(home: Path) -> dict[str, int]:
    """How many answers count, by survey; published or not."""
    found = context(home)
    for feed, here in landing(found):
        if has_work(found, feed, here):
            ingest(found, [feed])
    counting = current_files(found.lake).filter(status="accepted")
    return dict(counting.group_by("source").agg(pl.col("accepted").sum()).iter_rows())


ALL = {"shops": 2, "packed": 4, "named": 4, "waves": 2}


@pytest.mark.parametrize(
    ("file", "left"),
    [
        ("landing/packed/q1.zip", {"shops": 2, "named": 4, "waves": 2}),
        ("landing/packed/q1.zip/january.csv", {**ALL, "packed": 2}),
        ("landing/waves/1.csv", {"shops": 2, "packed": 4, "named": 4}),
        ("landing/waves/1.csv [first]", {**ALL, "waves": 1}),
    ],
)
def test_an_archive_a_file_in_it_and_one_of_several_answers_are_taken_back_alone(
    ready: Path, file: str, left: dict[str, int]
) -> None:
    withdrawn(ready, file)
    land(ready, "packed/q1.zip", zipped(january=ROWS, february=ROWS.replace("01-1", "02-1"), more="\n"), day=9)
    os.utime(ready / "landing" / "waves" / "1.csv")
    assert answers(ready) == left
    withdrawn(ready, file, "--undo")
    assert answers(ready) == ALL


def change(home: Path, **sources: dict[str, object]) -> None:
    configure(home, {**NAMED, "sources": {**NAMED["sources"], **sources}})


def test_the_bytes_are_taken_back_whatever_nps_yaml_makes_of_them(ready: Path) -> None:
    for name in ("landing/named/split_1.csv", "landing/waves/1.csv"):
        withdrawn(ready, name)
    waves = {name: {"columns": {"score": name[:-1]}} for name in ("first_", "second2")}
    change(
        ready,
        named=source("named", file_name=r"(?P<channel>[a-z]+)_\d+"),
        waves={**SETTINGS["sources"]["waves"], "answers": waves},
    )
    for file in (*(ready / "landing" / "named").iterdir(), ready / "landing" / "waves" / "1.csv"):
        os.utime(file)
    assert answers(ready) == {"shops": 2, "packed": 4, "named": 2}
    # Another pattern, which says nothing of the old names, and a name that follows it.
    change(ready, named=source("named", file_name=r"new-(?P<branch>[a-z]+)"))
    (ready / "landing" / "named" / "split_1.csv").rename(ready / "landing" / "named" / "new-split.csv")
    (ready / "landing" / "named" / "zagreb_1.csv").unlink()
    assert answers(ready)["named"] == 2  # those of Zagreb, whose file is gone
    withdrawn(ready, "landing/named/new-split.csv", "--undo")
    assert answers(ready)["named"] == 4


def test_equal_bytes_of_another_branch_are_another_file(ready: Path) -> None:
    withdrawn(ready, "landing/named/split_1.csv")
    land(ready, "named/rijeka_1.csv", ROWS, day=5)
    assert answers(ready)["named"] == 4
    (ready / "landing" / "named" / "split_1.csv").rename(ready / "landing" / "named" / "split_2.csv")
    assert answers(ready)["named"] == 4


def test_what_was_taken_back_stays_so_under_a_new_name_of_its_source(ready: Path) -> None:
    withdrawn(ready, "landing/shops/all.csv")
    left = {name: each for name, each in NAMED["sources"].items() if name != "shops"}
    configure(ready, {**NAMED, "sources": {**left, "stores": source("shops", delivery="snapshot")}})
    assert "stores" not in answers(ready)


def test_what_a_file_held_before_it_was_written_over_counts_again_when_that_is_taken_back(ready: Path) -> None:
    for day, score in ((2, 1), (3, 5)):
        land(ready, "shops/all.csv", ROWS + f"{score},2025-01-12\n" * day, day=day)
        # It is pending: the next night puts it in the place of what it was.
        assert "holds other bytes now" not in nps("status", "--home", ready).out
        assert answers(ready)["shops"] == 2 + day
    told = nps("withdraw", "landing/shops/all.csv", "--home", ready)
    assert "all.csv: its 5 answers count no more" in told.out
    assert "the 4 answers that it had before it was written over count again" in told.out
    night(ready)
    assert published(ready, "select sum(responses)::int from marts.fct_nps where survey = 'shops'") == [(4,)]
    says = "landing/shops/all.csv holds other bytes now; the answers that it had before go on counting (4)"
    assert says in nps("status", "--home", ready).out
    withdrawn(ready, "landing/shops/all.csv", "--undo")
    assert answers(ready)["shops"] == 5


def test_what_is_not_kept_any_more_of_a_file_that_was_written_over_does_not_count_again(ready: Path) -> None:
    for number, score in enumerate((1, 5, 7), 2):
        land(ready, "shops/all.csv", ROWS + f"{score},2025-01-12\n" * number, day=number)
        night(ready)
    lake = Lake(ready / "lake")
    of_shops = current_files(lake).filter(status="replaced", source="shops").sort("accepted")
    lake.drop("staged", of_shops.head(-1).select("load_id"))
    assert "the 5 answers that it had before" in nps("withdraw", "landing/shops/all.csv", "--home", ready).out
    assert answers(ready)["shops"] == 5
    assert "count again" not in nps("withdraw", "landing/shops/all.csv", "--home", ready).out
    assert "shops" not in answers(ready)


def test_a_file_that_was_renamed_while_it_did_not_count_gives_way_to_what_is_written_over_it(ready: Path) -> None:
    withdrawn(ready, "landing/shops/all.csv")
    (ready / "landing" / "shops" / "all.csv").rename(ready / "landing" / "shops" / "moved.csv")
    assert "shops" not in answers(ready)
    withdrawn(ready, "landing/shops/moved.csv", "--undo")
    land(ready, "shops/moved.csv", ROWS + "1,2025-01-12\n", day=3)
    assert answers(ready)["shops"] == 3


APPEND = "warehouse.lake.store:Lake.append"
POINTS = [
    crash.Point("before", APPEND, "files"),
    crash.Point("after", APPEND, "files"),
    crash.Point("before", "pipelines.intake.decisions:write_through"),
]


@pytest.mark.parametrize("point", POINTS, ids=str)
@pytest.mark.parametrize("file", ["landing/packed/q1.zip", "landing/packed/q1.zip/january.csv"])
def test_a_withdrawal_that_is_killed_is_done_or_not_and_never_half(ready: Path, point: crash.Point, file: str) -> None:
    without = {"landing/packed/q1.zip": 0, "landing/packed/q1.zip/january.csv": 2}[file]
    for how, before, after in (((), 4, without), (("--undo",), without, 4)):
        words = ("withdraw", file, *how)
        killed = crash.started(crash.command, ready, words, point, log=ready / "killed.log")
        killed.join(120)
        assert killed.exitcode == crash.KILLED, (ready / "killed.log").read_text()
        said = mended(context(ready), lambda: landing(context(ready))).said
        assert said == []
        is_done = (point.when, point.function) != ("before", APPEND)
        assert answers(ready).get("packed", 0) == (after if is_done else before)
        nps(*words, "--home", ready)
        mended(context(ready), lambda: landing(context(ready)))
        assert answers(ready).get("packed", 0) == after


@pytest.mark.parametrize("loss", ["newest", "all", "lake"])
def test_a_withdrawal_outlives_the_ledger(ready: Path, loss: str) -> None:
    withdrawn(ready, "landing/shops/all.csv")
    withdrawn(ready, "landing/packed/q1.zip/january.csv")
    withdrawn(ready, "landing/packed/q1.zip/january.csv", "--undo")
    with (ready / FILE).open("a") as cut:
        cut.write('{"source": "shops", "fi')
    ledger = ready / "lake" / "files"
    if loss == "lake":
        shutil.rmtree(ready / "lake")
    else:
        pieces = sorted(ledger.glob("*.parquet"), key=lambda file: file.stat().st_mtime_ns)
        for file in pieces if loss == "all" else pieces[-3:]:
            file.unlink()
        for file in sorted((ledger / "_delta_log").glob("*.json"))[-3:]:
            file.unlink()
    found = context(ready)
    said = mended(found, lambda: landing(found)).said
    assert any("had lost that landing/shops/all.csv was withdrawn by" in each for each in said), said
    assert answers(ready) == {**{name: each for name, each in ALL.items() if name != "shops"}}
    assert mended(context(ready), lambda: landing(context(ready))).said == []
    withdrawn(ready, "landing/shops/all.csv", "--undo")
    found = context(ready)
    again = mended(found, lambda: landing(found)).context
    for feed, here in landing(again):
        if has_work(again, feed, here):
            ingest(again, [feed])
    assert answers(ready) == ALL


def test_lines_that_are_lost_are_written_again_from_the_ledger(ready: Path) -> None:
    withdrawn(ready, "landing/shops/all.csv")
    lines = (ready / FILE).read_text()
    (ready / FILE).unlink()
    assert mended(context(ready), lambda: landing(context(ready))).said == []
    assert (ready / FILE).read_text() == lines


def test_while_a_night_is_at_work_or_its_files_are_taken_in_nothing_is_taken_back(ready: Path) -> None:
    with FileLock(ready / "scratch" / "locks" / "night.lock"):
        told = nps("withdraw", "landing/shops/all.csv", "--home", ready)
    assert (told.code, "Another run is at work" in told.err) == (1, True)
    assert answers(ready) == ALL


def test_what_nobody_may_write_is_not_taken_back_and_that_is_a_sentence(ready: Path) -> None:
    for folder in ("lake/files", "scratch/locks", "."):
        (ready / folder).chmod(0o500)
        try:
            told = as_anybody("withdraw", "landing/shops/all.csv", "--home", ready)
        finally:
            (ready / folder).chmod(0o755)
        if folder != ".":
            assert told.returncode == 1
            assert "must be able to read and write the whole workspace" in told.stderr
        assert "Traceback" not in told.stderr
        assert "panicked" not in told.stderr
