"""Throwing away: what counts stays whatever happens, what counts no more goes after a day."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import warehouse.lake.store
from tests.support.lakes import (
    FEBRUARY,
    JANUARY,
    MONTHS,
    RULES,
    File,
    answer,
    build,
    checks,
    know,
    leave,
    limits,
    record,
    rows_in,
    take_in,
)
from tests.support.laws import law
from warehouse.lake.ledgers import current_builds, current_files, loads_of
from warehouse.lake.store import Lake
from warehouse.lake.tables import BUILT_TABLES, DATA_TABLES
from warehouse.months.facts import build_facts
from warehouse.months.plan import make_plan
from warehouse.months.responses import build_responses
from warehouse.upkeep.mending import incomplete
from warehouse.upkeep.tidy import KEPT_HOURS, tidy

Rows = dict[str, list[tuple[Any, ...]]]


def tomorrow() -> datetime:
    """A moment at which all that has been written until now is old."""
    return datetime.now(UTC) + timedelta(hours=KEPT_HOURS, minutes=1)


def told(name: str, day: float = 1, *, responses: int = 1) -> File:
    rows = [answer(row, f"2025-0{row % 3 + 1}-10", response_id=f"{name} {row}") for row in range(2, 2 + responses)]
    return File(name, tuple(rows), day=day)


def counting(lake: Lake) -> Rows:
    """Every row that counts by the ledgers, of every table of data."""
    files = current_files(lake).select("load_id").drop_nulls()
    loads = {
        **dict.fromkeys(BUILT_TABLES, loads_of(current_builds(lake, "responses"))),
        "facts": loads_of(current_builds(lake, "facts")),
    }
    found: Rows = {}
    for table in DATA_TABLES:
        paths = lake.files_of(table, loads.get(table, files))
        found[table] = sorted(rows_in(table, paths).rows(), key=repr) if paths else []
    return found


def loads(lake: Lake, table: str) -> int:
    return lake.pieces(table).get_column("load_id").n_unique()


def a_lake(folder: Path) -> Lake:
    """Two files, of which the second delivers an answer of the first again, a dimension, and months built from them."""
    lake = Lake(folder)
    know(lake, "accounts", {"member_key": "acme", "valid_from": JANUARY})
    again = File("b.csv", (*told("b.csv", responses=3).answers, told("a.csv").answers[0] | {"source_row": 9}), day=2)
    take_in(lake, told("a.csv", responses=6), again)
    build(lake)
    return lake


# What stays


def test_an_empty_lake_is_tidy(tmp_path: Path) -> None:
    assert tidy(Lake(tmp_path), tomorrow()) == 0


def test_a_lake_in_which_everything_counts_loses_nothing(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    before, versions = counting(lake), lake.versions()
    assert tidy(lake, tomorrow()) == 0
    assert (counting(lake), lake.versions()) == (before, versions)
    none = (
        "rejected",
        "repeats",
        "contacts",
        "contact_counts",
        "mentions",
        "words",
        "tickets",
        "cases",
        "activity",
        "clients",
    )
    assert min(len(rows) for table, rows in before.items() if table not in none) > 0


def test_a_load_that_no_ledger_names_stays_while_it_may_belong_to_a_run_at_work(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    build_responses(lake, make_plan(lake, RULES), MONTHS, RULES)
    assert tidy(lake, datetime.now(UTC)) == 0
    assert tidy(lake, datetime.now(UTC) + timedelta(hours=KEPT_HOURS - 1)) == 0
    assert loads(lake, "responses") == 2


def test_the_rows_of_a_file_that_was_held_back_stay_for_those_who_look_at_them(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    held = told("c.csv", 3)
    take_in(lake, held)
    load_id = current_files(lake).filter(pl.col("file_digest") == held.digest).get_column("load_id").item()
    record(lake, held, status="held", load_id=load_id, ingested_at=tomorrow())
    assert tidy(lake, tomorrow()) == 0
    assert loads(lake, "staged") == 3


# What goes


def test_of_what_was_written_over_long_ago_what_each_name_held_last_stays(tmp_path: Path) -> None:
    lake, written = Lake(tmp_path), datetime.now(UTC)
    files = {name: told(name) for name in ("oldest", "older", "last", "now", "other")}
    for days, (name, file) in enumerate(files.items(), 1):
        take_in(lake, file)
        path = "landing/other.csv" if name == "other" else "landing/all.csv"
        load_id = current_files(lake).filter(file_digest=file.digest)["load_id"].item()
        status = "accepted" if name == "now" else "replaced"
        record(lake, file, path=path, status=status, load_id=load_id, ingested_at=written + timedelta(days=days))

    def kept() -> set[str]:
        standing = current_files(lake).join(lake.pieces("staged"), on="load_id", how="semi")
        return {name for name, file in files.items() if file.digest in standing["file_digest"]}

    now = written + timedelta(days=31.5)
    for keep, left in ((timedelta(days=40), {*files}), (timedelta(days=30), {*files} - {"oldest"})):
        assert tidy(lake, now, keep_replaced=keep) == len(files) - len(left)
        assert kept() == left
    tidy(lake, now + timedelta(days=1000), keep_replaced=timedelta(days=30))
    assert kept() == {"last", "now", "other"}
    assert incomplete(lake).is_empty()


def test_a_build_that_a_newer_one_replaced_goes_month_by_month(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    before = counting(lake)
    build(lake, [JANUARY], on=11)
    assert tidy(lake, tomorrow()) == 4  # January, in responses, outcomes, cells and facts
    for table in ("responses", "facts"):
        months = lake.pieces(table).select("month", "load_id").sort("month")
        assert months.get_column("month").to_list() == MONTHS
        assert months.get_column("load_id").n_unique() == 2
    kept = {"staged", "members"}
    assert {table: before[table] for table in kept} == {table: counting(lake)[table] for table in kept}


def test_builds_that_a_crash_left_go(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    before = counting(lake)
    built = build_responses(lake, make_plan(lake, RULES), [JANUARY, FEBRUARY], RULES)
    builds = built.counts.select("month", load_id=pl.lit(built.load_id))
    build_facts(lake, builds, limits(tmp_path))
    assert tidy(lake, tomorrow()) == 8
    assert counting(lake) == before
    assert (loads(lake, "responses"), loads(lake, "facts")) == (1, 1)


def test_an_earlier_verdict_s_load_goes(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    take_in(lake, told("a.csv", responses=6), on=9)
    build(lake, on=11)
    before = counting(lake)
    assert loads(lake, "staged") == 3
    assert tidy(lake, tomorrow()) >= 1
    assert loads(lake, "staged") == 2
    assert counting(lake) == before


def test_what_was_dropped_is_deleted_a_day_later(tmp_path: Path) -> None:
    """A reader that opened the table before has a day to come to its end."""
    lake = a_lake(tmp_path)
    build(lake, on=11)
    pieces = len(list((tmp_path / "responses").rglob("*.parquet")))
    tidy(lake, tomorrow())
    assert len(list((tmp_path / "responses").rglob("*.parquet"))) == pieces


def test_files_of_a_write_that_was_never_committed_are_deleted_a_day_later(tmp_path: Path) -> None:
    lake = a_lake(tmp_path)
    orphans = [lake.begin("responses", load_id=name, month=str(JANUARY)) / "part-0.parquet" for name in ("old", "new")]
    for orphan in orphans:
        pl.DataFrame({"source": ["x"]}).write_parquet(orphan)
    long_ago = (datetime.now(UTC) - timedelta(hours=KEPT_HOURS + 1)).timestamp()
    os.utime(orphans[0], (long_ago, long_ago))
    before = counting(lake)
    assert tidy(lake, tomorrow()) == 0
    assert [orphan.exists() for orphan in orphans] == [False, True]
    assert counting(lake) == before


def test_ledgers_of_many_pieces_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse.lake.store, "MANY_PIECES", 10)
    lake = a_lake(tmp_path)
    for number in range(10):
        lake.append("checks", checks(f"{number}"))
    before = lake.ledger("checks").sort("rule")
    version = lake.versions()
    tidy(lake, tomorrow())
    assert lake.ledger("checks").sort("rule").equals(before)
    assert lake.versions()["checks"] == version["checks"] + 1
    assert lake.versions()["files"] == version["files"]


# Whatever happens

EVENTS: dict[str, Callable[[Lake, int], object]] = {
    "a file arrives": lambda lake, number: take_in(lake, told(f"{number % 3}.csv", number, responses=2)),
    "a file leaves": lambda lake, number: leave(lake, told(f"{number % 3}.csv"), on=number + 0.5),
    "all months are built": lambda lake, number: build(lake, on=number),
    "a month is built": lambda lake, number: build(lake, [JANUARY], on=number),
    "a build crashes": lambda lake, _: build_responses(lake, make_plan(lake, RULES), MONTHS, RULES),
    "it is tidied": lambda lake, _: tidy(lake, tomorrow()),
}


@law(3, costly=True)
@given(st.lists(st.sampled_from(sorted(EVENTS)), min_size=3, max_size=7))
def test_tidying_never_touches_what_counts(events: list[str]) -> None:
    with TemporaryDirectory() as folder:
        lake = a_lake(Path(folder))
        for number, event in enumerate(events, start=20):
            EVENTS[event](lake, number)
        before = counting(lake)
        tidy(lake, tomorrow())
        assert counting(lake) == before
        assert tidy(lake, tomorrow()) == 0
