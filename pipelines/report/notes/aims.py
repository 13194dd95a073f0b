"""Targets, benchmarks and the headline of nps.yaml that are of nothing: of a branch or a programme that no answer is of.

Here: the sentences. Not here: which target a score is held against (`warehouse.published.standards`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.config.models import Config
from transforms.texts.spelling import key
from warehouse.published.query import Ask

#: So many names are told beside one that nothing has.
_NAMED: Final = 5


def aim_notes(config: Config, ask: Ask) -> list[str]:
    """A sentence about each name that targets, benchmarks and the headline have and no answer is of."""
    aims = [("target", *target.subject) for target in config.targets]
    aims += [("benchmark", "industry", each.industry) for each in config.benchmarks if each.industry]
    notes = [*_headline(config, ask)]
    for what, dimension, name in dict.fromkeys(aim for aim in aims if aim[1]):
        table = f"marts.nps_by_{dimension}"
        there = _members(ask, dimension)
        if there and key(name) not in map(key, there):
            notes.append(
                f"No answer is of the {dimension} {name}, of which nps.yaml has a {what}: nothing is held against it. Name "
                f"it as {table} does: {_some(there)}."
            )
    return notes


def _headline(config: Config, ask: Ask) -> Iterator[str]:
    there = _members(ask, "programme")
    for name in config.headline_programmes:
        if there and key(name) not in map(key, there):
            yield (
                f"No answer is of the programme {name}, which nps.yaml names as headline: the company's score, and all that "
                f"is made of the headline alone, has none of it. Name it as marts.nps_by_programme does: {_some(there)}."
            )


def _members(ask: Ask, dimension: str) -> list[str]:
    """Those of most answers first."""
    by = f"select {dimension} from marts.nps_by_{dimension} where period_grain = 'month' group by 1"  # noqa: S608 - our own names
    return [str(each) for (each,) in ask(f"{by} order by sum(responses) desc, 1").iter_rows()]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
