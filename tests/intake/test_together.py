"""Many small files of a source share a load, and are what they would be if each was read by itself."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.guards.mending import mended
from pipelines.intake import together
from tests.support.nights import context, imbalances
from tests.support.scenario import configure, counts, land, marts, nps, published, source, taken_in, workspace
from transforms.tables import RejectedRow, stored_types
from warehouse.intake.shared import stage_together
from warehouse.lake.ledgers import current_files
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.upkeep.tidy import tidy

WITH_IDS = {"response_id": "Id", "score": "Score", "responded_at": "Date", "branch": "Branch", "comment": "Comment"}
BY_NAME = {"score": "Score", "comment": "Comment"}
WITHOUT = {name: column for name, column in WITH_IDS.items() if name != "response_id"}
SETTINGS = {
    "history_from": "2024-01",
    "sources": {
        "ids": source("files", columns=WITH_IDS, max_reject_share=1),
        "none": source("files", columns=WITHOUT, max_reject_share=1),
        "named": source(
            "named", columns=BY_NAME, max_reject_share=1, file_name="(?P<branch>[a-z]+)_(?P<responded_at>[0-9-]+)"
        ),
    },
}
HEADING = "Id,Score,Date,Branch,Comment\n"
ROW = "r{0},{1},2024-0{2}-1{0},Split,fine\n"

#: Files in which nothing is odd, of the same headings.
SOUND: dict[str, str | bytes] = {
    "plain.csv": HEADING + ROW.format(1, 9, 1) + ROW.format(2, 0, 2),
    "no_end.csv": HEADING + "a1,8,2024-03-01,Split,ok",
    "returns.csv": (HEADING + "a2,7,2024-03-02,Zagreb,ok\na3,,2024-03-03,Zagreb,\n").replace("\n", "\r\n"),
    "marked.csv": b"\xef\xbb\xbf" + (HEADING + "a4,10,2024-03-04,Győr,čekao sam\n").encode(),
    "quoted.csv": HEADING + 'a5,6,2024-03-05,"Split, south","said ""no"", twice"\n"a6","5",2024-03-06,,""\n',
    "broken_lines.csv": HEADING
    + 'm1,9,2024-03-12,Split,"x\ny"\nm2,9,2024-03-12,"Split\nsouth","a\r\n\nb"\nm3,9,2024-03-12,Split,x\n',
    "other_delimiters.csv": HEADING + "a7,4,2024-03-07,Split;Zagreb,a|b;c\na8,3,2024-03-08,Split,;;;\n",
    "blank_rows.csv": HEADING + ",,,,\na9,9,2024-03-09,Split,x\n,,,,\nb1,9,2024-03-10,Split,x\n",
    "equal_rows.csv": HEADING + "b2,9,2024-03-11,Split,x\n" * 3,
    "equal_rows_too.csv": HEADING + "b2,9,2024-03-11,Split,x\n" * 2 + "b2,8,2024-03-11,Split,x\n",
    "refused_rows.csv": HEADING
    + "b3,77,2024-03-12,Split,x\nb4,9,soon,Split,x\nb5,9,,Split,x\nb6,9,2034-01-01,Split,x\n",
    "none_answered.csv": HEADING + "b7,,2024-03-12,Split,x\nb8,n/a,someone,Split,x\n",
    "only_headings.csv": HEADING,
    "half_swapped.csv": HEADING
    + "".join(f"c{day},9,{day}/1/2024,Split,x\n" for day in range(13, 29))
    + "".join(f"d{day},9,2024-{day:02}-01 00:00:00,Split,x\n" for day in range(1, 13)),
    "labels.csv": HEADING + "".join(f"e{row},9 - wow,2024-03-12,Split,x\n" for row in range(6)),
    "contacts.csv": HEADING + "f1,9,2024-03-12,ana@example.com,write to ana@example.com\n",
}
#: Those that are read by themselves, and why; each is told of, or refused.
ODD: dict[str, str | bytes] = {
    "totals.csv": HEADING + "g1,9,2024-03-12,Split,x\nTotal,9,,,\n",
    "gaps.csv": HEADING + "h1,9,2024-03-12,Split,x\nh2,9,2024-03-12,,x\nh3,9,2024-03-12,Zadar,x\nh4,9,2024-03-12,,x\n",
    "moved.csv": "Score,Id,Date,Branch,Comment\n9,i1,2024-03-12,Split,x\n",
    "titled.csv": "Report,,,,\n" + HEADING + "j1,9,2024-03-12,Split,x\n",
    "too_long.csv": HEADING + "k1,9,2024-03-12,Split,x\nk2,9,2024-03-12,Split,x,more\n",
    "too_short.csv": HEADING + "k3,9,2024-03-12,Split,x\nk4,9\n",
    "unclosed.csv": HEADING + 'k5,9,2024-03-12,Split,"x\nk6,9,2024-03-12,Split,x\n',
    "swallowed.csv": HEADING
    + 'k7,9,2024-03-12,Split,"x\nm4,9,2024-03-12,Split,x\nm5,9,2024-03-12,Split,y"\nk8,9,2024-03-12,Split,x\n',
    "blank_first.csv": "\n" + HEADING + "k8,9,2024-03-12,Split,x\n",
    "broken_headings.csv": HEADING.replace("Comment", '"Comm\nent"') + "k8,9,2024-03-12,Split,x\n",
    "inches.csv": HEADING + 'k9,9,2024-03-12,Split,5" wide\nl1,9,2024-03-12,Split,6" wide\n',
    "empty_lines.csv": HEADING + "l2,9,2024-03-12,Split,x\n\nl3,9,2024-03-12,Split,x\n",
    "hint.csv": "sep=,\n" + HEADING + "l4,9,2024-03-12,Split,x\n",
    "semicolons.csv": (HEADING + "l5,9,2024-03-12,Split,x\n").replace(",", ";"),
    "old.csv": (HEADING + "l6,9,2024-03-12,Šibenik,čekao sam predugo na šalteru\n").encode("windows-1250"),
    "twice_encoded.csv": HEADING + "l7,9,2024-03-12,Split,EspaÃ±a\n",
    "zeros.csv": HEADING + "l8,9,2024-03-12,Split,x\0\n",
    "returns_alone.csv": (HEADING + "l9,9,2024-03-12,Split,x\n").replace("\n", "\r"),
    "one_column.csv": "Score\n9\n",
    "no_table.csv": "%PDF-1.4 a document\n",
    "binary.csv": bytes(range(256)),
}  # fmt: skip


def landed(home: Path, settings: dict[str, Any] = SETTINGS) -> Path:
    """A workspace with all these files; the odd ones, and one more that is not, come last."""
    workspace(home, settings)
    (home / "identity.key").write_text("k" * 64, "utf-8")
    for at, (name, content) in enumerate([*SOUND.items(), *ODD.items(), ("late.csv", f"{SOUND['plain.csv']!s}x")]):
        land(home, f"files/{name}", content, day=at % 3 + 3 * (at >= len(SOUND)))
    for name in ("split_2024-03-01", "split_2024-04-01", "zadar_2024-03-01", "zadar_soon"):
        land(home, f"named/{name}.csv", "Score,Comment\n9,x\n9,x\n0,y\n")
    return home


def found(home: Path) -> tuple[list[dict[str, Any]], pl.DataFrame, pl.DataFrame]:
    """What became of each file and of each of its rows, but for what the loads are called."""
    taken_in(home)
    lake = context(home).lake
    files = current_files(lake).sort("source", "path")
    loads = files.drop_nulls("load_id").select("load_id", "path")
    rows = [
        scan(table, lake.files_of(table, loads)).drop("file_digest").collect().join(loads, on="load_id").drop("load_id")
        for table in ("staged", "rejected")
    ]
    staged, rejected = (each.sort("source", "path", "source_row") for each in rows)
    return files.drop("load_id", "ingested_at", "sequence").to_dicts(), staged, rejected


def are_shared(home: Path, of: str = "ids") -> dict[str, bool]:
    """Whether the file of each name in a source shares its load with others."""
    files = current_files(context(home).lake).filter(pl.col("source") == of)
    return {Path(path).name: "#" in (load or "") for path, load in files.select("path", "load_id").iter_rows()}


def test_files_are_what_they_would_be_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found_together = found(landed(tmp_path / "together"))
    monkeypatch.setattr(together, "may_be_small", lambda *_: False)
    found_alone = found(landed(tmp_path / "alone"))
    for these, those in zip(found_together[0], found_alone[0], strict=True):
        assert these == those, these["path"]
    for these_rows, those_rows in zip(found_together[1:], found_alone[1:], strict=True):
        assert these_rows.equals(those_rows)
    assert not any(are_shared(tmp_path / "alone").values())
    shared = are_shared(tmp_path / "together")
    assert {name for name, is_shared in shared.items() if is_shared} == set(SOUND)
    assert are_shared(tmp_path / "together", "named") == {
        "split_2024-03-01.csv": True, "split_2024-04-01.csv": True, "zadar_2024-03-01.csv": True, "zadar_soon.csv": False
    }  # fmt: skip


def test_a_night_of_small_files_publishes_what_one_of_single_files_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [few(tmp_path / name) for name in ("together", "alone")]
    nps("run", "--home", homes[0])
    monkeypatch.setattr(together, "may_be_small", lambda *_: False)
    nps("run", "--home", homes[1])
    assert marts(homes[0]) == marts(homes[1])
    assert not imbalances(homes[0])


NAMES = ("a", "b", "c", "d", "e")
SHARE = {"gates": {"max_reject_share": 0.5}, "sources": {"shops": source("shops")}}


def few(home: Path) -> Path:
    """A workspace with five files of which each gives another score; of `e`, two rows of three are no answers."""
    workspace(home, SHARE)
    for at, name in enumerate(NAMES):
        bad = "score,date\n" + "99,2025-01-05\n" * 2 if name == "e" else "score,date\n"
        land(home, f"shops/{name}.csv", bad + f"{10 - at},2025-0{1 + at % 2}-1{at}\n", day=1)
    return home


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, after a night in which `e` was held."""
    home = few(tmp_path_factory.mktemp("together") / "workspace")
    assert nps("run", "--home", home).code == 3
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "workspace")


