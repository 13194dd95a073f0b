"""Answers as SurveyMonkey's API v3 gives them (`responses/bulk`), as the table that its CSV export would be.

Here: one row per respondent, ids replaced by what they mean. Not here: what they mean (`details`), where the
details lie (`companions`), the exports (`export`). `source_row` is the number of the respondent in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pipelines.adapters.encodings.notes import notes_on_text
from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.json.text import records
from pipelines.adapters.spool import Row, scanned, spooled
from pipelines.adapters.surveymonkey.details import OTHER, Slot, Survey, as_object, objects, survey_of
from pipelines.adapters.table import Heading, TextTable
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.config.sources import Source
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from pipelines.landing.unpack import unpacked
from transforms.reasons import Reason

SUFFIXES: Final = frozenset({".json", ".jsonl", ".ndjson"})

#: The API's key: the heading in the CSV export, and the one in the XLSX export where it is not the key.
_METADATA: Final = {
    "id": ("Respondent ID", "respondent_id"),
    "collector_id": ("Collector ID",),
    "date_created": ("Start Date",),
    "date_modified": ("End Date",),
    "ip_address": ("IP Address",),
    "email_address": ("Email Address",),
    "first_name": ("First Name",),
    "last_name": ("Last Name",),
    "custom_value": ("Custom Data 1", "custom_1"),
    "response_status": ("Response Status",),
    "collection_mode": ("Collection Mode",),
    "survey_id": ("Survey ID",),
}
#: Where the contact's own data stand if they do not stand in the answer.
_CONTACT: Final = {"email_address": "email", "first_name": "first_name", "last_name": "last_name"}


def read_api(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read answers of the API with the details that lie beside them: one row per respondent.

    Raises `FileRefusedError` as `json.text.records` does, and file_layout for answers without details or with those of
    another survey, and for a page as a snapshot.
    """
    path, encoding = to_utf8(file.path, layout.encoding, scratch)
    around: dict[str, Any] = {}
    answers = records(path, file.name, layout.records, around=around)
    try:
        first = next(answers, None)
        if first is None:
            raise FileRefusedError(Reason.FILE_EMPTY, f"{file.name} holds no answers.")
        survey = _survey(file, first, limits, scratch)
        rows = spooled(_rows(chain([first], answers), survey), scratch)
    except RecursionError as error:
        raise FileRefusedError(Reason.FILE_UNREADABLE, f"{file.name} is nested too deeply to hold answers.") from error
    if isinstance(layout, Source) and layout.delivery == "snapshot":
        _refuse_pages(file, around)
    metadata = [Heading(names[0], other_names=(*names[1:], key)) for key, names in _METADATA.items()]
    headings = [*metadata, *map(Heading, survey.variables), *survey.headings]
    table = TextTable(headings, scanned(rows, len(headings)), len(headings), encoding, f"{encoding} JSON of the API")
    return table.saying(notes=notes_on_text(file.path, layout.encoding, encoding, path))


def _refuse_pages(file: LandedFile, around: dict[str, Any]) -> None:
    """A page is not the whole survey so far: as a snapshot it would replace the other pages."""
    total, here = (str(around.get(key, "")) for key in ("total", "per_page"))
    if total.isdecimal() and here.isdecimal() and int(total) > int(here) > 0:
        raise FileRefusedError(
            Reason.FILE_LAYOUT,
            f"{file.name} is one page of {here} answers of {total}: with delivery: snapshot each page would replace the "
            "others. Declare delivery: incremental, or put all answers into one file.",
        )


def _survey(file: LandedFile, first: object, limits: Limits, scratch: Path) -> Survey:
    """The details of the survey that the answers are of."""
    wanted = str(first.get("survey_id") or "") if isinstance(first, dict) else ""
    surveys = [survey_of(unpacked(each, limits, scratch), scratch) for each in file.beside]
    fitting = [survey for survey in surveys if not wanted or not survey.survey_id or survey.survey_id == wanted]
    if len(fitting) == 1:
        return fitting[0]
    of = f"survey {wanted}" if wanted.isalnum() else "its survey"
    found = (
        f"none of {', '.join(each.name for each in file.beside)} describes it" if surveys else "there are no details"
    )
    if len(fitting) > 1:
        found = "several files describe it"
    raise FileRefusedError(
        Reason.FILE_LAYOUT,
        f"{file.name} holds answers as ids, whose meaning is in the details of {of}, but {found}. Export them (in the API: "
        "/surveys/<id>/details) to details.json beside it, or name the file under details: in nps.yaml.",
    )


def _rows(answers: Iterable[Any], survey: Survey) -> Iterator[Row]:
    for number, record in enumerate(answers, 1):
        try:
            yield number, False, _cells(as_object(record), survey)
        except ValueError:
            yield number, True, []


def _cells(record: dict[str, Any], survey: Survey) -> list[str]:
    """The row of one respondent. Raises `ValueError` where the details do not describe it, or contradict it."""
    if survey.survey_id and record.get("survey_id") not in (None, "", survey.survey_id):
        raise ValueError("another survey")
    contact = as_object(as_object(record.get("metadata")).get("contact"))
    variables = as_object(record.get("custom_variables"))
    cells = [_metadata(record, key, contact) for key in _METADATA]
    cells += [_text(variables.get(name)) for name in survey.variables]
    answers: list[list[str]] = [[] for _ in survey.headings]
    for page in objects(record.get("pages")):
        for question in objects(page.get("questions")):
            for answer in objects(question.get("answers")):
                slot, text = _answer(str(question.get("id")), answer, survey)
                answers[slot].append(text)
    cells += [", ".join(text for text in texts if text) for texts in answers]
    "".join(cells).encode("utf-8")  # half a character cannot be kept: UnicodeEncodeError is a ValueError
    if any("\0" in cell for cell in cells):
        raise ValueError("binary zero")
    return cells


def _answer(question: str, answer: dict[str, Any], survey: Survey) -> tuple[int, str]:
    """The column of an answer and its text."""
    row, column, choice = (_text(answer.get(key)) for key in ("row_id", "col_id", "choice_id"))
    wanted: list[Slot] = [(question, row, column), (question, row, ""), (question, "", choice), (question, "", "")]
    if answer.get("other_id"):
        wanted = [(question, OTHER, "")]
    slot = next((survey.slots[each] for each in wanted if each in survey.slots), None)
    if slot is None or question not in survey.questions:
        raise ValueError("no such question, row or choice in the details")
    if not choice:
        return slot, _text(answer.get("text"))
    asked = survey.questions[question]
    if choice not in asked.choices:
        raise ValueError("no such choice in the details")
    return slot, asked.text(asked.choices[choice], as_object(answer.get("choice_metadata")).get("weight"))


def _metadata(record: dict[str, Any], key: str, contact: dict[str, Any]) -> str:
    text = _text(record.get(key))
    if not text and key in _CONTACT:
        text = _text(as_object(contact.get(_CONTACT[key])).get("value"))
    return text


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        raise ValueError("no plain value")  # noqa: TRY004 - what is wrong is a file, not a caller
    return "" if value is None else str(value)
