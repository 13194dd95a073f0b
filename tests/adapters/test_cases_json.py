"""JSON that holds its answers one level deeper: Typeform's API, Firebase, Airbyte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import FileRefusedError
from tests.support.arrived import rows_of, table_of
from tests.support.cases import settle, shared

PUSHED = "-NxAbCdEfGhIjKlMnOpQ"
FLAT = [{"score": 9, "date": "2024-03-01"}, {"score": 3, "date": "2024-03-02", "why": "slow"}]
KEYED = {"a1": FLAT[0], "b2": FLAT[1]}


def table(tmp_path: Path, value: Any, name: str = "x.json", **layout: Any) -> list[dict[str, str]]:  # noqa: ANN401 - JSON may be anything
    (tmp_path / name).write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    found = table_of(tmp_path / name, tmp_path / "scratch", "json", **layout)
    return [dict(zip([each.text for each in found.headings], row, strict=True)) for row in rows_of(found)]


def test_answers_of_typeforms_api_are_read_by_their_fields(tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", shared("typeform_responses.json"), answers={"score": "nps", "scale": "0-10"})
    assert settled.unanswered == []
    assert settled.figure == (40, -27.5)


def test_an_answer_of_typeform_is_what_stands_under_its_type(tmp_path: Path) -> None:
    fields: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"id": "a", "type": "nps", "ref": "0b1c2d3e-0000-4000-8000-000000000000"}, {"type": "number", "number": 0}),
        ({"id": "b", "type": "multiple_choice", "ref": "shop"}, {"type": "choice", "choice": {"label": "Graz"}}),
        ({"id": "c", "ref": "why"}, {"type": "choices", "choices": {"labels": ["a", "b"], "other": "c"}}),
        ({"id": "d", "ref": "again"}, {"type": "boolean", "boolean": False}),
        ({"id": "e", "ref": "token"}, {"type": "email", "email": "x"}),
    ]
    response = {"token": "t1", "answers": [{"field": field, **answer} for field, answer in fields]}
    row = {"token": "t1", "nps a": "0", "shop": "Graz", "why": "a, b, c", "again": "false", "answers.token": "x"}
    assert table(tmp_path, {"items": [response]}) == [row]
    titled = {**response, "definition": {"fields": [{"id": "a", "title": "How likely?"}]}}
    [hooked] = table(tmp_path, json.dumps({"event_id": "e", "form_response": titled}) + "\n", "x.jsonl")
    assert (hooked["How likely?"], hooked["shop"], hooked["event_id"]) == ("0", "Graz", "e")


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("value", "layout"),
    [(KEYED, {}), ({"responses": KEYED}, {}), ({"v": 1, "x": {"y": KEYED}}, {"records": "x.y"})],
)
def test_an_object_of_records_is_read_with_their_keys(
    value: dict[str, Any], layout: dict[str, str], indent: int | None, tmp_path: Path
) -> None:
    assert table(tmp_path, json.dumps(value, indent=indent), **layout) == [
        {"_key": "a1", "score": "9", "date": "2024-03-01", "why": ""},
        {"_key": "b2", "score": "3", "date": "2024-03-02", "why": "slow"},
    ]


def test_one_record_by_the_key_of_a_push_is_read(tmp_path: Path) -> None:
    assert table(tmp_path, {PUSHED: FLAT[0]}) == [{"_key": PUSHED, "score": "9", "date": "2024-03-01"}]


@pytest.mark.parametrize("value", [{"error": {"code": 401}}, {"error": {"code": 1}, "meta": {"page": 2}}])
def test_objects_that_have_nothing_in_common_are_no_records(value: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="has no list"):
        table(tmp_path, value)


@pytest.mark.parametrize("pack", [dict, json.dumps])
def test_raw_records_of_airbyte_are_what_they_hold(pack: Any, tmp_path: Path) -> None:  # noqa: ANN401 - one of two functions
    when = {"_airbyte_extracted_at": "2024-04-01"}
    raw = [{"_airbyte_raw_id": "r", **when, "_airbyte_data": pack(each)} for each in FLAT]
    expected = [
        {"score": "9", "date": "2024-03-01", **when, "why": ""},
        {"score": "3", "date": "2024-03-02", **when, "why": "slow"},
    ]
    assert table(tmp_path, "\n".join(map(json.dumps, raw)), "x.jsonl") == expected
    assert table(tmp_path, raw) == expected


@pytest.mark.parametrize(
    ("key", "answers", "row"),
    [
        (
            "answers",
            [{"question": "How likely?", "value": 9}, {"question": "Why?", "value": None}],
            {"How likely?": "9", "Why?": ""},
        ),
        (
            "items",
            [
                {"questionText": "How likely?", "answer": "0", "comment": "slow"},
                {"questionText": "Shop", "answer": "Graz"},
            ],
            {"How likely?": "0", "How likely?.comment": "slow", "Shop": "Graz"},
        ),
        (
            "form_data",
            [{"name": "nps", "label": "How likely?", "value": 9}, {"name": "t", "label": "Tags", "value": ["a", "b"]}],
            {"How likely?": "9", "Tags": "a, b"},
        ),
        (
            "responses",
            [{"question": {"id": 7, "text": "How likely?"}, "answer": {"value": 10}, "score": 100}],
            {"How likely?": "10", "How likely?.score": "100"},
        ),
        (
            "answers",
            [{"question": "How likely?", "response_value": 9}, {"question": "Why?", "response_text": "slow"}],
            {"How likely?": "9", "Why?": "slow"},
        ),
        ("data", [{"key": "id", "value": "x"}, {"key": "nps", "value": 8}], {"data.id": "x", "nps": "8"}),
    ],
)
def test_lists_of_questions_and_answers_are_a_column_for_each(
    key: str, answers: list[dict[str, Any]], row: dict[str, str], tmp_path: Path
) -> None:
    assert table(tmp_path, [{"id": "r1", key: answers}]) == [{"id": "r1", **row}]


@pytest.mark.parametrize(
    "lines",
    [
        [{"name": "Shoes", "value": 30}],
        [{"question": "How likely?", "value": 9}, {"question": "How likely?", "value": 3}],
        [{"question": "How likely?"}, {"question": "Why?"}],
        ["question", "value"],
    ],
)
def test_lists_of_other_things_stay_as_they_are(lines: list[Any], tmp_path: Path) -> None:
    [row] = table(tmp_path, [{"id": "r1", "items": lines}])
    assert list(row) == ["id", "items"]