def scores(home: Path) -> list[int]:
    """The scores that count."""
    return sorted(score for score, number in _scores(home) for _ in range(number))


def _scores(home: Path) -> list[tuple[int, int]]:
    lake = context(home).lake
    files = current_files(lake).filter(pl.col("status") == "accepted").get_column("load_id").to_list()
    rows = scan("staged", lake.files_of("staged", pl.DataFrame({"load_id": files})), files)
    return [(score, number) for score, number in rows.group_by("score").len().collect().iter_rows()]


def pieces(home: Path, table: str) -> list[Path]:
    """The Parquet files of a table, as far as they are part of it."""
    lake = context(home).lake
    return [lake.root / table / path for path in lake.pieces(table).get_column("path")]


def test_a_batch_is_one_piece_of_each_table(home: Path) -> None:
    assert len(pieces(home, "staged")) == len(pieces(home, "rejected")) == 1


def test_of_a_shared_piece_only_the_files_that_are_in_count(home: Path) -> None:
    assert scores(home) == [7, 8, 9, 10]
    assert counts(home, "shops") == (2, 2, 0)
    assert not imbalances(home)
    assert published(home, "select path, status, accepted from meta.files order by path") == [
        *((f"landing/shops/{name}.csv", "accepted", 1) for name in NAMES[:-1]),
        ("landing/shops/e.csv", "held", 1),
    ]


