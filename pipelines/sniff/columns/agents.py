"""Who served a client, and about what: columns of agents and products, of which employees' answers have none.

Here: whose answers they are of, and what has to be asked. Not here: which columns they are (`roles`), brands (`brands`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.roles import Candidate, Candidates

_OF_CLIENTS: Final = ("agent", "product")
#: Fewer different texts than this may be names of companies: operators of telephones, sellers of a market place.
_FEW: Final = 8
_SHOWN: Final = 3
#: Logins, numbers, and first and last names.
_PERSON: Final = r"[\d@._]|^\p{Lu}\S* (\S+ )*\p{Lu}\S*$"
_HALF: Final = 0.5


def roles_of(found: Candidates, metric: object) -> Mapping[str, list[Candidate]]:
    """Candidates for each name that answers of a metric may have; of employees an operator's column is a manager's."""
    every = {"respondent": [], "response_id": [], **found}
    if metric == "nps":
        return {**every, "agent": [_asked(each) for each in every.get("agent", [])]}
    others = {name: each for name, each in every.items() if name not in _OF_CLIENTS}
    return {**others, "manager": [*every.get("manager", []), *every.get("agent", [])]}


def _asked(agent: Candidate) -> Candidate:
    if not (agent.certain and _may_be_companies(agent.column)):
        return agent
    names = ", ".join(text for text, _ in agent.column.counts[:_SHOWN])
    question = (
        f"{agent.column.pasted} says {names}: who served each client, or which company? If somebody who served, write this "
        "heading here; if companies that are scored, write brand in place of agent; if neither, take this line out"
    )
    return replace(agent, certain=False, question=question)


def _may_be_companies(column: Seen) -> bool:
    return len(column.counts) < _FEW and column.rows_like(_PERSON) < _HALF * column.filled
