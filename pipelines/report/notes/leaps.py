"""What changes from one month to the next as only mistakes do: scores that leap, other names, missing years.

Here: sentences about the published file. Not here: how such changes are found (`models/odd`), what is odd in one file
(`pipelines.intake.notes`), how many answers there are (`pipelines.stages.volume`), changes as figures
(`models/scores/measured.sql`).
"""

from __future__ import annotations

from typing import Final

from pipelines.recipes.months import month_key
from pipelines.shown import counted
from warehouse.engine import model
from warehouse.published.query import Ask, QueryError

_SHOWN: Final = 5
_MANY: Final = {"branch": "branches", "industry": "industries", "channel": "channels"}
_TO_DO: Final = {
    "branch": "give both names in a list of branches (dimensions of nps.yaml), or one name in the files",
    "industry": "give the other spellings of each under industries (synonyms), or one name in the files",
    "channel": "give one name in the files",
}


def leaps(ask: Ask) -> list[str]:
    """A sentence for each survey whose score leaps, and where branches or the like are others, or years are missing."""
    try:
        return [*_scores(ask), *_names(ask), *_years(ask)]
    except QueryError:
        return []  # it was published before there were such tables


def _scores(ask: Ask) -> list[str]:
    return [
        f"The score of {survey} leaps from {before:.1f} ({counted(answers_before, 'answer')} in {month_key(month_before)}) "
        f"to {nps:.1f} ({answers:,} in {month_key(month)}), which clients alone seldom do. Has the scale changed or been "
        "turned around, or does another question stand in place of the score?"
        for survey, month, answers, nps, month_before, answers_before, before in ask(
            model("odd/leaping_scores")
        ).iter_rows()
    ]


def _names(ask: Ask) -> list[str]:
    return [
        f"In {month_key(month)} most answers ({begun:,} of {answers:,}) are of {_MANY[kind]} that nobody named before "
        f"({_named(new)}), and {_named(old)} have none any more. If only the names changed, they are counted apart: "
        f"{_TO_DO[kind]}."
        for kind, month, begun, answers, new, old in ask(model("odd/new_names")).iter_rows()
    ]


def _years(ask: Ask) -> list[str]:
    return [
        f"There are {counted(before, 'answer')} of {month_key(last)} or earlier, {after:,} of {month_key(first)} or later, "
        "and none of the years between. Has a year been mistyped, or was a clock wrong? See whose they are with: "
        f"nps explain --month {month_key(last if before <= after else first)}"
        for last, first, before, after in ask(model("odd/missing_years")).iter_rows()
    ]


def _named(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown
