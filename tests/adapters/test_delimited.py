"""Delimited text: every cell as it was written, every broken row named, no row lost."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.adapters.encodings import utf8
from pipelines.adapters.text import delimited
from pipelines.adapters.text.dialect import DELIMITERS
from pipelines.adapters.text.records import records
from pipelines.adapters.text.soundness import Seen, seen_by_counts
from pipelines.errors import FileRefusedError
from tests.support.arrived import answers, judged, rows_of, source, table_of
from tests.support.laws import law
from transforms.scores.texts import ERROR_CELL

#: Text as people write it: no control characters, but line ends.
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))) | st.sampled_from(
    ['"', '""', "a,b", "a;b", "x\ty", "x|y", "two\nlines", 'say "hi"', " 9 ", "0", "00123", "NA", "=1+1", "й", "č", "é"]
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


class Way(NamedTuple):
    """How a table is written."""

    delimiter: str
    encoding: str
    line_end: str
    quotes_all: bool


WAYS = st.builds(
    Way,
    st.sampled_from(DELIMITERS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1251", "windows-1250", "windows-1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


@pytest.fixture
def _always_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read small files as large ones are: by polars, without checking each record beforehand."""
    monkeypatch.setattr(delimited, "CHECKED_UP_TO", 0)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@law(150)
@given(rows=TABLES, way=WAYS, checked_up_to=st.sampled_from([0, delimited.CHECKED_UP_TO]))
def test_what_the_csv_module_writes_is_read_back(
    rows: list[list[str]], way: Way, checked_up_to: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "CHECKED_UP_TO", checked_up_to)
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=way.delimiter,
        lineterminator=way.line_end,
        quoting=csv.QUOTE_ALL if way.quotes_all else csv.QUOTE_MINIMAL,
    )
    names = [f"column {i}" for i in range(len(rows[0]))]
    writer.writerows([names, *rows])
    try:
        written(tmp_path / "x.csv", text.getvalue(), way.encoding)
    except UnicodeEncodeError:
        assume(False)
    declared = way.encoding if way.encoding.startswith("windows") else None
    table = table_of(tmp_path / "x.csv", tmp_path, encoding=declared, delimiter=way.delimiter)
    assert [heading.text for heading in table.headings] == names
    assert rows_of(table) == [row for row in rows if any(row)]


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_detected(delimiter: str, tmp_path: Path) -> None:
    rows = [["Score", "Comment", "Price"], ["9", "good, really; thanks", "7,5"], ["3", "slow | rude", "8,0"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    table = table_of(written(tmp_path / "x.txt", text.getvalue()), tmp_path)
    assert [heading.text for heading in table.headings] == rows[0]
    assert rows_of(table) == rows[1:]


def test_a_decimal_comma_in_every_row_is_no_delimiter(tmp_path: Path) -> None:
    lines = ["Ocjena;Trajanje;Cijena", *(f"{i % 11};{i},5;1,2" for i in range(50))]
    table = table_of(written(tmp_path / "x.csv", "\n".join(lines)), tmp_path)
    assert table.width == 3


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert rows_of(table_of(written(tmp_path / "x.csv", "score\n9\n\n0\n"), tmp_path)) == [["9"], ["0"]]


def test_excels_own_hint_names_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    table = table_of(written(tmp_path / "x.csv", "sep=|\nscore|why\n9|a,b\n"), tmp_path)
    assert table.rows.collect().rows() == [(2, False, "9", "a,b")]


def test_rows_are_numbered_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = '\n;;\nscore;why;who\n9;"two\nlines";a\n;;\n\n8;;b\n'
    rows = table_of(written(tmp_path / "x.csv", text), tmp_path).rows.collect()
    assert rows["source_row"].to_list() == [4, 7]


def test_headings_may_hold_line_ends(tmp_path: Path) -> None:
    table = table_of(written(tmp_path / "x.csv", '"How likely\nare you?",b\n9,x\n'), tmp_path)
    assert table.headings[0].text == "How likely\nare you?"
    assert table.rows.collect().rows() == [(2, False, "9", "x")]


def test_a_file_without_headings_is_read_from_its_first_row(tmp_path: Path) -> None:
    table = table_of(written(tmp_path / "x.csv", "9;a\n8;b\n"), tmp_path, header_rows=0)
    assert table.rows.collect().rows() == [(1, False, "9", "a"), (2, False, "8", "b")]


def test_of_several_rows_of_headings_the_last_names_the_column(tmp_path: Path) -> None:
    table = table_of(written(tmp_path / "x.csv", "Q5,Q6\nHow likely?,\n9,x\n"), tmp_path, header_rows=2)
    assert [heading.text for heading in table.headings] == ["How likely?", "Q6"]
    assert table.headings[0].other_names == ("Q5", "Q5 - How likely?")


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4,5\n6,7\n",
        'a,b\n1,2\n"x,2\n6,7\n',
        'a,b\n1,2\n"x" y", z,2\n6,7\n',
        'a,b\n1,2\n6,7\n8,"x',
        'a,b\n1,2\n"The "Best" one, really",2\n6,7\n',
    ],
)
def test_a_broken_row_is_marked_and_takes_no_other_with_it(text: str, tmp_path: Path) -> None:
    rows = table_of(written(tmp_path / "x.csv", text), tmp_path).rows.collect()
    assert rows["malformed"].sum() == 1
    good = rows.filter(~pl.col("malformed")).select("c0", "c1").rows()
    assert {("1", "2"), ("6", "7")} <= set(good)
    assert rows.height == 3


