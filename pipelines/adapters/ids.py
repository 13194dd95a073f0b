"""Whose id a heading names: an answer's, a person's, that of an order or a device, of another thing, or nobody says.

Here: reading headings, word by word. Not here: what the values say, what is proposed
(`pipelines.sniff`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.table import TextTable
from pipelines.adapters.words import plain, said
from pipelines.config.sources import Source

Whose = Literal["answer", "person", "order_or_device", "thing", "anybody", "unknown"]
"""`anybody`: the heading is nothing but a word for an id; `unknown`: it is the id of something that we have no word for."""

_NOUNS: Final[dict[str, Whose]] = {
    "answer_noun": "answer",
    "person_noun": "person",
    "order_or_device": "order_or_device",
    "thing_noun": "thing",
}
#: `userid`, `Kundennummer`: what it is the id of, and the word for an id, in one.
_COMPOUND: Final = re.compile(
    r"(\w{3,}?)(?:s|en|n)?((?:uu|gu|u)?id|nummer|nr|kennung|schlussel|code|number|tunnus|azonosito)"
)
#: Kobo's and ODK's own ids of a submission, whose headings say less than that.
_OF_A_FORM: Final = re.compile(r"(?:.*/)?(?:_uuid|instanceID)")
#: `Q5`, `h03`: what a tool calls a column beside its name.
_A_LABEL: Final = re.compile(r"[^\W\d_]?\d{1,3}")
_A_NUMBER_SIGN: Final = re.compile(r"\s*[#№]\s*")


@dataclass(frozen=True)
class IdHeading:
    """What a heading that names an id says."""

    whose: Whose
    is_said: bool
    """Whether it says that it is an id; else it is only the name of whose it may be: `Client`."""
    is_sure: bool
    """Whether the word for an id means nothing else, as `number` and `code` may."""
    words: str
    """What it is the id of, as it stands there."""


def names_person(table: TextTable, source: Source) -> str | None:
    """The heading of the column that nps.yaml takes for the id of an answer or attempt, where it names a person."""
    wanted = source.columns.get("response_id")
    # SurveyMonkey calls the id of a response so.
    if wanted is None or source.reader == "surveymonkey" or is_absent(table, wanted):
        return None
    headings = [table.headings[i] for i in find_columns(table, wanted, "response_id")]
    told = ((each.text, found) for each in headings if (found := id_heading(each.text)) and found.whose == "person")
    # In a list of attempts `contact_id` is that of the attempt.
    persons = (text for text, found in told if not (source.contacts and said("contact_noun", found.words)))
    return next(persons, None)


def names_answer(source: Source) -> bool:
    """Whether nps.yaml reads the answer's id from what says that it is one, in whatever file; else it may be a person's."""
    wanted = source.columns.get("response_id")
    if not isinstance(wanted, str):
        return wanted is None
    found = id_heading(wanted)
    return found is not None and found.whose == "answer"


def id_heading(*headings: str) -> IdHeading | None:
    """What the headings of a column say of an id; None where none of them speaks of any."""
    return next((found for heading in headings if (found := _of(heading))), None)


def _of(heading: str) -> IdHeading | None:
    if _OF_A_FORM.fullmatch(heading.strip()):
        return IdHeading("answer", is_said=True, is_sure=True, words="uuid")
    if _A_NUMBER_SIGN.fullmatch(heading):
        return IdHeading("anybody", is_said=True, is_sure=False, words="")
    told = [word for word in plain(heading).split() if not _A_LABEL.fullmatch(word)]
    words = [part for word in told for part in _parts(word)]
    ids = [i for i, word in enumerate(words) if _is_id(word)]
    nouns = {i: noun for i, word in enumerate(words) if i not in ids and (noun := _noun(word))}
    if not ids:
        return IdHeading(nouns[0], is_said=False, is_sure=False, words=words[0]) if len(words) == 1 and nouns else None
    is_sure = any(said("id", words[i]) for i in ids)
    whose = _nearest(ids[-1], nouns)
    if whose is not None:
        return IdHeading(nouns[whose], is_said=True, is_sure=is_sure, words=words[whose])
    others = [word for i, word in enumerate(words) if i not in ids and not _is_all(word, "any_id")]
    return IdHeading("unknown" if others else "anybody", is_said=True, is_sure=is_sure, words=" ".join(others))


def _nearest(at: int, nouns: dict[int, Whose]) -> int | None:
    """The noun of an id: the one before it, as in `customer id`, else the first after it, as in `ID klijenta`."""
    before = [i for i in nouns if i < at]
    return max(before) if before else min(nouns, default=None)


def _parts(word: str) -> list[str]:
    """A compound as its two words, where the first is one of ours; else the word itself."""
    found = _COMPOUND.fullmatch(word)
    if not found or _is_id(word) or (_noun(word) in ("thing", "order_or_device") and not found[2].endswith("id")):
        return [word]
    first = next((part for part in (found[1], word.removesuffix(found[2])) if _noun(part)), None)
    return [first, found[2]] if first else [word]


def _is_id(word: str) -> bool:
    return _is_all(word, "id") or _is_all(word, "number_or_code")


def _noun(word: str) -> Whose | None:
    return next((whose for topic, whose in _NOUNS.items() if _is_all(word, topic)), None)


def _is_all(word: str, topic: str) -> bool:
    return said(topic, word) == word
