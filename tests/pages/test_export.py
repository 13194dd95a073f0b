"""Exported tables: what is published stands in the files, and nothing in them is run by a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.errors import UserError
from pipelines.pages import export as pages
from pipelines.pages.export import Format, export
from warehouse.query import asking

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


@pytest.mark.parametrize("name", ["nps_by_brnch", "marts", "bi.nps_by_branch", "other.t", '"; drop table marts.x', ""])
def test_a_table_that_is_not_there_is_a_mistake_of_the_user(name: str, database: Path) -> None:
    with pytest.raises(UserError, match="no published table"):
        exported(database, "csv", name)
