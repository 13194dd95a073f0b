"""Qualtrics exports: the same answers from every layout, and XML that can do no harm."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.finding import find_columns
from pipelines.config.sources import Source
from pipelines.errors import FileRefusedError
from tests.support.arrived import judged, rows_of, table_of
from tests.support.laws import law
from tests.support.real import real

NAMES = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "Q5_NPS_GROUP", "Q5", "Q6"]
TEXTS = [
    "Startdatum", "Enddatum", "Antworttyp", "Beendet", "Antwort-ID",
    "Wie wahrscheinlich ist es,\ndass Sie uns empfehlen? - Gruppe", "Wie wahrscheinlich ist es,\ndass Sie uns empfehlen?",
    "Why?",
]  # fmt: skip
IDS = ["startDate", "endDate", "status", "finished", "_recordId", "QID12_NPS_GROUP", "QID12", "QID6_TEXT"]
ANSWERS = [
    ["2024-07-01 01:00:00", "2024-07-01 01:30:00", "IP Address", "True", "R_1", "Promoter", "10", 'fast,\n\nand "kind"'],
    ["2024-07-01 02:00:00", "2024-07-01 02:30:00", "IP Address", "True", "R_2", "Detractor", "0", "<&> ünïcode"],
    ["2024-07-01 03:00:00", "2024-07-01 03:30:00", "Survey Preview", "True", "R_3", "Promoter", "9", ""],
    ["2024-07-01 04:00:00", "2024-07-01 04:30:00", "IP Address", "False", "R_4", "Passive", "8", ""],
    ["2024-07-01 05:00:00", "2024-07-01 05:30:00", "IP Address", "True", "R_5", "", "-99", ""],
]  # fmt: skip
OUTCOMES = ["accepted", "accepted", "excluded", "excluded", "unanswered"]
REFUSALS = [None, None, "preview", "incomplete", "unanswered"]


def import_row(zone: str = "America/Denver") -> list[str]:
    dated = f'","timeZone":"{zone}"}}'
    return ['{"ImportId":"' + name + (dated if name.endswith("Date") else '"}') for name in IDS]


def as_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def as_xml(rows: Sequence[Sequence[str]], names: Sequence[str] = IDS) -> str:
    fields = ("".join(f"<{n}>{escape(v)}</{n}>" for n, v in zip(names, row, strict=True)) for row in rows)
    return '<?xml version="1.0" encoding="UTF-8"?>\n<Responses>' + "".join(
        f"<Response>{each}</Response>\n" for each in fields
    ) + "</Responses>"  # fmt: skip


def as_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet, stamp = book.add_worksheet("Sheet0"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate([NAMES, TEXTS, import_row()]):
            sheet.write_row(number, 0, row)
        for number, row in enumerate(ANSWERS, 3):
            for i in (0, 1):
                day = datetime.fromisoformat(row[i]).replace(tzinfo=UTC).replace(tzinfo=None)
                sheet.write_datetime(number, i, day, stamp)
            for i, cell in enumerate(row[2:], 2):
                sheet.write(number, i, cell == "True" if NAMES[i] == "Finished" else cell)


def export(folder: Path, layout: str) -> Path:
    """The same answers in a layout, the last part of whose name is the file's suffix."""
    path = folder / f"export.{layout.rpartition('.')[2]}"
    legacy = [[f"V{i + 1}" for i in range(5)] + NAMES[5:], [*NAMES[:4], "ResponseID", *TEXTS[5:]]]
    content = {
        "csv": as_text([NAMES, TEXTS, import_row(), *ANSWERS]),
        "tsv": as_text([NAMES, TEXTS, import_row(), *ANSWERS], "\t"),
        "legacy.csv": "\ufeff" + as_text([[*row, ""] for row in [*legacy, *ANSWERS]]),
        "xml": as_xml(ANSWERS),
        "xlsx": "",
    }[layout]
    path.write_text(content, "utf-8", newline="")
    if layout == "xlsx":
        as_xlsx(path)
    return path


