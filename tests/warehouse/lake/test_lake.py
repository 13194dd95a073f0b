"""The lake: loads that count only when they are committed and named, ledgers that lose nothing."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from polars.testing import assert_frame_equal

import warehouse.lake.store
from tests.support.lakes import (
    FEBRUARY,
    JANUARY,
    MARCH,
    File,
    answer,
    checks,
    day,
    know,
    limits,
    load,
    record,
    take_in,
    write,
    write_often,
)
from transforms.tables import StagedAnswer, stored_types, types
from warehouse.engine import connect, query, view
from warehouse.lake import opened
from warehouse.lake.ledgers import current_files, first_days
from warehouse.lake.loads import new_load_id
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES, LEDGERS, schema_of

TIMES = 10
ODD = 'it\'s "odd" \\ % # ? * [1] {2} ; -- \n\t čćž 漢字 \N{GRINNING FACE} \x00'


def found(lake: Lake, *load_ids: str) -> list[str]:
    """The response ids in the loads."""
    files = lake.files_of("staged", pl.DataFrame({"load_id": list(load_ids)}, schema={"load_id": pl.String}))
    return sorted(scan("staged", files).collect().get_column("response_id")) if files else []


def months(lake: Lake, load_id: str) -> None:
    """A load of responses, with an answer in each of two months."""
    folder = lake.begin("responses", load_id=load_id)
    for month in (JANUARY, FEBRUARY):
        part = folder / f"month={month}"
        part.mkdir()
        pl.DataFrame({"source": [load_id]}).write_parquet(part / "part-0.parquet")
    lake.commit("responses", [folder])


def pieces(lake: Lake, table: str) -> list[Path]:
    """The Parquet files that lie in the folders of a table, whether they are a part of it or not."""
    return sorted((lake.root / table).rglob("*.parquet"))


def ledger(lake: Lake) -> list[tuple[str, str]]:
    return sorted(lake.ledger("checks").select("subject", "rule").rows())


# Loads


def test_a_table_is_made_with_what_is_first_in_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    months(lake, "a")
    lake.append("checks", checks("a"))
    lake.take_up("members", [])
    assert lake.versions() == {"responses": 0, "checks": 0}
    assert {name: DeltaTable(tmp_path / name).schema() for name in ("responses", "checks")} == {
        "responses": schema_of("responses"),
        "checks": schema_of("checks"),
    }


@pytest.mark.parametrize("table", ["responses", "checks"])
def test_of_two_who_make_a_table_at_once_both_are_in_it(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(who: str) -> None:
        lake = Lake(tmp_path)
        months(lake, who) if table == "responses" else lake.append("checks", checks(who))

    def overtaken(_: Path) -> None:
        monkeypatch.undo()
        put("quick")

    monkeypatch.setattr(warehouse.lake.store, "refuse_unwritable", overtaken)
    put("late")
    lake = Lake(tmp_path)
    there = lake.pieces(table).get_column("load_id") if table == "responses" else [who for _, who in ledger(lake)]
    assert {*there} == {"quick", "late"}


def test_a_lake_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "nowhere")
    assert [lake.pieces(table).height for table in DATA_TABLES] == [0] * len(DATA_TABLES)
    assert [lake.ledger(name).height for name in LEDGERS] == [0] * len(LEDGERS)
    assert lake.versions() == {}
    lake.drop("staged", pl.DataFrame({"load_id": ["a"]}))
    lake.clean("staged", older_than_hours=0)
    assert not lake.compact("files")
    assert not lake.root.exists()


def test_a_load_is_a_part_of_its_table_only_after_its_commit(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    load(lake, "a", "r1")
    folder = write(lake, "b", ["r2"])
    assert (found(lake, "a"), found(lake, "b"), found(lake, "a", "b")) == (["r1"], [], ["r1"])
    lake.commit("staged", [folder])
    assert found(lake, "a", "b") == ["r1", "r2"]


def test_what_was_read_is_not_read_again_until_somebody_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, other = Lake(tmp_path), Lake(tmp_path)
    load(lake, "a", "r1")
    lake.append("checks", checks("holds"))
    assert (found(lake, "a"), ledger(lake)) == (["r1"], ledger(other))
    with monkeypatch.context() as patched:
        patched.setattr(opened, "DeltaTable", pytest.fail)
        patched.setattr(Lake, "rows_of", pytest.fail)
        assert (found(lake, "a"), ledger(lake)) == (["r1"], ledger(other))
    load(other, "b", "r2")
    other.append("checks", checks("fails"))
    assert (found(lake, "a", "b"), ledger(lake)) == (["r1", "r2"], ledger(other))
    assert len(ledger(lake)) == 2


def test_a_log_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    load(lake, "a", "r1")
    assert lake.pieces("staged").height == 1
    shutil.rmtree(tmp_path / "lake" / "staged")
    assert lake.pieces("staged").height == 0
    load(Lake(tmp_path / "lake"), "b", "r2", "r3")
    assert (found(lake, "a"), found(lake, "b")) == ([], ["r2", "r3"])


def test_only_the_loads_that_are_asked_for_are_read(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    load(lake, "a", "r1")
    load(lake, "b", "r1", "r2")
    assert found(lake, "b") == ["r1", "r2"]
    assert found(lake) == found(lake, "c") == []


def test_a_load_of_many_pieces_and_folders_is_committed_at_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    load(lake, "first", "r0")
    version = lake.versions()["staged"]
    folders = [write(lake, "a", ["r1"]), write(lake, "b", ["r2"], file_digest="f2")]
    write(lake, "a", ["r3"], name="part-1")
    lake.commit("staged", folders)
    assert found(lake, "a", "b") == ["r1", "r2", "r3"]
    assert lake.versions()["staged"] == version + 1


def test_a_commit_that_fails_commits_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    good, bad = write(lake, "a", ["r1"]), write(lake, "b", ["r2"])
    (bad / "part-1.parquet").write_bytes(b"cut off")
    with pytest.raises(pl.exceptions.ComputeError):
        lake.commit("staged", [good, bad])
    assert lake.pieces("staged").height == 0


def test_a_folder_without_pieces_is_no_commit(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.commit("staged", [lake.begin("staged", source="s", file_digest="f", load_id="a")])
    assert lake.versions() == {}


def test_pieces_say_what_is_in_them_and_since_when(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    before = datetime.now(UTC) - timedelta(seconds=5)
    load(lake, "a", "r1", "r2", "r3")
    months(lake, "m")
    [piece] = lake.pieces("staged").to_dicts()
    assert (piece["load_id"], piece["rows"]) == ("a", 3)
    assert before < piece["written_at"] < datetime.now(UTC)
    assert sorted(lake.pieces("responses").select("load_id", "month", "rows").rows()) == [
        ("m", JANUARY, 1),
        ("m", FEBRUARY, 1),
    ]


def test_months_of_a_load_can_be_read_one_by_one(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    months(lake, "old")
    months(lake, "new")
    wanted = pl.DataFrame({"load_id": ["old", "new"], "month": [JANUARY, FEBRUARY]})
    rows = scan("responses", lake.files_of("responses", wanted)).select("source", "month").collect()
    assert sorted(rows.rows()) == [("new", FEBRUARY), ("old", JANUARY)]
    assert lake.files_of("responses", pl.DataFrame({"load_id": ["old"], "month": [MARCH]})) == []


def test_a_dropped_load_is_gone_and_the_others_stay(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for name in ("a", "b", "c"):
        load(lake, name, f"r of {name}")
    lake.drop("staged", pl.DataFrame({"load_id": ["a", "c", "never there"]}))
    assert found(lake, "a", "b", "c") == ["r of b"]
    lake.drop("staged", pl.DataFrame({"load_id": []}, schema={"load_id": pl.String}))
    assert found(lake, "b") == ["r of b"]


def test_one_month_of_a_load_can_be_dropped(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    months(lake, "a")
    months(lake, "b")
    lake.drop("responses", pl.DataFrame({"load_id": ["a", "b"], "month": [JANUARY, FEBRUARY]}))
    assert sorted(lake.pieces("responses").select("load_id", "month").rows()) == [("a", FEBRUARY), ("b", JANUARY)]


def test_very_many_loads_can_be_dropped(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    load(lake, "a", "r1")
    lake.drop("staged", pl.DataFrame({"load_id": [*(new_load_id() for _ in range(450)), "a"]}))
    assert found(lake, "a") == []


def test_cleaning_deletes_what_was_never_committed_once_it_is_old(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    load(lake, "counts", "r1")
    young, old = write(lake, "young", ["r2"]), write(lake, "old", ["r3"])
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    for folder in (old, lake.root / "staged" / "source=shops" / "file_digest=f1" / "load_id=counts"):
        os.utime(folder / "part-0.parquet", (yesterday, yesterday))
    lake.clean("staged", older_than_hours=24)
    assert {piece.parent for piece in pieces(lake, "staged")} == {
        young,
        lake.root / "staged" / "source=shops" / "file_digest=f1" / "load_id=counts",
    }
    assert found(lake, "counts") == ["r1"]


def test_cleaning_deletes_what_was_dropped_long_enough_ago(tmp_path: Path) -> None:
    """A reader that opened the table before may still read it."""
    lake = Lake(tmp_path)
    load(lake, "a", "r1")
    load(lake, "b", "r2")
    lake.drop("staged", pl.DataFrame({"load_id": ["a"]}))
    lake.clean("staged", older_than_hours=24)
    assert len(pieces(lake, "staged")) == 2
    lake.clean("staged", older_than_hours=0)
    assert len(pieces(lake, "staged")) == 1
    assert found(lake, "a", "b") == ["r2"]


def test_cleaning_deletes_folders_that_loads_left_but_none_of_a_load_that_has_just_begun(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    months(lake, "counts")
    left, never_committed, begun = (lake.begin("responses", load_id=name) for name in ("left", "orphan", "begun"))
    pl.DataFrame({"source": ["x"]}).write_parquet(never_committed / "part-0.parquet")
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    for path in (left, never_committed / "part-0.parquet"):
        os.utime(path, (yesterday, yesterday))
    lake.clean("responses", older_than_hours=24)
    assert {path.name for path in (tmp_path / "responses").glob("load_id=*")} == {
        "load_id=counts",
        never_committed.name,
        begun.name,
    }
    assert lake.pieces("responses").height == len(pieces(lake, "responses")) == 2


@pytest.mark.parametrize("name", ["with space", "it's", "100% sure", "#1", "č ж 漢", "a+b&c", "(x) {y}", "~", "q?"])
def test_a_lake_may_lie_in_a_folder_of_any_usual_name(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")
    load(lake, "a", "r1")
    lake.append("checks", checks("holds"))
    assert found(lake, "a") == ["r1"]
    assert ledger(lake) == [("months", "holds")]
    with connect(limits(tmp_path)) as connection:
        whole = File("a.csv", (answer(2),))
        take_in(lake, whole)
        view(connection, "staged", lake.files_of("staged", current_files(lake).select("load_id")), StagedAnswer)
        assert query(connection, "select response_id, file_digest from staged").rows() == [("r2", whole.digest)]
    lake.drop("staged", pl.DataFrame({"load_id": ["a"]}))
    lake.clean("staged", older_than_hours=0)
    assert found(lake, "a") == []


def test_a_value_may_hold_any_character(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    take_in(lake, File("a.csv", (answer(2, comment=ODD, branch=ODD, response_id=ODD, survey=ODD),)))
    know(lake, "branches", {"member_key": ODD, "name": ODD, "valid_from": JANUARY})
    lake.append("checks", checks(ODD))
    record(lake, File("b.csv"), path=ODD, detail=ODD, status="refused")
    [row] = scan("staged", lake.files_of("staged", current_files(lake).select("load_id"))).collect().to_dicts()
    assert (row["comment"], row["branch"], row["response_id"], row["survey"]) == (ODD,) * 4
    assert ledger(lake) == [("months", ODD)]
    assert {ODD} < set(lake.ledger("files").get_column("path"))


def test_a_file_came_when_the_first_of_its_name_was_accepted(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first, second, other = File("a.csv", (answer(2),)), File("a.csv", (answer(3),)), File("b.csv", (answer(4),))
    record(lake, first, status="refused", ingested_at=day(1))
    record(lake, first, ingested_at=day(2))
    record(lake, first, status="replaced", ingested_at=day(5))
    record(lake, second, ingested_at=day(5))
    record(lake, other, ingested_at=day(5))
    came = {digest: on for _, digest, on in first_days(lake, "UTC").iter_rows()}
    assert came == {first.digest: day(2).date(), second.digest: day(2).date(), other.digest: day(5).date()}


def test_staged_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    file = File("a.csv", (answer(2, comment="fine"), answer(3, "2025-02-28", score=0, respondent_key="k", weight=0.5)))
    take_in(lake, file)
    rows = scan("staged", lake.files_of("staged", current_files(lake).select("load_id"))).sort("source_row").collect()
    schema = stored_types(StagedAnswer)
    assert rows.select(*schema).schema == pl.Schema(schema)
    assert rows.get_column("file_digest").to_list() == [file.digest] * 2
    assert rows.select("source_row", "score", "month", "weight", "comment").rows() == [
        (2, 9, JANUARY, 1.0, "fine"),
        (3, 0, FEBRUARY, 0.5, None),
    ]


def test_rows_that_are_older_than_a_column_are_read_with_null_in_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for load_id, columns in {"old": {}, "new": {"comment": ["fine"]}}.items():
        folder = lake.begin("staged", source="shops", file_digest=load_id, load_id=load_id)
        pl.DataFrame({"response_id": [load_id], **columns}).write_parquet(folder / "part-0.parquet")
        lake.commit("staged", [folder])
    for loads, rows in ((["old"], [("old", None)]), (["old", "new"], [("new", "fine"), ("old", None)])):
        files = lake.files_of("staged", pl.DataFrame({"load_id": loads}))
        assert scan("staged", files).select("load_id", "comment").collect().sort("load_id").rows() == rows
        with connect(limits(tmp_path)) as connection:
            view(connection, "staged", files, StagedAnswer)
            assert query(connection, "select file_digest, comment from staged order by 1").rows() == rows


# Ledgers


def test_a_ledger_is_only_added_to_and_its_last_row_counts(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    file = File("a.csv", (answer(2),))
    record(lake, file, status="held", ingested_at=day(1))
    record(lake, file, status="accepted", ingested_at=day(3))
    record(lake, file, status="refused", ingested_at=day(2))
    assert lake.ledger("files").height == 3
    assert current_files(lake).get_column("status").to_list() == ["refused"]


@pytest.mark.parametrize("name", LEDGERS)
def test_an_empty_ledger_has_the_columns_of_its_table(tmp_path: Path, name: str) -> None:
    assert Lake(tmp_path).ledger(name).schema == pl.Schema(types(LEDGERS[name]))


def test_a_ledger_comes_back_as_it_went_in(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    rows = checks("one", "two")
    lake.append("checks", rows)
    assert_frame_equal(lake.ledger("checks").sort("rule").drop("sequence"), rows.drop("sequence"))


OLDER = ("notes", "headings", "reason")


def forget_columns(lake: Lake, *columns: str) -> None:
    """Make the ledger of files what it was before these columns were declared."""
    rows = lake.ledger("files").drop(columns).cast({pl.Enum: pl.String})
    shutil.rmtree(lake.root / "files")
    write_deltalake(lake.root / "files", rows, mode="append")


def test_rows_of_a_ledger_that_are_older_than_a_column_have_nothing_in_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    record(lake, File("a.csv", (answer(2),)), notes=["odd"])
    before = lake.ledger("files")
    forget_columns(lake, *OLDER)
    after = lake.ledger("files")
    assert_frame_equal(after.drop(OLDER), before.drop(OLDER))
    assert after.select(OLDER).rows() == [([], [], None)]


@pytest.mark.usefixtures("few_are_many")
def test_a_ledger_grows_by_a_column_and_keeps_its_older_rows(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    record(lake, File("a.csv", (answer(2),)))
    forget_columns(lake, *OLDER)
    for number in range(10):
        record(lake, File(f"b{number}.csv", (answer(2),)), notes=["odd"], headings=["Score"], reason="gate")
    younger = [(f"landing/shops/b{number}.csv", ["odd"], ["Score"], "gate") for number in range(10)]
    expected: list[tuple[object, ...]] = [("landing/shops/a.csv", [], [], None), *younger]  # fmt: skip
    assert lake.ledger("files").select("path", *OLDER).sort("path").rows() == expected
    assert lake.compact("files")
    assert lake.ledger("files").select("path", *OLDER).sort("path").rows() == expected


def test_what_is_appended_while_another_process_gives_the_ledger_a_column_is_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    record(lake, File("first.csv", (answer(2),)))
    forget_columns(lake, *OLDER)

    def another_process(_folder: Path) -> None:
        monkeypatch.undo()
        record(Lake(tmp_path), File("theirs.csv", (answer(2),)))

    monkeypatch.setattr(warehouse.lake.store, "refuse_unwritable", another_process)
    record(lake, File("ours.csv", (answer(2),)))
    names = ("first", "theirs", "ours")
    assert sorted(lake.ledger("files")["path"]) == sorted(f"landing/shops/{name}.csv" for name in names)


def test_a_row_that_its_table_does_not_allow_is_not_written(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with pytest.raises(dy.exc.ValidationError):
        lake.append("checks", checks("holds").with_columns(failing_rows=pl.lit(-1, pl.Int64)))
    assert ledger(lake) == []


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger of ten pieces is worth compacting."""
    monkeypatch.setattr(warehouse.lake.store, "MANY_PIECES", 10)


