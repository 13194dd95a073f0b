"""The lines of an entry for columns beside score and dates, and a comment that names those it does not use.

Here: each column for one name only, and whose answers those of who served and of products are, of which employees' answers
have none. Not here: how columns are found (`pipelines.sniff.columns`, `pipelines.sniff.people`), brands (`brands`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pipelines.adapters.gaps import GROUPS, rows_below
from pipelines.adapters.table import column
from pipelines.shown import counted
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.roles import Candidate, Candidates
from pipelines.sniff.lines import Line
from pipelines.sniff.proposal.branch_names import called_after_branches
from pipelines.sniff.proposal.several_scores import in_turn
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings

#: The order in which columns stand in an entry, after the score and the dates.
_OTHERS: Final = (
    "response_id", "respondent", "account", "branch", "region", "industry", "department", "manager", "agent", "product",
    "channel", "language", "comment",
)  # fmt: skip
_WHY: Final = {
    "respondent": "stored as a keyed pseudonym only",
    "account": "stored as a keyed pseudonym only",
    "manager": "stored as a keyed pseudonym only",
    "agent": "who served: a keyed pseudonym only, shown by the code that a list of dimensions (agents) gives",
}
#: Where a wrong guess would change a figure, so that what a kind of export holds there is counted too.
_ASKED: Final = ("response_id", "respondent")
#: So many columns that are not used are named.
_UNUSED: Final = 8
_OF_CLIENTS: Final = ("agent", "product")
#: Fewer different texts than this may be names of companies: operators of telephones, sellers of a market place.
_FEW: Final = 8
_SHOWN: Final = 3
#: Logins, numbers, and first and last names.
_PERSON: Final = r"[\d@._]|^\p{Lu}\S* (\S+ )*\p{Lu}\S*$"
_HALF: Final = 0.5


def unused(found: Findings, lines: Sequence[Line]) -> Iterator[Line]:
    """A comment with the columns that the entry says nothing of: one of them may be a branch in a language unknown here.

    Those that hold personal data are left out on purpose.
    """
    if found.signature and found.signature.preset:
        return
    values = [line.value for line in lines if isinstance(line.value, int | str)]
    of_persons = {each.column.name for each in found.personal}
    headings = [each.name for each in found.columns if isinstance(each.name, str)]
    of_kind = found.signature.used(headings) if found.signature else set()
    told = " ".join(f"{line.value} {line.comment}" for line in lines)
    left = [
        each.shown
        for each in found.columns
        if each.filled
        and isinstance(each.name, str)
        and each.name not in {*values, *of_persons, *of_kind}
        and each.pasted not in told
    ]
    if left:
        more = f" and {len(left) - _UNUSED} more" if len(left) > _UNUSED else ""
        yield Line("", None, f"not used: {', '.join(left[:_UNUSED])}{more}")


def _blank_below(found: Findings, position: int | None) -> int:
    """How many rows have nothing in a column, though a row above them may speak for them."""
    rows = found.opened.rows
    return 0 if position is None else int(rows_below(rows.get_column(column(position))).sum())


def other_lines(found: Findings, score: ScoreColumn | None, metric: object) -> Iterator[Line]:
    """Columns beside score and dates, each for one name only, and what has to be asked of them."""
    used: set[int | str] = {score.column.name} if score else set()
    roles = _roles_of(found.candidates, metric)
    for name in (each for each in _OTHERS if each in roles):
        known = found.known(name) if name not in _ASKED else None
        possible = [each for each in roles[name] if each.column.name not in used]
        chosen = next((each for each in possible if each.certain or each.question), None)
        if known is not None and known not in used:
            used.add(known)
            yield Line(name, known, _WHY.get(name, ""))
        elif chosen is not None and chosen.question:
            yield Line(name, f"? {chosen.question}")
        elif chosen is not None and name in GROUPS and (asked := _in_turn(found, name, chosen.column, possible)):
            yield Line(name, f"? {asked}")
        elif chosen is not None and (below := _blank_below(found, chosen.column.position) if name in GROUPS else 0):
            yield Line(
                name,
                f"? {chosen.column.pasted} is blank in {below:,} rows below a row that has it, as if it was written only "
                f"in the first row of each group. If so, fill these cells in the file and begin again; if nothing is "
                "known of these answers, write that heading here, or take this line out",
            )
        elif chosen is not None:
            used.add(chosen.column.name)
            yield Line(name, chosen.column.name, chosen.told or _WHY.get(name, ""))
        elif name == "branch" and (asked := called_after_branches(found)):
            yield Line(name, f"? {asked}")


def _in_turn(found: Findings, name: str, chosen: Seen, possible: Sequence[Candidate]) -> str:
    """What is asked where another column says the same of answers of which the chosen one says nothing."""
    others = in_turn(found.opened.rows, chosen, [each.column for each in possible if each.certain])
    if not others:
        return ""
    told = ", ".join(f"{each.pasted} in {counted(alone, 'row')}" for each, alone in others[:_SHOWN])
    return (
        f"where {chosen.pasted} is blank, others are filled: {told}. If they say the {name} too, bring them together in one "
        f"column of the file and begin again; if nothing is known of these answers, write {chosen.pasted}"
    )


def _roles_of(found: Candidates, metric: object) -> Mapping[str, list[Candidate]]:
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
