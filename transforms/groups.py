"""Groups of employees in one wave: what there are, and which of them may be shown.

Here: from the smallest parts of a wave to the groups that are shown. Not here: when a wave closes, and keeping what it
showed (`warehouse.waves`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from transforms.dimensions import UNKNOWN

COUNTS = ("responses", "promoters", "passives", "detractors", "nonstandard_responses")


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

    `parts` has one row per combination of all dimensions, with `COUNTS`; `tables` says by what each table groups.
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
    return found


def is_told_apart(counts: Sequence[int], minimum: int) -> bool:
    """Whether a group is large enough, and not all of its answers, nor all but one, are alike; `counts` as `COUNTS`."""
    responses, *categories, _ = counts
    return responses >= minimum and max(categories) < responses - 1


def shown(groups: Mapping[str, Sequence[Group]], minimum: int) -> list[Group]:
    """The groups that may be shown."""
    return [group for each in groups.values() for group in each if is_told_apart(group.counts, minimum)]
