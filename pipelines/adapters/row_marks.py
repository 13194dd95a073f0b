"""Texts of a column that mark rows as no answers: tests, deleted and unfinished ones, ticks below such headings.

Here: which texts do, by them and by the headings above them. Not here: what is asked (`pipelines.sniff.proposal.flags`) or
noted (`pipelines.intake.notes.columns.marked`) of such rows.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from pipelines.adapters.words import marked_as, named, plain, said

#: What ticks a box, in small letters, and what leaves it empty.
YES: Final = frozenset(map(plain, {
    "yes", "true", "on", "y", "x", "v", "1", "1.0", "checked", "selected", "tak", "да", "так", "da", "si", "ja", "oui",
    "sim", "ano", "kylla", "igen", "evet", "wahr", "vrai", "vero", "verdadero", "verdadeiro", "prawda", "истина", "істина",
    "pravda", "waar", "sant", "sand", "tosi", "igaz", "adevarat", "dogru", "t",
    "ναι", "αληθεσ", "taip", "jah",  # noqa: RUF001 - Greek
    "d", "o", "s", "j", "д",
    "はい", "是", "예", "네", "ใช่", "có", "نعم", "כן", "हाँ", "हां",
}))  # fmt: skip
NO: Final = frozenset(map(plain, {
    "no", "false", "off", "n", "0", "0.0", "unchecked", "not selected", "nie", "нет", "ні", "ne", "nein", "non", "nao",
    "nee", "nej", "nei", "ei", "nem", "nu", "hayir", "не", "falsch", "faux", "falso", "falsz", "ложь", "хибність",
    "nepravda", "onwaar", "falskt", "falsk", "epatosi", "hamis", "fals", "yanlis", "οχι", "ψευδεσ", "f", "н",
    "いいえ", "否", "不是", "아니요", "아니오", "아뇨", "ไม่ใช่", "không", "لا", "לא", "नहीं",
}))  # fmt: skip
#: More different texts are names of something, such as comments and products.
MOST_STATES: Final = 12
_MOST_TICKS: Final = 4
LONGEST_TEST: Final = 30
#: Addresses of testers.
TESTERS: Final = r"(?i)^(?:test|tester|testing|qa|demo|asdf)[._+-]?\d*@|[+.]test\d*@|@(?:test|mailinator)\.[a-z]+$"
#: Addresses of pages on which nobody but testers answers.
_TEST_PAGE: Final = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|(?:[^/]*[.-])?(?:staging|stage|sandbox|preprod|uat|dev|test)[.-][^/]*)(?:[:/?].*)?"
    r"|https?://\S*(?:[?&/#]|is_|survey_)preview\b\S*",
    re.IGNORECASE,
)
#: A day that never comes, as databases write it beside what still holds.
NO_END: Final = r"(?:.*\D)?(?:9999|5999|4000|3000|2999|2199|2099)(?:\D.*)?|99991231.*"
#: Percent of a form.
_WHOLE: Final = 100
#: What REDCap writes down of a form: 0 is incomplete, 1 unverified, 2 complete.
_FORMS: Final = {frozenset("012"): ["0", "1"]}
#: What Unipark and those after it write down of interviews that came to their end.
_WHOLE_CODES: Final = frozenset({"31", "32"})
#: A survey has fewer pages; more are ids of them.
_MOST_PAGES: Final = 100
_RIVAL_WORDS: Final = 4
#: The numbers of a check box; what is none is no number.
_BOX: Final = frozenset({0, 1, None})
#: From which number on, or below which, the makers of such checks say that an answer is hardly one, by what speaks of them.
_CHECKS: Final[dict[str, tuple[Callable[[float, float], bool], float]]] = {
    "captcha_named": (operator.lt, 0.5),
    "fraud_score_named": (operator.ge, 30),
    "repeat_score_named": (operator.ge, 75),
}
#: What texts mean only below some headings: calls that nobody took, models that answered, others who did, systems for
#: tests, sums of other rows, people who did not allow the use of what they say.
_BELOW: Final = {
    "outcome_named": ("row_unreached", "call_undeliverable", "call_delivered", "call_refused"),
    "origin_named": ("row_modelled",), "entered_by": ("row_by_others",), "environment_named": ("row_not_live",),
    "row_kind_named": ("row_of_sums",), "quality_named": ("row_low_quality",), "consent_named": ("consent_refused",),
    "privacy_named": ("consent_refused",),
}  # fmt: skip
_BY_TOPIC: Final = {"machines": "bot", "repeats": "duplicate"}
#: Such numbers are no more than these.
MOST_CHECKED: Final = 131


def ticks(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts that tick a box below a heading which calls rows tests, deleted, double or the like."""
    if len(texts) > _MOST_TICKS or not any(marked_as("flag_named", each) for each in headings):
        return []
    are_boxes = all(named("check_box", text) or plain(text) in YES | NO for text in texts)
    return [text for text in texts if plain(text) in YES] if are_boxes else []


