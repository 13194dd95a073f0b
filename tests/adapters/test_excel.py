"""Spreadsheets: what the cells say, as text; and nothing that takes the machine down."""

from __future__ import annotations

import base64
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pipelines.adapters.kinds import read
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from tests.support.arrived import answers, arrived, judged, rows_of, source, table_of
from tests.support.scenario import land, noted, workspace
from tests.support.scenario import source as configured

ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)

#: A small .xls file (compressed, base85): no library here writes the format.
OLD_FORMAT = (
    "c-rk)O=uHA6#izDG(V(Cs;SrtB@~QWON)5%(ymIir<CYLD}vo7d#I5_f(UxCT5}WxPl}g9J$R{l@dp(YFCK)79t1&1^yo=Y@X%&`"
    "^L7@~XrTdHsLZ#_n>TOX%)FhM_hx6`E_769A9UBygkktlcfx3EkO@j*uaE%MJC0<%JVeRS*iZ<EXd&AIc-sCZDA!P~cMS&a`(F|T"
    "K2ti0vluHC?bJHrAlqOGX~Pgvf!idBp^L5B#5BirGt+yl`Hbm)mRw^xM7mXR0t@C?-#)dAj~l&Q7lZ8g5x4osl0E3eYq^UrT^Fuy"
    "00+ub)|m}f(c_O|4z!@7cF``&avXOM0Y*j!GMRyKLKR6`>^b~!Qowi5t6!wFe0}8tB>%Zw9$Y~lqD5?$-!S~ZG@J=`k_v6=t$x>$"
    "v!%S1n_9#mq`>bwcPV$;E?QJ5Sb56_6bG#!L{wNPpoH_V$*UqV&U0KyEQ<^6>@QKGdBmCTV6RD#VT*Uay~|8y%~LFy=Ci;(F}6zs"
    ";o!1tL5*Wv<6|my`<U)#dWC!4#(X!^ByDNR)7ehN9G+pFt6ZC=arQFan>!l#oy1qZ9(mkT`C{%OetxueF**OioJB94V0mgUpBeOv"
    "esSxj#1qrYg^Dhpn0EaUX+lOq+3u)gF^(mkGthiUxFtC|Lg|Yp{pU1>VEr^lvxl$bJ4sFBFFhNqX{esvd6)AyY*0%nrik|&5ol;="
    "XlQ6?XlQ7x1fjmded>x3P~ZAN^<QU+QeFQh`EPNQZha-3qf6x>6e%y`LQDH+3j)IHORTbu_rFl$7>!=0yXPd^QD}Mp(p^n7zR#)~"
    "CjOlZwK{&i6+72>{9i5z(_a"
)


def workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def ods(path: Path, rows: str, body: str = "<office:body>") -> Path:
    """An OpenDocument spreadsheet of one sheet, written by hand."""
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_NAMES}>'
            f"{body}<office:spreadsheet>"
            f'<table:table table:name="Data">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def text_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def refusal(path: Path, scratch: Path, limits: Limits | None = None, **layout: Any) -> FileRefusedError:  # noqa: ANN401 - as nps.yaml has it
    with pytest.raises(FileRefusedError) as refused:
        read(arrived(path), Layout(kind="excel", files="x", **layout), limits or Limits(), scratch)
    assert refused.value.detail.endswith(".")
    return refused.value


def test_numbers_dates_and_truth_values_come_as_text(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        stamp = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        sheet.write_row(0, 0, ["score", "when", "day", "tick", "id", "half", "share"])
        sheet.write_row(1, 0, [9, None, None, True, "00123", 7.5, 0.25])
        sheet.write_datetime(1, 1, datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC).replace(tzinfo=None), stamp)
        sheet.write_datetime(1, 2, date(2024, 1, 2), stamp)
        sheet.write_row(2, 0, ["n/a", "02.01.2024", "", False, " x ", 0, 1])

    rows = rows_of(table_of(workbook(tmp_path / "x.xlsx", fill), tmp_path, kind="excel"))
    assert rows == [
        ["9", "2024-01-02 03:04:05", "2024-01-02 00:00:00", "true", "00123", "7.5", "0.25"],
        ["n/a", "02.01.2024", "", "false", " x ", "0", "1"],
    ]


