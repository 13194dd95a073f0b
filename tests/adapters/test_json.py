"""JSON in every shape that exports have: one row per record, nothing rounded, nothing lost."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.json import text as json_text
from pipelines.adapters.sparse import BEARABLE
from pipelines.config.sources import Source
from pipelines.errors import FileRefusedError
from tests.support.arrived import answers, judged, rows_of, source, table_of
from tests.support.laws import law
from tests.support.scenario import counts, land, night, workspace
from tests.support.scenario import source as configured

RECORDS = [
    {"id": 1, "person": {"email": "ana@example.com", "tags": ["a", "b"]}, "score": 9},
    {"id": 2, "person": {"email": "ivo@example.com", "tags": []}, "score": 0, "late": "yes"},
]
HEADINGS = ["id", "person.email", "person.tags", "score", "late"]
ROWS = [["1", "ana@example.com", "a, b", "9", ""], ["2", "ivo@example.com", "", "0", "yes"]]
LINES = "\n".join(map(json.dumps, RECORDS))


def table(path: Path, text: str | bytes, kind: str = "json", **layout: Any) -> tuple[list[str], list[list[str]]]:  # noqa: ANN401 - as nps.yaml has it
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = table_of(path, path.parent / "scratch", kind, **layout)
    return [heading.text for heading in found.headings], rows_of(found)


def cells(tmp_path: Path, record: str) -> dict[str, str]:
    headings, [row] = table(tmp_path / "a.json", f"[{record}]")
    return dict(zip(headings, row, strict=True))


def refusal(tmp_path: Path, text: str, kind: str = "json", **layout: Any) -> tuple[str, str]:  # noqa: ANN401 - as nps.yaml has it
    with pytest.raises(FileRefusedError) as refused:
        table(tmp_path / "a.json", text, kind, **layout)
    return refused.value.reason, refused.value.detail


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "array.json": json.dumps(RECORDS),
        "pretty.json": json.dumps(RECORDS, indent=2),
        "object.json": json.dumps({"page": 1, "data": RECORDS, "links": {"self": "x"}, "ids": [1, 2]}),
        "pretty object.json": json.dumps({"page": 1, "data": RECORDS, "x": [1]}, indent=1),
        "lines.json": LINES,
        "lines.jsonl": LINES + "\n\n",
        "windows lines.ndjson": LINES.replace("\n", "\r\n"),
    }.items(),
)  # fmt: skip
def test_every_shape_gives_the_same_table(name: str, text: str, tmp_path: Path) -> None:
    assert table(tmp_path / name, text) == (HEADINGS, ROWS)


def test_jsonl_is_read_by_lines_whatever_its_name(tmp_path: Path) -> None:
    assert table(tmp_path / "a.txt", LINES, "jsonl") == (HEADINGS, ROWS)
    assert table(tmp_path / "one.txt", json.dumps({"a": [{"b": 1}]}), "jsonl") == (["a"], [['[{"b": 1}]']])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_every_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    records = [{"score": 9, "comment": "отличное обслуживание, спасибо большое"}]
    written = json.dumps(records, ensure_ascii=False).encode(encoding)
    assert table(tmp_path / "a.json", written)[1] == [["9", "отличное обслуживание, спасибо большое"]]


@pytest.mark.parametrize(
    "number", ["9", "9.0", "0", "-0", "12345678901234567890123", "0.30000000000000000001", "1e300"]
)
def test_a_number_keeps_its_text(number: str, tmp_path: Path) -> None:
    assert cells(tmp_path, f'{{"n": {number}, "list": [{number}, "x"], "deep": [{{"n": {number}}}]}}') == {
        "n": number,
        "list": f"{number}, x",
        "deep": f'[{{"n": {number}}}]',
    }


def test_null_is_blank_and_truth_is_a_word(tmp_path: Path) -> None:
    record = '{"a": null, "b": true, "c": false, "d": "", "e": {}, "f": "x\\ny\\"z"}'
    assert cells(tmp_path, record) == {"a": "", "b": "true", "c": "false", "d": "", "f": 'x\ny"z'}


@pytest.mark.parametrize("path", ["data", "result.items", "result.deep.items"])
def test_records_names_the_list(path: str, tmp_path: Path) -> None:
    value: Any = RECORDS
    for key in reversed(path.split(".")):
        value = {"other": [{"x": 1}], key: value, "more": {"x": [{}]}}
    assert table(tmp_path / "a.json", json.dumps(value, indent=1), records=path) == (HEADINGS, ROWS)


@pytest.mark.parametrize("path", ["resultado.respostas", "a.b.c.d"])
def test_the_only_list_of_an_object_is_read_however_deep_it_lies(path: str, tmp_path: Path) -> None:
    value: Any = RECORDS
    for key in reversed(path.split(".")):
        value = {"total": 2, key: value, "tags": ["x"]}
    assert table(tmp_path / "a.json", json.dumps(value, indent=1)) == (HEADINGS, ROWS)


def test_lists_below_keys_of_people_are_not_named(tmp_path: Path) -> None:
    people = {"answers": {f"ana{number}@example.com": {"scores": [{"s": 9}]} for number in range(3)}}
    assert "@" not in refusal(tmp_path, json.dumps(people, indent=1))[1]


@pytest.mark.parametrize(
    ("text", "layout", "words"),
    [
        ('{"a": [{"x": 1}], "b": [{"x": 2}]}', {}, ("several lists: a, b", "records: a")),
        ('{"a": 1,\n "b": {"x": 2}}', {}, ("no list among a, b", "records:")),
        ('{"a": {"x": [{"s": 1}], "y": [{"s": 2}]}}', {}, ("several lists: a.x, a.y", "records: a.x")),
        ('{"a": 1,\n "b": {"x": 2}}', {"records": "b.x"}, ("no list where records",)),
        ('[{"a": 1}]', {"records": "b"}, ("is a list itself",)),
    ],
)
def test_a_list_that_is_not_clear_is_asked_for(
    text: str, layout: dict[str, str], words: tuple[str, ...], tmp_path: Path
) -> None:
    reason, detail = refusal(tmp_path, text, **layout)
    assert reason == "file_layout"
    assert [word for word in words if word not in detail] == []


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1}, {"a": 2}', '[{"a": 1},\n{"a": ', '[{"a": 1}\n{"a": 2}]', '[{"a": 1}]]', '{"data": [{"a": 1}]',
        "score,date\n9,2025-01-01", "[1 2]", '{"a" 1}', "{1: 2}\n", '[{"a": 1}] {"b": 2}', "[" * 100_000,
        '[{"a":' * 100_000, '[{"a": 01}]',
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_the_place(text: str, tmp_path: Path) -> None:
    reason, detail = refusal(tmp_path, text)
    assert reason == "file_unreadable"
    assert "near line" in detail or "nested too deeply" in detail


def test_a_broken_line_of_json_lines_is_one_malformed_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"score": 9}\n{"score": 8\n[1, 2]\n\n{"score": 7, "score2": "\\ud83d"}\n{"score": 6}\n')
    rows = table_of(path, tmp_path / "scratch", "json").rows.collect()
    assert rows.select("source_row", "malformed", "c0").rows() == [
        (1, False, "9"), (2, True, None), (3, True, None), (4, True, None), (5, False, "6"),
    ]  # fmt: skip


def test_keys_that_collide_make_the_record_malformed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a.b": 1, "a": {"b": 2}}, {"a.b": 3}]')
    assert table_of(path, tmp_path / "scratch", "json").rows.collect().get_column("malformed").to_list() == [
        True,
        False,
    ]


def test_a_key_with_half_a_character_is_a_heading_that_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(r'[{"a\udfff": 1, "b\u0000": 2}, {"a\udfff": 3, "b\u0000": 4}]')
    table = table_of(path, tmp_path / "scratch", "json")
    assert [heading.text for heading in table.headings] == [r"a\udfff", "b␀"]
    assert rows_of(table) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("text", ["[]", '{"data": []}', "[{}]", "{}"])
def test_a_file_without_records_is_empty(text: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, text)[0] in ("file_empty", "file_layout")


def test_bombs_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, '[{"a": "' + "x" * (20 << 20))[0] == "file_too_large"
    assert refusal(tmp_path, '{"a": "' + "x" * (20 << 20), "jsonl")[0] == "file_too_large"
    keys = json.dumps([{f"k{number}": 1} for number in range(6_000)])
    assert refusal(tmp_path, keys)[0] == "file_too_large"


def test_records_are_found_wherever_the_window_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "_CHUNK", 7)
    text = json.dumps({"page": 12345, "empty": [1], "data": RECORDS, "more": "x" * 50}, indent=3)
    assert table(tmp_path / "a.json", text) == (HEADINGS, ROWS)


@law(100)
@given(
    st.lists(
        st.dictionaries(
            st.text(st.characters(codec="utf-8", exclude_characters=".\0"), min_size=1, max_size=5),
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_any_records_come_back(records: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        headings, rows = table(Path(folder) / "a.json", json.dumps(records, ensure_ascii=False))
        found = [{key: cell for key, cell in zip(headings, row, strict=True) if cell} for row in rows]
        assert found == records


@law(200)
@given(data=st.data(), shape=st.sampled_from([json.dumps(RECORDS, indent=1), LINES, json.dumps({"data": RECORDS})]))
def test_no_damage_ends_in_a_traceback(data: st.DataObject, shape: str) -> None:
    at = data.draw(st.integers(0, len(shape)))
    until = data.draw(st.integers(at, len(shape)))
    instead = data.draw(
        st.sampled_from([b"", b"[", b"}", b'"', b",", b"\0", b"\xff", b"NaN", b"\\ud800", b"[[[[{", b"1e99999"])
    )
    with tempfile.TemporaryDirectory() as folder:
        content = shape[:at].encode() + instead + shape[until:].encode()
        try:
            headings, rows = table(Path(folder) / "a.json", content or b"x")
        except FileRefusedError as refused:
            assert refused.detail.startswith("a.json")  # noqa: PT017 - or it is read
        else:
            assert all(len(row) == len(headings) for row in rows)


DELIGHTED = [
    {
        "id": "1", "person": {"id": "10", "email": "ana@example.com"}, "survey_type": "nps", "score": 0, "comment": None,
        "created_at": 1713418460, "updated_at": None, "person_properties": {"Branch": "zagreb"}, "tags": ["x"],
    },
    {
        "id": "2", "person": {"id": "11", "email": "ivo@example.com"}, "survey_type": "nps", "score": 10,
        "comment": "Great", "created_at": 1713418461, "updated_at": 1713504861,
    },
]  # fmt: skip
DELIGHTED_CSV = "Response ID,Email,Score,Comment,Created At\n1,eva@example.com,0,,2024-04-18 05:34:20 UTC\n"


def test_delighted_needs_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(DELIGHTED))
    of = Source.model_validate({"kind": "delighted", "metric": "nps", "files": "x", "delivery": "incremental"})
    rows = judged(path, of, tmp_path / "scratch")
    assert rows.get_column("score").to_list() == [0, 10]
    assert rows.get_column("response_id").to_list() == ["1", "2"]
    assert [f"{at:%Y-%m-%d %H:%M:%S}" for at in rows.get_column("responded_at")] == [
        "2024-04-18 05:34:20", "2024-04-18 05:34:21",
    ]  # fmt: skip
    assert f"{rows.get_column('updated_at')[1]:%Y-%m-%d %H:%M}" == "2024-04-19 05:34"


def test_delighted_exports_of_both_kinds_are_one_night(tmp_path: Path) -> None:
    of = configured("feedback", kind="delighted")
    del of["columns"]
    home = workspace(tmp_path / "workspace", {"sources": {"feedback": of}})
    land(home, "feedback/api.json", json.dumps(DELIGHTED))
    land(home, "feedback/export.csv", DELIGHTED_CSV.replace("\n1,", "\n3,"))
    night(home)
    assert counts(home, "feedback") == (1, 0, 2)


def test_answers_of_a_json_dump_by_their_dotted_names(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(RECORDS))
    of = source({"score": "score", "respondent": "person.email"}, kind="json")
    assert answers(path, of, tmp_path / "scratch").get_column("respondent").to_list() == [
        "ana@example.com", "ivo@example.com",
    ]  # fmt: skip


def test_records_under_the_keys_of_people_are_refused_without_naming_anybody(tmp_path: Path) -> None:
    people = {f"ana{number}@example.com": {"score": 9} for number in range(3)}
    reason, detail = refusal(tmp_path, json.dumps(people, indent=1))
    assert (reason, "@" in detail, "has no list." in detail) == ("file_layout", False, True)
    many = json.dumps({f"key{number}": {f"score{number}": 9} for number in range(30)}, indent=1)
    assert "key1" not in refusal(tmp_path, many)[1]


def test_what_stands_beside_the_list_of_records_is_kept_only_up_to_the_size_of_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "LARGEST", 10_000)
    beside = {f"key{number}": "x" * 100 for number in range(200)}
    assert refusal(tmp_path, json.dumps(beside | {"data": RECORDS}, indent=1))[0] == "file_too_large"


def test_records_of_thousands_of_keys_are_read_like_any_other(tmp_path: Path) -> None:
    record = {f"key{number}": str(number) for number in range(3_000)}
    assert table(tmp_path / "a.json", json.dumps([record] * 3))[1] == [list(record.values())] * 3


def test_a_number_with_an_exponent_is_the_number_that_it_is(tmp_path: Path) -> None:
    record = '{"a": 1E+1, "b": 9e0, "c": 1.7e9, "d": -2.50e-1, "e": 1e999999999}'
    assert [*cells(tmp_path, record).values()] == ["10", "9", "1700000000", "-0.250", "1e999999999"]


SPARSE = [{f"key{record * 50 + key}": 1 for key in range(50)} for record in range(90)] + [{"key4499": 1}] * 2_000
SHAPES = {
    "jsonl": "\n".join(map(json.dumps, SPARSE)),
    "json": json.dumps(SPARSE),
    "keyed": json.dumps({f"-{number:019}": {"score": 1, **record} for number, record in enumerate(SPARSE)}),
    "xml": "<a>" + "".join(f"<r>{''.join(f'<{k}>1</{k}>' for k in record)}</r>" for record in SPARSE) + "</a>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_records_that_would_fill_the_machine_with_blank_cells_are_refused_before_they_do(
    tmp_path: Path, shape: str
) -> None:
    kind = {"xml": "qualtrics", "keyed": "json"}.get(shape, shape)
    text = SHAPES[shape]
    reason, says = refusal(tmp_path, text, kind)
    assert (reason, "they are no rows of one table" in says) == ("file_too_large", True)
    written = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    assert written < len(text) + len(b',""') * BEARABLE


def test_records_that_have_each_keys_of_their_own_are_refused_at_the_first_too_many(tmp_path: Path) -> None:
    own = [{f"key{record * 50 + key}": 1 for key in range(50)} for record in range(400)]
    reason, says = refusal(tmp_path, "\n".join(map(json.dumps, own)), "jsonl")
    assert (reason, "more than 5,000 different keys" in says) == ("file_too_large", True)


def test_records_with_many_keys_of_which_few_are_filled_are_read(tmp_path: Path) -> None:
    rows = [{f"key{(record * 7 + key) % 300}": 1 for key in range(10)} for record in range(500)]
    headings, found = table(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)), "jsonl")
    assert (len(headings), len(found)) == (300, 500)
    assert sum(cell == "1" for row in found for cell in row) == 5_000
