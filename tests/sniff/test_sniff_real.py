"""`nps sniff` on every real file: what it is, which column is the score, and what becomes of the proposed entry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.sniff.sniff import look, proposed, sniff
from tests.support.laws import some_of
from tests.support.real import real
from tests.support.scenario import counts, land, night, nps, points, workspace

R_2019 = "How likely are you to recommend R to a colleague, friend, or family member?"
QUALTRICS_XML = "qualtrics/sp_responses.xml"
#: One letter of one company's name, which statistics take for Latvian.
LETTERS = "read as windows-1257"
SCALE, PERIOD, SCORE = "0-10 or 1-10", "when was it answered", "which one holds the score"
IN_NAME = "Names of files say a month"
ASKED_ON, ALIKE = "on which scale was it asked", "columns look alike"


@dataclass(frozen=True)
class Expected:
    """What a look at a file must find; `asks` are words of the questions of its entry."""

    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str | None = ","
    score: str | None = None
    asks: tuple[str, ...] = (SCORE, ASKED_ON, PERIOD)
    section: str = "sources"


FILES = {
    "r-community-survey/2019_English.csv": Expected(score=R_2019, asks=(SCALE, ALIKE)),
    "r-community-survey/2019_English.tsv": Expected(score=R_2019, asks=(SCALE, ALIKE), delimiter="\t"),
    "r-community-survey/2019_English.xlsx": Expected("excel", score=R_2019, asks=(SCALE, ALIKE), delimiter=None),
    "r-community-survey/2018_survey_English.tsv": Expected(score="Qrecommend", asks=(SCALE,), delimiter="\t"),
    "carpentries/20180908_post_clean.csv": Expected(score="LikelyToRecommend", asks=(SCALE,)),
    "carpentries/20200326-longterm-other_questions-no-open.csv": Expected(
        score="recommendation_score", asks=(SCALE, PERIOD)
    ),
    "carpentries/data_20170701.csv": Expected(score="Likely-To-Recommend", asks=(PERIOD,)),
    "carpentries/longterm_October2017.csv": Expected(score="Likely-To-Recommend", asks=(IN_NAME,)),
    "nps-r/testdata.csv": Expected(score="REC", asks=()),
    "surveymonkey/StarWars.csv": Expected("surveymonkey", "windows-1252"),
    "surveymonkey/steak-risk-survey.csv": Expected("surveymonkey"),
    "surveymonkey/comma-survey.csv": Expected("surveymonkey"),
    "surveymonkey/responses_bulk.json": Expected("surveymonkey", delimiter=None, asks=(SCORE, ASKED_ON)),
    "qualtrics/qualtRics_sample.csv": Expected("qualtrics", asks=(SCORE, ASKED_ON)),
    "qualtrics/qualtRics_sample_legacy.csv": Expected("qualtrics", asks=(SCORE, ASKED_ON)),
    QUALTRICS_XML: Expected("qualtrics", delimiter=None, asks=()),
    "salesforce/accountData_nosession.csv": Expected("crm", "windows-1252", asks=(LETTERS,), section="dimensions"),
    "salesforce/csvEscapedQuotes.csv": Expected(),
    "salesforce/csvtext.csv": Expected(),
    "salesforce/csvtext_BOM_UTF8.csv": Expected(),
    "salesforce/csvtext_BOM_UTF16BE.csv": Expected(encoding="utf-16-be"),
    "salesforce/csvtext_BOM_UTF16LE.csv": Expected(encoding="utf-16-le"),
    "salesforce/csvtext_BOM_UTF32BE.csv": Expected(encoding="utf-32-be"),
    "salesforce/csvtext_BOM_UTF32LE.csv": Expected(encoding="utf-32-le"),
    "salesforce/timeZoneFormatTesting.csv": Expected(asks=(SCORE, ASKED_ON)),
    "salesforce/timeZoneFormatTestingWithErrors.csv": Expected(),
    "encodings/excel_pasting.csv": Expected(),
    "encodings/mixedGLB.csv": Expected(asks=(SCORE, ASKED_ON, "says no month or day")),
    "encodings/simple.ssv": Expected(delimiter=";", asks=(SCORE, ASKED_ON)),
    "encodings/spanish_chars.csv": Expected(encoding="windows-1252"),
    "encodings/utf-16le_encoded.csv": Expected(encoding="utf-16-le"),
    "encodings/weird_head_padding.csv": Expected(delimiter=";"),
}
WITH_A_SCORE = {file: expected.score for file, expected in FILES.items() if expected.score}
NAMES = {f"survey_{number}": file for number, file in enumerate(WITH_A_SCORE)}
#: What a person answers to the questions of an entry.
ANSWERS = {SCALE: "0-10", PERIOD: "2017", ALIKE: R_2019, IN_NAME: r"'_(?P<responded_at>\pL+\d{4})'"}


def answer(line: str) -> str:
    """A line of an entry with the answer in place of its question."""
    given = next((each for words, each in ANSWERS.items() if "'? " in line and words in line), None)
    return f"{line.split(':', maxsplit=1)[0]}: {given}" if given else line


@cache
def found(file: str) -> dict[str, Any]:
    return sniff(real(file)).as_dict()


@pytest.mark.parametrize("file", some_of(FILES))
def test_kind_encoding_and_delimiter_are_right_on_every_file(file: str) -> None:
    expected, seen = FILES[file], found(file)
    assert (seen["kind"], seen["encoding"], seen["delimiter"]) == (
        expected.kind,
        expected.encoding,
        expected.delimiter,
    )


@pytest.mark.parametrize("file", some_of(WITH_A_SCORE))
def test_the_right_score_column_comes_first_with_its_figures(file: str) -> None:
    oracle = json.loads(real("oracles.json").read_text("utf-8"))[f"{file} :: {WITH_A_SCORE[file]}"]
    first = found(file)["score_columns"][0]
    assert (first["name"], first["certain"]) == (WITH_A_SCORE[file], True)
    assert (first["answers"], first["blank"]) == (oracle["n"], oracle["blank"])


@pytest.mark.parametrize("file", some_of(WITH_A_SCORE))
def test_a_scale_is_known_only_where_a_zero_was_given(file: str) -> None:
    oracle = json.loads(real("oracles.json").read_text("utf-8"))[f"{file} :: {WITH_A_SCORE[file]}"]
    assert found(file)["score_columns"][0]["scale"] == ("0-10" if "0" in oracle["distribution"] else None)


@pytest.mark.parametrize("file", some_of(file for file in FILES if file not in {*WITH_A_SCORE, QUALTRICS_XML}))
def test_a_file_without_the_question_gets_no_certain_score(file: str) -> None:
    assert not [each for each in found(file)["score_columns"] if each["certain"]]


@pytest.mark.parametrize("file", some_of(FILES))
def test_an_entry_asks_what_cannot_be_known_and_nothing_else(file: str) -> None:
    asked = found(file)["questions"]
    assert len(asked) == len(FILES[file].asks), asked
    for words in FILES[file].asks:
        assert any(words in question for question in asked), asked
    assert list(yaml.safe_load(found(file)["entry"])) == [FILES[file].section]


def test_an_entry_with_questions_is_refused_with_them(tmp_path: Path) -> None:
    for file in ("r-community-survey/2019_English.csv", "carpentries/data_20170701.csv"):
        home = tmp_path / file.replace("/", "_")
        assert nps("init", home, "--from", real(file)).code == 0
        told = nps("run", "--home", home)
        assert told.code == 2
        for question in found(file)["questions"]:
            assert question in told.err


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the entry of every file that has a score, its questions answered, after one night."""
    home = workspace(tmp_path_factory.mktemp("sniffed") / "home", {})
    entries = []
    for name, file in NAMES.items():
        path = real(file)
        proposal = proposed(look(path), name, path.suffix)
        entries.append("\n".join(answer(line) for line in proposal.entry.splitlines()[1:]))
        land(home, f"{name}/{path.name}", path)
    (home / "nps.yaml").write_text("timezone: UTC\nsources:\n" + "\n".join(entries), "utf-8")
    night(home)
    return home


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_runs_to_the_known_figures_once_its_questions_are_answered(name: str, answered: Path) -> None:
    oracle = json.loads(real("oracles.json").read_text("utf-8"))[f"{NAMES[name]} :: {WITH_A_SCORE[NAMES[name]]}"]
    assert counts(answered, name) == tuple(oracle[group] for group in ("promoters", "passives", "detractors"))
    assert points(counts(answered, name)) == oracle["nps"]


