"""Who is in no list of nps.yaml, said of the files of a night: their answers have no place, though one may be meant.

Here: the sentences, and those on branches that became what is in no list. Not here: counting them
(`warehouse.months.unlisted`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from warehouse.lake.store import Lake
from warehouse.months.plan import Plan
from warehouse.months.rules import ResponseRules
from warehouse.months.unlisted import unlisted_branches, unlisted_people
from warehouse.published.query import Ask

#: Lists of persons and firms lag behind: less of the answers being of them is told.
_FEW: Final = 0.8
_SHOWN: Final = 5
_ONE: Final = {"accounts": "an account", "employees": "an employee", "agents": "an agent"}
_LOST: Final = {
    "accounts": "The others have no branch and no industry by it.",
    "employees": "The others have no branch, department or manager by it.",
    "agents": "The others count as unknown in nps_by_agent.",
}


def unlisted_notes(lake: Lake, plan: Plan, rules: ResponseRules, files: pl.DataFrame) -> list[str]:
    """A sentence about each source whose answers in files name branches, or many people, that no list has."""
    loads = plan.files.select("load_id").join(files, on="load_id", how="semi")
    if loads.is_empty() or not rules.dimensions:
        return []
    return [*_branches(lake, plan, rules, loads), *_people(lake, plan, rules, loads)]


def successor_notes(ask: Ask) -> list[str]:
    """A sentence about branches that became ones which no list has, or one another: where they are today nobody knows."""
    told = ask(
        "select b.branch, b.branch_now, coalesce(n.is_known, false) as is_known from marts.dim_branch as b "
        "left join marts.dim_branch as n on b.branch_now = n.branch "
        "where b.is_known and (n.is_known is not true or n.branch_now <> n.branch) order by 1"
    )
    says = {
        False: "became branches that the list of branches does not have: {}. Figures of branches as they are today "
        "(nps_by_branch_as_is) stand under such a name, without its region. Write in became the code of the branch, or add "
        "it to the list.",
        True: "became one another in the list of branches: {}. Figures of branches as they are today "
        "(nps_by_branch_as_is) have each under the other's name. Let became stand at those alone that are no more.",
    }
    notes = []
    for is_known, sentence in says.items():
        pairs = [f"'{was}' became '{now}'" for was, now, known in told.iter_rows() if known == is_known]
        shown = ", ".join(pairs[:_SHOWN]) + (f" and {len(pairs) - _SHOWN:,} more" if pairs[_SHOWN:] else "")
        notes += [f"{'1 branch' if len(pairs) == 1 else f'{len(pairs):,} branches'} {sentence.format(shown)}"] * bool(
            pairs
        )
    return notes


def _branches(lake: Lake, plan: Plan, rules: ResponseRules, loads: pl.DataFrame) -> list[str]:
    notes = []
    named = unlisted_branches(lake, plan, rules, loads)
    for (source,), rows in named.group_by("source", maintain_order=True):
        strange = rows.filter(~pl.col("is_listed"))
        if strange.is_empty():
            continue
        shown = ", ".join(f"'{name}' ({answers:,})" for _, name, answers, _ in strange.head(_SHOWN).iter_rows())
        more = f" and {strange.height - _SHOWN:,} more" if strange.height > _SHOWN else ""
        lost, answers = strange.get_column("answers").sum(), rows.get_column("answers").sum()
        notes.append(
            f"{lost:,} of {answers:,} answers of {source} name branches that the list of branches does not have: "
            f"{shown}{more}. They count as unknown, unless another list tells where those are. Does the list have them by "
            "another code or name? Correct the source, or add them to the list."
        )
    return notes


def _people(lake: Lake, plan: Plan, rules: ResponseRules, loads: pl.DataFrame) -> list[str]:
    return [
        f"{f'Only {known:,}' if known else 'None'} of {answers:,} answers of {source} {'are' if known > 1 else 'is'} of "
        f"{_ONE[dimension]} in the list of {dimension}. {_LOST[dimension]} Do both call them the same (the right column, "
        "the same zeros in front), and is the list up to date?"
        for source, dimension, answers, known in unlisted_people(lake, plan, rules, loads).iter_rows()
        if known < _FEW * answers
    ]
