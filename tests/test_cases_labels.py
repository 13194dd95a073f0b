"""Labels of scores, rows of headings below the first, and an encoding that a person names."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from pipelines.sniff.heading_rows import rows_of_headings
from pipelines.sniff.sniff import sniff
from tests.cases import own, settle
from tests.scenario import nps

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


def test_three_rows_are_headings_where_two_are_above_answers() -> None:
    rows = [["Date", "Where", "Score"], ["Datum", "Ort", "Bewertung"], ["Q1", "Q2", "Q3"]]
    assert rows_of_headings([*rows, *BELOW]) == 3
    assert rows_of_headings([*rows, *BELOW[:1]]) == 1


def test_the_second_row_of_a_case_is_no_answer(tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", own("labels/antworten.csv"))
    assert settled.asked == []
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
