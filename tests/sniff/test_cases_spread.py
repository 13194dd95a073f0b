"""Answers that are spread over columns or lists: what is said of them names their shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle

SCORES = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10] * 4
DAYS = [f"2024-01-{1 + at % 28:02}" for at in range(48)]


@pytest.mark.parametrize(
    "shape",
    [
        {"columns": ["date", "nps"], "data": [list(row) for row in zip(DAYS, SCORES, strict=True)]},
        {"date": DAYS, "nps": SCORES},
        {"date": {str(at): day for at, day in enumerate(DAYS)}, "nps": {str(at): s for at, s in enumerate(SCORES)}},
    ],
    ids=["columns and data", "lists", "by column"],
)
def test_columns_in_place_of_answers_are_said_to_be_so(shape: Any, tmp_path: Path) -> None:  # noqa: ANN401 - JSON
    (tmp_path / "x.json").write_text(json.dumps(shape), "utf-8")
    asked = " ".join(sniff(tmp_path / "x.json").questions)
    assert "as if columns stood there in place of answers" in asked
    assert "orient='records'" in asked


def test_a_few_plain_records_are_not(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]), "utf-8")
    assert "as if columns" not in " ".join(sniff(tmp_path / "x.json").questions)


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("1", ""), ("true", "false")])
def test_a_column_for_each_number_is_said_to_be_one(yes: str, no: str, tmp_path: Path) -> None:
    rows = [",".join([day, *(yes if s == at else no for at in range(11))]) for day, s in zip(DAYS, SCORES, strict=True)]
    (tmp_path / "x.csv").write_text("\n".join([f"date,{','.join(f'NPS_{at}' for at in range(11))}", *rows]), "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions
    if yes == "1":
        assert "one answer would be spread over them" in " ".join(found.questions)


def test_a_text_in_utf_16_without_a_mark_is_asked_for_its_encoding_alone(tmp_path: Path) -> None:
    rows = [f"{day};{score}" for day, score in zip(DAYS, SCORES, strict=True)]
    (tmp_path / "x.csv").write_bytes("\r\n".join(["date;nps", *rows, ""]).encode("utf-16-le"))
    found = settle(tmp_path / "home", tmp_path / "x.csv", answers={"encoding": "utf-16-le"})
    assert found.unanswered == []
    assert found.figure == (48, 16.7)


@pytest.mark.parametrize(
    "heading",
    [
        "Average score",
        "Avg NPS",
        "Prosječna ocjena",
        "Средняя оценка",
        "Durchschnittlicher Score",
        "Predicted NPS score",
        "Forecast NPS",
        "Prognozirana ocjena",
        "Прогнозная оценка",
    ],
)
def test_averages_of_branches_are_not_taken_for_answers(heading: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-05,B{at},{at % 11}\n" for at in range(55))
    (tmp_path / "x.csv").write_text(f"Date,Branch,{heading}\n{rows}", "utf-8")
    assert any(".columns.score: " in each for each in sniff(tmp_path / "x.csv").questions)


def test_a_key_that_stands_twice_in_an_object_is_asked_about(tmp_path: Path) -> None:
    rows = "".join(f'{{"date": "2024-01-05", "nps": {at % 11}, "nps": {10 - at % 11}}}\n' for at in range(55))
    (tmp_path / "x.jsonl").write_text(rows, "utf-8")
    [asked] = [each for each in sniff(tmp_path / "x.jsonl").questions if ".score: " in each]
    assert "'nps', 'nps (2)'" in asked


def test_tenths_that_a_spreadsheet_shows_in_percent_are_asked_about_and_can_be_counted(tmp_path: Path) -> None:
    rows = [f"{day};{score / 10:g}".replace(".", ",") for day, score in zip(DAYS, SCORES, strict=True)]
    (tmp_path / "x.csv").write_text("\n".join(["Datum;Preporuka", *rows]) + "\n", "utf-8")
    [question] = [each for each in sniff(tmp_path / "x.csv").questions if "tenths" in each]
    declared = question[question.index("scales: {") : question.index(", write 'Preporuka'")]
    settled = settle(
        tmp_path / "home",
        tmp_path / "x.csv",
        answers={"scale:": "tenths", "score:": "Preporuka"},
        add={"sources:": f"{declared}\nsources:"},
    )
    assert settled.figure == (48, 16.7)


@pytest.mark.parametrize(("each", "best"), [("{}.{}", "9.6"), ("{}{},5", "96.5")])
def test_decimals_of_a_slider_are_asked_about_as_what_they_are(each: str, best: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + at % 28:02};{each.format(at % 10, at % 7)}\n" for at in range(70))
    (tmp_path / "x.csv").write_text(f"Date;How likely are you to recommend us?\n{rows}", "utf-8")
    [question] = [each for each in sniff(tmp_path / "x.csv").questions if "columns.score" in each]
    assert f"holds numbers with decimals up to {best}, as sliders give them" in question


def test_a_question_in_words_is_not_called_one_on_0_to_10(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + at % 28:02};{at % 11};{'yes' if at % 11 > 6 else 'no'}\n" for at in range(60))
    (tmp_path / "x.csv").write_text(f"Date;NPS;Would you recommend us?\n{rows}", "utf-8")
    assert "# asked too, and not taken: Would you recommend us?" in sniff(tmp_path / "x.csv").entry


def test_objects_in_cells_and_counts_of_each_score_are_said_to_be_so(tmp_path: Path) -> None:
    objects = [f"{1 + at}.3.2024;{{'score': {at % 11}, 'store': 'Split'}}" for at in range(22)]
    counts = [f"{1 + at}.3.2024;" + ";".join(str(at * number % 37) for number in range(11)) for at in range(22)]
    ticks = [
        f"{1 + at}.3.2024;" + ";".join("X" if at % 11 == number else "" for number in range(11)) for at in range(22)
    ]
    for headings, rows, told in (
        ("Date;" + ";".join(f"Recommend: {at}" for at in range(11)), ticks, "as if each said whether its number was"),
        ("Date;properties", objects, "'properties' holds objects of JSON as text"),
        (
            "Date;" + ";".join(map(str, range(11))),
            counts,
            "the columns 1 to 10 seem to say how many people gave each score",
        ),
    ):
        (tmp_path / "x.csv").write_text("\n".join([headings, *rows, ""]), "utf-8")
        assert any(told in each for each in sniff(tmp_path / "x.csv").questions), told
