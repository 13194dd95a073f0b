"""Exported tables: what is published stands in the files, and nothing in them is run by a spreadsheet."""

from __future__ import annotations

import fcntl
import resource
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.errors import NoRoomError, UserError
from pipelines.pages import export as pages
from pipelines.pages.export import Format, export
from pipelines.pages.written import written
from pipelines.report.rejects import spreadsheet_safe
from warehouse.published.query import asking

LONG = "nps_by_a_dimension_with_a_name_longer_than_a_sheet_bears"
ROWS = [("=1+1", 12, 33.333333, None, "2025-03-01"), ("Zagreb Центр", 0, -100.0, 0.0312, "2025-04-01")]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "nps.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("create schema marts; create schema bi; create schema meta")
        for name in ("nps_by_branch", LONG, f"{LONG.upper()}_TOO"):
            made.execute(
                f"create table marts.{name} "
                "(branch varchar, responses bigint, nps double, change_p_value double, month date)"
            )
            made.executemany(f"insert into marts.{name} values (?, ?, ?, ?, ?)", ROWS)
        made.execute("comment on table marts.nps_by_branch is 'NPS by branch.'")
        made.execute("comment on column marts.nps_by_branch.nps is 'Promoters less detractors.'")
        made.execute("create view bi.nps_month as from marts.nps_by_branch")
        made.execute("create table meta.publish as select timestamptz '2025-04-02 01:00:00+00' as published_at")
        made.execute("create table marts.empty (a bigint)")
    return path


def exported(database: Path, to: Format, *tables: str) -> dict[str, Path]:
    folder = database.parent / "out"
    with asking(database) as ask:
        written = export(ask, tables, to, folder)
    assert set(folder.iterdir()) == {*written}, "nothing half stays behind"
    return {path.stem: path for path in written}


def test_parquet_holds_what_is_published(database: Path) -> None:
    files = exported(database, "parquet")
    assert {*files} == {"nps_by_branch", LONG, f"{LONG.upper()}_TOO", "empty"}
    assert sorted(pl.read_parquet(files["nps_by_branch"]).rows()) == sorted(
        (*row[:4], pl.Series([row[4]]).str.to_date().item()) for row in ROWS
    )
    assert pl.read_parquet_metadata(files["nps_by_branch"])["comment"] == "NPS by branch."


def test_csv_is_safe_in_spreadsheets_and_says_that_it_is_utf8(database: Path) -> None:
    file = exported(database, "csv", "nps_by_branch", "bi.nps_month", "meta.publish")["nps_by_branch"]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "\n'=1+1,12," in file.read_text("utf-8-sig")
    assert "-100.0" in file.read_text("utf-8-sig"), "a number is no formula"


