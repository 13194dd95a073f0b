"""What does not count is said: of every file how many answers count, and which files' answers count in place of the rest."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.definitions import define
from tests.support.scenario import Settings, Told, land, night, nps, published, source, workspace

COLUMNS = {"score": "Score", "responded_at": "Date", "response_id": "Id", "respondent": "Person"}
HEADING = "Id,Date,Person,Score\n"
SETTINGS: Settings = {
    "sources": {
        "shops": source("shops", columns=COLUMNS, delivery="snapshot"),
        "calls": source("calls", columns=COLUMNS),
    },
    "dimensions": {"branches": {"kind": "csv", "files": "landing/branches/*", "columns": {"branch": "Code"}}},
}


def answers(*names: str, day: int = 10, month: int = 1, score: int = 9) -> str:
    """An export; each answer has an id, and was given by the person of its first letter."""
    rows = [f"{name},2025-{month:02}-{day:02},{name[0]}@example.com,{score}\n" for name in names]
    return HEADING + "".join(rows)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told, Told]:
    """Tests only look at it. In the second night an export is replaced, an id comes again, and people answer again."""
    home = workspace(tmp_path_factory.mktemp("counting") / "home", SETTINGS)
    land(home, "branches/all.csv", "Code\nZG\n")
    land(home, "shops/1.csv", answers("a1", "b1", "c1"))
    land(home, "calls/1.csv", answers("k1", "l1", "m1", "m2", "n1") + answers("k1", month=2).removeprefix(HEADING))
    first = night(home)
    land(home, "shops/2.csv", answers("a1", "b1", "c1", "d1"), day=2)
    land(home, "calls/2.csv", answers("k1", month=3) + answers("n2", day=20).removeprefix(HEADING), day=2)
    return home, first, night(home)


FATES = {
    "landing/calls/1.csv": (6, 2, 4),
    "landing/calls/2.csv": (2, 2, 0),
    "landing/shops/1.csv": (3, 0, 3),
    "landing/shops/2.csv": (4, 4, 0),
}
OF_THE_CALLS = (
    "4 of 6 answers of landing/calls/1.csv do not count: 2 are superseded by landing/calls/2.csv (the same response id or "
    "row), 1 is superseded by landing/calls/2.csv (the same respondent again in the same month), 1 is superseded by other "
    "rows of the same file (the same respondent again in the same month)."
)
OF_THE_SHOPS = (
    "3 of 3 answers of landing/shops/1.csv do not count: 3 are superseded by landing/shops/2.csv (a newer export of the "
    "whole survey)."
)


def test_a_night_says_of_which_files_answers_count_no_more(nights: tuple[Path, Told, Told]) -> None:
    home, first, second = nights
    assert "2 of 6 answers of landing/calls/1.csv do not count: " in first.out
    assert "shops/1.csv" not in first.out
    assert OF_THE_CALLS in second.out
    assert OF_THE_SHOPS in second.out
    assert "not count" not in nps("backfill", "2025-01", "2025-03", "--home", home).out


def test_status_says_of_every_file_how_many_answers_count(nights: tuple[Path, Told, Told]) -> None:
    home = nights[0]
    told = nps("status", "--home", home)
    assert OF_THE_CALLS in told.out
    assert OF_THE_SHOPS in told.out
    document = nps("status", "--home", home, "--json").document
    files = {each["path"]: (each["accepted"], each["counted"], each["superseded"]) for each in document["files"]}
    assert files == FATES
    sources = {each["source"]: (each["counted"], each["superseded"]) for each in document["sources"]}
    assert sources == {"calls": (4, 4), "shops": (4, 3), "dimension.branches": (None, None)}


def test_what_counts_of_a_file_is_not_told_before_its_months_are_built(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SETTINGS)
    land(home, "calls/1.csv", answers("k1", "k2"))
    job = define(Context(open_workspace(home))).resolve_job_def("ingest")
    assert job.execute_in_process().success
    [file] = nps("status", "--home", home, "--json").document["files"]
    assert (file["accepted"], file["counted"], file["superseded"], file["says"]) == (2, None, None, None)


def test_the_published_file_says_it_too_and_every_file_adds_up(nights: tuple[Path, Told, Told]) -> None:
    home = nights[0]
    rows = published(home, "select path, accepted, counted, superseded from meta.files where counted is not null")
    assert {path: tuple(counts) for path, *counts in rows} == FATES
    assert all(accepted == counted + superseded for _, accepted, counted, superseded in rows)
    by = "select path, by_rule, by_path, sum(superseded)::int from meta.superseded group by all order by all"
    assert published(home, by) == [
        ("landing/calls/1.csv", "answered_again", "landing/calls/1.csv", 1),
        ("landing/calls/1.csv", "answered_again", "landing/calls/2.csv", 1),
        ("landing/calls/1.csv", "redelivered", "landing/calls/2.csv", 2),
        ("landing/shops/1.csv", "snapshot_replaced", "landing/shops/2.csv", 3),
    ]
    assert published(home, "from meta.reconciliation where difference <> 0") == []


def test_dagster_shows_it_once_with_the_last_month_that_was_built(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", SETTINGS)
    land(home, "calls/1.csv", answers("k1", "k2", "l|1"))
    definitions = define(Context(open_workspace(home)))
    assert definitions.resolve_job_def("ingest").execute_in_process().success
    tags = {"dagster/asset_partition_range_start": "2025-01", "dagster/asset_partition_range_end": "2025-02"}
    result = definitions.resolve_job_def("rebuild").execute_in_process(tags=tags)
    shown = {
        event.partition: event.step_materialization_data.materialization.metadata.get("by_file_of_run")
        for event in result.get_asset_materialization_events()
        if event.asset_key and event.asset_key.to_user_string() == "responses"
    }
    assert shown.pop("2025-01") is None
    [(month, table)] = shown.items()
    assert month == "2025-02"
    assert "| landing/calls/1.csv | 3 | 2 | 1 | 1 of 3 answers of landing/calls/1.csv does not count:" in str(table)


# The rows


def listed(home: Path, *how: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = nps("rejects", "--superseded", "--json", "--home", home, *how).document
    return found


def test_the_rows_that_do_not_count_are_listed_with_those_that_do(nights: tuple[Path, Told, Told]) -> None:
    home = nights[0]
    rows = [
        (row["path"][8:], row["source_row"], row["reason"], row["by_path"][8:], row["by_source_row"])
        for row in listed(home)
    ]
    assert rows == [
        ("calls/1.csv", 2, "redelivered", "calls/2.csv", 2),
        ("calls/1.csv", 4, "answered_again", "calls/1.csv", 5),
        ("calls/1.csv", 6, "answered_again", "calls/2.csv", 3),
        ("calls/1.csv", 7, "redelivered", "calls/2.csv", 2),
        *(("shops/1.csv", row, "snapshot_replaced", "shops/2.csv", None) for row in (2, 3, 4)),
    ]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (["--source", "calls"], 4),
        (["--month", "2025-02"], 1),
        (["--month", "2025-01", "--file", "calls/*"], 0),
        (["--file", "landing/calls/*"], 4),
        (["--reason", "answered_again"], 2),
        (["--file", "2.csv"], 0),
    ],
)
def test_a_filter_leaves_what_is_asked_for(nights: tuple[Path, Told, Told], how: list[str], expected: int) -> None:
    assert len(listed(nights[0], *how)) == expected


def test_they_are_listed_for_people_and_as_csv_and_nobody_is_named(nights: tuple[Path, Told, Told]) -> None:
    home = nights[0]
    told = nps("rejects", "--superseded", "--home", home)
    assert "landing/shops/1.csv" in told.out
    assert "In all" in told.out
    document = nps("rejects", "--superseded", "--csv", "--home", home).out
    assert len(list(csv.DictReader(io.StringIO(document)))) == 7
    assert "example.com" not in told.said + document
    summed = listed(home, "--summary")
    assert sum(row["rows"] for row in summed) == 7
    assert {row["hint"] for row in summed if row["reason"] == "redelivered"} == {
        "Superseded by the same response id or row."
    }


def test_where_everything_counts_or_nothing_is_known_by_that_name_a_sentence_says_so(
    nights: tuple[Path, Told, Told], tmp_path: Path
) -> None:
    home = workspace(tmp_path / "home", SETTINGS)
    assert "Every answer of the files that are in counts." in nps("rejects", "--superseded", "--home", home).out
    told = nps("rejects", "--superseded", "--reason", "date_missing", "--home", nights[0])
    assert (told.code, "there are: snapshot_replaced, redelivered, answered_again" in told.err) == (2, True)
