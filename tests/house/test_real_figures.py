"""The figures of real, public surveys, through whole nights, by configuration alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.real import real
from tests.support.scenario import Settings, counts, land, marts, night, nps, points, published, workspace

R_2019 = "How likely are you to recommend R to a colleague, friend, or family member?"
PAIR = ("carpentries/data_20170701.csv", "carpentries/longterm_October2017.csv")


def source(files: str, score: str, kind: str = "csv", **settings: Any) -> Settings:  # noqa: ANN401 - as nps.yaml has it
    columns = {"score": score, **settings.pop("columns", {})}
    declared = {"kind": kind, "metric": "nps", "files": f"landing/{files}", "columns": columns}
    return {"delivery": "snapshot", **declared, **settings}


SOURCES = {
    "r_2019_csv": source(
        "r_2019_csv/*", R_2019, columns={"responded_at": "Timestamp"}, dates={"formats": ["%m/%d/%Y %H:%M:%S"]}
    ),
    "r_2019_tsv": source(
        "r_2019_tsv/*", R_2019, columns={"responded_at": "Timestamp"}, dates={"formats": ["%m/%d/%Y %H:%M:%S"]}
    ),
    "r_2019_xlsx": source("r_2019_xlsx/*", R_2019, "excel", columns={"responded_at": "Timestamp"}),
    "r_2018": source("r_2018/*", "Qrecommend", defaults={"responded_at": 2018}),
    "long_term": source("long_term/*", "recommendation_score", defaults={"responded_at": "2020-03"}),
    "pair_snapshot": source("pair_snapshot/*", "Likely-To-Recommend", defaults={"responded_at": 2017}),
    "pair_incremental": source(
        "pair_incremental/*", "Likely-To-Recommend", defaults={"responded_at": 2017}, delivery="incremental"
    ),
    "instructors": source(
        "instructors/*", "LikelyToRecommend", columns={"responded_at": "Date"}, dates={"formats": ["%m/%d/%y %H:%M"]}
    ),
    "fruit": source("fruit/*", "REC", columns={"responded_at": "date", "branch": "Region"}),
}
FILES = {
    "r_2019_csv": "r-community-survey/2019_English.csv",
    "r_2019_tsv": "r-community-survey/2019_English.tsv",
    "r_2019_xlsx": "r-community-survey/2019_English.xlsx",
    "r_2018": "r-community-survey/2018_survey_English.tsv",
    "long_term": "carpentries/20200326-longterm-other_questions-no-open.csv",
    "pair_snapshot": PAIR[0],
    "pair_incremental": PAIR[0],
    "instructors": "carpentries/20180908_post_clean.csv",
    "fruit": "nps-r/testdata.csv",
}


@dataclass(frozen=True)
class Nights:
    """A workspace after two nights: in the second, the other file of the pair had arrived."""

    home: Path
    first: Mapping[str, list[tuple[Any, ...]]]
    second: Mapping[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    found = {name: real(file) for name, file in FILES.items()}
    other = real(PAIR[1])
    home = workspace(tmp_path_factory.mktemp("real") / "workspace", {"sources": SOURCES})
    for name, file in found.items():
        land(home, f"{name}/{file.name}", file, day=1)
    night(home)
    first = marts(home)
    for name in ("pair_snapshot", "pair_incremental"):
        land(home, f"{name}/{other.name}", other, day=2)
    night(home)
    return Nights(home, first, marts(home))


def in_year(nights: Nights, survey: str) -> dict[int, float]:
    sql = f"select year(period_start), nps from marts.nps_by_survey where period_grain = 'year' and survey = '{survey}'"
    return {year: round(score, 4) for year, score in published(nights.home, sql)}


@pytest.mark.parametrize("survey", ["r_2019_csv", "r_2019_tsv", "r_2019_xlsx"])
def test_the_same_answers_as_csv_tsv_and_xlsx_give_the_same_score(nights: Nights, survey: str) -> None:
    assert counts(nights.home, survey) == (1386, 351, 58)
    assert points(counts(nights.home, survey)) == 73.9833


def test_the_same_answers_as_csv_tsv_and_xlsx_fall_in_the_same_months(nights: Nights) -> None:
    sql = "select month, sum(responses) from marts.fct_nps where survey = '{}' group by month order by month"
    months = [published(nights.home, sql.format(survey)) for survey in ("r_2019_csv", "r_2019_tsv", "r_2019_xlsx")]
    assert months[0] == months[1] == months[2] != []


def test_a_survey_without_dates_counts_in_its_declared_period(nights: Nights) -> None:
    assert in_year(nights, "r_2018") == {2018: 72.1339}
    assert in_year(nights, "long_term") == {2020: 62.6866}
    assert in_year(nights, "pair_snapshot") == {2017: 36.3184}


def test_identical_anonymous_rows_are_different_people(nights: Nights) -> None:
    """19, 16 and 3 rows of these files repeat another row; dropping them would be a tempting clean-up."""
    assert counts(nights.home, "r_2018") == (2308, 579, 131)
    assert counts(nights.home, "long_term") == (93, 32, 9)
    assert counts(nights.home, "r_2019_csv") == (1386, 351, 58)


@pytest.mark.parametrize("survey", ["pair_snapshot", "pair_incremental"])
def test_the_same_answers_in_a_second_file_change_nothing(nights: Nights, survey: str) -> None:
    files = published(nights.home, f"select status, accepted, unanswered from meta.files where source = '{survey}'")
    assert files == [("accepted", 402, 74)] * 2
    assert counts(nights.home, survey) == (215, 118, 69)
    assert nights.first == nights.second


def test_instructors_year_by_year(nights: Nights) -> None:
    assert in_year(nights, "instructors") == {2016: 68.9394, 2017: 48.5149, 2018: 42.2907}


def test_regions_as_branches(nights: Nights) -> None:
    sql = "select branch, nps from marts.nps_by_branch where period_grain = 'year' and year(period_start) = 2012"
    regions = {branch: round(score, 4) for branch, score in published(nights.home, sql)}
    assert regions == {"NAM": 11.0454, "EMEA": 4.2471, "APAC": 23.0216, "LATAM": 1.0526}
    assert in_year(nights, "fruit") == {2012: 10.0}


def test_every_row_of_every_file_is_accounted_for(nights: Nights) -> None:
    sql = "select path, rows_read, accepted, unanswered, excluded, rejected, status from meta.files"
    files = published(nights.home, sql)
    assert len(files) == len(FILES) + 2
    for path, read, accepted, unanswered, excluded, rejected, status in files:
        assert read == accepted + unanswered + excluded + rejected, path
        assert status == "accepted", path


@pytest.mark.parametrize("survey", FILES)
def test_rows_and_blanks_are_those_of_the_oracle(nights: Nights, survey: str) -> None:
    score = SOURCES[survey]["columns"]["score"]
    oracle = json.loads(real("oracles.json").read_text("utf-8"))[f"{FILES[survey]} :: {score}"]
    sql = f"select rows_read, unanswered, accepted, rejected from meta.files where source = '{survey}' order by path limit 1"
    assert published(nights.home, sql) == [(oracle["rows"], oracle["blank"], oracle["n"], 0)]
    assert counts(nights.home, survey) == tuple(oracle[group] for group in ("promoters", "passives", "detractors"))


def test_status_after_the_nights_waits_for_nothing(nights: Nights) -> None:
    status = nps("status", "--json", "--home", nights.home).document
    assert (status["pending"], status["stale_months"], status["not_in"]) == ([], [], [])
    assert {row["source"] for row in status["sources"]} == set(FILES)