def test_a_workbook_has_every_table_and_says_what_columns_mean(database: Path) -> None:
    book = openpyxl.load_workbook(exported(database, "xlsx")["nps"])
    assert book.sheetnames[0] == "definitions"
    assert all(len(name) <= 31 for name in book.sheetnames)
    meanings = [row[1:4] for row in book["definitions"].iter_rows(values_only=True) if row[0] == "nps_by_branch"]
    assert ("nps", "DOUBLE", "Promoters less detractors.") in meanings
    [headings, *rows] = book["nps_by_branch"].iter_rows(values_only=True)
    assert headings == ("branch", "responses", "nps", "change_p_value", "month")
    assert [(row[0], row[1], row[2]) for row in rows] == [row[:3] for row in ROWS]
    cell = book["nps_by_branch"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s"), "text is text, whatever it begins with"
    assert book["nps_by_branch"]["C2"].number_format == "0.0"


def test_a_table_that_no_sheet_holds_is_refused(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_ROWS_OF_A_SHEET", 1)
    with pytest.raises(UserError, match=r"2 rows.*--format csv or parquet"):
        exported(database, "xlsx", "nps_by_branch")


def test_a_text_that_no_cell_holds_is_refused_and_not_cut(database: Path) -> None:
    with duckdb.connect(str(database)) as made:
        made.execute("create table marts.long as select repeat('x', 32768) as text")
    with pytest.raises(UserError, match=r"32,768 characters.*--format csv or parquet"):
        exported(database, "xlsx", "long")


def test_what_is_no_number_does_not_stop_a_workbook(database: Path) -> None:
    with duckdb.connect(str(database)) as made:
        made.execute("create table marts.odd as select 'nan'::double as a, 'inf'::double as b, 1.5 as c")
    book = openpyxl.load_workbook(exported(database, "xlsx", "odd")["nps"], data_only=True)
    assert [cell.value for cell in book["odd"][2]][2] == 1.5


@pytest.mark.parametrize("to", ["csv", "xlsx"])
def test_what_nobody_sees_is_in_no_file_and_hides_no_formula(database: Path, to: Format) -> None:
    given = ["a\0b", "a\ufffeb", "\u202eab", " =1", "\xa0=1", "\ufeff=1", "\u200b@x", "\u2212=", "ordinary"]
    with duckdb.connect(str(database)) as made:
        made.execute("create table marts.evil (id integer, text varchar)")
        made.executemany("insert into marts.evil values (?, ?)", list(enumerate(given)))
    file = exported(database, to, "evil")["nps" if to == "xlsx" else "evil"]
    if to == "csv":
        texts = [line.partition(",")[2] for line in file.read_text("utf-8-sig").splitlines()[1:]]
        assert texts[3:7] == ["' =1", "'\xa0=1", "'\ufeff=1", "'\u200b@x"]
    else:
        cells = list(openpyxl.load_workbook(file)["evil"]["B"])[1:]
        assert {cell.data_type for cell in cells} == {"s"}
        texts = [cell.value for cell in cells]
    assert texts[:3] == ["ab", "ab", "ab"]
    assert texts[7:] == ["\u2212=", "ordinary"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Split;=1+1", "Split;'=1+1"), ("; @x", ";' @x"), ("a\n+1", "a\n'+1"), ("a\t-1;-2", "a\t'-1;'-2"),
        ("=1;=2", "'=1;'=2"), ("a; b=1", "a; b=1"), ("a-b", "a-b"),
    ],
)  # fmt: skip
def test_where_a_semicolon_or_a_line_ends_a_cell_what_follows_is_plain_too(text: str, plain: str) -> None:
    assert spreadsheet_safe(pl.DataFrame({"text": [text]})).item() == plain


@pytest.mark.parametrize("to", ["csv", "parquet", "xlsx"])
def test_a_full_disk_leaves_what_was_there(database: Path, to: Format) -> None:
    with duckdb.connect(str(database)) as made:
        made.execute("create table marts.big as select range as a, hash(range)::varchar as b from range(5000)")
    [before] = exported(database, to, "big").values()
    content = before.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(NoRoomError, match=f"no room for .*{before.name}"):
            exported(database, to, "big")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [file.name for file in before.parent.iterdir()] == [before.name]
    assert before.read_bytes() == content


def test_what_a_killed_run_left_goes_and_what_another_is_at_work_on_stays(tmp_path: Path) -> None:
    left, held = tmp_path / ".nps.xlsx-a.part", tmp_path / ".nps.xlsx-b.part"
    left.write_text("half", "utf-8")
    with held.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        written(tmp_path / "nps.xlsx", lambda path: path.write_text("whole", "utf-8"))
        assert {each.name for each in tmp_path.iterdir()} == {"nps.xlsx", held.name}


def test_a_place_where_nothing_may_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", Path("/proc/none")):
        with pytest.raises(UserError, match=r"may not be written \([^\[]*\)\. Write elsewhere with --to"):
            written(folder / "nps.csv", Path.touch)


@pytest.mark.parametrize("name", ["nps_by_brnch", "marts", "bi.nps_by_branch", "other.t", '"; drop table marts.x', ""])
def test_a_table_that_is_not_there_is_a_mistake_of_the_user(name: str, database: Path) -> None:
    with pytest.raises(UserError, match="no published table"):
        exported(database, "csv", name)
