"""Groups of employees in one wave: what there are, and what each is made of.

Here: from the smallest parts of a wave to its groups. Not here: which of them may be shown (`transforms.waves.choice`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.dimensions import UNKNOWN
from transforms.waves.worlds import Counts, Places

COUNTS: Final = ("responses", "promoters", "passives", "detractors", "nonstandard_responses")


@dataclass(frozen=True)
class Group:
    """A group of a table, with the places of the parts that it is made of."""

    mart: str
    members: tuple[str, ...]
    parts: frozenset[int]
    counts: tuple[int, ...]
    """As `COUNTS`."""


def groups_of(parts: pl.DataFrame, tables: Mapping[str, Sequence[str]]) -> dict[str, list[Group]]:
    """The groups of each table of a wave, in the order of their names; none of one by what nobody said anything of.

    `parts` has one row per combination of all dimensions, with `COUNTS`; `tables` says by what each table groups. A table
    whose groups are made of those of another, as divisions are of departments, comes before it.
    """
    placed = parts.with_row_index("part")
    found = {}
    for mart, by in tables.items():
        if any(placed.get_column(name).eq(UNKNOWN).all() for name in by):
            continue
        rows = placed.group_by(by).agg("part", *(pl.col(name).sum() for name in COUNTS)).sort(by)
        found[mart] = [
            Group(mart, row[: len(by)], frozenset(row[len(by)]), row[len(by) + 1 :]) for row in rows.iter_rows()
        ]
    return dict(_coarse_first(found, parts.height))


def _coarse_first(found: Mapping[str, list[Group]], parts: int) -> Iterator[tuple[str, list[Group]]]:
    places = {mart: np.zeros(parts, np.int64) for mart in found}
    for mart, groups in found.items():
        for place, group in enumerate(groups):
            places[mart][sorted(group.parts)] = place
    left = list(found)
    while left:
        first = next(mart for mart in left if not any(_is_coarser(places[other], places[mart]) for other in left))
        left.remove(first)
        yield first, found[first]


def _is_coarser(one: Places, other: Places) -> bool:
    """Whether each group of the one is made of several of the other, or is one of them, and there are fewer."""
    both = np.unique(np.stack([one, other]), axis=1).shape[1]
    return bool(len(np.unique(one)) < both == len(np.unique(other)))


def is_told_apart(counts: Sequence[int], minimum: int) -> bool:
    """Whether a group is large enough, and not all of its answers, nor all but one, are alike.

    `counts` are detractors, passives, promoters and, perhaps, silent people.
    """
    responses, most = sum(counts[:3]), max(counts[:3])
    return responses >= minimum and most < responses - 1


def counts_of(parts: pl.DataFrame) -> Counts:
    """Detractors, passives, promoters and silent people of each part; nobody is silent where no headcount is known."""
    silent = pl.col("silent") if "silent" in parts.columns else pl.lit(0)
    return parts.select("detractors", "passives", "promoters", silent.alias("silent")).to_numpy().astype(np.int64)


def hidden_from(groups: Mapping[str, Sequence[Group]], parts: int) -> list[Places]:
    """All groups of all tables, and all parts: what is not shown of them must not be found out."""
    every = {group.parts for found in groups.values() for group in found} | {frozenset([part]) for part in range(parts)}
    return [np.array(sorted(group)) for group in sorted(every, key=sorted)]


def shown_as(chosen: Iterable[frozenset[int]], parts: int) -> list[Places]:
    """What is shown, as the auditor wants it: the whole first."""
    every = [frozenset(range(parts)), *chosen]
    return [np.array(sorted(group)) for group in dict.fromkeys(every)]