def test_rows_are_numbered_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, ["score", "why"])
        sheet.write_row(3, 1, [9, "good"])
        sheet.write_row(6, 1, [0, "bad"])

    rows = table_of(workbook(tmp_path / "x.xlsx", fill), tmp_path, kind="excel").rows.collect()
    assert rows.rows() == [(4, False, "9", "good"), (7, False, "0", "bad")]


def test_thousands_of_ghost_rows_are_no_answers(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["score", "why"])
        sheet.write_row(1, 0, [9, "good"])
        for row in range(2, 3000):
            sheet.write_blank(row, 0, None, bold)
            sheet.write_string(row, 1, " ")

    assert rows_of(table_of(workbook(tmp_path / "x.xlsx", fill), tmp_path, kind="excel")) == [["9", "good"]]


def sheets(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("Cover")
    hidden = book.add_worksheet("Lists")
    hidden.write(0, 0, "do not look")
    hidden.hide()
    for name, score in (("January", 9), ("February", 3)):
        book.add_worksheet(name).write_column(0, 0, ["score", score])
    book.worksheets()[0].activate()


def test_the_first_sheet_with_data_is_read_unless_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", sheets)
    assert rows_of(table_of(path, tmp_path, kind="excel")) == [["9"]]
    assert rows_of(table_of(path, tmp_path, kind="excel", sheet="February")) == [["3"]]


def test_a_missing_sheet_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    refused = refusal(workbook(tmp_path / "x.xlsx", sheets), tmp_path, sheet="March")
    assert refused.reason == "file_layout"
    assert "'January', 'February'" in refused.detail
    assert refusal(tmp_path / "x.xlsx", tmp_path, sheet="Cover").reason == "file_empty"


def test_an_open_document_sheet_is_read_too(tmp_path: Path) -> None:
    number = '<table:table-cell office:value-type="float" office:value="9"><text:p>9</text:p></table:table-cell>'
    blank_row = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    rest = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = "".join(
        f"<table:table-row>{first}{text_cell(second)}{rest}</table:table-row>"
        for first, second in ((text_cell("score"), "why"), (number, "odlično"))
    )
    table = table_of(ods(tmp_path / "x.ods", rows + blank_row), tmp_path, kind="excel")
    assert [heading.text for heading in table.headings] == ["score", "why"]
    assert rows_of(table) == [["9", "odlično"]]


def test_an_old_spreadsheet_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "x.xls").write_bytes(zlib.decompress(base64.b85decode(OLD_FORMAT)))
    table = table_of(tmp_path / "x.xls", tmp_path, kind="crm")
    assert [heading.text for heading in table.headings] == ["ocjena", "kada"]
    assert rows_of(table) == [["9", "2024-01-02 00:00:00"], ["n/a", "Čakovec"]]


def test_a_damaged_old_spreadsheet_is_unreadable_and_no_panic(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = zlib.decompress(base64.b85decode(OLD_FORMAT))
    (tmp_path / "x.xls").write_bytes(content[:4000])
    assert refusal(tmp_path / "x.xls", tmp_path).reason == "file_unreadable"
    assert capfd.readouterr().err == ""


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["score", "why"])
        sheet.write(1_048_575, 16_383, "lost")

    refused = refusal(workbook(tmp_path / "x.xlsx", fill), tmp_path)
    assert refused.reason == "file_too_large"
    assert "1,048,576 rows and 16,384 columns" in refused.detail
    far = '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>'
    blank_cells = '<table:table-cell table:number-columns-repeated="16000"/>'
    wide = f"<table:table-row>{blank_cells}{text_cell('lost')}</table:table-row>"
    assert refusal(ods(tmp_path / "x.ods", far + wide), tmp_path).reason == "file_too_large"


