"""Text files that are not what they seem: broken and swallowed rows, binary zeros, encodings that letters barely tell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.adapters import delimited
from pipelines.adapters.table import TextTable
from pipelines.errors import FileRefusedError
from tests.arrived import rows_of, table_of
from tests.cases import settle, shared

Rows = list[tuple[str, str, str]]


def answers(count: int = 40) -> Rows:
    """A date, a remark and a score for each."""
    return [
        (f"2024-{1 + i // 28:02}-{1 + i % 28:02}", "fine" if i % 3 else f"it took {i} minutes", str(i % 11))
        for i in range(count)
    ]


def file_of(folder: Path, rows: Rows, order: str, delimiter: str = ",", line_end: str = "\n") -> Path:
    """A file without quotes of its own; `order` names its columns: `date,why,nps`."""
    at = [["date", "why", "nps"].index(name) for name in order.split(",")]
    lines = [order.replace(",", delimiter), *(delimiter.join(row[i] for i in at) for row in rows)]
    path = folder / "x.csv"
    path.write_bytes((line_end.join(lines) + line_end).encode())
    return path


def malformed(table: TextTable) -> list[int]:
    return table.rows.collect().filter(pl.col("malformed")).get_column("source_row").to_list()


@pytest.fixture(params=[0, delimited.CHECKED_UP_TO], ids=["large", "small"])
def _large_or_small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the file as large ones are read, then as small ones are."""
    monkeypatch.setattr(delimited, "CHECKED_UP_TO", request.param)


@pytest.mark.usefixtures("_large_or_small")
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("order", "rows"),
    [
        ("date,why,nps", [7, 8, 12, 13, 14, 17, 18]),
        ("nps,why,date", [7, 8, 12, 13, 14, 17, 18]),
        ("date,nps,why", [8, 13, 14, 18]),
        ("nps,date,why", [8, 13, 14, 18]),
    ],
)
def test_the_pieces_of_a_row_that_a_line_feed_broke_are_malformed(
    delimiter: str, order: str, rows: list[int], tmp_path: Path
) -> None:
    found = answers()
    for at, text in ((5, "slow\nand rude"), (9, "slow\nand\nrude 10"), (12, "ends in 7\n8 times")):
        found[at] = (found[at][0], text, found[at][2])
    table = table_of(file_of(tmp_path, found, order, delimiter), tmp_path / "scratch")
    assert malformed(table) == rows
    [note] = table.notes
    assert note.startswith(f"Rows {', '.join(map(str, rows[:5]))} ")
    assert "line feed within a text" in note


@pytest.mark.parametrize("order", ["date,why,nps", "nps,why,date"])
@pytest.mark.parametrize("second", ["10", "2024-02-03", "9.5", "rude 2024-02-03"])
def test_a_piece_that_looks_like_a_score_or_a_date_is_malformed_all_the_same(
    order: str, second: str, tmp_path: Path
) -> None:
    found = answers()
    found[5] = (found[5][0], f"slow\n{second}", found[5][2])
    assert malformed(table_of(file_of(tmp_path, found, order, line_end="\r\n"), tmp_path / "scratch")) == [7, 8]


def test_a_piece_in_a_column_of_few_values_is_none_of_them(tmp_path: Path) -> None:
    lines = ["branch,date,nps,why", *["Split,2024-01-04,5,fine", "Rijeka,2024-01-05,6,slow"] * 20]
    lines[7] += "\nand rude"
    (tmp_path / "x.csv").write_text("\n".join(lines), "utf-8")
    assert malformed(table_of(tmp_path / "x.csv", tmp_path / "scratch")) == [9]


def test_short_rows_that_may_be_pieces_of_a_first_column_are_told_and_kept(tmp_path: Path) -> None:
    found = answers()
    found[5] = (found[5][0], "slow\nand rude", found[5][2])
    table = table_of(file_of(tmp_path, found, "why,date,nps"), tmp_path / "scratch")
    assert malformed(table) == []
    assert [note.startswith("Row 7 has fewer cells than headings") for note in table.notes] == [True]


@pytest.mark.usefixtures("_large_or_small")
@pytest.mark.parametrize("order", ["date,nps,why", "nps,date,why", "date,why,nps"])
def test_rows_without_what_is_blank_at_their_end_are_whole(order: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, answers(60), order)
    lines = path.read_text("utf-8").split("\n")
    path.write_text(
        "\n".join(line.rpartition(",")[0] if i % 5 in (2, 3) else line for i, line in enumerate(lines)), "utf-8"
    )
    table = table_of(path, tmp_path / "scratch")
    assert malformed(table) == []
    assert table.notes == ()
    assert table.rows.collect().height == 60


