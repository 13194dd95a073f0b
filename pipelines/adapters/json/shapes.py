"""Records that hold their answers one level deeper: Typeform's `answers`, Airbyte's `_airbyte_data`, objects by key.

Here: what such a record is as a plain one. Not here: where records stand in a file (`text`), their texts
(`records`). What Airbyte says of its own copy is left out but for the time: its ids are new with each copy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pipelines.adapters.headings import look_like_answers
from pipelines.adapters.json.lines import BROKEN, DECODER
from pipelines.adapters.json.questions import spread

KEY: Final = "_key"
#: Lists of records lie no deeper, as far as they are looked for.
_DEEPEST: Final = 5
_SEVERAL: Final = 3
_MOST_QUESTIONS: Final = 50
DATA: Final = "_airbyte_data"
TIMES: Final = ("_airbyte_extracted_at", "_airbyte_emitted_at")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
#: The ids that Firebase makes for what is pushed to a list.
_PUSHED: Final = re.compile(r"-[A-Za-z0-9_-]{19}")


def plain(record: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    """A record without what is wrapped around it; any other value as it is, `BROKEN` for data that are no object."""
    if not isinstance(record, dict):
        return record
    if DATA in record:
        data = _decoded(record[DATA])
        if not isinstance(data, dict):
            return BROKEN
        record = {**data, **{name: record[name] for name in TIMES if name in record}}
    return _with_answers(record)


def keyed(value: dict[str, Any]) -> bool:
    """Whether an object is a list of records by their keys: objects that share a key, or one that Firebase named."""
    if not value or not all(isinstance(each, dict) for each in value.values()):
        return False
    return shared_by_most(list(value), value.values())


def shared_by_most(keys: list[str], records: Iterable[dict[str, Any]]) -> bool:
    """Whether records have a key in common, most of them; a single one must be named as Firebase names them."""
    if len(keys) == 1:
        return _PUSHED.fullmatch(keys[0]) is not None
    counts = Counter(name for record in records for name in record)
    return bool(counts) and 2 * counts.most_common(1)[0][1] > len(keys)


def with_key(key: str, record: dict[str, Any]) -> dict[str, Any]:
    """A record with the key under which it stood."""
    return record if KEY in record else {KEY: key, **record}


def _decoded(data: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    if not isinstance(data, str):
        return data
    try:
        return DECODER.decode(data)
    except ValueError:
        return None


def _with_answers(record: dict[str, Any]) -> dict[str, Any]:
    """A response of Typeform with a key for each field; a webhook's stands in its `form_response`."""
    if isinstance(inner := record.get("form_response"), dict) and _are_answers(inner.get("answers")):
        record = {**record, "form_response": None, **inner}
    answers = record.get("answers")
    if not isinstance(answers, list) or not answers or not _are_answers(answers):
        return spread(record)
    titles = dict(_titles(record.get("definition")))
    found = {name: value for name, value in record.items() if name not in ("answers", "definition", "form_response")}
    for answer in answers:
        name = _field(answer["field"], titles)
        found[f"answers.{name}" if name in found else name] = _value(answer)
    if isinstance(variables := found.get("variables"), list):
        found["variables"] = {
            str(each.get("key")): each.get(str(each.get("type"))) for each in variables if isinstance(each, dict)
        }
    return found


def _are_answers(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and isinstance(each.get("field"), dict) for each in value
    )


def _titles(definition: object) -> Iterator[tuple[str, str]]:
    """The questions of a form by the ids of their fields."""
    fields = definition.get("fields") if isinstance(definition, dict) else None
    for each in fields if isinstance(fields, list) else []:
        if isinstance(each, dict) and isinstance(each.get("title"), str):
            yield str(each.get("id")), each["title"]


def _field(field: dict[str, Any], titles: dict[str, str]) -> str:
    """What a field is called: its question, or the name that somebody gave it, or its type and id."""
    title, ref = field.get("title") or titles.get(str(field.get("id"))), str(field.get("ref") or "")
    if title:
        return str(title)
    return ref if ref and not _UUID.fullmatch(ref) else f"{field.get('type', 'field')} {field.get('id') or ref}"


def _value(answer: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON may be anything
    """What was answered, which stands under the name of its type."""
    given = answer.get(str(answer.get("type")))
    if isinstance(given, dict):
        several = given.get("labels")
        labels = several if isinstance(several, list) else [given.get("label")]
        told = [each for each in [*labels, given.get("other")] if each is not None]
        return told or given.get("id") or given.get("ids") or {}
    return given


def lists_within(value: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """The lists of objects that lie in objects of an object, by their dotted paths; none below keys of people."""
    found: dict[str, list[Any]] = {}
    for key, each in value.items() if len(above) < _DEEPEST and not look_like_answers(list(value)) else ():
        if isinstance(each, dict):
            found |= lists_within(each, (*above, key))
        elif isinstance(each, list) and above and (not each or isinstance(each[0], dict)):
            found[".".join((*above, key))] = each
    return found


def list_in_a_line(line: str) -> str | None:
    """The dotted path to the only list of several records within an object that is one line of text, and none by itself.

    Where nps.yaml does not say it, such a line is a record, as a webhook writes it. Lists of questions with what was
    answered are parts of one.
    """
    try:
        value = DECODER.decode(line)
    except (ValueError, RecursionError):
        return None
    within = lists_within(value) if isinstance(value, dict) else {}
    if len(within) != 1:
        return None
    [(path, found)] = within.items()
    are_objects = len(found) >= _SEVERAL and all(isinstance(each, dict) for each in found)
    return path if are_objects and not _are_parts(path, found) else None


def _are_parts(path: str, found: list[dict[str, Any]]) -> bool:
    """Whether the objects of a list are questions with their answers: few, and with nothing deeper in them."""
    key = path.rpartition(".")[2]
    is_flat = not any(isinstance(part, dict) for each in found for part in each.values())
    return len(found) <= _MOST_QUESTIONS and is_flat and spread({key: found}) != {key: found}