def test_an_archive_that_would_unpack_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert refusal(tmp_path / "x.xlsx", tmp_path).reason == "file_too_large"


def test_an_archive_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    content = (tmp_path / "x.xlsx").read_bytes()
    (tmp_path / "x.xlsx").write_bytes(content.replace((5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    assert refusal(tmp_path / "x.xlsx", tmp_path, Limits(max_sheet_mb=1)).reason == "file_too_large"


def test_a_sheet_above_the_limit_is_refused_by_name_of_the_limit(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", lambda book: book.add_worksheet().write_column(0, 0, list(range(60_000))))
    assert "limits.max_sheet_mb" in refusal(path, tmp_path, Limits(max_sheet_mb=1)).detail


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_spreadsheet_is_unreadable(share: float, tmp_path: Path) -> None:
    content = workbook(tmp_path / "whole.xlsx", sheets).read_bytes()
    (tmp_path / "x.xlsx").write_bytes(content[: int(len(content) * share)])
    assert refusal(tmp_path / "x.xlsx", tmp_path).reason == "file_unreadable"


@pytest.mark.parametrize(
    "content", [b"score;why\n9;x\n", b"<html><table>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
@pytest.mark.parametrize("name", ["x.xlsx", "x.xls", "x.ods"])
def test_what_only_calls_itself_a_spreadsheet_is_unreadable(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name, tmp_path).reason == "file_unreadable"


def test_a_zip_of_something_else_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(tmp_path / "x.xlsx", tmp_path).reason == "file_unreadable"


def test_a_workbook_without_anything_in_it_is_empty(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", lambda book: book.add_worksheet())
    assert refusal(path, tmp_path).reason == "file_empty"


def write_rows(sheet: xlsxwriter.worksheet.Worksheet, rows: Iterable[Sequence[object]]) -> None:
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)


def months(book: xlsxwriter.Workbook) -> None:
    filled: dict[str, list[list[object]]] = {
        "Summary": [["month", "mean"], ["January", 8.5]],
        "2024-01": [["Score", "Why"], [9, "good"], [0, "bad"]],
        "2024-02": [["score", "why", ""], [10, "great", ""], ["", "", ""], [3, "slow", ""]],
        "2023-12 old": [["score", "why"], [1, "old"]],
    }
    for name, rows in filled.items():
        write_rows(book.add_worksheet(name), rows)
    book.worksheets()[3].hide()


@pytest.mark.parametrize(
    ("sheet", "scores"),
    [
        ("2024-02", ["10", "3"]),
        (2, ["9", "0"]),
        (4, ["1"]),
        ({"matches": "^2024-01$"}, ["9", "0"]),
        ({"matches": "^20"}, ["9", "0", "10", "3"]),
    ],
)
def test_a_sheet_is_named_by_its_name_its_position_or_a_pattern(
    sheet: object, scores: list[str], tmp_path: Path
) -> None:
    table = table_of(workbook(tmp_path / "x.xlsx", months), tmp_path, kind="excel", sheet=sheet)
    assert [row[0] for row in rows_of(table)] == scores


def test_rows_of_several_sheets_are_numbered_by_sheet_and_row(tmp_path: Path) -> None:
    table = table_of(workbook(tmp_path / "x.xlsx", months), tmp_path, kind="excel", sheet={"matches": "^20"})
    assert table.rows.collect()["source_row"].to_list() == [20_000_002, 20_000_003, 30_000_002, 30_000_004]
    assert table.read_as == "sheets 2024-01, 2024-02"
    assert ["'2023-12 old' is hidden" in note for note in table.notes] == [True]


def test_sheets_with_other_headings_are_no_one_table(tmp_path: Path) -> None:
    refused = refusal(workbook(tmp_path / "x.xlsx", months), tmp_path, sheet={"matches": "."})
    assert refused.reason == "file_layout"
    assert "'Summary' and '2024-01' cannot be read as one table: column 1 is called 'month'" in refused.detail


def test_a_position_or_pattern_without_a_sheet_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", months)
    assert (
        "has no 2024 sheets (a sheet that is called 2024 is sheet: '2024'" in refusal(path, tmp_path, sheet=2024).detail
    )
    assert "/^May/" in refusal(path, tmp_path, sheet={"matches": "^May"}).detail


def test_a_summary_before_the_data_is_not_taken_for_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", months)
    named = source({"score": "Score", "comment": "why"}, kind="excel")
    assert answers(path, named, tmp_path)["score"].to_list() == ["9", "0"]
    [note] = read(arrived(path), named, Limits(), tmp_path).notes
    assert "Only sheet '2024-01' was read" in note
    assert "'2024-02', '2023-12 old'" in note


@pytest.mark.parametrize("sheet", ["2024-01", 2, {"matches": "^2024-01"}])
def test_a_sheet_with_the_same_columns_that_nps_yaml_does_not_mean_is_noted(sheet: object, tmp_path: Path) -> None:
    named = source({"score": "Score", "comment": "why"}, kind="excel", sheet=sheet)
    [note] = read(arrived(workbook(tmp_path / "x.xlsx", months)), named, Limits(), tmp_path).notes
    assert note.endswith("does not mean them: '2024-02'. If their rows should count, say so there; else all is well.")


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("declared", [{}, {"skip_rows": 3}])
def test_a_title_above_the_headings_is_no_heading(suffix: str, declared: dict[str, int], tmp_path: Path) -> None:
    rows = [["NPS of our shops, 2024"], [], ["Made on", "2024-02-01"], ["score", "why", "shop", "when", "who"],
            *(["9", "good", "A", "2024-01-02", "x"] for _ in range(9))]  # fmt: skip
    path = tmp_path / f"x.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    elif suffix == "ods":
        ods(path, "".join(f"<table:table-row>{''.join(map(text_cell, row))}</table:table-row>" for row in rows))
    else:
        workbook(path, lambda book: write_rows(book.add_worksheet(), rows))
    table = table_of(path, tmp_path, kind="csv" if suffix == "csv" else "excel", **declared)
    assert [heading.text for heading in table.headings] == rows[3]
    assert table.rows.collect()["source_row"].to_list() == list(range(5, 14))
    assert len(table.notes) == (not declared) + (suffix == "ods")
    assert any(".xlsx files only" in note for note in table.notes) == (suffix == "ods")


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize(("skipped", "is_noted"), [(1, False), (2, True), (3, True)])
def test_answers_that_are_skipped_in_a_file_without_headings_are_noted(
    suffix: str, skipped: int, is_noted: bool, tmp_path: Path
) -> None:
    rows = [["NPS of our shops"], *([str(score), f"2024-01-0{score}", "A"] for score in range(1, 9))]
    path = tmp_path / f"x.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    else:
        workbook(path, lambda book: write_rows(book.add_worksheet(), rows))
    kind = "csv" if suffix == "csv" else "excel"
    table = table_of(path, tmp_path, kind=kind, header_rows=0, skip_rows=skipped)
    assert table.rows.collect().height == 9 - skipped
    assert any("(skip_rows), and the last of them is like those below it" in note for note in table.notes) == is_noted


def test_headings_with_gaps_are_no_title(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("score,,,\n9,good,A,2024\n8,fine,B,2024\n", "utf-8")
    assert rows_of(table_of(path, tmp_path)) == [["9", "good", "A", "2024"], ["8", "fine", "B", "2024"]]
    path.write_text("a title\nscore,why,shop\n9,good,A\n", "utf-8")
    assert rows_of(table_of(path, tmp_path, skip_rows=0))[0][0] == "score"


def test_rows_that_are_skipped_may_span_lines_and_may_be_all_that_there_is(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('"a title\nof two lines",,\n\nscore,why,shop\n9,good,A\n', "utf-8")
    table = table_of(path, tmp_path, skip_rows=2)
    assert table.rows.collect().rows() == [(4, False, "9", "good", "A")]
    with pytest.raises(FileRefusedError) as refused:
        table_of(path, tmp_path, skip_rows=9)
    assert refused.value.reason == "file_empty"


def test_the_text_of_merged_cells_spans_the_columns_below_it(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "Date")
        sheet.merge_range(0, 1, 0, 2, "Shop")
        sheet.merge_range(0, 3, 0, 4, "Web")
        sheet.write_row(1, 1, ["score", "why", "score", "why"])
        sheet.write_row(2, 0, ["2024-01-02", 9, "good", 3, "slow"])

    path = workbook(tmp_path / "x.xlsx", fill)
    columns = {"score": "Web - score", "comment": "Shop - why", "responded_at": "Date"}
    row = answers(path, source(columns, kind="excel", header_rows=2), tmp_path)
    assert row.select("score", "comment", "responded_at").rows() == [("3", "good", "2024-01-02")]


def test_dates_as_cells_numbers_and_text_in_one_column_are_all_read(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["score", 9, 8, 7, 6, 5])
        sheet.write_column(0, 1, ["when", "31.12.2024", 45000.5, "45000,25", "soon"])
        sheet.write_datetime(5, 1, datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC).replace(tzinfo=None),
                             book.add_format({"num_format": "d/m/yy"}))  # fmt: skip

    survey = source({"score": "score", "responded_at": "when"}, kind="excel", dates={"formats": ["%d.%m.%Y", "excel"]})
    rows = judged(workbook(tmp_path / "x.xlsx", fill), survey, tmp_path)
    assert [at and at.isoformat(" ")[:19] for at in rows["responded_at"]] == [
        "2024-12-31 00:00:00", "2023-03-15 12:00:00", "2023-03-15 06:00:00", None, "2024-02-29 23:59:59",
    ]  # fmt: skip
    assert rows["refusal"].to_list() == [None, None, None, "date_unreadable", None]


def test_cells_with_errors_cannot_be_read_and_formulas_are_what_they_gave(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["score", "", "", "", "9", " 8 ", "7,0"])
        for row, (formula, value) in enumerate([("=NA()", "#N/A"), ("=1/0", "#DIV/0!"), ("=4+5", 9)], 1):
            sheet.write_formula(row, 0, formula, None, value)
        sheet.write_column(0, 1, ["why", *"abcdef"])

    rows = judged(workbook(tmp_path / "x.xlsx", fill), source({"score": "score"}, kind="excel"), tmp_path)
    assert rows["score"].to_list() == [None, None, 9, 9, 8, 7]
    assert rows["refusal"].to_list() == ["score_unreadable"] * 2 + [None] * 4


def test_an_old_spreadsheet_that_takes_for_ever_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.adapters.apart._SECONDS", 0.000_1)
    monkeypatch.setattr("pipelines.adapters.apart._BYTES_A_SECOND", 1 << 40)
    (tmp_path / "x.xls").write_bytes(zlib.decompress(base64.b85decode(OLD_FORMAT)))
    assert refusal(tmp_path / "x.xls", tmp_path).reason == "file_unreadable"


def test_the_first_of_two_rows_of_headings_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Id,Date,Why?,,,Where?,,,,\n,,Price,Staff,Speed,A,B,C,D,E\n1,x,Price,,,A,,,,\n", "utf-8")
    assert table_of(path, tmp_path).headings[0].text == "Id"


def test_dates_of_an_open_document_sheet_are_dates(tmp_path: Path) -> None:
    date_cell = (
        '<table:table-cell office:value-type="date" office:date-value="{}"><text:p>29/2</text:p></table:table-cell>'
    )
    dates = [date_cell.format("2024-02-29"), date_cell.format("2024-02-29T23:59:59"), text_cell("1.3.2024")]
    rows = [text_cell("score") + text_cell("when"), *(text_cell("9") + each for each in dates)]
    path = ods(tmp_path / "x.ods", "".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    survey = source({"score": "score", "responded_at": "when"}, kind="excel", dates={"formats": ["%d.%m.%Y"]})
    found = judged(path, survey, tmp_path)["responded_at"].to_list()
    assert [at.isoformat()[:19] for at in found] == [
        "2024-02-29T00:00:00",
        "2024-02-29T23:59:59",
        "2024-03-01T00:00:00",
    ]


def test_rows_of_an_open_document_sheet_that_are_hidden_or_struck_are_noted(tmp_path: Path) -> None:
    styles = (
        '<office:automatic-styles><style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'style:name="ce1" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/>'
        "</style:style></office:automatic-styles><office:body>"
    )
    struck = '<table:table-cell table:style-name="ce1" office:value-type="string"><text:p>9</text:p></table:table-cell>'
    rows = "".join([
        f"<table:table-row>{text_cell('score')}</table:table-row>",
        f"<table:table-row>{text_cell('7')}</table:table-row>",
        f'<table:table-row table:visibility="filter" table:number-rows-repeated="2">{text_cell("8")}</table:table-row>',
        f'<table:table-row table:visibility="collapse">{text_cell("6")}</table:table-row>',
        f"<table:table-row>{struck}</table:table-row>",
    ])  # fmt: skip
    table = table_of(ods(tmp_path / "x.ods", rows, styles), tmp_path, kind="excel")
    assert [row for [row] in rows_of(table)] == ["7", "8", "8", "6", "9"]
    notes = "\n".join(table.notes)
    assert "3 of its rows are hidden" in notes
    assert "1 of its rows have cells that are struck through" in notes
    assert "hidden columns and rows of a colour are looked for in .xlsx files only" in notes


def test_a_spreadsheet_with_a_password_is_told_as_that(tmp_path: Path) -> None:
    directory = "EncryptionInfo\0EncryptedPackage\0".encode("utf-16-le")
    (tmp_path / "x.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + directory)
    assert "needs a password" in refusal(tmp_path / "x.xlsx", tmp_path).detail


def test_a_cell_that_strayed_to_the_end_of_a_sheet_is_no_more_work_than_the_sheet_has_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["score", "date"])
        sheet.write_row(1, 0, [9, "2024-01-02"])
        sheet.write(1, 700, "far away")

    listed: list[int] = []
    columns = pl.DataFrame.columns

    def counting(frame: pl.DataFrame) -> list[str]:
        found: list[str] = columns.fget(frame)  # type: ignore[attr-defined]
        listed.append(len(found))
        return found

    path = workbook(tmp_path / "x.xlsx", fill)
    monkeypatch.setattr(pl.DataFrame, "columns", property(counting))
    assert table_of(path, tmp_path, "excel").width == 701
    assert len(listed) < 100


def test_what_cannot_be_looked_for_in_a_format_is_noted_once(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date"}
    home = workspace(tmp_path / "home", {"sources": {"a": configured("a", kind="excel", columns=columns)}})
    for day in (1, 2):
        cells = [["score", "date"], *([f"{score}", f"2024-0{day}-{1 + score:02}"] for score in range(11))]
        rows = "".join(f"<table:table-row>{''.join(map(text_cell, row))}</table:table-row>" for row in cells)
        land(home, f"a/{day}.ods", ods(tmp_path / f"{day}.ods", rows), day)
        told = noted(home)
    assert [".xlsx files only" in told[f"landing/a/{day}.ods"] for day in (1, 2)] == [True, False]
