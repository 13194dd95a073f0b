"""Labels of scores, rows of headings below the first, and an encoding that a person names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from pipelines.sniff.opening.heading_rows import rows_of_headings
from pipelines.sniff.sniff import sniff
from pipelines.sniff.sniffed import Sniffed
from tests.support.cases import own, settle, shared
from tests.support.scenario import nps

# Encodings


def test_sniff_reads_a_file_in_the_encoding_that_it_is_told(tmp_path: Path) -> None:
    found = sniff(own("labels/dosovska.csv"), ["cp852"])
    assert dict(next(each for each in found.found.columns if each.name == "Poslovnica").counts) == {"Čakovec": 24}
    assert "encoding: cp852\n" in found.entry
    assert not any("encoding" in each for each in found.questions)
    wide = tmp_path / "wide.csv"
    wide.write_bytes(own("labels/dosovska.csv").read_bytes().decode("cp852").encode("utf-16-le"))
    assert sniff(wide, ["utf-16-le"]).found.scores[0].scale == "0-10"


def test_the_command_takes_several_encodings_and_refuses_what_is_none() -> None:
    path = own("labels/dosovska.csv")
    told = nps("sniff", path, "--encoding", "utf-8", "--encoding", "cp852")
    assert told.code == 0
    assert "encoding: [utf-8, cp852]" in told.out
    unknown = nps("sniff", path, "--encoding", "klingon")
    assert (unknown.code, unknown.out) == (2, "")
    assert "'klingon' is no known encoding" in unknown.err
    unfit = nps("sniff", path, "--encoding", "utf-8")
    assert (unfit.code, unfit.out) == (1, "")
    assert "cannot be read as utf-8" in unfit.err


def test_a_workbook_needs_no_encoding() -> None:
    found = sniff(own("sheets/filtered.xlsx"), ["cp852"])
    assert any("It is no text" in each for each in found.found.notes)
    assert "encoding" not in found.entry


# Rows of headings

BELOW = [["2024-01-13", "Bonn", "0"], ["2024-01-14", "Bonn", "9"], ["2024-01-15", "Ulm", "10"]]
ANSWERS = [["2024-01-12", "Ulm", "10"], *BELOW]


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (["", "", "Response"], 2),
        (["", "Odpowiedź otwarta", "Odpowiedź"], 2),
        (["Q1", "Q2", "Q3_1"], 2),
        (["QID1", "", "QID2"], 2),
        (['{"ImportId":"startDate"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}'], 2),
        (["", "", "1/10"], 1),
        (["", "", "(0-10)"], 2),
        (["", "", "0\u201310"], 2),
        (["Date", "Branch", "Score"], 2),
        (["Дата", "Филиал", "Оценка"], 2),
        (["Submitted at", "Which one?", "Would you recommend us?"], 2),
        # Answers, however odd.
        (["n/a", "Ulm", "don't know"], 1),
        (["soon", "Ulm", "ten"], 1),
        (["", "", ""], 1),
        (["", "Ulm", ""], 1),
        (["2024-01-12", "Ulm", "Response"], 1),
        (["2024-01-12", "Response", "Score"], 1),
        (["", "Ulm", "I would recommend you"], 1),
        (["", "Ulm", "7"], 1),
        (["Date", "Ulm", "7"], 1),
        (["Date", "me@example.org", "Score"], 1),
    ],
)
def test_a_second_row_of_headings_is_one_only_by_its_words(second: list[str], count: int) -> None:
    assert rows_of_headings([["Day", "Where", "Rating"], second, *ANSWERS]) == count


@pytest.mark.parametrize("third", ["How satisfied are you? (1-5)", "Stars [0-10]"])
def test_the_scale_of_a_question_in_a_second_row_of_headings_is_no_answer(third: str) -> None:
    first = ["Date", "Where", "Q2", "Q3"]
    below = [[*row, "4"] for row in BELOW]
    assert rows_of_headings([first, ["Date", "Where", "Would you recommend us?", third], *below]) == 2
    assert rows_of_headings([[*first[:3], third], ["Date", "Where", "Would you recommend us?", third], *below]) == 2


def test_three_rows_are_headings_where_two_are_above_answers() -> None:
    rows = [["Date", "Where", "Score"], ["Datum", "Ort", "Bewertung"], ["Q1", "Q2", "Q3"]]
    assert rows_of_headings([*rows, *BELOW]) == 3
    assert rows_of_headings([*rows, *BELOW[:1]]) == 1


def test_the_second_row_of_a_case_is_no_answer(tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", own("labels/antworten.csv"), answers={"branch": "Ort"})
    assert ["names 2 towns" in asked for asked in settled.asked] == [True]
    settings = (tmp_path / "home" / "nps.yaml").read_text("utf-8")
    assert "header_rows: 2" in settings
    assert "score: Wie wahrscheinlich" in settings
    assert settled.figure == (30, 20.0)
    assert settled.counts() == {"rows_read": 30, "accepted": 30, "unanswered": 0, "excluded": 0, "rejected": 0}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rows_above_two_rows_of_headings_are_declared(suffix: str, tmp_path: Path) -> None:
    rows = [["Survey of 2024"], [], ["Day", "Where", "Rating"], ["", "", "Response"], *ANSWERS, *ANSWERS]
    path = tmp_path / f"survey{suffix}"
    if suffix == ".csv":
        path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    else:
        book = Workbook()
        for row in rows:
            book.worksheets[0].append([int(cell) if cell.isdigit() else cell for cell in row])
        book.save(path)
    found = sniff(path)
    assert (found.found.opened.header_rows, found.found.opened.skip_rows) == (2, 2)
    assert "skip_rows: 2" in found.entry
    assert "score: Rating" in found.entry
    assert found.found.opened.rows.height == 8


# Labels


def scores(folder: Path, texts: Sequence[str], heading: str = "Score") -> Sniffed:
    path = folder / "shops.csv"
    lines = [f"2024-01-{1 + i % 28:02};{text}\n" for i, text in enumerate(texts)]
    path.write_text(f"Day;{heading}\n" + "".join(lines), "utf-8")
    return sniff(path)


def words(found: Sniffed) -> dict[str, Any]:
    return {name: scale["words"] for name, scale in yaml.safe_load(found.entry).get("scales", {}).items()}


USUAL = ["0", "1", "2", "4", "5", "6", "8", "10"]


@pytest.mark.parametrize("spelling", ["{} - {}", "{}. {}", "{}={}", "{} ({})", "{}: {}"])
def test_labels_that_stand_for_one_number_each_are_written_down(spelling: str, tmp_path: Path) -> None:
    own_words = [spelling.format(3, "meh"), spelling.format(7, "sehr fein"), spelling.format(9, "klasse")]
    found = scores(tmp_path, [*USUAL, *own_words, *own_words])
    assert found.questions == []
    assert "scale: shops" in found.entry
    assert words(found) == {"shops": dict(zip(own_words, (3, 7, 9), strict=True))}


def test_a_label_before_its_number_is_one_too(tmp_path: Path) -> None:
    assert words(scores(tmp_path, [*USUAL, *["klasse (9)", "meh - 3"] * 2])) == {
        "shops": {"klasse (9)": 9, "meh - 3": 3}
    }


@pytest.mark.parametrize(
    "texts",
    [
        ["3 ⭐", "7 ⭐", "9 ⭐"],
        ["3 - text", "7 - text", "9 - text"],
        ["9 - klasse", "9 - klasse", "9 - fein", "9 - fein"],
        ["8 - klasse", "8 - klasse"],
        ["9 minutes", "9 minutes"],
    ],
)
def test_labels_that_may_be_something_else_are_asked_for(texts: list[str], tmp_path: Path) -> None:
    found = scores(tmp_path, [*USUAL * 4, *texts])
    [question] = found.questions
    assert f"{len(texts)} answers hold words or signs" in question
    assert "write shops, which lists them under scales" in question
    assert set(words(found)["shops"]) == set(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["9. I waited nine weeks", "3 times rude"],
        ["9 - I waited here for nine weeks"] * 2,
        ["9 - never again!"] * 2,
        ["12 - klasse"] * 2,
        ["9 - me@example.org"] * 2,
        ["10 - Not at all likely"] * 2,
        ["9 - Very likely"] * 2,
    ],
)
def test_what_people_wrote_is_no_label(texts: list[str], tmp_path: Path) -> None:
    found = scores(tmp_path, [*USUAL * 6, *texts])
    assert words(found) == {}
    assert "scale: 0-10" in found.entry


def test_stars_count_on_the_scale_that_a_person_names(tmp_path: Path) -> None:
    found = scores(tmp_path, [f"{1 + i % 5} ⭐" for i in range(20)])
    [question] = [each for each in found.questions if ".scale:" in each]
    assert "1-5 (promoters 5, passives 4)" in question
    assert words(found)["1-5"] == {f"{i} ⭐": i for i in range(1, 6)}


def test_labels_of_its_own_count(tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", own("labels/ocjene_s_rijecima.csv"))
    assert settled.asked == []
    assert settled.figure == (36, 0.0)


def test_the_texts_of_a_case_count_once_a_person_says_so(tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", shared("score_texts.csv"), answers={"scale": "score_texts"})
    assert len(settled.asked) == 1
    assert settled.figure == (42, -14.3)


def test_no_reply_of_a_case_is_a_label() -> None:
    assert words(sniff(shared("replies_that_begin_with_a_number.csv"))) == {}


def test_labels_of_two_sources_stand_under_one_scale_where_it_is_asked_for(tmp_path: Path) -> None:
    paths = []
    for heading, texts in {"NPS": ["1 - grozno", "9 - klasa", "8 - tako"], "Ocjena": ["9 - Klasa", "10 - vrh"]}.items():
        paths.append(tmp_path / f"{heading}.csv")
        rows = [f"2024-02-{1 + i % 28:02};{text}\n" for i, text in enumerate(texts * 10)]
        paths[-1].write_text(f"Day;{heading}\n" + "".join(rows), "utf-8")
    settled = settle(tmp_path / "home", *paths)
    assert len([each for each in settled.unanswered if "0-10 or 1-10?" in each]) == 2
    scales = yaml.safe_load((tmp_path / "home" / "nps.yaml").read_text("utf-8"))["scales"]
    expected = {"1 - grozno": 1, "8 - tako": 8, "9 - klasa": 9, "10 - vrh": 10}
    lower = {name: {text.lower(): number for text, number in scale["words"].items()} for name, scale in scales.items()}
    assert lower == {"0-10": expected, "1-10": expected}
    assert "so it is left out" not in (tmp_path / "home" / "nps.yaml").read_text("utf-8")