def is_check(headings: Sequence[str]) -> bool:
    """Whether a heading is that of numbers by which a survey tells persons from machines, or from those who come again."""
    return any(named(topic, each) for topic in _CHECKS for each in headings)


def checked(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts of such numbers that say that nobody answered, or somebody again."""
    found = next((of for topic, of in _CHECKS.items() if any(named(topic, each) for each in headings)), None)
    numbers = {text: number for text in texts if (number := _number(text)) is not None} if found else {}
    if found is None or len(numbers) < len(texts):
        return []
    return [text for text, number in numbers.items() if found[0](number, found[1])]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def strays(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts that say of a row that it is no answer of who was asked, some of them below certain headings only."""
    below = (topics for heading, topics in _BELOW.items() if any(named(heading, each) for each in headings))
    topics = ["row_no_answer", *chain.from_iterable(below)]
    return [text for text in texts if any(marked_as(each, text) for each in topics) or _TEST_PAGE.fullmatch(text)]


def corrections(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts that say of a row that it corrects or cancels another one, some of them below such headings only."""
    topics = ["row_corrects", *(["row_changes"] if any(named("change_named", each) for each in headings) else [])]
    return [text for text in texts if any(named(each, text) for each in topics)]


def deletions(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts below a heading of changes that say of an answer that it is gone."""
    is_of_changes = any(named("change_named", each) for each in headings)
    return [text for text in texts if is_of_changes and named("row_deletes", text)]


def tests_among(texts: Sequence[str]) -> list[str]:
    """The texts of a column of many, such as comments, that only testers write."""
    return [text for text in texts if len(text) <= LONGEST_TEST and named("row_test", text)]


def unfinished(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts of rows that came to no end, where all texts speak of that, or whose use nobody allowed."""
    is_of_ends = any(marked_as("finished_named", each) for each in headings)
    if is_of_ends or any(named("consent_named", each) for each in headings):
        # Beside other numbers a 0 is one of them: a score below `Answers/Displayed`.
        no = NO if all(_number(text) in _BOX for text in texts) else NO - {"0"}
        marks = _FORMS.get(frozenset(texts)) or [text for text in texts if plain(text) in no]
        return marks or _below_whole(texts)
    if is_progress(headings):
        return _below_whole(texts)
    if any(named("end_code_named", each) for each in headings):
        return _broken_off(texts)
    marks = [text for text in texts if marked_as("row_unfinished", text)]
    return marks if all(text in marks or marked_as("row_finished", text) for text in texts) else []


def _broken_off(texts: Sequence[str]) -> list[str]:
    """Numbers of the ends of interviews other than the whole one, which others have."""
    are_codes = all(text.isdecimal() for text in texts) and not _WHOLE_CODES.isdisjoint(texts)
    return [text for text in texts if text not in _WHOLE_CODES] if are_codes else []


def left_early(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The numbers of last pages that were seen by those who went away before the last one of all."""
    is_page = any(named("last_page_named", each) for each in headings)
    pages = {text: int(text) for text in texts if text.isdecimal() and len(text) <= len(str(_MOST_PAGES))}
    if not is_page or len(pages) < len(texts) or max(pages.values(), default=0) > _MOST_PAGES:
        return []
    return [text for text, page in pages.items() if page < max(pages.values())]


def of_no_client(text: str) -> bool:
    """Whether a text names who is no client, or a rival or its clients, in few words."""
    is_short = len(plain(text).split()) <= _RIVAL_WORDS
    return named("no_client_named", text) or (is_short and said("rival_named", text) is not None)


def is_progress(headings: Sequence[str]) -> bool:
    """Whether a heading is that of how much of the form was answered."""
    return any(marked_as("progress_named", each) for each in headings)


def _below_whole(texts: Sequence[str]) -> list[str]:
    """Those of percents, or of parts of 1, that are no whole."""
    numbers = {text: number for text in texts if (number := _number(text.rstrip(" %"))) is not None}
    whole = max(numbers.values(), default=0)
    is_part = whole == _WHOLE or (whole == 1 and any(0 < number < 1 for number in numbers.values()))
    return (
        [text for text, number in numbers.items() if number < whole] if is_part and len(numbers) == len(texts) else []
    )


def reason_of(headings: Sequence[str], marks: Sequence[str], *, are_ticks: bool) -> str:
    """What nps.yaml may call the exclusion of such rows."""
    if found := next((reason for topic, reason in _BY_TOPIC.items() if said(topic, *headings)), None):
        return found
    if are_ticks:
        return "test" if any("test" in plain(each) or "тест" in plain(each) for each in headings) else "flagged"
    if not strays(headings, marks):
        return "flagged" if any(named("consent_named", each) for each in headings) else "incomplete"
    words = [plain(each) for each in marks]
    test = any("test" in each or "тест" in each for each in words)
    return "test" if test else "preview" if any("preview" in each for each in words) else "flagged"