@pytest.mark.usefixtures("_always_fast")
@pytest.mark.parametrize("broken", ["3,4,5\n", '"x" y,2\n', '1,say "hi, you\n'])
def test_a_large_file_with_a_broken_row_is_found_out_whichever_columns_are_used(broken: str, tmp_path: Path) -> None:
    good = "".join(f"{i % 11},text {i}\n" for i in range(20_000))
    path = written(tmp_path / "x.csv", f"score,comment\n{good}{broken}{good}")
    table = table_of(path, tmp_path)
    if table.careful is not None:
        with pytest.raises(pl.exceptions.ComputeError):
            table.rows.select("c0").sink_parquet(tmp_path / "x.parquet")
        table = table.careful()
    rows = table.rows.collect()
    assert rows.height == 40_001
    assert table.careful is None


@pytest.mark.usefixtures("_always_fast")
def test_a_sound_large_file_is_left_to_polars(tmp_path: Path) -> None:
    table = table_of(written(tmp_path / "x.csv", 'a,b\n1,"x ""y"""\n3\n'), tmp_path)
    assert table.careful is not None
    assert rows_of(table) == rows_of(table.careful()) == [["1", 'x "y"'], ["3", ""]]


def test_short_rows_are_padded_and_trailing_delimiters_are_no_cells(tmp_path: Path) -> None:
    rows = table_of(written(tmp_path / "x.csv", "a;b;c\n1\n1;2;3;;\n"), tmp_path).rows.collect()
    assert not rows["malformed"].any()
    assert rows.select("c0", "c2").fill_null("").rows() == [("1", ""), ("1", "3")]


def test_quotes_in_a_file_without_quoting_are_text(tmp_path: Path) -> None:
    text = 'score\twhy\n9\t"There is a package." Really.\n8\t5" pipe\n7\t"eight"\n'
    rows = rows_of(table_of(written(tmp_path / "x.tsv", text), tmp_path))
    assert rows == [["9", '"There is a package." Really.'], ["8", '5" pipe'], ["7", "eight"]]


