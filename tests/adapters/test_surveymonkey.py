"""SurveyMonkey: two rows of headings or one, condensed or expanded questions, two spellings of metadata."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.adapters.surveymonkey.export import has_two_header_rows
from tests.support.arrived import answers, judged, source, table_of

QUESTION = "How likely is it that you would recommend us?"
OPTIONS = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
METADATA = ["Respondent ID", "Collector ID", "Start Date", "End Date", "Email Address", "Custom Data 1"]
WHO = ["1001", "7", "01/02/2024 10:00:00", "01/02/2024 10:05:00", "ana@example.org", "ZG"]
COLUMNS = {"score": QUESTION, "responded_at": "End Date", "response_id": "Respondent ID", "comment": "Why?"}
DATES = {"formats": ["%m/%d/%Y %H:%M:%S"]}


def export(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def expanded(chosen: list[str]) -> list[list[str]]:
    return [
        [*METADATA, QUESTION, *[""] * 10, "Why?"],
        [""] * len(METADATA) + [*OPTIONS, "Open-Ended Response"],
        [*WHO, *(option if option in chosen else "" for option in OPTIONS), "quick"],
    ]


@pytest.mark.parametrize(("option", "score"), [(OPTIONS[0], 0), (OPTIONS[7], 7), (OPTIONS[10], 10)])
def test_an_expanded_question_is_answered_by_the_option_whose_cell_is_filled(
    option: str, score: int, tmp_path: Path
) -> None:
    path = export(tmp_path / "x.csv", expanded([option]))
    rows = judged(path, source(COLUMNS, kind="surveymonkey", dates=DATES), tmp_path)
    assert rows.select("source_row", "raw_score", "score", "comment").rows() == [(3, option, score, "quick")]


def test_two_filled_options_are_no_score(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", expanded(["3", "7"]))
    rows = judged(path, source(COLUMNS, kind="surveymonkey", dates=DATES), tmp_path)
    assert rows.select("raw_score", "refusal").rows() == [("3, 7", "score_unreadable")]


def test_no_filled_option_is_no_answer(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", expanded([]))
    rows = judged(path, source(COLUMNS, kind="surveymonkey", dates=DATES), tmp_path)
    assert rows["outcome"].to_list() == ["unanswered"]


def test_a_condensed_question_is_answered_in_its_column(tmp_path: Path) -> None:
    rows = [
        [*METADATA, QUESTION, "Why?", "Which shop?", ""],
        [""] * len(METADATA) + ["Response", "Open-Ended Response", "Response", "Other (please specify)"],
        [*WHO, "Extremely likely - 10", "quick", "Centar", "near the park"],
    ]
    shops = source({**COLUMNS, "branch": "Which shop?"}, kind="surveymonkey", dates=DATES)
    found = judged(export(tmp_path / "x.csv", rows), shops, tmp_path)
    assert found.select("score", "comment", "branch").rows() == [(10, "quick", "Centar")]


def test_a_sub_question_can_be_named_by_itself(tmp_path: Path) -> None:
    rows = [
        ["Respondent ID", "How satisfied are you with", "", ""],
        ["", "The staff", "The price", "Recommending us"],
        ["1", "Very", "Not", "9"],
    ]
    found = answers(
        export(tmp_path / "x.csv", rows), source({"score": "recommending us"}, kind="surveymonkey"), tmp_path
    )
    assert found["score"].to_list() == ["9"]


def test_one_row_of_headings_is_enough(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", [[*METADATA, QUESTION, "Why?"], [*WHO, "9", "quick"]])
    rows = judged(path, source(COLUMNS, kind="surveymonkey", dates=DATES), tmp_path)
    assert rows.select("source_row", "score").rows() == [(2, 9)]


@pytest.mark.parametrize(
    "spelling", [["respondent_id", "date_modified", "custom_1"], ["RespondentID", "EndDate", "CustomData1"]]
)
def test_metadata_in_one_spelling_is_found_in_another(spelling: list[str], tmp_path: Path) -> None:
    columns = {"score": QUESTION, "response_id": "Respondent ID", "responded_at": "End Date", "branch": "Custom Data 1"}
    path = export(tmp_path / "x.csv", [[*spelling, QUESTION], ["1001", "01/02/2024 10:05:00", "ZG", "9"]])
    rows = judged(path, source(columns, kind="surveymonkey", dates=DATES), tmp_path)
    assert rows.select("response_id", "branch", "outcome").rows() == [("1001", "ZG", "accepted")]


def test_the_csv_spelling_is_found_by_the_xlsx_one(tmp_path: Path) -> None:
    columns = {"score": QUESTION, "response_id": "respondent_id", "responded_at": "date_modified", "branch": "custom_1"}
    path = export(tmp_path / "x.csv", expanded(["5"]))
    rows = answers(path, source(columns, kind="surveymonkey"), tmp_path)
    assert rows.select("response_id", "responded_at", "branch").rows() == [("1001", "01/02/2024 10:05:00", "ZG")]


def test_xlsx_data_may_stand_behind_a_summary(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        book.add_worksheet("Summary").write_column(0, 0, ["Our survey", "120 responses"])
        sheet = book.add_worksheet("Responses")
        for number, row in enumerate(expanded(["Extremely likely - 10"])):
            sheet.write_row(number, 0, row)
    rows = judged(tmp_path / "x.xlsx", source(COLUMNS, kind="surveymonkey", dates=DATES), tmp_path)
    assert rows.select("source_row", "score").rows() == [(3, 10)]


@pytest.mark.parametrize(
    ("rows", "two"),
    [
        ([["Respondent ID", "Q"], ["", "Response"]], True),
        ([["Q1", "Q2"], ["Response", "Open-Ended Response"]], True),
        ([["RespondentID", "Q", ""], ["", "a", "b"]], True),
        ([["Respondent ID", "Q"], ["1", "Response"]], False),
        ([["Respondent ID", "Q"], ["1", "9"]], False),
        ([["Q", ""], ["9", "x"]], False),
        ([["Respondent ID", "Q"]], False),
    ],
)
def test_a_second_row_of_headings_is_told_from_an_answer(rows: list[list[str]], two: bool) -> None:
    assert has_two_header_rows(rows) is two


def test_a_trailing_empty_column_continues_no_question(tmp_path: Path) -> None:
    rows = [["Respondent ID", "Q", ""], ["", "Response", ""], ["1", "9", ""]]
    table = table_of(export(tmp_path / "x.csv", rows), tmp_path, kind="surveymonkey")
    assert [heading.label for heading in table.headings] == ["Respondent ID", "Q", ""]
