"""Records that hold a list of questions with what was answered: `{"question": "How likely?", "value": 9}` for each.

Here: a key for each question of such a list. Not here: Typeform's own answers and what wraps a record (`shapes`). Lists of
other things, such as lines of orders (`name` and `value` below `items`), stay as they are: only a list that is called after
answers, or whose objects speak of questions, is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

#: What the key of such a list is called, without case and underscores.
_LISTS: Final = frozenset(
    {"answers", "answer", "responses", "response", "questions", "results", "fields", "data", "values", "surveyanswers"}
    | {
        "surveydata",
        "responsedata",
        "formdata",
        "answerlist",
        "questionanswers",
        "surveyresponses",
        "questionresponses",
    }
)
#: What says which question it is, the plainest first, and those of them that speak of nothing else.
_OF_QUESTIONS: Final = (
    *("question", "questiontext", "questiontitle", "questionlabel", "questionname", "prompt"),
    *("questionkey", "questioncode", "questionid"),
)
_NAMES: Final = (*_OF_QUESTIONS, "title", "label", "text", "name", "key", "field", "code", "ref", "id")
#: What says how it was answered.
_VALUES: Final = (
    *("value", "answer", "response", "answervalue", "answertext", "responsevalue", "responsetext"),
    *("score", "rating", "values", "answers", "choice", "choices"),
)
#: What may stand beside the answer and is one itself.
_BESIDE: Final = ("comment", "comments", "reason", "explanation", "followup")


def spread(record: dict[str, Any]) -> dict[str, Any]:
    """The record with a key for each question of its lists of answers; as it is where it has none."""
    lists = {key: found for key, value in record.items() if (found := _answers(key, value)) is not None}
    if not lists:
        return record
    rest = {key: value for key, value in record.items() if key not in lists}
    spread_out = dict(rest)
    for key, found in lists.items():
        for name, value in found.items():
            spread_out[f"{key}.{name}" if name in spread_out else name] = value
    return spread_out


def _answers(key: str, value: object) -> dict[str, Any] | None:
    """The answers of a list by their questions; None where it is no such list, or one question stands in it twice."""
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        return None
    folded = [{_folded(name): part for name, part in each.items()} for each in value]
    naming = _naming(key, folded)
    if naming is None or not any(name in each for each in folded for name in _VALUES if name != naming):
        return None
    found: dict[str, Any] = {}
    for each in folded:
        parts = dict(_parts(_named(each[naming]), {name: part for name, part in each.items() if name != naming}))
        if parts.keys() & found.keys():
            return None
        found |= parts
    return found


def _naming(key: str, folded: list[dict[str, Any]]) -> str | None:
    """What names the question in each of the objects; a bare text does only beside what is called an answer."""
    allowed = _NAMES if _folded(key) in _LISTS else _OF_QUESTIONS
    found = [name for name in allowed if all(_named(each.get(name)) for each in folded)]
    if not any("answer" in each or "response" in each for each in folded):
        found = [name for name in found if name != "text"]
    return found[0] if found else None


def _parts(name: str, each: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """How a question was answered, by its text, and what else is said there, by its text and what that is called."""
    values = [value for value in _VALUES if value in each]
    telling = next((value for value in values if each[value] is not None), None)
    yield name, _told(each[telling]) if telling else None
    for beside in (*values, *_BESIDE):
        if beside != telling and each.get(beside) is not None:
            yield f"{name}.{beside}", each[beside]


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").casefold()


def _named(question: object) -> str:
    """The text of a question, which may be an object of its own; nothing where it has none."""
    if isinstance(question, dict):
        parts = {_folded(name): part for name, part in question.items()}
        return next((text for name in _NAMES if (text := _named(parts.get(name)))), "")
    return "" if question is None or isinstance(question, list | bool) else str(question).strip()


def _told(answer: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    """What was answered; of an object that holds nothing but that and its name, the former."""
    if isinstance(answer, dict):
        parts = {_folded(name): part for name, part in answer.items()}
        return next((parts[name] for name in (*_VALUES, "text", "label") if name in parts), answer)
    return answer
