"""Texts of a column that mark rows as no answers: tests, deleted and unfinished ones, ticks below such headings.

Here: which texts do, by them and by the headings above them. Not here: what is asked (`pipelines.sniff.flags`) or noted
(`pipelines.intake.marked`) of such rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.adapters.words import named, plain

#: What ticks a box, in small letters, and what leaves it empty.
YES: Final = frozenset({
    "yes", "true", "on", "y", "x", "v", "1", "checked", "selected", "tak", "да", "так", "da", "si", "ja", "oui",
})  # fmt: skip
NO: Final = frozenset(
    {"no", "false", "off", "n", "0", "unchecked", "not selected", "nie", "нет", "ні", "ne", "nein", "non"}
)
#: More different texts are names of something, such as comments and products.
MOST_STATES: Final = 12
_MOST_TICKS: Final = 4
#: Percent of a form.
_WHOLE: Final = "100"


def ticks(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts that tick a box below a heading which calls rows tests, deleted, double or the like."""
    marks = [text for text in texts if plain(text) in YES]
    is_flag = any(named("flag_named", each) for each in headings)
    if not is_flag or len(texts) > _MOST_TICKS:
        return []
    are_boxes = all(named("check_box", text) or plain(text) in YES or plain(text) == "0" for text in texts)
    return marks if are_boxes else []


def strays(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts that say of a row that it is no answer; of calls that nobody took below a heading of outcomes only."""
    topics = ("row_no_answer", "row_unreached") if is_outcome(headings) else ("row_no_answer",)
    return [text for text in texts if any(named(each, text) for each in topics)]


def is_outcome(headings: Sequence[str]) -> bool:
    """Whether a heading is one of outcomes."""
    return any(named("outcome_named", each) for each in headings)


def unfinished(headings: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The texts of rows that came to no end, where all texts speak of that, or whose use nobody allowed."""
    if any(named(topic, each) for topic in ("finished_named", "consent_named") for each in headings):
        return [text for text in texts if plain(text) in NO]
    if any(plain(each) == "progress" for each in headings) and _WHOLE in texts and all(map(str.isdecimal, texts)):
        return [text for text in texts if text != _WHOLE]
    marks = [text for text in texts if named("row_unfinished", text)]
    return marks if all(text in marks or named("row_finished", text) for text in texts) else []


def reason_of(headings: Sequence[str], marks: Sequence[str], *, are_ticks: bool) -> str:
    """What nps.yaml may call the exclusion of such rows."""
    if are_ticks:
        return "test" if any("test" in plain(each) or "тест" in plain(each) for each in headings) else "flagged"
    if not strays(headings, marks):
        return "flagged" if any(named("consent_named", each) for each in headings) else "incomplete"
    words = [plain(each) for each in marks]
    test = any("test" in each or "тест" in each for each in words)
    return "test" if test else "preview" if any("preview" in each for each in words) else "flagged"