@pytest.mark.usefixtures("_large_or_small")
@pytest.mark.parametrize("order", ["date,why,nps", "date,nps,why", "why,date,nps"])
def test_a_quote_that_swallows_rows_is_told_with_the_first_and_the_last(order: str, tmp_path: Path) -> None:
    found = answers()
    found[5] = (found[5][0], '"slow', found[5][2])
    found[9] = (found[9][0], 'bad"', found[9][2])
    table = table_of(file_of(tmp_path, found, order), tmp_path / "scratch")
    assert malformed(table) == [7]
    assert ["rows 7 to 11." in note for note in table.notes] == [True]


@pytest.mark.usefixtures("_large_or_small")
@pytest.mark.parametrize("order", ["date,why,nps", "date,nps,why", "why,date,nps"])
def test_a_text_of_several_lines_with_delimiters_is_one_cell(order: str, tmp_path: Path) -> None:
    found = answers()
    found[5] = (found[5][0], '"slow, and\nrude, 5\nwe waited, 2024-01-04, long"', found[5][2])
    table = table_of(file_of(tmp_path, found, order), tmp_path / "scratch")
    assert (malformed(table), table.notes, table.rows.collect().height) == ([], (), 40)


def test_pieces_are_found_under_the_headings_of_other_kinds(tmp_path: Path) -> None:
    metadata = "Respondent ID,Start Date,How likely?,Why?\n,,Response,Open-Ended Response\n"
    rows = [f"{100 + i},2024-01-0{1 + i % 9},{i % 11},fine" for i in range(30)]
    rows[4] = "104,2024-01-05,4,slow\nand rude"
    (tmp_path / "x.csv").write_text(metadata + "\n".join(rows), "utf-8")
    assert malformed(table_of(tmp_path / "x.csv", tmp_path / "scratch", "surveymonkey")) == [8]
    (tmp_path / "x.csv").write_text("\n".join(rows), "utf-8")
    assert malformed(table_of(tmp_path / "x.csv", tmp_path / "scratch", header_rows=0)) == [6]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16-le"])
def test_a_few_binary_zeros_are_shown_within_cells_and_left_out_at_their_ends(encoding: str, tmp_path: Path) -> None:
    lines = ["дата;почему;оценка", *(f"2024-01-0{1 + i % 9};долго ждал, {i};{i % 11}" for i in range(30))]
    lines[3] = "2024-01-03;дол\0го;2\0\0"  # noqa: RUF001
    (tmp_path / "x.csv").write_bytes(("\n".join(lines) + "\n").encode(encoding))
    declared = encoding if encoding == "utf-16-le" else None
    table = table_of(tmp_path / "x.csv", tmp_path / "scratch", encoding=declared)
    assert rows_of(table)[2] == ["2024-01-03", "дол\u2400го", "2"]  # noqa: RUF001
    assert [note.startswith("Binary zeros stand in line 4:") for note in table.notes] == [True]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["fine", "очень доволен"])
def test_utf16_that_nothing_marks_is_told_as_that(encoding: str, text: str, tmp_path: Path) -> None:
    lines = "".join(f"2024-01-0{1 + i % 9};{text};{i % 11}\n" for i in range(30))
    (tmp_path / "x.csv").write_bytes(f"date;why;nps\n{lines}".encode(encoding))
    with pytest.raises(FileRefusedError, match=f"UTF-16 without a byte-order mark.*encoding: {encoding}"):
        table_of(tmp_path / "x.csv", tmp_path / "scratch")


def test_a_block_of_zeros_is_damage(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"date;nps\n" + b"2024-01-03;9\n" * 9_000 + bytes(8_192))
    with pytest.raises(FileRefusedError, match="binary zeros"):
        table_of(tmp_path / "x.csv", tmp_path / "scratch")


def test_a_zero_byte_of_the_issue_costs_no_answer(tmp_path: Path) -> None:
    settled = settle(tmp_path / "w", shared("nul_byte.csv"))
    assert settled.figure == (40, -20.0)
    assert "Binary zeros stand in lines 2, 11, 20, 29, 38" in settled.notes


def test_short_rows_of_the_issue_are_answers(tmp_path: Path) -> None:
    settled = settle(tmp_path / "w", shared("short_rows.csv"))
    assert settled.figure == (40, -32.5)


def test_bare_line_feeds_of_the_issue_are_rejected_and_told(tmp_path: Path) -> None:
    settled = settle(tmp_path / "w", shared("bare_line_feeds.csv"), answers={"scale": "0-10"})
    assert settled.ran is not None
    assert "of 73 read: 26 row_malformed" in settled.ran.said
