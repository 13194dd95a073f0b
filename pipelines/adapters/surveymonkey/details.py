"""The details of a SurveyMonkey survey (API v3): which column each answer belongs to, and what its ids mean.

Here: questions, rows and choices by their ids. Not here: the answers (`api`).
Columns are those of the CSV export: one per question, or per row or option of it, headed by their texts.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.table import Heading
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.reasons import Reason
from transforms.scores.scales import PASSIVE_FROM, PROMOTER_FROM

_MB: Final = 1 << 20
_MOST_MB: Final = 32
_TAG: Final = re.compile(r"<[^<>]*>")
_SCORES: Final = range(11)
_WEIGHTS: Final = frozenset({-100.0, 0.0, 100.0})

Slot = tuple[str, str, str]
"""The id of a question, then of a row (or `OTHER`) and of a column or choice, where it has columns for those."""
OTHER: Final = "other"


@dataclass(frozen=True)
class Choice:
    """One option of a question: its text, and its score and weight where the question asks for a recommendation."""

    text: str
    position: int | None
    weight: float | None


@dataclass(frozen=True)
class Question:
    """A question's choices by their ids."""

    choices: Mapping[str, Choice]

    def text(self, choice: Choice, weight: object) -> str:
        """What the choice means: its score on 0-10 for a recommendation, its text otherwise.

        The score is the choice's position less 1. The weight, which tells only its group, must agree with it: a
        `ValueError` is raised where it does not.
        """
        given = as_weight(weight)
        if not self._asks_to_recommend(given) or choice.position is None:
            return choice.text
        score = choice.position - 1
        group = 100.0 if score >= PROMOTER_FROM else 0.0 if score >= PASSIVE_FROM else -100.0
        if any(each not in (None, group) for each in (given, choice.weight)):
            raise ValueError(f"weight {given} contradicts score {score}")
        return str(score)

    def _asks_to_recommend(self, given: float | None) -> bool:
        """Whether it has eleven choices whose weights are those of NPS; the answer's weight tells where theirs do not."""
        counted = [choice for choice in self.choices.values() if choice.position is not None]
        if sorted(choice.position or 0 for choice in counted) != [score + 1 for score in _SCORES]:
            return False
        weights = {choice.weight for choice in counted}
        return given in _WEIGHTS if weights == {None} else weights <= _WEIGHTS


@dataclass
class Survey:
    """A survey: its columns, and its questions by their ids."""

    survey_id: str
    variables: list[str]
    headings: list[Heading] = field(default_factory=list)
    slots: dict[Slot, int] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)

    def add(self, slot: Slot, heading: Heading) -> None:
        """Add a column."""
        self.slots[slot] = len(self.headings)
        self.headings.append(heading)


def survey_of(file: LandedFile, scratch: Path) -> Survey:
    """Read a file of details. Raises `FileRefusedError` (file_layout, file_too_large) where it is none."""
    if file.path.stat().st_size > _MOST_MB * _MB:
        raise FileRefusedError(Reason.FILE_TOO_LARGE, f"{file.name} is too large for the details of a survey.")
    path, _ = to_utf8(file.path, None, scratch)
    try:
        found = json.loads(path.read_text("utf-8-sig"))
        return _survey(found)
    except (ValueError, KeyError, RecursionError) as error:
        raise FileRefusedError(
            Reason.FILE_LAYOUT,
            f"{file.name} holds no details of a survey, as SurveyMonkey's API gives them under /surveys/<id>/details. "
            "Export it again, or name the right file under details: in nps.yaml.",
        ) from error


def objects(value: object) -> list[dict[str, Any]]:
    """A list of objects, or nothing; `ValueError` for anything else."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("no list of objects")
    return value


def as_object(value: object) -> dict[str, Any]:
    """An object, or nothing; `ValueError` for anything else."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - what is wrong is a file, not a caller
    return value


def as_weight(value: object) -> float | None:
    """A weight as a number, whether it is given as one or as text; None where there is none."""
    return None if value is None or value == "" else float(str(value))


def _survey(found: object) -> Survey:
    details = as_object(found)
    if "pages" not in details:
        raise ValueError("no pages")
    survey = Survey(str(details.get("id", "")), list(as_object(details.get("custom_variables"))))
    for page in objects(details["pages"]):
        for question in objects(page.get("questions")):
            _add(survey, question)
    return survey


def _add(survey: Survey, question: dict[str, Any]) -> None:
    """Add the columns of a question, in the order of the CSV export."""
    of, heading = str(question["id"]), _heading(question)
    answers = as_object(question.get("answers"))
    choices, rows, columns = (objects(answers.get(name)) for name in ("choices", "rows", "cols"))
    of_columns = [choice for column in columns for choice in objects(column.get("choices"))]
    survey.questions[of] = Question({str(choice["id"]): _choice(choice) for choice in [*choices, *of_columns]})
    if question.get("family") == "presentation":
        return
    for row in rows:
        for column in columns or [{}]:
            option = " - ".join(text for each in (row, column) if (text := _plain(each.get("text"))))
            survey.add((of, str(row["id"]), str(column.get("id", ""))), Heading(heading, option))
    if not rows and question.get("family") == "multiple_choice":
        for choice in choices:
            survey.add((of, "", str(choice["id"])), Heading(heading, _plain(choice.get("text"))))
    elif not rows:
        survey.add((of, "", ""), Heading(heading))
    if other := as_object(answers.get("other")):
        survey.add((of, OTHER, ""), Heading(heading, _plain(other.get("text")) or "Other"))


def _choice(choice: dict[str, Any]) -> Choice:
    position = None if choice.get("is_na") or choice.get("position") is None else int(str(choice["position"]))
    return Choice(_plain(choice.get("text")), position, None if position is None else as_weight(choice.get("weight")))


def _heading(question: dict[str, Any]) -> str:
    return next(_texts(objects(question.get("headings"))), "")


def _texts(headings: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (text for heading in headings if (text := _plain(heading.get("heading"))))


def _plain(text: object) -> str:
    """Text without the tags that the survey's author may have put in."""
    return " ".join(html.unescape(_TAG.sub("", "" if text is None else str(text))).split())