def test_entries_run_once_the_one_question_about_letters_is_answered(tmp_path: Path) -> None:
    accounts = "salesforce/accountData_nosession.csv"
    assert found(accounts)["preset"] == "salesforce"
    home = tmp_path / "home"
    told = nps("init", home, "--from", real("nps-r/testdata.csv"), real(accounts))
    [asked] = [line for line in told.out.splitlines() if "  dimensions." in line or "  sources." in line]
    assert LETTERS in asked
    config = home / "nps.yaml"
    lines = [
        "    encoding: windows-1252" if LETTERS in line else line for line in config.read_text("utf-8").splitlines()
    ]
    config.write_text("\n".join(lines), "utf-8")
    night(home)
    assert points(counts(home, "testdata")) == 10.0


def test_the_order_of_day_and_month_is_proved_by_count() -> None:
    [date] = found("carpentries/20180908_post_clean.csv")["date_columns"]
    assert (date["formats"], date["ambiguous"]) == (["%m/%d/%y %H:%M"], False)
    assert (date["day_first"], date["month_first"]) == (0, 617)


def test_a_group_of_qualtrics_says_which_question_is_the_score_and_that_it_was_asked_on_0_to_10() -> None:
    [score] = found(QUALTRICS_XML)["score_columns"]
    assert (score["name"], score["scale"], score["certain"]) == ("QID15", "0-10", True)


def test_both_questions_on_0_to_10_are_shown_the_one_about_r_first() -> None:
    names = [each["name"] for each in found("r-community-survey/2019_English.csv")["score_columns"]]
    assert names == [R_2019, R_2019.replace(" R ", " Python ")]


def test_of_two_files_with_the_same_answers_one_is_left_out_and_named(tmp_path: Path) -> None:
    files = [real(f"carpentries/{name}") for name in ("data_20170701.csv", "longterm_October2017.csv")]
    home = tmp_path / "home"
    told = nps("init", home, "--from", *files, real("nps-r/testdata.csv"))
    assert (told.code, told.err) == (0, "")
    assert [path.name for path in (home / "landing/data").iterdir()] == ["data_20170701.csv"]
    assert "longterm_October2017.csv holds the same answers as data_20170701.csv" in told.out
    assert set(yaml.safe_load((home / "nps.yaml").read_text("utf-8"))["sources"]) == {"data", "testdata"}
    assert "when was it answered" in told.out
