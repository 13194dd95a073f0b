"""What stands in published figures as only mistakes do: a sentence for each row of a model in `models/odd`.

Scores that leap, names that are all others from a month on, years without an answer, parts without a promoter, surveys
that are one another again. Here: the sentences. Not here: how each is found (`models/odd`), what is odd in one file
(`pipelines.intake.notes`) and the same of a new one (`pipelines.sniff.proposal.scale_parts`), how many answers there are
(`pipelines.stages.volume`), waves of employees (`waves`), names (`spellings`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pipelines.recipes.months import month_key
from pipelines.shown import counted
from warehouse.engine import model
from warehouse.published.query import Ask

_SHOWN: Final = 5
_MANY: Final = {"branch": "branches", "industry": "industries", "channel": "channels"}
_TO_DO: Final = {
    "branch": "give both names in a list of branches (dimensions of nps.yaml), or one name in the files",
    "industry": "give the other spellings of each under industries (synonyms), or one name in the files",
    "channel": "give one name in the files",
}


def leaping_scores(ask: Ask) -> list[str]:
    """A sentence for each survey whose score leaps from a month to the next."""
    return [
        f"The score of {survey} leaps from {before:.1f} ({counted(answers_before, 'answer')} in {month_key(month_before)}) "
        f"to {nps:.1f} ({answers:,} in {month_key(month)}), which clients alone seldom do. Has the scale changed or been "
        "turned around, or does another question stand in place of the score?"
        for survey, month, answers, nps, month_before, answers_before, before in ask(
            model("odd/leaping_scores")
        ).iter_rows()
    ]


def new_names(ask: Ask) -> list[str]:
    """A sentence for each month from which on branches, industries or channels all have other names."""
    return [
        f"In {month_key(month)} most answers ({begun:,} of {answers:,}) are of {_MANY[kind]} that nobody named before "
        f"({_named(new)}), and {_named(old)} have none any more. If only the names changed, they are counted apart: "
        f"{_TO_DO[kind]}."
        for kind, month, begun, answers, new, old in ask(model("odd/new_names")).iter_rows()
    ]


def renamed_branches(ask: Ask) -> list[str]:
    """A sentence for each branch that ended when one other began that has about as many answers."""
    return [
        f"{new} has answers since {month_key(month)}, when those of {old} ended: {counted(since, 'answer')} a month, "
        f"{before:,} before. If only the name of the branch changed, it is counted apart: {_TO_DO['branch']}."
        for month, old, new, before, since in ask(model("odd/renamed_branches")).iter_rows()
    ]


def missing_years(ask: Ask) -> list[str]:
    """A sentence where answers are years apart, and none is of the years between."""
    return [
        f"There are {counted(before, 'answer')} of {month_key(last)} or earlier, {after:,} of {month_key(first)} or later, "
        "and none of the years between. Has a year been mistyped, or was a clock wrong? See whose they are with: "
        f"nps explain --month {month_key(last if before <= after else first)}"
        for last, first, before, after in ask(model("odd/missing_years")).iter_rows()
    ]


def low_parts(ask: Ask) -> list[str]:
    """A sentence for each survey, channel or branch without a promoter where others have many."""
    return [
        f"None of {answers:,} answers of {kind} {name} {_when(first, last)} is a promoter's (NPS "
        f"{-100 * detractors / answers:.1f}), where {share:.0%} of all others are. Was it asked on another scale, "
        f"such as 1-5, or turned around? Then read it apart (where) with its own scale, and its months are built "
        "anew; if its clients do answer so, nothing is to be done."
        for kind, name, first, last, answers, detractors, share in ask(model("odd/no_promoters")).iter_rows()
    ]


def twins(ask: Ask) -> list[str]:
    """A sentence for each two surveys that agree month by month, as where two sources read one export in two forms."""
    return [
        f"Surveys {one} and {other} have as many promoters, passives and detractors as one another in {months:,} months "
        f"from {month_key(first)} to {month_key(last)} ({answers:,} answers of each): if these are the same answers, "
        "they count twice. Then take one of both sources out of nps.yaml; if not, nothing is to be done."
        for one, other, months, answers, first, last in ask(model("odd/twin_surveys")).iter_rows()
    ]


def _named(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown


def _when(first: date, last: date) -> str:
    return f"in {month_key(first)}" if first == last else f"from {month_key(first)} to {month_key(last)}"
