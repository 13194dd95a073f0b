"""Columns that nps.yaml says nothing of and that tell answers apart: whose score each is, who gave it, on which scale.

Here: which of the texts of a column do, and what is to be done about it. Not here: texts that mark rows as no answers, and
the sentence that both stand in (`marked`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.adapters.beside_scores import best_answer
from pipelines.adapters.row_marks import of_no_client
from pipelines.adapters.words import named, plain, said
from pipelines.config.sources import Source
from pipelines.shown import in_quotes

#: Brands are few.
MOST_BRANDS: Final = 30
_SEVERAL: Final = 2
_WORDS: Final = 4
_PEOPLE: Final = ("client_named", "employee_named")


@dataclass(frozen=True)
class Found:
    """Texts of a column about which something is to be done."""

    texts: Sequence[str]
    advice: str
    of_several: bool = False
    """Whether it is not some of these texts that are odd, but that there are several."""
    of_all: bool = False
    """Whether it is so of rows without a score, too."""


def names_brands(names: Sequence[str]) -> bool:
    """Whether a column is called after brands."""
    return any(named("brand", each) for each in names)


def told_apart(names: Sequence[str], heading: str, values: Sequence[str], source: Source) -> Found | None:
    """What the texts of a column tell apart that nps.yaml counts together; `heading` is how it can be written there."""
    told = {*source.columns, *source.defaults, *source.file_name_groups}
    if _SEVERAL <= len(values) <= MOST_BRANDS and names_brands(names) and "brand" not in told:
        advice = (
            f"If each row scores the brand that it names, yours or a rival's, write brand: {heading} below columns, and "
            "what it calls you beside sources, such as own_brands: [Acme]; if all are about you, all is well."
        )
        return Found(values, advice, of_several=True)
    words = [said("programme", text) for text in values if len(plain(text).split()) <= _WORDS]
    told_by = [word for word in words if word]
    if len({*told_by}) >= _SEVERAL and 2 * len(told_by) >= len(values) and "programme" not in told:
        advice = (
            f"If these are programmes of surveys, write programme: {heading} below columns, and the one that your score is "
            "of beside sources, such as headline: relationship; if all count together, all is well."
        )
        return Found(values, advice, of_several=True)
    return _other_people(heading, values, source) or _other_scale(names, values, source)


def _other_people(heading: str, values: Sequence[str], source: Source) -> Found | None:
    people = {topic: [text for text in values if named(topic, text)] for topic in _PEOPLE}
    people["others"] = [text for text in values if of_no_client(text)]
    asked = people["employee_named" if source.metric == "enps" else "client_named"]
    others = [text for text in values if text not in asked and any(text in each for each in people.values())]
    if source.where is not None or not asked or not others:
        return None
    kept = ", ".join(in_quotes(text) for text in asked)
    advice = f"If these were asked another thing, write in nps.yaml where: {{column: {heading}, values: [{kept}]}}"
    return Found(others, f"{advice}; if they count, all is well.")


def _other_scale(names: Sequence[str], values: Sequence[str], source: Source) -> Found | None:
    best = {text: best_answer(text) for text in values}
    declared = best_answer(source.scale)
    is_so = any(named("scale_named", each) for each in names) and None not in best.values()
    others = [text for text, found in best.items() if found != declared]
    if declared is None or not is_so or not others:
        return None
    return Found(
        others,
        f"nps.yaml reads all of them on {source.scale}. If these were asked on another scale, take the file back (nps "
        "withdraw) and give them a source of their own with its scale; if it says something else, all is well.",
    )