def test_a_file_of_a_shared_piece_is_withdrawn_and_comes_back(home: Path) -> None:
    assert nps("withdraw", "landing/shops/b.csv", "--home", home).code == 0
    nps("run", "--home", home)
    assert (scores(home), counts(home, "shops")) == ([7, 8, 10], (1, 2, 0))
    assert not imbalances(home)
    assert nps("withdraw", "--undo", "landing/shops/b.csv", "--home", home).code == 0
    nps("run", "--home", home)
    assert (scores(home), counts(home, "shops")) == ([7, 8, 9, 10], (2, 2, 0))


def test_a_file_of_a_shared_piece_is_replaced_where_other_bytes_come_under_its_name(home: Path) -> None:
    land(home, "shops/a.csv", "score,date\n3,2025-01-20\n", day=2)
    nps("run", "--home", home)
    assert (scores(home), counts(home, "shops")) == ([3, 7, 8, 9], (1, 2, 1))
    assert not imbalances(home)


def test_a_file_that_was_held_counts_once_the_settings_let_it(home: Path) -> None:
    text = (home / "nps.yaml").read_text("utf-8").replace("max_reject_share: 0.5", "max_reject_share: 0.9")
    (home / "nps.yaml").write_text(text, "utf-8")
    assert nps("run", "--home", home).code == 0
    assert (scores(home), counts(home, "shops")) == ([6, 7, 8, 9, 10], (2, 2, 1))
    assert not imbalances(home)


def test_rejected_rows_are_told_of_their_own_file(home: Path) -> None:
    told = nps("rejects", "--home", home, "--file", "e.csv", "--json").document
    assert [(row["path"], row["source_row"]) for row in told if row["source_row"]] == [
        ("landing/shops/e.csv", 2),
        ("landing/shops/e.csv", 3),
    ]
    assert not nps("rejects", "--home", home, "--file", "a.csv", "--json").document