@pytest.mark.usefixtures("few_are_many")
def test_many_pieces_of_a_ledger_become_one_and_lose_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    rules = [f"rule {number:02}" for number in range(12)]
    for number, rule in enumerate(rules):
        assert not (number < 10 and lake.compact("checks"))
        lake.append("checks", checks(rule))
    assert len(pieces(lake, "checks")) == 12
    assert lake.compact("checks")
    assert ledger(lake) == [("months", rule) for rule in rules]
    assert not lake.compact("checks")
    lake.clean("checks", older_than_hours=0)
    assert len(pieces(lake, "checks")) == 1
    lake.append("checks", checks("one more"))
    assert len(ledger(lake)) == 13


@pytest.mark.usefixtures("few_are_many")
def test_four_processes_that_write_at_once_lose_nothing_and_write_nothing_twice(tmp_path: Path) -> None:
    """One more compacts meanwhile."""
    lake = Lake(tmp_path)
    everybody = [f"process_{number}" for number in range(4)]
    spawn = get_context("spawn")
    processes = [spawn.Process(target=write_often, args=(tmp_path, who, TIMES)) for who in everybody]
    for process in processes:
        process.start()
    compacted = 0
    while any(process.is_alive() for process in processes):
        compacted += lake.compact("checks")
        processes[0].join(0.02)
    assert [process.exitcode for process in processes] == [0] * 4
    assert compacted
    expected = [(who, f"{number}") for who in everybody for number in range(TIMES)]
    assert Counter(ledger(lake)) == Counter(expected)
    assert found(lake, *(f"{who}-{number}" for who, number in expected)) == sorted(map("-".join, expected))


def test_a_log_of_many_commits_is_summed_up_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert not lake.sum_up("checks")
    for number in range(warehouse.lake.store.MANY_COMMITS):
        assert not lake.sum_up("checks")
        lake.append("checks", checks(f"{number}"))
    before = ledger(lake)
    assert [lake.sum_up("checks"), lake.sum_up("checks")] == [True, False]
    assert len(list((tmp_path / "checks" / "_delta_log").glob("*.checkpoint.parquet"))) == 1
    (tmp_path / "checks" / "_delta_log" / "_last_checkpoint").write_bytes(b"\0\xff")
    assert lake.sum_up("checks")
    lake.append("checks", checks("after"))
    assert ledger(Lake(tmp_path)) == ledger(lake) == sorted([*before, ("months", "after")])
