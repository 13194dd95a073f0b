"""Rows of which several belong together: one for each question or brand that a person was asked, each place of a month."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle

RECOMMENDS = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10]


def written(folder: Path, headings: str, key: str, texts: tuple[str, ...]) -> Path:
    """48 persons with a row for each text; `key` is how each is called, with {0} for their number."""
    rows = [
        f"{key.format(n, 1 + n % 28)},{text},{RECOMMENDS[n % 12] if not at else (n * 7 + at) % 11}"
        for n in range(48)
        for at, text in enumerate(texts)
    ]
    (folder / "x.csv").write_text("\n".join([headings, *rows]) + "\n", "utf-8")
    return folder / "x.csv"


@pytest.mark.parametrize(
    ("headings", "key"),
    [
        ("Date,Attribute,Rating", "2024-01-{1:02} 10:{0:02}:07"),
        ("Email,Date,Kriterij,Ocjena", "p{0}@example.com,2024-01-{1:02}"),
        ("Response ID,Date,Aspekt,Bewertung", "r-{0},2024-01-{1:02}"),
    ],
)
def test_a_row_for_each_question_is_asked_about(tmp_path: Path, headings: str, key: str) -> None:
    file = written(tmp_path, headings, key, ("Recommendation", "Price", "Speed"))
    name = headings.split(",")[-2]
    [question] = [each for each in sniff(file).questions if "where:" in each]
    assert f"has one row for each '{name}' ('Recommendation', 'Price', 'Speed')" in question
    rule = f"{{column: '{name}', values: ['Recommendation']}}"
    assert rule in question
    settled = settle(
        tmp_path / "home", file, answers={"has one row for each": rule, "response_id": None, "respondent": None}
    )
    assert settled.figure == (48, round(100 * (6 - 4) / 12, 1))


def test_a_figure_for_each_branch_and_month_is_asked_about(tmp_path: Path) -> None:
    rows = [
        f"2024-{month:02},{at},{(month * 5 + len(at)) % 11}"
        for month in range(1, 9)
        for at in ("Zadar", "Rijeka", "Osijek a")
    ]
    (tmp_path / "x.csv").write_text("\n".join(["Month,Branch,Score", *rows]) + "\n", "utf-8")
    assert "they are figures of places and no answers" in " ".join(sniff(tmp_path / "x.csv").questions)


@pytest.mark.parametrize("months", [1, 3])
def test_figures_of_branches_of_few_months_are_asked_about(tmp_path: Path, months: int) -> None:
    rows = [f"2024-0{month},B{at},{5 + (month * at) % 6}" for month in range(1, 1 + months) for at in range(18)]
    (tmp_path / "x.csv").write_text("\n".join(["Month,Branch,NPS", *rows]) + "\n", "utf-8")
    assert f"no two of {18 * months} rows are of one 'Branch' and time" in " ".join(sniff(tmp_path / "x.csv").questions)


def test_answers_of_many_branches_with_comments_or_people_are_none(tmp_path: Path) -> None:
    rows = [f"2024-01,B{at},{RECOMMENDS[at % 12]},p{at}@example.com" for at in range(18)]
    (tmp_path / "x.csv").write_text("\n".join(["Month,Branch,NPS,Email", *rows]) + "\n", "utf-8")
    assert "where:" not in " ".join(sniff(tmp_path / "x.csv").questions)


def test_answers_of_several_branches_are_none(tmp_path: Path) -> None:
    rows = [
        f"2024-01-{1 + n % 28:02},{('Split', 'Zadar', 'Rijeka')[n * n % 7 % 3]},{RECOMMENDS[n % 12]}"
        for n in range(120)
    ]
    (tmp_path / "x.csv").write_text("\n".join(["Date,Branch,Score", *rows]) + "\n", "utf-8")
    assert sniff(tmp_path / "x.csv").questions == []


@pytest.mark.parametrize(
    ("name", "heading", "why"),
    [
        ("enps_2024.csv", "Region", "the name of the file speaks of employees ('enps')"),
        ("anketa_zaposlenici.csv", "Regija", "('zaposlenici')"),
        ("опрос сотрудников.csv", "Регион", "('сотрудников')"),
        ("nps.csv", "Department,Tenure", "'Tenure' beside a department is known of employees"),
        ("nps.csv", "Odjel,Radni staž", "'Radni staž' beside a department is known of employees"),
    ],
)
def test_a_survey_that_may_be_of_employees_is_asked_about(tmp_path: Path, name: str, heading: str, why: str) -> None:
    cells = ",".join(["a"] * len(heading.split(",")))
    rows = [f"2024-01-{1 + n % 28:02},{RECOMMENDS[n % 12]},{cells}" for n in range(48)]
    (tmp_path / name).write_text("\n".join([f"Date,Score,{heading}", *rows]) + "\n", "utf-8")
    [question] = [each for each in sniff(tmp_path / name).questions if "metric:" in each]
    assert why in question