@pytest.mark.parametrize("table", ["staged", "rejected"])
def test_a_shared_piece_that_is_lost_is_read_again_from_landing(home: Path, table: str) -> None:
    [piece] = pieces(home, table)
    piece.unlink()
    nps("run", "--home", home)
    assert (scores(home), counts(home, "shops")) == ([7, 8, 9, 10], (2, 2, 0))
    assert not imbalances(home)


def test_a_shared_piece_that_its_table_has_forgotten_is_taken_up_again(home: Path) -> None:
    before = pieces(home, "staged")
    shutil.rmtree(home / "lake" / "staged" / "_delta_log")
    mended(context(home), list)
    assert pieces(home, "staged") == before
    assert scores(home) == [7, 8, 9, 10]


def test_a_shared_piece_goes_only_when_no_verdict_names_a_load_of_it(home: Path) -> None:
    def tidied() -> list[Path]:
        tidy(Lake(home / "lake"), datetime(2099, 1, 1, tzinfo=UTC))
        return pieces(home, "staged")

    first = pieces(home, "staged")
    assert tidied() == first
    for name in NAMES[1:]:
        land(home, f"shops/{name}.csv", f"score,date\n5,2025-01-2{NAMES.index(name)}\n", day=2)
    nps("run", "--home", home)
    [second] = {*tidied()}.difference(first)
    configure(home, {**SHARE, "history_from": "2024-01"})  # all of landing is read anew
    nps("run", "--home", home)
    [third] = {*tidied()}.difference(first)  # the files that were replaced still name the first
    assert third != second
    assert scores(home) == [5, 5, 5, 5, 10]
    assert not imbalances(home)


def test_what_a_shared_piece_redelivers_is_told_of_each_file_and_of_no_file_that_does_not_count(tmp_path: Path) -> None:
    columns = {"response_id": "id", "score": "score", "responded_at": "date"}
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", columns=columns)}})
    held = "id,score,date\nx9,9,2025-01-01\n" + "x0,99,2025-01-01\n" * 5
    for name, content in {
        "a": "id,score,date\nx1,9,2025-01-10\n",
        "b": "id,score,date\nx1,0,2025-02-10\nx2,9,2025-01-10\n",
        "c": held,
        "d": "id,score,date\nx3,9,2025-01-10\n",
    }.items():
        land(home, f"shops/{name}.csv", content, day=ord(name) - ord("a"))
    nps("run", "--home", home)
    land(home, "shops/e.csv", "id,score,date\nx9,8,2025-03-01\n", day=8)
    land(home, "shops/f.csv", "id,score,date\nx3,8,2025-03-01\n", day=9)
    nps("run", "--home", home)
    redelivers = {path: row["redelivers"] for path, row in taken_in(home).items()}
    assert {Path(path).stem: each for path, each in redelivers.items()} == {
        "a": True, "b": True, "c": False, "d": False, "e": False, "f": True
    }  # fmt: skip
    assert counts(home, "shops") == (1, 2, 1)
    assert not imbalances(home)


def test_a_file_that_changes_while_it_is_read_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = few(tmp_path / "workspace")
    stage = stage_together

    def stage_late(lake: Lake, *rest: Any) -> Any:  # noqa: ANN401 - as the function has it
        os.utime(home / "landing" / "shops" / "b.csv")
        return stage(lake, *rest)

    monkeypatch.setattr("pipelines.intake.together.stage_together", stage_late)
    status = {Path(path).stem: row["status"] for path, row in taken_in(home).items()}
    assert status == {"a": "accepted", "b": "refused", "c": "accepted", "d": "accepted", "e": "held"}


def test_where_writing_together_fails_each_file_is_read_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise pl.exceptions.ComputeError("no")

    home = few(tmp_path / "workspace")
    monkeypatch.setattr("pipelines.intake.together.stage_together", fails)
    status = {Path(path).stem: row["status"] for path, row in taken_in(home).items()}
    assert status == {**dict.fromkeys(NAMES[:-1], "accepted"), "e": "held"}
    assert len(pieces(home, "staged")) == len(NAMES)


def test_no_more_files_share_a_load_than_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = few(tmp_path / "workspace")
    monkeypatch.setattr(together, "MANY", 2)
    taken_in(home)
    assert len(pieces(home, "staged")) == 3


def test_a_piece_that_several_share_has_the_columns_of_its_table(home: Path) -> None:
    rows = scan("rejected", list(map(str, pieces(home, "rejected"))))
    assert rows.collect_schema().names() == [*stored_types(RejectedRow), "load_id"]