def survey(score: str = "Q5", **settings: Any) -> Source:  # noqa: ANN401 - as nps.yaml has it
    """A source of which nps.yaml says the score only; the rest is the preset's."""
    columns = {"score": score, "comment": {"matches": "^(Q6|QID6_TEXT)$", "optional": True}}
    given = {"kind": "qualtrics", "files": "x", "metric": "nps", "delivery": "snapshot", "columns": columns}
    return Source.model_validate({**given, **settings})


LAYOUTS = ("csv", "tsv", "legacy.csv", "xml", "xlsx")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_answers(layout: str, tmp_path: Path) -> None:
    rows = judged(export(tmp_path, layout), survey("QID12" if layout == "xml" else "Q5"), tmp_path / "scratch")
    assert rows["outcome"].to_list() == OUTCOMES
    assert rows["refusal"].to_list() == REFUSALS
    assert rows["response_id"].to_list() == [row[4] for row in ANSWERS]
    assert rows["score"].to_list()[:2] == [10, 0]
    assert rows["comment"].to_list()[:2] == [row[7] for row in ANSWERS[:2]]


@pytest.mark.parametrize(("layout", "first"), [("csv", 4), ("xlsx", 4), ("legacy.csv", 3), ("xml", 2)])
def test_rows_are_counted_from_the_first_row_of_headings(layout: str, first: int, tmp_path: Path) -> None:
    rows = table_of(export(tmp_path, layout), tmp_path / "scratch", kind="qualtrics").rows.collect()
    assert rows["source_row"].to_list() == list(range(first, first + 5))


@pytest.mark.parametrize("layout", ["csv", "tsv", "xlsx"])
def test_a_column_answers_to_its_name_its_question_and_its_import_id(layout: str, tmp_path: Path) -> None:
    table = table_of(export(tmp_path, layout), tmp_path / "scratch", kind="qualtrics")
    for wanted in ("Q5", "Wie wahrscheinlich ist es, dass Sie uns empfehlen?", "QID12"):
        assert find_columns(table, wanted, "score") == [6]
    assert find_columns(table, "ResponseId", "response_id") == [4]


def test_metadata_of_xml_answer_to_the_names_of_other_exports(tmp_path: Path) -> None:
    table = table_of(export(tmp_path, "xml"), tmp_path / "scratch", kind="qualtrics")
    assert [find_columns(table, name, "x") for name in ("StartDate", "Status", "ResponseId")] == [[0], [2], [4]]


@pytest.mark.parametrize("layout", ["csv", "xlsx"])
def test_the_zone_of_the_file_counts_unless_one_is_declared(layout: str, tmp_path: Path) -> None:
    path = export(tmp_path, layout)
    stated = judged(path, survey(), tmp_path / "scratch")["responded_at"][0]
    assert stated == datetime(2024, 7, 1, 7, 30, tzinfo=UTC)
    declared = judged(path, survey(dates={"timezone": "Europe/Zagreb"}), tmp_path / "scratch")["responded_at"][0]
    assert declared == datetime(2024, 6, 30, 23, 30, tzinfo=UTC)


