"""Targets and benchmarks of nps.yaml that are of nothing: a branch, a region, an industry that no answer is of.

Here: the sentences. Not here: which target a score is held against (`warehouse.standards`).
"""

from __future__ import annotations

from typing import Final

from pipelines.config.models import Config
from transforms.spelling import key
from warehouse.query import Ask

#: So many names are told beside one that nothing has.
_NAMED: Final = 5


def aim_notes(config: Config, ask: Ask) -> list[str]:
    """A sentence about each name that targets and benchmarks have and no answer that makes up the score is of."""
    aims = [("target", *target.subject) for target in config.targets]
    aims += [("benchmark", "industry", each.industry) for each in config.benchmarks if each.industry]
    notes = []
    for what, dimension, name in dict.fromkeys(aim for aim in aims if aim[1]):
        table = f"marts.nps_by_{dimension}"
        # Most answers first.
        sql = f"select {dimension} from {table} where period_grain = 'month' group by 1 order by sum(responses) desc, 1"  # noqa: S608
        there = [str(each) for (each,) in ask(sql).iter_rows()]
        if there and key(name) not in map(key, there):
            known = ", ".join(there[:_NAMED]) + (", ..." if len(there) > _NAMED else "")
            notes.append(
                f"No answer is of the {dimension} {name}, of which nps.yaml has a {what}: nothing is held against it. Name "
                f"it as {table} does: {known}."
            )
    return notes