def test_an_unclosed_quote_costs_one_row_of_a_thousand() -> None:
    lines = [f'{i},"fine",""\n' for i in range(1000)]
    lines[500] = '500,"never closed,x\n'
    found = list(records(lines, ",", 3))
    assert len(found) == 1000
    assert sum(record.broken for record in found) <= 2
    assert found[-1].cells == ["999", "fine", ""]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest of a spreadsheet", "file_unreadable"),
        (b"%PDF-1.7 rest", "file_unreadable"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "file_unreadable"),
        (b"\x1f\x8b\x08compressed", "file_unreadable"),
        (b'[\n {"email": "ana@example.com"}]', "file_unreadable"),
        (b'\xef\xbb\xbf{"email": "ana@example.com"}\n', "file_unreadable"),
        (b"PAR1\x15\x04", "file_unreadable"),
        (b"Rar!\x1a\x07\x01\x00", "file_unreadable"),
        (b"a,b\n1,\x00\n", "file_unreadable"),
        (b";;;\n;;;\n", "file_empty"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(FileRefusedError) as refused:
        table_of(tmp_path / "x.csv", tmp_path)
    assert refused.value.reason == reason
    assert refused.value.detail.endswith(".")


@law(100)
@given(content=st.binary(min_size=1, max_size=300) | st.text('a1",;\t\n\r', min_size=1, max_size=80).map(str.encode))
def test_no_file_whatever_ends_in_a_traceback(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with contextlib.suppress(FileRefusedError):
        rows_of(table_of(tmp_path / "x.csv", tmp_path))


def test_a_missing_column_is_named_with_the_headings_there_are(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", "Ocjena;Komentar\n9;dobro\n", "windows-1250")
    with pytest.raises(
        FileRefusedError, match=r"score should be in 'Ocijena'.*mean 'Ocjena'\?.*'Komentar'.*semicolons"
    ):
        answers(path, source({"score": "Ocijena"}), tmp_path)


def test_reading_leaves_the_landed_file_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", "a,b\n1,2,3\n")
    before = path.stat()
    rows_of(table_of(path, tmp_path / "scratch"))
    assert path.read_bytes() == b"a,b\n1,2,3\n"
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_file_of_thousands_of_columns_is_read_like_any_other(tmp_path: Path) -> None:
    columns = [f"question {n}" for n in range(3_000)]
    lines = [",".join(["score", *columns]), *[",".join(["9", *["x"] * 3_000])] * 20]
    path = written(tmp_path / "x.csv", "\n".join(lines))
    assert judged(path, source({"score": "score"}), tmp_path).height == 20


#: Cells without quotes around them, in which quotes stand, and cells with them.
AMID = st.sampled_from(["x", "", '5" pipe', 'ship"', 'a"b"c', '"q"', '"q,r"', '"two\nlines"', '"d""e"'])


@law(150)
@given(
    rows=st.lists(st.tuples(AMID, AMID, AMID), min_size=1, max_size=6),
    mark=st.sampled_from(["", "\ufeff"]),
    end=st.sampled_from(["", "\n"]),
    checked_up_to=st.sampled_from([0, delimited.CHECKED_UP_TO]),
)
def test_quotes_amid_cells_are_text_whichever_columns_are_asked_for(
    rows: list[tuple[str, str, str]], mark: str, end: str, checked_up_to: int, tmp_path: Path
) -> None:
    """polars fails at some columns of such files and not at others, and takes rows for one without a word."""
    text = "\n".join(["a,b,c", *map(",".join, rows)]) + end
    wanted = [record for record in csv.reader(io.StringIO(text, newline="")) if any(record)][1:]
    assume(wanted)
    path = written(tmp_path / "x.csv", mark + text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "CHECKED_UP_TO", checked_up_to)
        table = table_of(path, tmp_path)
        assert rows_of(table) == wanted
        for asked in ("c0", "c1", "c2", "source_row"):
            assert table.rows.select(asked).collect().height == len(wanted)


@pytest.mark.usefixtures("_always_fast")
@pytest.mark.parametrize("comment", ["plain", '"said ""why, and how"""'], ids=["plain", "quotes and commas"])
def test_a_large_file_of_full_rows_is_not_read_with_care_for_blanks_and_odd_scores(
    comment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading with care takes twenty times as long."""
    rows = [
        f"R{i},2025-03-{1 + i % 28:02d},{'ten' if i == 71 else i % 11},{'' if i % 2 else comment}" for i in range(100)
    ]
    monkeypatch.setattr(delimited.DelimitedGrid, "_careful_table", lambda *_: pytest.fail("read with care"))
    file = written(tmp_path / "log.csv", "\n".join(["id,date,score,comment", *rows, ""]))
    assert len(rows_of(table_of(file, tmp_path))) == 100


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#ЗНАЧ!", "#GETTING_DATA", "Err:502"])
@pytest.mark.parametrize("before", [0, 3, 97, 98, 99, 100])
def test_a_large_file_may_hold_errors_wherever_one_stands(
    error: str, before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(utf8, "_CHUNK", 100)
    path = written(tmp_path / "big.csv", f"{'x' * before}{error},1\n")
    assert pl.Series([error]).str.contains(ERROR_CELL).all()
    assert seen_by_counts(path, ",", 2).may_hold_errors
    path = written(tmp_path / "big.csv", f"{'x' * before},1\n")
    assert not seen_by_counts(path, ",", 2).may_hold_errors


@law(150)
@given(text=st.text('a",\n', max_size=400), width=st.integers(1, 3), chunk=st.sampled_from([1, 7, 64, 65, 1000]))
def test_a_large_file_is_seen_as_one_who_goes_through_it_byte_by_byte_sees_it(
    text: str, width: int, chunk: int, tmp_path: Path
) -> None:
    path = written(tmp_path / "big.csv", text)
    is_open, is_stray, outside, spans, delimiters = False, False, 0, False, 0
    for before, sign in zip("\n" + text, text, strict=False):
        is_stray |= sign == '"' and not is_open and before not in '\n,"'
        is_open ^= sign == '"'
        outside += sign == "\n" and not is_open
        spans |= sign == "\n" and is_open
        delimiters += sign == "," and not is_open
    records = outside + (text[-1:] not in {"", "\n"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utf8, "_CHUNK", chunk)
        seen = seen_by_counts(path, ",", width)
    assert seen == Seen(not is_open and not is_stray, delimiters != (width - 1) * records, spans, may_hold_errors=False)


@pytest.mark.parametrize("delimiter", ["^", "~", "\x01", "\x1f", "§", "¦"])
@pytest.mark.usefixtures("_always_fast")
def test_a_rare_delimiter_is_taken_where_nearly_all_records_have_it(delimiter: str, tmp_path: Path) -> None:
    lines = [delimiter.join(["score", "price", "comment"])]
    lines += [delimiter.join([str(i % 11), f"{i},5", f"fine, {i}" if i % 2 else ""]) for i in range(30)]
    table = table_of(written(tmp_path / "x.txt", "\n".join(lines)), tmp_path)
    assert [heading.text for heading in table.headings] == ["score", "price", "comment"]
    assert rows_of(table)[1] == ["1", "1,5", "fine, 1"]


def test_a_rare_sign_in_texts_is_no_delimiter(tmp_path: Path) -> None:
    lines = ["score,comment", *(f"{i % 11},good ~ or ~ so {'^' * (i % 3)}" for i in range(30))]
    assert table_of(written(tmp_path / "x.csv", "\n".join(lines)), tmp_path).width == 2


def _padded(*cells: object) -> str:
    return "".join(f"{cell!s:<12}" for cell in cells)


SQL = "INSERT INTO `answers` (id, score, at) VALUES (1, 9, '2024-01-31');\n"
WIDE = [_padded("id", "score", "shop"), *(_padded(i, i % 11, "Novi Sad, 2" if i % 3 else "Split") for i in range(30))]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SQL * 3, "script of SQL"),
        (
            "-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `a`;\nCREATE TABLE `a` (\n" + SQL,
            "script of SQL",
        ),
        ("SET x;\nCOPY public.answers (id, score) FROM stdin;\n1\t9\n2\t0\n\\.\n", "script of SQL"),
        ("USE [crm]\nGO\nINSERT [dbo].[Nps] ([id], [score]) VALUES (1, 9)\n", "script of SQL"),
        ("\n".join(WIDE), "fixed width"),
        ("\n".join(line.rstrip() for line in WIDE), "fixed width"),
        ("\n".join(f"{i:08d}{i % 11:02d}20240131{'Split':<20}" for i in range(30)), "fixed width"),
    ],
)
def test_what_holds_a_table_without_cells_is_refused_by_what_it_is(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match=f"x.csv .*{says}.* CSV"):
        table_of(written(tmp_path / "x.csv", text, "utf-16"), tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "comment\n" + "insert into the form  what you think\n" * 20,
        "Set;Score\n" + "1;9\n" * 20,
        "note\n"
        + "".join(
            f"{'abcdefghijkl'[: 1 + i * 7 % 11]}  {'mnopqrst'[: 1 + i * 5 % 7]} was {i * i}\n" for i in range(30)
        ),
        "score,shop\n" + "".join(f"{i % 11},{'Split':<12}\n" for i in range(30)),
        "when\n" + "2024-01-31  10:00:00\n" * 30,
    ],
)
def test_texts_that_only_look_like_it_are_read(text: str, tmp_path: Path) -> None:
    assert rows_of(table_of(written(tmp_path / "x.csv", text), tmp_path))
