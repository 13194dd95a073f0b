"""Quarantine that can be worked with: what is listed, what to do about it, and that a fix takes in just what it mends."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context, utc_now
from pipelines.report.rejects import Wanted, rejected_rows, rows_not_kept, summary_by_file
from tests.support.scenario import Settings, configure, counts, land, night, nps, published, source, taken_in, workspace
from warehouse.lake.ledgers import current_files
from warehouse.upkeep.tidy import tidy

COLUMNS = {"response_id": "Id", "responded_at": "When?", "score": 3}
HEADING = "Id,When?,Points\n"
GOOD = "".join(f"g{n},2025-01-10,9\n" for n in range(20))
FIXED = {"dates": {"formats": ["%Y-%m-%d", "%d.%m.%Y"]}}
DATED = [f"d{n},{10 + n}.01.2025,0" for n in range(3)]


def settings(**shops: Any) -> Settings:  # noqa: ANN401 - as nps.yaml has it
    excluding = {"exclude": {"test": {"column": "Id", "values": ["t1"]}}}
    return {
        "sources": {
            "shops": source("shops", columns=COLUMNS, **excluding, **shops),
            "calls": source("calls", columns=COLUMNS),
        }
    }


def make(home: Path) -> Path:
    workspace(home, settings())
    land(home, "shops/a.csv", HEADING + GOOD + "\n".join(DATED) + "\n")
    land(home, "shops/b.csv", HEADING + GOOD.replace("g", "h") + "t1,2025-01-10,9\nx1,2025-02-10,12\n")
    land(home, "shops/none.csv", "Id,Other\n1,2\n")
    land(home, "calls/c.csv", HEADING + GOOD.replace("g", "c") + "x2,2025-01-10,ana@example.com\n")
    land(home, "calls/held.csv", HEADING + "x3,soon,9\nx4,later,9\n")
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests only look at it."""
    home = make(tmp_path_factory.mktemp("rejects") / "home")
    taken_in(home)
    return home


def listed(home: Path, *how: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = nps("rejects", "--json", "--home", home, *how).document
    return found


def context(home: Path) -> Context:
    return Context(open_workspace(home))


# What is listed


def test_a_rejected_row_is_told_with_its_file_its_row_and_what_the_file_calls_its_column(home: Path) -> None:
    rows = [row for row in listed(home, "--source", "shops") if row["source_row"]]
    told = [
        (row["path"], row["source_row"], row["column"], row["heading"], row["reason"], row["value"]) for row in rows
    ]
    assert told == [
        *(("landing/shops/a.csv", 22 + n, "responded_at", "When?", "date_unreadable", DATED[n].split(",")[1])
          for n in range(3)),
        ("landing/shops/b.csv", 22, None, "Id", "test", None),
        ("landing/shops/b.csv", 23, "score", "Points", "score_out_of_scale", "12"),
    ]  # fmt: skip


def test_on_a_screen_rejected_rows_stand_before_excluded_ones(home: Path) -> None:
    unknown = nps("rejects", "--home", home, "--file", "nowhere.csv")
    assert unknown.code == 2
    assert unknown.err.startswith("No file called 'nowhere.csv' was ever taken in, held or refused.")
    said = nps("rejects", "--home", home, "--file", "b.csv").out
    assert said.index("score_out_of_scale") < said.index("excluded")
    assert "│ 2025-02 " in said


def test_whole_files_are_listed_with_their_sentence(home: Path) -> None:
    files = [row for row in listed(home) if row["source_row"] is None]
    assert [(row["path"], row["outcome"], row["reason"]) for row in files] == [
        ("landing/calls/held.csv", "held", "gate"),
        ("landing/shops/none.csv", "refused", "file_layout"),
    ]
    said = nps("rejects", "--home", home).out
    assert all(row["detail"] in said for row in files)
    assert "2 files are not in:" in said


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (["--reason", "date_unreadable", "--source", "shops"], {"a.csv": 3}),
        (["--file", "landing/shops/a.csv"], {"a.csv": 3}),
        (["--file", "b.csv"], {"b.csv": 2}),
        (["--file", "landing/calls/*"], {"c.csv": 1, "held.csv": 3}),
        (["--month", "2025-02"], {"b.csv": 1}),
        (["--reason", "file_layout"], {"none.csv": 1}),
        (["--reason", "flagged"], {}),
    ],
)
def test_a_filter_leaves_what_is_asked_for(home: Path, how: list[str], expected: dict[str, int]) -> None:
    assert Counter(Path(row["path"]).name for row in listed(home, *how)) == expected


