"""Text files that are not what they seem: broken and swallowed rows, binary zeros, encodings that letters barely tell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.adapters.table import TextTable
from pipelines.adapters.text import delimited
from pipelines.errors import FileRefusedError
from pipelines.sniff.sniff import look, sniff
from tests.support.arrived import rows_of, table_of
from tests.support.cases import settle, shared
from tests.support.scenario import configure, land, nps, source, taken_in, workspace

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


def test_a_later_file_whose_lines_are_quoted_as_a_whole_is_told_so(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"x": source("x")}})
    land(home, "x/a.csv", "date,score,why\n2024-03-01,9,x\n")
    land(home, "x/b.csv", '"date,score,why"\n"2024-04-01,9,x"\n', day=2)
    detail = taken_in(home)["landing/x/b.csv"]["detail"]
    assert "its lines stand in quotes as a whole" in detail
    assert "delimiter" not in detail


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


def test_rows_below_a_table_that_ends_there_are_told_as_such(tmp_path: Path) -> None:
    path = file_of(tmp_path, answers(), "date,nps,why")
    whole = path.read_text("utf-8").rstrip("\n")
    path.write_text(f"{whole}\nReport Total,all\nConfidential,do not pass on\n", "utf-8")
    table = table_of(path, tmp_path / "scratch")
    end = whole.count("\n") + 2
    assert malformed(table) == [end, end + 1]
    assert "what was written below the table that ends there" in table.notes[0]


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


@pytest.mark.parametrize("habit", [False, True], ids=["this one", "all"])
def test_a_blank_cell_too_many_moves_no_answer_without_a_word(tmp_path: Path, *, habit: bool) -> None:
    """The last cell, a blank comment, makes room for it: the score would be none, and its number the date."""
    end = ";" if habit else ""
    rows = [f"r{i};{i * 7 % 11 if i % 3 else i % 4 + 6};2024-02-{1 + i % 28:02};Split;{end}" for i in range(1200)]
    rows[20] = "r20;;4;2024-02-14;Split;"
    columns = {"score": "score", "responded_at": "date"}
    home = workspace(tmp_path / "home", {"sources": {"x": source("x", columns=columns, delimiter=";")}})
    land(home, "x/x.csv", "\n".join(["id;score;date;branch;comment", *rows]) + "\n")
    [found] = taken_in(home).values()
    assert (found["accepted"], found["rejected"], found["unanswered"]) == ((1199, 0, 1) if habit else (1199, 1, 0))
    assert [note.split(",")[0] for note in found["notes"]] == (
        ["Row 22 has no score"] if habit else ["Row 22 has more cells than headings"]
    )


@pytest.mark.usefixtures("_large_or_small")
@pytest.mark.parametrize("order", ["date,why,nps", "date,nps,why", "why,date,nps"])
def test_a_quote_that_swallows_rows_is_told_with_the_first_and_the_last(order: str, tmp_path: Path) -> None:
    found = answers()
    found[5] = (found[5][0], '"slow', found[5][2])
    found[9] = (found[9][0], 'bad"', found[9][2])
    table = table_of(file_of(tmp_path, found, order), tmp_path / "scratch")
    assert malformed(table) == [7]
    assert ["rows 7 to 11." in note for note in table.notes] == [True]


@pytest.mark.parametrize(("sign", "name"), [(",", "commas"), ("\t", "tabs"), ("|", "bars")])
def test_a_file_with_another_delimiter_than_nps_yaml_says_is_told_so(sign: str, name: str, tmp_path: Path) -> None:
    declared = source("x", delimiter=";", columns={"score": "score", "responded_at": "date"})
    home = workspace(tmp_path / "home", {"sources": {"x": declared}})
    land(home, "x/a.csv", sign.join(["date", "score", "why"]) + "\n" + sign.join(["2024-03-01", "9", "x"]) + "\n")
    [found] = taken_in(home).values()
    assert f"seems to hold several, separated by {name}: take delimiter out" in found["detail"]
    del declared["delimiter"]
    configure(home, {"sources": {"x": declared}})
    [found] = taken_in(home).values()
    assert found["accepted"] == 1


@pytest.mark.parametrize("score", ["score", 2])
def test_a_later_file_with_another_delimiter_is_told_so_and_nothing_is_said_of_names(
    score: str | int, tmp_path: Path
) -> None:
    declared = source("x", delimiter=";", columns={"score": score, "responded_at": "date"})
    home = workspace(tmp_path / "home", {"sources": {"x": declared}})
    land(home, "x/a.csv", "date;score;why\n2024-03-01;9;x\n")
    taken_in(home)
    land(home, "x/b.csv", "date,score,why\n2024-04-01,9,x\n", day=2)
    detail = taken_in(home)["landing/x/b.csv"]["detail"]
    assert detail.endswith("take delimiter out of nps.yaml, and each file is read by its own.")
    assert "renamed" not in detail


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


HUNGARIAN = "Dátum;Fiók;Pontszám\n" + "2024-01-03;Győr;9\n2024-01-04;Pécs;0\n" * 20


def test_an_encoding_that_one_letter_tells_is_noted_with_the_words_that_differ(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(HUNGARIAN.encode("windows-1250"))
    table = table_of(tmp_path / "x.csv", tmp_path / "scratch")
    assert rows_of(table)[0][1] == "Győr"
    [note] = table.notes
    assert "read as windows-1250 it holds 'Győr', read as windows-1252 'Gyõr'" in note
    assert table_of(tmp_path / "x.csv", tmp_path / "scratch", encoding="windows-1250").notes == ()


def test_an_encoding_that_one_letter_tells_is_asked(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(HUNGARIAN.encode("windows-1250"))
    opened = look(tmp_path / "x.csv").opened
    assert (opened.encoding, "'Gyõr'" in opened.doubt) == ("windows-1250", True)
    assert any("encoding" in question for question in sniff(tmp_path / "x.csv").questions)


#: Alphabets of which the house has no letters, or few.
FOREIGN = {
    "Hebrew": ("windows-1255", "שירות מצוין, תודה רבה"),
    "Arabic": ("windows-1256", "انتظرت طويلا، سيئ"),
    "Japanese": ("cp932", "とても良い対応でした、ありがとう"),
    "Chinese": ("gb18030", "服务非常好，谢谢"),  # noqa: RUF001
    "Taiwanese": ("big5", "服務非常好，謝謝"),  # noqa: RUF001
    "Korean": ("cp949", "아주 친절한 서비스였습니다, 감사합니다"),
    "Latvian": ("windows-1257", "Ļoti laba apkalpošana, pārāk ilga gaidīšana"),
    "Lithuanian": ("iso-8859-13", "Labai geras aptarnavimas, ačiū, Šiauliai, Panevėžys"),
    "Greek": ("iso-8859-7", "Πολύ καλή εξυπηρέτηση, ευχαριστώ"),
    "Turkish": ("iso-8859-9", "Çok memnun kaldım, teşekkürler, İstanbul"),  # noqa: RUF001
    "Ukrainian": ("koi8-u", "Дуже задоволений обслуговуванням, Київ"),
    "Russian, ISO": ("iso-8859-5", "Очень доволен, долго ждал в очереди"),
    "Russian, Mac": ("mac-cyrillic", "Очень доволен, долго ждал в очереди"),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_alphabets_from_elsewhere_are_never_wrong_without_a_word(language: str, tmp_path: Path) -> None:
    encoding, text = FOREIGN[language]
    (tmp_path / "x.csv").write_bytes(f"date;nps;why\n2024-01-03;9;{text}\n2024-01-04;0;{text}\n".encode(encoding))
    table = table_of(tmp_path / "x.csv", tmp_path / "scratch")
    assert rows_of(table)[0][2] == text or any("not certain" in note for note in table.notes)


def test_a_name_that_stands_there_once_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("date;nps;who\n2024-01-03;9;Erdős\n2024-01-04;0;Nagy\n".encode("windows-1250"))
    notes = table_of(tmp_path / "x.csv", tmp_path / "scratch").notes
    assert notes
    assert not any("Erd" in note for note in notes)


@pytest.mark.parametrize(
    ("first", "second", "texts"),
    [
        ("windows-1252", "cp850", ("déjà été", "très bien", "être reçu")),
        ("windows-1252", "mac-roman", ("déjà été", "très bien", "être reçu")),
        ("windows-1250", "cp852", ("odlično, vraćam", "lijepa kuća", "žao mi je, noću")),
    ],
)
def test_two_encodings_in_one_file_are_named_with_their_lines_and_what_to_write(
    first: str, second: str, texts: tuple[str, ...], tmp_path: Path
) -> None:
    meant = [texts[i % 3] for i in range(30)]
    lines = [
        f"2024-01-0{1 + i % 9};{i % 11};{text}\n".encode(second if i > 20 else first) for i, text in enumerate(meant)
    ]
    (tmp_path / "x.csv").write_bytes(b"date;nps;why\n" + b"".join(lines))
    with pytest.raises(FileRefusedError, match=rf"{first} in lines 2.*encoding: \[{first}, {second}\]"):
        table_of(tmp_path / "x.csv", tmp_path / "scratch")
    table = table_of(tmp_path / "x.csv", tmp_path / "scratch", encoding=[first, second])
    assert [row[2] for row in rows_of(table)] == meant


def test_two_encodings_of_the_issue_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match=r"cp850 in lines 2, 5, 8.*encoding: \[windows-1252, cp850\]"):
        table_of(shared("latin1_and_cp850.csv"), tmp_path)


def test_one_letter_of_the_issue_is_asked(tmp_path: Path) -> None:
    settled = settle(tmp_path / "w", shared("one_letter_tells.csv"))
    assert any("'Győr'" in line and "'Gyõr'" in line for line in settled.asked)


def test_short_rows_of_the_issue_are_answers(tmp_path: Path) -> None:
    settled = settle(tmp_path / "w", shared("short_rows.csv"))
    assert settled.figure == (40, -32.5)


def test_bare_line_feeds_of_the_issue_are_rejected_and_told(tmp_path: Path) -> None:
    settled = settle(tmp_path / "w", shared("bare_line_feeds.csv"), answers={"scale": "0-10"})
    assert "of 73 read: 26 row_malformed" in nps("status", "--home", settled.home).said
