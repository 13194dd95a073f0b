"""Spreadsheets that show something else than they hold: merged cells, formulas without results, errors, hidden rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from pipelines.adapters.kinds import read
from pipelines.adapters.sheets import archive
from pipelines.adapters.sheets.scan import SheetScan
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from tests.support.arrived import answers, arrived, judged, rows_of, source, table_of
from tests.support.cases import BESIDE_THE_REPOSITORY, Answers, Settled, own, settle, shared
from tests.support.scenario import land, noted, nps, published, workspace
from tests.support.scenario import source as configured
from transforms.reasons import Reason
from transforms.scores.texts import ERROR_CELL

NAMES = ("merged_filialen", "merged_scores", "computed", "other_formulas", "filtered", "fehlerwerte")
SETTLED = (
    *(f"{name}.xlsx" for name in NAMES), "error_texts.csv", "since_1904.xlsx", "since_1900.xlsx", "merged_branches.xlsx",
    "error_cells.xlsx", "hidden_rows.xlsx", "serial_dates_1904.xlsx",
)  # fmt: skip

#: Many of them hold the same answers in other shapes, which is asked of each: here they are other surveys.
ANSWERS: Answers = {"holds numbers": "[excel]", "which is another source since it": "incremental", 'says "yes"': None}


def case(name: str) -> Path:
    path = own(f"sheets/{name}")
    return path if path.exists() else shared(name)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """All that need no answer, in one workspace."""
    paths = [own(f"sheets/{name}") for name in SETTLED]
    beside = [BESIDE_THE_REPOSITORY / path.name for path in paths]
    there = [path for pair in zip(paths, beside, strict=True) for path in pair if path.exists()]
    settled = settle(tmp_path_factory.mktemp("sheets") / "home", *there, answers=ANSWERS)
    assert [line for line in settled.asked if not any(words in line for words in ANSWERS)] == []
    return settled


def figures(settled: Settled, name: str, column: str = "survey") -> dict[str, tuple[int, float | None]]:
    """Answers and NPS of one file by a column, in order."""
    return settled.by(column, survey=survey_of(settled, name))


def survey_of(settled: Settled, name: str) -> str:
    case(name)
    [found] = [row["source"] for path, row in settled.verdicts.items() if path.endswith(f"/{name}")]
    return str(found)


def told(settled: Settled, name: str) -> tuple[str, int, int]:
    """The notes on a file, its rejected rows and its unanswered ones."""
    [row] = [row for path, row in settled.verdicts.items() if path.endswith(f"/{name}")]
    return " ".join(row["notes"] or ()), row["rejected"], row["unanswered"]


@pytest.mark.parametrize(
    ("name", "branches"),
    [
        ("merged_branches.xlsx", {"Split": (15, -6.7), "Zagreb": (15, 26.7), "Rijeka": (15, 13.3)}),
        ("merged_filialen.xlsx", {"Graz": (4, 25.0), "Linz": (4, 25.0), "Wels": (4, 0.0)}),
    ],
)
def test_merged_cells_fill_the_cells_that_they_cover(
    name: str, branches: dict[str, tuple[int, float]], together: Settled
) -> None:
    assert figures(together, name, "branch") == branches
    assert told(together, name) == ("", 0, 0)


def test_a_merged_score_is_one_answer_and_is_noted(together: Settled) -> None:
    assert list(figures(together, "merged_scores.xlsx").values()) == [(12, 16.7)]
    notes, rejected, unanswered = told(together, "merged_scores.xlsx")
    assert (rejected, unanswered) == (0, 12)
    assert "score column cover 12 more rows: each such cell is one answer" in notes


@pytest.mark.parametrize(
    ("name", "figure", "rejected", "words"),
    [
        ("error_cells.xlsx", (32, -15.6), 8, "an error in place of a value: 8 of 'NPS'"),
        ("fehlerwerte.xlsx", (44, 15.9), 4, "1 of 'Datum', 2 of 'Filiale', 3 of 'NPS'"),
        ("error_texts.csv", (15, 0.0), 2, ""),
        ("hidden_rows.xlsx", (40, -22.5), 0, "10 of its rows are hidden"),
        ("filtered.xlsx", (12, 16.7), 0, "4 of its rows are hidden"),
        ("other_formulas.xlsx", (12, 16.7), 0, "never saved, read as blank"),
        ("computed.xlsx", (12, 16.7), 0, ""),
    ],
)
def test_errors_are_rejected_and_what_is_odd_is_noted(
    name: str, figure: tuple[int, float], rejected: int, words: str, together: Settled
) -> None:
    assert list(figures(together, name).values()) == [figure]
    notes, *counts = told(together, name)
    assert counts == [rejected, 0]
    assert words in notes if words else notes == ""
    assert not [branch for branch in figures(together, name, "branch") if "#" in branch]


@pytest.mark.parametrize(
    ("name", "figure", "year"),
    [
        ("serial_dates_1904.xlsx", (40, -22.5), "2024"),
        ("since_1904.xlsx", (12, 16.7), "2023"),
        ("since_1900.xlsx", (12, 16.7), "2024"),
    ],
)
def test_plain_numbers_are_dates_of_the_system_that_the_workbook_has(
    name: str, figure: tuple[int, float], year: str, together: Settled
) -> None:
    assert list(figures(together, name).values()) == [figure]
    assert {month[:4] for month in figures(together, name, "month")} == {year}


@pytest.mark.parametrize("name", ["formulas_without_values.xlsx", "formules.xlsx", "date_formulas.xlsx"])
def test_formulas_whose_results_were_never_saved_are_asked_about(name: str, tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", case(name))
    assert not settled.is_built
    assert "formulas whose results were never saved: open the file in a spreadsheet program" in settled.asked[-1]


@pytest.mark.parametrize(
    ("name", "heading"), [("formulas_without_values.xlsx", "Date x5"), ("date_formulas.xlsx", "Date")]
)
def test_a_score_or_a_date_that_nobody_worked_out_is_held(name: str, heading: str, tmp_path: Path) -> None:
    home = workspace(
        tmp_path / "home",
        {"sources": {"s": configured("s", kind="excel", columns={"score": "NPS", "responded_at": heading})}},
    )
    land(home, f"s/{name}", case(name))
    assert "formulas whose results were never saved" in nps("run", "--home", home).said
    assert published(home, "select status, reason from meta.files") == [("held", "formulas_unsaved")]
    assert Reason.FORMULAS_UNSAVED.outcome == "held"


def test_plain_numbers_of_days_in_a_text_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("Date,NPS\n" + "".join(f"{43_832 + 9 * i},{i % 11}\n" for i in range(30)))
    settled = settle(tmp_path / "home", path, answers={"holds numbers": "[excel_1904]"})
    assert len(settled.asked) == 1
    assert {month[:4] for month in settled.by("month")} == {"2024"}


def test_every_filled_row_is_accounted_for_as_an_independent_reader_counts_them(tmp_path: Path) -> None:
    for name in NAMES:
        path = own(f"sheets/{name}.xlsx")
        rows = [
            row
            for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
            if any(cell is not None for cell in row)
        ]
        assert table_of(path, tmp_path, kind="excel").rows.collect().height == len(rows)


def book(path: Path, fill: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        fill(made.add_worksheet())
    return path


def test_only_what_lies_below_the_headings_is_filled_and_a_blank_row_stays_blank(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(2, 1, 3, 1, "Branch")
        sheet.write_column(3, 2, ["NPS", 9, 8, "", 7])
        sheet.merge_range(4, 1, 7, 1, "Split")
        sheet.merge_range(8, 1, 8, 2, "total of Split")

    table = table_of(book(tmp_path / "x.xlsx", fill), tmp_path, "excel", header_rows=2)
    assert [heading.text for heading in table.headings] == ["Branch", "NPS"]
    assert rows_of(table) == [["Split", "9"], ["Split", "8"], ["Split", "7"], ["total of Split", ""]]
    assert table.rows.collect()["source_row"].to_list() == [5, 6, 8, 9]


@pytest.mark.parametrize(
    ("whole_row", "told"), [(True, "3 of its rows have cells that are struck"), (False, "1 of its")]
)
def test_rows_that_are_struck_through_are_noted(tmp_path: Path, whole_row: bool, told: str) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet, struck, bold = (
        book.add_worksheet(),
        book.add_format({"font_strikeout": True}),
        book.add_format({"bold": True}),
    )
    sheet.write_row(0, 0, ["Date", "Score"], bold)
    for row in range(1, 31):
        is_struck = row in ({5, 6, 9} if whole_row else {7})
        sheet.write(row, 0, f"2024-01-{1 + row % 28:02}", struck if is_struck and whole_row else None)
        sheet.write(row, 1, row % 11, struck if is_struck else None)
    sheet.write(40, 1, None, struck)
    book.close()
    settled = settle(tmp_path / "home", tmp_path / "a.xlsx", answers={})
    assert told in settled.notes
    assert settled.counts()["accepted"] == 30


@pytest.mark.parametrize("is_inline", [False, True])
def test_texts_of_which_a_part_is_struck_through_are_noted(tmp_path: Path, is_inline: bool) -> None:
    options = {"constant_memory": is_inline}  # which writes texts into their cells
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx"), options) as made:
        sheet, struck, plain = made.add_worksheet(), made.add_format({"font_strikeout": True}), made.add_format()
        sheet.write_row(0, 0, ["Datum", "NPS", "Poslovnica"])
        for row in range(1, 9):
            sheet.write_row(row, 0, [f"2024-01-{row:02}", 9])
            parts = (struck, "Split", plain, " Zagreb") if row in {3, 5, 6} else (plain, "Split", plain, "  Zagreb")
            sheet.write_rich_string(row, 2, *parts)
    notes = "\n".join(table_of(tmp_path / "x.xlsx", tmp_path, "excel").notes)
    assert "3 of its rows have cells that are struck through, or a part of them" in notes


@pytest.mark.parametrize(
    ("coloured", "told"),
    [
        ({5, 6, 9}, "3 of its rows are filled with a colour that few others have"),
        ({5}, ""),
        (set(range(1, 41, 2)), ""),
        (set(range(1, 41)), ""),
    ],
)
def test_few_rows_of_a_colour_are_noted(tmp_path: Path, coloured: set[int], told: str) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, ["Datum", "NPS", "Poslovnica"], head)
        for row in range(1, 41):
            sheet.write_row(
                row, 0, [f"2024-01-{row % 28 + 1:02}", row % 11, "Split"], red if row in coloured else white
            )
            sheet.write(row, 1, row % 11, red if row in coloured or row % 11 < 7 else white)

    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as made:
        red, white, head = (made.add_format({"bg_color": colour}) for colour in ("#FF0000", "#FFFFFF", "#00FF00"))
        fill(made.add_worksheet())
    notes = "\n".join(table_of(tmp_path / "x.xlsx", tmp_path, "excel").notes)
    assert notes == "" if not told else told in notes


def test_hidden_columns_and_cells_merged_across_columns_are_noted(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(0, 0, 0, 3, "Ocjene klijenata")
        sheet.write_row(1, 0, ["Datum", "Usluga", "NPS", "Poslovnica"])
        for row in range(2, 8):
            sheet.write_row(row, 0, [f"2024-01-{row:02}", 8, 9, "Split"])
        sheet.merge_range(4, 1, 5, 2, 7)
        sheet.set_column(3, 5, options={"hidden": True})
        sheet.set_row(6, 0)

    notes = "\n".join(table_of(book(tmp_path / "x.xlsx", fill), tmp_path, "excel").notes)
    assert "Hidden columns: 'Poslovnica'. " in notes
    assert "several columns: 2 rows from 'Usluga' to 'NPS'. " in notes
    assert "1 of its rows are hidden" in notes


def test_merged_cells_of_several_sheets_keep_to_their_rows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as made:
        for name in ("May", "June"):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, ["branch", "score"])
            sheet.merge_range(1, 0, 2, 0, f"{name} shop")
            sheet.merge_range(1, 1, 2, 1, 9)
            sheet.write(2, 2, "so it is")
            sheet.set_row(2, options={"hidden": True})
    of = source({"score": "score", "branch": "branch"}, kind="excel", sheet={"matches": "."})
    rows = answers(tmp_path / "x.xlsx", of, tmp_path)
    assert rows.select("branch", "score").rows() == [
        ("May shop", "9"), ("May shop", None), ("June shop", "9"), ("June shop", None),
    ]  # fmt: skip
    notes = read(arrived(tmp_path / "x.xlsx"), of, Limits(), tmp_path).notes
    assert [note[:20] for note in notes] == ["Sheet 'May': 1 of it", "Sheet 'June': 1 of i"]


def test_a_formula_that_gave_nothing_and_a_true_zero_are_results(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, ["score", "why"])
        for row, value in enumerate([0, 9, 0], 1):
            sheet.write_formula(row, 0, f"={value}", None, value)
            sheet.write_formula(row, 1, '=""', None, "")

    path = book(tmp_path / "x.xlsx", fill)
    content = path.read_bytes()
    table = table_of(path, tmp_path, "excel")
    assert rows_of(table) == [["0", ""], ["9", ""], ["0", ""]]
    assert 0 not in table.unsaved
    assert path.read_bytes() == content


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#BLOCKED!", "#N/A", "#FIELD!"])
def test_an_error_of_any_name_is_a_score_that_cannot_be_read(error: str, tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_column(0, 0, ["score", 9, 9])
        sheet.write_formula(3, 0, "=F()", None, error)

    path = book(tmp_path / "x.xlsx", fill)
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b't="str"', b't="e"')
    with zipfile.ZipFile(path, "w") as made:
        for name, part in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
            made.writestr(name, part)
    rows = judged(path, source({"score": "score"}, kind="excel"), tmp_path)
    assert rows["refusal"].to_list() == [None, None, "score_unreadable"]
    assert rows["raw_score"].to_list()[2] == error


@pytest.mark.parametrize(
    ("text", "is_error"),
    {
        **dict.fromkeys(("#N/A", "#REF!", "#DIV/0!", "#NAME?", "#ЗНАЧ!", "#\N{CYRILLIC CAPITAL LETTER EN}/Д",
                         "#ДЕЛ/0!", "#NV", "#WERT!", "#ÜBERLAUF!",
                         "#¡DIV/0!", "#¿NOMBRE?", "#N/D", "#ARG!", "Err:502", " #VALUE! "), True),
        **dict.fromkeys(("N/A", "n/a", "# 9", "#9", "#1!", "#promoter", "#great!", "9!", "", "#", "Err: 5"), False),
    }.items(),
)  # fmt: skip
def test_errors_are_told_from_what_people_write(text: str, is_error: bool) -> None:
    assert pl.Series([text]).str.contains(ERROR_CELL).to_list() == [is_error]


def sheet_file(path: Path, sheet: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def refusal(path: Path) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        archive.examined(path, Limits())
    return refused.value


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        (b"<c " * 4_000_000, "file_unreadable"),
        (b"<worksheet>" + b"<c r='A1' " * 1_000_000, "file_unreadable"),
        (b"<worksheet><c " + b" " * 30_000_000, "file_unreadable"),
        (b"<worksheet><row r='x'/></worksheet>", "file_unreadable"),
        (b"<worksheet><c r='" + b"A" * 1_000_000 + b"1'/></worksheet>", "file_unreadable"),
        (b"<worksheet><mergeCell ref='::'/></worksheet>", "file_unreadable"),
        (b"<!DOCTYPE w [<!ENTITY a 'aa'>]><worksheet>&a;</worksheet>", "file_unsafe"),
    ],
)
def test_a_sheet_that_is_no_xml_is_refused_at_the_first_fault(
    hostile: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    feed = SheetScan.feed

    def counting(scan: SheetScan, chunk: bytes) -> None:
        fed.append(len(chunk))
        feed(scan, chunk)

    monkeypatch.setattr(SheetScan, "feed", counting)
    path = sheet_file(tmp_path / "x.xlsx", hostile)
    monkeypatch.setattr(archive, "_RATIO_MATTERS_FROM", 1 << 40)
    assert refusal(path).reason == reason
    assert sum(fed) <= 6 << 20  # the rest is not looked at, however much follows


def scored(path: Path, *rows: str, after: str = "") -> Path:
    """A sheet of these rows below a heading, written by hand."""
    heading = '<row r="1"><c r="A1" t="str"><v>score</v></c><c r="B1" t="str"><v>branch</v></c></row>'
    sheet = f"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{heading}{''.join(rows)}</sheetData>{after}</worksheet>"
    made = io.BytesIO()
    book(path, lambda sheet: sheet.write(0, 0, "score"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    path.write_bytes(made.getvalue())
    return path


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"><c r="A2"><v>1&#48;</v></c></row>',
        '<row r="2"><c r="A2"><f>5*2</f><v>1<!-- ten -->0</v></c></row>',
        '<row r="2"><c r="A2"><v><![CDATA[10]]></v></c></row>',
        '<row r="2"><c r="A2" t="str"><v><![CDATA[10]]></v></c></row>',
        '<row r="2"><c r="A2"><v>10</v><f>5*2</f></c></row>',
        '<row r="2"><c r="A2"><v>10</v><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="inlineStr"><is><t>10</t></is><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>10</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>10</v></c><c r="A3"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>10</v></c></row><row r="2"/><row r="3"><c r="A3"><v>1</v></c></row>',
        '</sheetData><sheetData><row r="2"><c r="A2"><v>10</v></c></row>',
    ],
)
def test_cells_of_which_a_part_would_be_read_or_one_in_place_of_another_are_refused(row: str, tmp_path: Path) -> None:
    found = refusal(scored(tmp_path / "x.xlsx", row))
    assert (found.reason, "would be misread" in found.detail) == ("file_unreadable", True)


def test_an_odd_value_is_found_wherever_it_stands_in_a_long_sheet(tmp_path: Path) -> None:
    rows = [f'<row r="{i}"><c r="A{i}"><v>{i % 11}</v></c></row>' for i in range(2, 60_000)]
    rows[40_000] = rows[40_000].replace("<v>", "<v>&#49;")
    assert "would be misread" in refusal(scored(tmp_path / "x.xlsx", *rows)).detail


def test_rows_and_cells_in_any_order_and_references_in_texts_are_read(tmp_path: Path) -> None:
    rows = (
        '<row r="4"><c r="B4" t="str"><f>A&amp;B</f><v>A &amp; B</v></c><c r="A4"><v>9</v></c></row>',
        '<row r="2"><c r="A2"><v>8</v></c><c r="B2" t="inlineStr"><is><t>C&#38;D</t></is></c></row>',
        "<row r='3'><c><v>7</v></c><c t='str'><v>&lt;E&gt;</v></c></row>",
    )
    path = scored(tmp_path / "x.xlsx", *rows)
    assert rows_of(table_of(path, tmp_path, "excel")) == [["8", "C&D"], ["7", "<E>"], ["9", "A & B"]]


def test_a_workbook_with_two_parts_of_one_name_or_no_list_of_sheets_is_damaged(tmp_path: Path) -> None:
    path = scored(tmp_path / "x.xlsx", '<row r="2"><c r="A2"><v>9</v></c></row>')
    without = tmp_path / "y.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(without, "w") as new:
        for name in old.namelist():
            if name != "xl/workbook.xml":
                new.writestr(name, old.read(name))
    with zipfile.ZipFile(path, "a") as twice, pytest.warns(UserWarning, match="Duplicate"):
        twice.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert refusal(path).reason == "file_unreadable"
    with pytest.raises(FileRefusedError, match="damaged or incomplete"):
        table_of(without, tmp_path, "excel")


def test_merged_cells_without_number_are_no_more_work_than_the_sheet_has_rows(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 101))
    merged = '<mergeCell ref="A2:A1048576"/><mergeCell ref="A5:XFD9"/>' * 20_000
    made = io.BytesIO()
    book(tmp_path / "x.xlsx", lambda sheet: sheet.write(0, 0, "score"))
    with zipfile.ZipFile(tmp_path / "x.xlsx") as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = f"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>".encode()
            new.writestr(name, part)
    (tmp_path / "y.xlsx").write_bytes(made.getvalue())
    assert len(rows_of(table_of(tmp_path / "y.xlsx", tmp_path, "excel", header_rows=0))) == 100


def sheets(path: Path, **headings: list[str]) -> Path:
    """A workbook with a sheet of ten answers for each of the headings, and one that sums them up."""
    with xlsxwriter.Workbook(path) as made:
        for name, row in headings.items():
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, row)
            for number in range(1, 11):
                sheet.write_row(number, 0, [f"2024-01-{number:02}", number, *["web"] * (len(row) - 2)])
        made.add_worksheet("Summary").write_column(0, 0, ["NPS", 45, "answers", 20])
        # Else two that are written within a second are one file.
        made.set_properties({"title": path.stem})
    return path


def test_of_several_sheets_with_answers_it_is_asked_which_are_meant(tmp_path: Path) -> None:
    head = ["Datum", "Ocjena"]
    path = sheets(tmp_path / "x.xlsx", Siječanj=head, Veljača=head)
    settled = settle(
        tmp_path / "alike",
        path,
        answers={"columns of ''Siječanj'' too": "{matches: '^(Siječanj|Veljača)$'}", "scale": "0-10"},
    )
    assert "write {matches: ''^(Siječanj|Veljača)$''}" in next(line for line in settled.asked if "sheet" in line)
    assert settled.figure == (20, -40.0)
    other = sheets(tmp_path / "y.xlsx", Jan=head, Feb=[*head, "Kanal"], Alone=["Besuch", "Bewertung"])
    asked = next(line for line in settle(tmp_path / "other", other).asked if "sheet" in line)
    assert "answers seem to stand below other headings in ''Feb'', ''Alone''" in asked
    assert not [
        line for line in settle(tmp_path / "one", sheets(tmp_path / "z.xlsx", Jan=head)).asked if "sheet" in line
    ]


def test_a_sheet_that_is_added_later_is_noted_once_where_the_pattern_does_not_mean_it(tmp_path: Path) -> None:
    head = ["Datum", "Ocjena"]
    columns = {"responded_at": "Datum", "score": "Ocjena"}
    named = configured("a", kind="excel", columns=columns, sheet={"matches": "^(Siječanj|Veljača)$"})
    home = workspace(tmp_path / "home", {"sources": {"a": named}})
    found = []
    for day, more in enumerate(([], ["Ožujak"], ["Ožujak"], ["Ožujak", "Travanj"])):
        path = sheets(tmp_path / f"{day}.xlsx", **dict.fromkeys(["Siječanj", "Veljača", *more], head))
        land(home, f"a/{day}.xlsx", path, day)
        found.append("were left out" in noted(home)[f"landing/a/{day}.xlsx"])
    assert found == [False, True, False, True]


@pytest.mark.parametrize(
    ("names", "written"),
    [(("2024-01", "2024-02"), "%Y-%m"), (("202401", "202402"), "%Y%m"), (("Jan 2024", "Feb 2024"), "%b %Y")],
)
def test_sheets_that_are_called_after_months_date_their_rows(
    names: tuple[str, ...], written: str, tmp_path: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, scores in zip(names, ([10, 9, 0], [10, 9, 10]), strict=True):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Client", "Recommend (0-10)"])
            for at in range(30):
                sheet.write_row(1 + at, 0, [f"K{at}", scores[at % 3]])
    whole = {
        "    columns:\n": f"    dates: {{formats: ['{written}']}}\n    columns:\n      responded_at: _sheet\n",
        "    defaults:\n": "",
    }
    pasted = {"have the columns of": "{matches: .}", "when was it answered": None}
    settled = settle(tmp_path / "home", tmp_path / "a.xlsx", answers=pasted, add=whole)
    [asked] = [each for each in settled.asked if "when was it answered" in each]
    assert f"as their names say ({names[0]}, {names[1]}), take defaults out" in asked
    assert "responded_at: _sheet" in asked
    assert f"below dates formats: [''{written}'']" in asked
    assert settled.by("month") == {"2024-01": (30, 33.3), "2024-02": (30, 100.0)}


def test_the_name_of_a_single_sheet_may_be_a_branch_and_a_column_of_that_name_is_itself(tmp_path: Path) -> None:
    for own_column, branch in ((False, "split"), (True, "osijek")):
        columns = {"score": "score", "responded_at": "date", "branch": "_sheet"}
        home = workspace(tmp_path / branch, {"sources": {"a": configured("a", kind="excel", columns=columns)}})
        (home / "landing" / "a").mkdir()
        with xlsxwriter.Workbook(home / "landing" / "a" / "a.xlsx") as book:
            sheet = book.add_worksheet("Split")
            sheet.write_row(0, 0, ["date", "score", *(["_sheet"] if own_column else [])])
            sheet.write_row(1, 0, ["2024-01-05", 10, *(["Osijek"] if own_column else [])])
        assert nps("run", "--home", home).code == 0
        assert published(home, "select lower(branch) from marts.fct_nps") == [(branch,)]