def test_a_reason_that_there_is_not_is_a_mistake(home: Path) -> None:
    told = nps("rejects", "--reason", "dates", "--home", home)
    assert (told.code, "There is no reason 'dates'; there are: score_unreadable" in told.err) == (2, True)


def test_the_summary_counts_by_source_reason_and_file_and_says_what_to_do(home: Path) -> None:
    rows = {(row["path"], row["reason"]): row for row in listed(home, "--summary")}
    dates = rows["landing/shops/a.csv", "date_unreadable"]
    assert (dates["rows"], dates["example"]) == (3, "10.01.2025")
    assert "dates.formats" in dates["hint"]
    assert rows["landing/shops/none.csv", "file_layout"]["rows"] == 0
    assert sum(row["rows"] for row in rows.values()) == 8
    document = list(csv.DictReader(io.StringIO(nps("rejects", "--summary", "--csv", "--home", home).out)))
    assert [row["path"] for row in document] == [path for path, _ in rows]
    assert dates["hint"] in nps("rejects", "--summary", "--home", home).out


@pytest.mark.parametrize("how", [[], ["--csv"], ["--json"], ["--summary"], ["--summary", "--json"]])
def test_no_value_is_shown_that_may_be_somebody(home: Path, how: list[str]) -> None:
    assert "ana@example" not in nps("rejects", "--home", home, *how).said


# Mending


def test_a_fix_in_nps_yaml_takes_in_what_was_rejected_and_leaves_other_sources_alone(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", settings())
    land(home, "shops/a.csv", HEADING + GOOD + "\n".join(DATED) + "\n")
    land(home, "calls/c.csv", HEADING + GOOD.replace("g", "c"))
    night(home)
    before = loads(home)
    assert counts(home, "shops") == (20, 0, 0)
    assert len(listed(home)) == 3
    configure(home, settings(**FIXED))
    night(home)
    assert counts(home, "shops") == (20, 0, 3)
    assert listed(home) == []
    assert published(home, "from meta.rejections") == []
    assert published(home, "from meta.reconciliation where difference <> 0") == []
    after = loads(home)
    assert after["landing/calls/c.csv"] == before["landing/calls/c.csv"]
    assert after["landing/shops/a.csv"] != before["landing/shops/a.csv"]


def test_a_fix_in_a_file_reads_just_that_file_again(tmp_path: Path) -> None:
    home = make(tmp_path / "home")
    taken_in(home)
    before = loads(home)
    rows = [f"{row.split(',')[0]},2025-01-1{n},0" for n, row in enumerate(DATED)]
    land(home, "shops/a.csv", HEADING + GOOD + "\n".join(rows) + "\n", day=2)
    record = taken_in(home)["landing/shops/a.csv"]
    assert (record["accepted"], record["rejected"]) == (23, 0)
    after = loads(home)
    assert {path for path in after if after[path] != before[path]} == {"landing/shops/a.csv"}
    assert listed(home, "--file", "landing/shops/a.csv") == []


def loads(home: Path) -> dict[str, str | None]:
    """The load of every file that is known and was not replaced."""
    files = current_files(context(home).lake).filter(pl.col("status") != "replaced")
    return dict(files.select("path", "load_id").iter_rows())


# How long


def test_rejected_rows_are_kept_for_a_time_and_their_counts_for_ever(tmp_path: Path) -> None:
    home = make(tmp_path / "home")
    old = replace(context(home), clock=lambda: utc_now() - timedelta(days=100))
    files = taken_in(home, old)
    land(home, "shops/new.csv", HEADING + GOOD.replace("g", "n") + "n90,soon,9\n", day=2)
    taken_in(home)
    lake, later = old.lake, utc_now() + timedelta(days=2)
    before = rejected_rows(old)
    assert tidy(lake, later, timedelta(days=103)) == 0
    assert rejected_rows(old).equals(before)
    assert rows_not_kept(old) == 0
    assert tidy(lake, later, timedelta(days=101)) == 2  # one of each source: its small files share a load
    left = rejected_rows(old, Wanted()).drop_nulls("source_row")
    assert left.get_column("path").to_list() == ["landing/shops/new.csv"]
    assert rows_not_kept(old) == 8
    assert summary_by_file(left).get_column("rows").to_list() == [1]
    assert "8 older rows not shown: limits.keep_rejected_days" in nps("rejects", "--home", home).out
    now = {row["path"]: row["rejected"] for row in current_files(lake).iter_rows(named=True)}
    assert {path: row["rejected"] for path, row in files.items()}.items() <= now.items()
    assert tidy(lake, later, timedelta(days=101)) == 0