def test_the_zone_stays_where_a_broken_row_makes_reading_careful(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(as_text([NAMES, TEXTS, import_row(), *ANSWERS]) + '1,2,"3"4,"\n', "utf-8")
    rows = judged(path, survey(), tmp_path / "scratch")
    assert rows["responded_at"][0] == datetime(2024, 7, 1, 7, 30, tzinfo=UTC)
    assert rows["refusal"].to_list()[:6] == [*REFUSALS, "row_malformed"]


def test_z_is_utc_and_an_unknown_zone_is_told_and_not_used(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for zone, read_as, notes in (("Z", "UTC", 0), ("Mars/Olympus", None, 1)):
        path.write_text(as_text([NAMES, TEXTS, import_row(zone), *ANSWERS]), "utf-8")
        table = table_of(path, tmp_path / "scratch", kind="qualtrics")
        assert (table.timezone, len(table.notes)) == (read_as, notes)


def test_codes_instead_of_texts_exclude_the_same_rows(tmp_path: Path) -> None:
    coded = [["", "2024-07-01 00:00:00", status, finished, f"R_{status}{finished}", "", "9", ""]
             for status, finished in (("0", "1"), ("1", "1"), ("0", "0"), ("2", "1"), ("8", "1"), ("4", "1"))]  # fmt: skip
    path = tmp_path / "x.csv"
    path.write_text(as_text([NAMES, TEXTS, import_row(), *coded]), "utf-8")
    refusals = judged(path, survey(), tmp_path / "scratch")["refusal"].to_list()
    assert refusals == [None, "preview", "incomplete", "test", "flagged", None]


def test_an_export_without_the_row_of_import_ids_has_two_rows_of_headings(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(as_text([NAMES, TEXTS, *ANSWERS]), "utf-8")
    assert judged(path, survey(), tmp_path / "scratch")["outcome"].to_list() == OUTCOMES
    path.write_text(as_text([NAMES, *ANSWERS]), "utf-8")
    assert judged(path, survey(), tmp_path / "scratch")["outcome"].to_list() == OUTCOMES


def test_headings_longer_than_a_sample_are_still_headings(tmp_path: Path) -> None:
    more = range(900)
    headings = [
        [*NAMES, *(f"Q{i + 100}" for i in more)],
        [*TEXTS, *(f"Question {i}, asked " + "at length " * 20 for i in more)],
        [*import_row(), *(f'{{"ImportId":"QID{i + 100}"}}' for i in more)],
    ]
    path = tmp_path / "x.csv"
    path.write_text(as_text([*headings, *([*row, *("" for _ in more)] for row in ANSWERS)]), "utf-8")
    assert judged(path, survey(), tmp_path / "scratch")["outcome"].to_list() == OUTCOMES


def test_real_exports_are_read_in_all_three_layouts(tmp_path: Path) -> None:
    sample = table_of(real("qualtrics/qualtRics_sample.csv"), tmp_path, kind="qualtrics")
    assert find_columns(sample, "Antwort-ID", "response_id") == [8]
    assert find_columns(sample, "QID2_TEXT", "comment") == [18]
    legacy = table_of(real("qualtrics/qualtRics_sample_legacy.csv"), tmp_path, kind="qualtrics")
    assert find_columns(legacy, "ResponseID", "response_id") == [0]
    assert [len(rows_of(table)) for table in (sample, legacy)] == [1, 1]
    xml = judged(real("qualtrics/sp_responses.xml"), survey("QID15"), tmp_path)
    group = table_of(real("qualtrics/sp_responses.xml"), tmp_path, kind="qualtrics")
    labels = rows_of(group)
    column = find_columns(group, "QID15_NPS_GROUP", "x")[0]
    given = [row[column].lower() for row in labels]
    assert xml.height == len(labels)
    assert xml["refusal"].null_count() > 0
    for category, label, refusal in zip(xml["category"], given, xml["refusal"], strict=True):
        assert refusal is not None or category == label


ENTITIES = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(12))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha">{ENTITIES}]><r><a><QID1>&e12;</QID1></a></r>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r><a><QID1>&x;</QID1></a></r>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(LAUGHS, "file_unsafe", id="a billion laughs"),
        pytest.param(OUTSIDE, "file_unsafe", id="another file"),
        pytest.param('<!DOCTYPE r SYSTEM "http://localhost/x.dtd"><r><a><b>9</b></a></r>', "file_unsafe", id="a DTD"),
        pytest.param(as_xml(ANSWERS)[:-40], "file_unreadable", id="cut off"),
        pytest.param("<r><a><b>9</a></b></r>", "file_unreadable", id="crossed"),
        pytest.param("<r><a><b>&nbsp;</b></a></r>", "file_unreadable", id="an unknown entity"),
        pytest.param('<?xml version="1.0" encoding="klingon"?><r><a><b>9</b></a></r>', "file_unreadable", id="encoding"),
        pytest.param("<r>" + "<a>" * 100_000, "file_layout", id="deep"),
        pytest.param("<html><p>hello</p></html>", "file_layout", id="no records"),
        pytest.param("<r><a><b>" + "x" * (17 << 20) + "</b></a></r>", "file_unreadable", id="a long text"),
        pytest.param("<r><a " + "x" * (18 << 20) + "='1'><b>9</b></a></r>", "file_unreadable", id="a long tag"),
    ],
)  # fmt: skip
def test_xml_that_is_no_list_of_answers_is_refused(content: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(content, "utf-8")
    with pytest.raises(FileRefusedError) as refused:
        table_of(tmp_path / "x.xml", tmp_path / "scratch", kind="qualtrics")
    assert refused.value.reason == reason
    assert refused.value.detail.endswith(".")


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251", "utf-8-sig"])
def test_xml_says_its_encoding_itself(encoding: str, tmp_path: Path) -> None:
    rows = [[*ANSWERS[0][:7], "Спасибо"]]
    text = as_xml(rows).replace("UTF-8", encoding.removesuffix("-sig"))
    (tmp_path / "x.xml").write_bytes(text.encode(encoding))
    assert rows_of(table_of(tmp_path / "x.xml", tmp_path / "scratch", kind="qualtrics")) == rows


def test_fields_may_be_missing_late_nested_or_doubled(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(
        "<r><a><b>9</b><c><d>x</d></c></a><a/><a><e>late</e><b>9</b><b>3</b></a></r>", "utf-8"
    )
    table = table_of(tmp_path / "x.xml", tmp_path / "scratch", kind="qualtrics")
    assert [heading.text for heading in table.headings] == ["b", "c.d", "c", "e"]
    rows = table.rows.collect()
    assert rows["source_row"].to_list() == [2, 4]
    assert rows["c0"].to_list() == ["9", "9; 3"]


def test_a_large_xml_export_is_read_in_bounded_memory(tmp_path: Path) -> None:
    one = as_xml(ANSWERS[:1]).partition("<Response>")[2].removesuffix("</Responses>")
    with (tmp_path / "x.xml").open("w", encoding="utf-8") as out:
        out.write("<Responses>")
        out.writelines("<Response>" + one for _ in range(40_000))
        out.write("</Responses>")
    tracemalloc.start()
    table = table_of(tmp_path / "x.xml", tmp_path / "scratch", kind="qualtrics")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
    assert table.rows.select(pl.len()).collect().item() == 40_000


@law(80)
@given(
    layout=st.sampled_from(["csv", "legacy.csv", "xml"]),
    at=st.floats(0, 1),
    junk=st.binary(max_size=6),
    lost=st.integers(0, 40),
)
def test_a_damaged_export_is_read_or_refused_and_no_traceback(
    layout: str, at: float, junk: bytes, lost: int, tmp_path: Path
) -> None:
    path = export(tmp_path, layout)
    content = path.read_bytes()
    position = int(at * len(content))
    path.write_bytes(content[:position] + junk + content[position + lost :])
    try:
        table = table_of(path, tmp_path / "scratch", kind="qualtrics")
    except FileRefusedError:
        return
    assert len(rows_of(table)) <= len(ANSWERS) + len(junk) + 2


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cc", "Cs"]) | st.just("\n")
)


@law(40)
@given(comments=st.lists(CELLS, min_size=1, max_size=8), layout=st.sampled_from(["csv", "tsv", "xml"]))
def test_any_comments_come_back_from_every_layout(comments: list[str], layout: str, tmp_path: Path) -> None:
    answers = [[*ANSWERS[0][:4], f"R_{i}", "", "9", comment] for i, comment in enumerate(comments)]
    path = tmp_path / f"x.{layout}"
    headed = [NAMES, TEXTS, import_row(), *answers]
    text = as_xml(answers) if layout == "xml" else as_text(headed, "\t" if layout == "tsv" else ",")
    path.write_text(text, "utf-8", newline="")
    assert rows_of(table_of(path, tmp_path / "scratch", kind="qualtrics")) == answers
