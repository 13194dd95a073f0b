"""Codes for "don't know" among answers, and rows that stand in one cell: asked as what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from pipelines.errors import FileRefusedError
from pipelines.sniff.sniff import sniff
from tests.support.arrived import judged, source
from tests.support.cases import settle

ANSWERS = [(f"2024-01-{1 + at % 28:02}", str(at % 11)) for at in range(66)]


def written(folder: Path, scores: Sequence[str], heading: str = "Score") -> Path:
    rows = [f"{day},{score},shop" for (day, _), score in zip(ANSWERS, scores, strict=True)]
    (folder / "a.csv").write_text("\n".join([f"Date,{heading},Place", *rows, ""]), "utf-8")
    return folder / "a.csv"


def with_codes(*codes: str, every: int = 6) -> list[str]:
    return [codes[at // every % len(codes)] if at % every == 0 else score for at, (_, score) in enumerate(ANSWERS)]


@pytest.mark.parametrize("codes", [("99",), ("-1",), ("11",), ("-99",), ("98", "99"), ("99.0",), ("-1", "999")])
@pytest.mark.parametrize("heading", ["Score", "How likely are you to recommend us?"])
def test_codes_are_asked_about_and_left_out_by_what_can_be_pasted(
    tmp_path: Path, codes: Sequence[str], heading: str
) -> None:
    scores = with_codes(*codes)
    [asked] = sniff(written(tmp_path, scores, heading)).questions
    [pasted] = re.findall(r"write (\[.*?\])", asked)
    of = source({"score": heading, "responded_at": "Date"}, unanswered=yaml.safe_load(pasted))
    rows = judged(tmp_path / "a.csv", of, tmp_path)
    assert rows.filter(outcome="accepted")["score"].to_list() == [int(score) for score in scores if score not in codes]
    assert rows.filter(outcome="unanswered").height == sum(score in codes for score in scores)


def test_answers_beside_codes_make_the_figure_once_these_are_pasted(tmp_path: Path) -> None:
    scores = with_codes("98", "99.0")
    settled = settle(tmp_path / "home", written(tmp_path, scores), answers={"unanswered": '["98", "99.0"]'})
    whole = [int(score) for score in scores if score.isdecimal() and int(score) <= 10]
    balance = sum((score >= 9) - (score < 7) for score in whole)
    assert settled.figure == (len(whole), round(100 * balance / len(whole), 1))
    assert settled.counts()["rejected"] == 0


def test_options_that_are_numbered_from_1_are_no_codes(tmp_path: Path) -> None:
    questions = sniff(written(tmp_path, [str(int(score) + 1) for _, score in ANSWERS])).questions
    assert any("numbers of the options of 0-10 from 1 on" in each for each in questions)
    assert not any("unanswered" in each for each in questions)


def test_codes_beside_options_that_are_numbered_from_1_are_asked_about(tmp_path: Path) -> None:
    scores = [code if code == "-9" else str(int(code) + 1) for code in with_codes("-9")]
    questions = sniff(written(tmp_path, scores, "Would you recommend us?")).questions
    assert [each for each in questions if 'write ["-9"]' in each]
    assert any("from 1 to 11: if they are numbers of the options of 0-10" in each for each in questions)


@pytest.mark.parametrize("heading", ["How likely are you to recommend us?", "NPS"])
def test_options_that_are_numbered_from_1_are_asked_about_however_many_chose_the_last(
    tmp_path: Path, heading: str
) -> None:
    scores = [str(11 if at % 3 else int(score) + 1) for at, (_, score) in enumerate(ANSWERS)]
    questions = sniff(written(tmp_path, scores, heading)).questions
    assert any("from 1 to 11: if they are numbers of the options of 0-10" in each for each in questions)


@pytest.mark.parametrize("code", ["A{}", "A{:02}", "SQ0{:02}", "opt_{}"])
def test_codes_of_options_count_as_what_can_be_pasted_says(tmp_path: Path, code: str) -> None:
    file = written(
        tmp_path, [code.format(int(score) + 1) for _, score in ANSWERS], "How likely are you to recommend us?"
    )
    [asked] = sniff(file).questions
    [declared] = re.findall(r"declare scales: \{(options: .*)\} and write options", asked)
    add = {"\nsources:": f"\nscales:\n  {declared}\nsources:"}
    settled = settle(tmp_path / "home", file, answers={"scale": "options"}, add=add)
    whole = [int(score) for _, score in ANSWERS]
    assert settled.figure == (66, round(100 * sum((score >= 9) - (score < 7) for score in whole) / 66, 1))


def test_codes_of_options_may_be_the_score_whatever_their_column_is_called(tmp_path: Path) -> None:
    questions = sniff(written(tmp_path, [f"A{int(score) + 1}" for _, score in ANSWERS], "G01Q01")).questions
    assert any("is one of these the score: 'G01Q01'" in each for each in questions)
    few = [f"A{1 + at % 5}" for at in range(len(ANSWERS))]
    assert any("no column looks like answers" in each for each in sniff(written(tmp_path, few, "G01Q01")).questions)


def test_rows_of_more_cells_than_headings_are_asked_about(tmp_path: Path) -> None:
    rows = [f"{at}\t{day}\t{score}\tSplit" for at, (day, score) in enumerate(ANSWERS, start=1)]
    (tmp_path / "a.tsv").write_text("\n".join(["Date\tScore\tBranch", *rows, ""]), "utf-8")
    [asked] = [each for each in sniff(tmp_path / "a.tsv").questions if "files:" in each]
    assert "66 of its 66 rows hold more cells than there are headings" in asked


@pytest.mark.parametrize("scores", [with_codes("55"), with_codes("99", every=33), with_codes("20", "40", "60", "80")])
def test_other_numbers_are_no_codes(tmp_path: Path, scores: Sequence[str]) -> None:
    assert not any("unanswered" in each for each in sniff(written(tmp_path, scores)).questions)


@pytest.mark.parametrize("sign", [",", ";"])
@pytest.mark.parametrize("is_heading_quoted", [True, False])
def test_lines_that_are_quoted_as_a_whole_are_asked_about(tmp_path: Path, sign: str, is_heading_quoted: bool) -> None:
    heading = f"Date{sign}Score{sign}Branch"
    rows = [f'"{day}{sign}{score}{sign}Split"' for day, score in ANSWERS]
    (tmp_path / "a.csv").write_text("\n".join([f'"{heading}"' if is_heading_quoted else heading, *rows, ""]), "utf-8")
    assert any("as where lines are quoted as a whole" in each for each in sniff(tmp_path / "a.csv").questions)


def test_a_table_of_one_column_is_not(tmp_path: Path) -> None:
    texts = "\n".join(
        ["comment", *(f"it was good, {'very ' * (at % 4)}fast, and cheap" + ", too" * (at % 3) for at in range(40))]
    )
    (tmp_path / "a.csv").write_text(texts + "\n", "utf-8")
    assert not any("quoted as a whole" in each for each in sniff(tmp_path / "a.csv").questions)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv", "a.xml"])
@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
        "<table border=1><tr><td>Date</td></tr></table>",
        "<answers>\n  <answer><score>9</score></answer></answers>",
    ],
)
def test_web_pages_and_xml_are_told_what_to_do_with(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(FileRefusedError, match=r"save it as \.xlsx, or export it as CSV"):
        sniff(tmp_path / name)


def test_headings_in_angles_are_headings(tmp_path: Path) -> None:
    rows = [f"{day},{score}" for day, score in ANSWERS]
    (tmp_path / "a.csv").write_text("\n".join(["<Date>,<Score>", *rows, ""]), "utf-8")
    assert sniff(tmp_path / "a.csv").questions == []
