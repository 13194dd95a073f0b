"""Real exports, by configuration alone, against the figures that their publishers or a spreadsheet give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.adapters.kinds import read
from pipelines.adapters.lists import members
from pipelines.config.settings import Limits
from pipelines.config.sources import Dimension
from tests.support.arrived import answers, arrived, judged, rows_of, source, table_of
from tests.support.real import real

R_QUESTION = "How likely are you to recommend R to a colleague, friend, or family member?"
STAMPS = {"formats": ["%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M:%S"]}


def counts(rows: pl.DataFrame) -> dict[str, int]:
    """How many rows there are of each outcome, and of each group among those accepted."""
    accepted = rows.filter(outcome="accepted")
    return {
        "rows": rows.height,
        "blank": rows.filter(outcome="unanswered").height,
        "n": accepted.height,
        "promoters": accepted.filter(category="promoter").height,
        "passives": accepted.filter(category="passive").height,
        "detractors": accepted.filter(category="detractor").height,
    }


def expected(name: str) -> dict[str, int]:
    found: dict[str, Any] = json.loads(real("oracles.json").read_text("utf-8"))[name]
    return {key: found[key] for key in ("rows", "blank", "n", "promoters", "passives", "detractors")}


def nps(category: pl.Expr) -> pl.Expr:
    return (((category == "promoter").mean() - (category == "detractor").mean()) * 100).round(4)


@pytest.mark.parametrize(
    ("file", "kind"), [("2019_English.csv", "csv"), ("2019_English.tsv", "csv"), ("2019_English.xlsx", "excel")]
)
def test_the_r_survey_gives_the_same_figures_as_csv_tsv_and_xlsx(file: str, kind: str, tmp_path: Path) -> None:
    path = real(f"r-community-survey/{file}")
    survey = source({"score": R_QUESTION, "responded_at": "Timestamp"}, kind=kind, dates=STAMPS)
    rows = judged(path, survey, tmp_path)
    assert counts(rows) == expected(f"r-community-survey/{file} :: {R_QUESTION}")
    assert set(rows["responded_at"].dt.year()) == {2019, 2020}


@pytest.mark.parametrize(
    ("file", "column", "year"),
    [
        ("r-community-survey/2018_survey_English.tsv", "Qrecommend", 2018),
        ("carpentries/20200326-longterm-other_questions-no-open.csv", "recommendation_score", 2020),
        ("carpentries/data_20170701.csv", "Likely-To-Recommend", 2017),
        ("carpentries/longterm_October2017.csv", "Likely-To-Recommend", 2017),
    ],
)
def test_files_without_dates_and_ids_keep_every_identical_answer(
    file: str, column: str, year: int, tmp_path: Path
) -> None:
    rows = judged(real(file), source({"score": column}, defaults={"responded_at": year}), tmp_path)
    assert counts(rows) == expected(f"{file} :: {column}")
    assert rows["response_id"].n_unique() == rows.height


def test_equal_cells_in_other_bytes_are_the_same_people(tmp_path: Path) -> None:
    survey = source({"score": "Likely-To-Recommend"}, defaults={"responded_at": 2017})
    first = judged(real("carpentries/data_20170701.csv"), survey, tmp_path)
    again = judged(real("carpentries/longterm_October2017.csv"), survey, tmp_path)
    assert set(first["response_id"]) == set(again["response_id"])


def test_the_carpentries_training_by_year(tmp_path: Path) -> None:
    survey = source(
        {"score": "LikelyToRecommend", "responded_at": "Date", "branch": "MemberSite"},
        dates={"formats": ["%m/%d/%y %H:%M"]},
    )
    rows = judged(real("carpentries/20180908_post_clean.csv"), survey, tmp_path).filter(outcome="accepted")
    by_year = rows.group_by(pl.col("responded_at").dt.year()).agg(nps=nps(pl.col("category"))).sort("responded_at")
    assert by_year.rows() == [(2016, 68.9394), (2017, 48.5149), (2018, 42.2907)]


def test_a_region_can_be_the_branch(tmp_path: Path) -> None:
    survey = source({"score": "REC", "responded_at": "date", "branch": "Region"})
    rows = judged(real("nps-r/testdata.csv"), survey, tmp_path)
    by_branch = rows.group_by("branch").agg(nps=nps(pl.col("category")))
    assert dict(by_branch.rows()) == {"NAM": 11.0454, "EMEA": 4.2471, "APAC": 23.0216, "LATAM": 1.0526}
    assert rows.select(nps(pl.col("category"))).item() == 10.0


def test_salesforce_accounts_are_a_dimension(tmp_path: Path) -> None:
    accounts = Dimension(kind="crm", files="x", columns={"account": "Id", "name": "name", "industry": "Industry"})
    file = arrived(real("salesforce/accountData_nosession.csv"))
    rows = members(read(file, accounts, Limits(), tmp_path), file, accounts).collect()
    assert rows.height == 423
    assert rows.filter(pl.col("industry").str.len_bytes() > 0).height == 9
    assert rows["name"].str.contains("Crédito Inmobiliario", literal=True).any()


@pytest.mark.parametrize("mark", ["UTF8", "UTF16BE", "UTF16LE", "UTF32BE", "UTF32LE"])
def test_a_byte_order_mark_is_no_part_of_a_heading(mark: str, tmp_path: Path) -> None:
    table = table_of(real(f"salesforce/csvtext_BOM_{mark}.csv"), tmp_path, kind="crm")
    assert [heading.text for heading in table.headings] == ["column1", "column2", "column3"]
    assert rows_of(table) == [["row1-1", "row1-2", "row1-3"], ["row2-1", "row2-2", "row2-3"]]


@pytest.mark.parametrize(
    ("file", "encoding", "rows", "headings"),
    [
        ("simple.ssv", "utf-8", 6, ["date", "temperature", "place"]),
        ("spanish_chars.csv", "windows-1252", 115, ["GF_ID", "FN_ID", "SF_ID"]),
        ("utf-16le_encoded.csv", "utf-16-le", 327, ["Organisation_code", "Organisation_name"]),
        ("mixedGLB.csv", "utf-8", 133, ["Year"]),
    ],
)
def test_encodings_and_line_ends_of_the_wild(
    file: str, encoding: str, rows: int, headings: list[str], tmp_path: Path
) -> None:
    table = table_of(real(f"encodings/{file}"), tmp_path)
    assert table.encoding == encoding
    assert [heading.text for heading in table.headings][: len(headings)] == headings
    assert len(rows_of(table)) == rows


def test_spanish_accents_survive(tmp_path: Path) -> None:
    table = table_of(real("encodings/spanish_chars.csv"), tmp_path)
    assert table.headings[-1].text == "Descripción"


@pytest.mark.parametrize(
    ("file", "rows", "first_row"),
    [("StarWars.csv", 1186, 3), ("steak-risk-survey.csv", 550, 3), ("comma-survey.csv", 1129, 2)],
)
def test_surveymonkey_exports_have_one_or_two_rows_of_headings(
    file: str, rows: int, first_row: int, tmp_path: Path
) -> None:
    table = table_of(real(f"surveymonkey/{file}"), tmp_path, kind="surveymonkey")
    found = table.rows.collect()
    assert found.height == rows
    assert found["source_row"].min() == first_row
    assert not found["malformed"].any()
    assert table.headings[0].text == "RespondentID"


def test_a_question_of_star_wars_spreads_over_six_columns(tmp_path: Path) -> None:
    question = "Which of the following Star Wars films have you seen? Please select all that apply."
    seen = source({"score": "Which character shot first?", "comment": question}, kind="surveymonkey")
    rows = answers(real("surveymonkey/StarWars.csv"), seen, tmp_path)
    assert rows["score"][0] == "I don't understand this question"
    assert rows["comment"][0].count("Star Wars: Episode") == 6
    assert rows["comment"][1] is None
