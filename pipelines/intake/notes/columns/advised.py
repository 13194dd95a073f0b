"""What is to be done about a column that nps.yaml says nothing of, or that leaves out some rows.

Here: which of its texts are odd, and the advice. Not here: in which rows they stand (`marked`), texts that tell answers
apart (`apart`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.adapters.row_marks import checked, corrections, deletions, reason_of, strays, ticks, unfinished
from pipelines.adapters.table import Heading
from pipelines.adapters.words import named, plain, said
from pipelines.config.columns import Exclusion
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.apart import Found, told_apart
from pipelines.shown import in_quotes
from transforms.texts.spelling import simple

_SHORT_WORDS: Final = 4
#: Rows are of few kinds; of more, words of corrections are those of what people called about.
_MOST_KINDS: Final = 4
_RECOMMENDING: Final = ("nps", "enps")
_DELETED: Final = (
    "If they say that the answers of their ids were deleted, these count all the same: put the files here without these "
    "rows and all others of the same ids, by the same names; else all is well."
)


def counts_answers(names: Sequence[str]) -> bool:
    """Whether a column is called as one that says how many answers a row stands for."""
    return any(named("count_named", each) for each in names)


def of_excluded(heading: Heading, values: Sequence[str], setting: str, rule: Exclusion) -> Found | None:
    """The marks of a column of which nps.yaml leaves out rows with other texts."""
    names, listed = heading.names, {simple(value) for value in rule.values}
    marks = [*ticks(names, values), *checked(names, values), *strays(names, values), *unfinished(names, values)]
    new = [text for text in dict.fromkeys(marks) if simple(text) not in listed]
    if not new:
        return None
    said = ", ".join(map(in_quotes, [*rule.values, *new]))
    return Found(
        new,
        f"If these are no answers of people either, write {setting}: {{column: {in_quotes(heading.text)}, values: "
        f"[{said}]}}; if they count, all is well.",
    )


def of_unused(heading: Heading, values: Sequence[str], source: Source) -> Found | None:
    """Which of the texts of a column are marks, and the advice that follows."""
    names = heading.names
    many = [text for text in values if text.isdecimal() and text.isascii() and text.lstrip("0") not in {"", "1"}]
    if many and counts_answers(names):
        return Found(
            many,
            "If it says how many answers a row stands for, take the file back (nps withdraw) and export a row for each; if "
            "each row is one answer, all is well.",
        )
    if source.where is None and (others := _of_other_surveys(names, values)):
        kept = [text for text in values if text not in others] or ["NPS"]
        return Found(
            others,
            "If these answer another question, write in nps.yaml "
            f"where: {{column: {in_quotes(heading.text)}, values: [{', '.join(map(in_quotes, kept))}]}}; else all is well.",
        )
    if apart := told_apart(names, in_quotes(heading.text), values, source):
        return apart
    ticked = ticks(names, values) or checked(names, values)
    marks = ticked or strays(names, values) or unfinished(names, values)
    if not marks or (len(marks) == len(values) and not ticked and not strays(names, marks)):
        return _of_corrections(names, values, source)
    reason = reason_of(names, marks, are_ticks=bool(ticked))
    return Found(
        marks,
        f"If these are no answers of people, write below exclude in nps.yaml {reason}: {{column: {in_quotes(heading.text)}, "
        f"values: [{', '.join(map(in_quotes, marks))}]}}; if they count, all is well.",
    )


def _of_corrections(names: Sequence[str], values: Sequence[str], source: Source) -> Found | None:
    """The texts of rows that correct or cancel others, where no id tells that both are one answer; else that delete them."""
    if "response_id" in source.columns:
        gone = deletions(names, values)
        return Found(gone, _DELETED, of_all=True) if gone and len(values) <= _MOST_KINDS else None
    marks = corrections(names, values)
    if not marks or len(marks) == len(values) or len(values) > _MOST_KINDS:
        return None
    return Found(
        marks,
        "If they correct or cancel other rows, both count: name the id that both share as response_id in nps.yaml, so that "
        "the later one counts, or put the file here without rows that were cancelled; if each is an answer, all is well.",
    )


def _of_other_surveys(names: Sequence[str], values: Sequence[str]) -> list[str]:
    """The texts that name another survey, where others name that of recommending or the heading speaks of surveys."""
    kinds = {text: _kind(text) for text in values if len(plain(text).split()) <= _SHORT_WORDS}
    others = [text for text, kind in kinds.items() if kind and kind not in _RECOMMENDING]
    asked = {text: bool(said("score_certain", text)) for text in values if text.rstrip().endswith("?")}
    if any(asked.values()) and not all(asked.values()):
        return [text for text, recommends in asked.items() if not recommends]
    is_of_surveys = any(said("question_kind", each) for each in names)
    return others if is_of_surveys or any(kind in _RECOMMENDING for kind in kinds.values()) else []


def _kind(text: str) -> str | None:
    if other := said("survey_kind", text):
        return other.split()[0]
    return "nps" if said("score_certain", text) else None
