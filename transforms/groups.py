"""Groups of employees in one wave: what there are, and which of them may be shown.

Here: from the smallest parts of a wave to the groups that are shown. Not here: when a wave closes, and keeping what it
showed (`warehouse.waves`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.audit import leak
from transforms.dimensions import UNKNOWN
from transforms.worlds import Counts, Places

#: So many of each kind a group of several parts has, so that also who knows one of them learns nothing of the parts.
_ROOM: Final = 3
_SILENT: Final = 2
#: So often groups are left out of a table before all of it is.
_TRIES: Final = 6

COUNTS: Final = ("responses", "promoters", "passives", "detractors", "nonstandard_responses")


@dataclass(frozen=True)
class Group:
    """A group of a table, with the places of the parts that it is made of."""

    mart: str
    members: tuple[str, ...]
    parts: frozenset[int]
    counts: tuple[int, ...]
    """As `COUNTS`."""


@dataclass(frozen=True)
class _Wave:
    true: Counts
    minimum: int
    hidden: Sequence[Places]
    known: Collection[frozenset[int]]

    def shown(self, groups: Sequence[Group]) -> list[Places]:
        return shown_as([*self.known, *(group.parts for group in groups)], len(self.true))


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
    """Whether a group is large enough, and not all of its answers, nor all but one, are alike.

    `counts` are detractors, passives, promoters and, perhaps, silent people.
    """
    responses, most = sum(counts[:3]), max(counts[:3])
    return responses >= minimum and most < responses - 1


def counts_of(parts: pl.DataFrame) -> Counts:
    """Detractors, passives, promoters and silent people of each part; nobody is silent where no headcount is known."""
    silent = pl.col("silent") if "silent" in parts.columns else pl.lit(0)
    return parts.select("detractors", "passives", "promoters", silent.alias("silent")).to_numpy().astype(np.int64)


def shown(
    groups: Mapping[str, Sequence[Group]],
    true: Counts,
    minimum: int,
    every: Mapping[str, Sequence[Group]] | None = None,
    known: Collection[frozenset[int]] = (),
) -> list[Group]:
    """The groups that may be shown: table by table, coarse ones first, as many as leave the others hidden.

    Of `every` group that there is (all of `groups` unless given) those not shown are to stay hidden, also from who knows the
    counts of the groups `known` already.
    `true` is what `counts_of` says of all parts. Of the groups of a table those are shown that could be shown alone; then
    of every group that is shown already, and of all people, what is left of it must be able to stand alone too, and be of
    two groups at least: else the smallest is left out with it. At last the auditor is asked; what it finds open leaves out
    the groups that share people with it, and the whole table where that does not help.
    """
    whole = frozenset(range(len(true)))
    if not is_told_apart(_sum(true, whole).tolist(), minimum):
        return []
    chosen: list[Group] = []
    wave = _Wave(true, minimum, hidden_from(every or groups, len(true)), known)
    for found in groups.values():
        batch = _standing_alone(found, chosen, true, minimum)
        chosen += _audited(batch, chosen, wave)
    return chosen


def hidden_from(groups: Mapping[str, Sequence[Group]], parts: int) -> list[Places]:
    """All groups of all tables, and all parts: what is not shown of them must not be found out."""
    every = {group.parts for found in groups.values() for group in found} | {frozenset([part]) for part in range(parts)}
    return [np.array(sorted(group)) for group in sorted(every, key=sorted)]


def shown_as(chosen: Iterable[frozenset[int]], parts: int) -> list[Places]:
    """What is shown, as the auditor wants it: the whole first."""
    every = [frozenset(range(parts)), *chosen]
    return [np.array(sorted(group)) for group in dict.fromkeys(every)]


def _standing_alone(found: Sequence[Group], chosen: Sequence[Group], true: Counts, minimum: int) -> list[Group]:
    whole = frozenset(range(len(true)))
    known = {whole, *(group.parts for group in chosen)}
    batch = [group for group in found if group.parts in known or _may_stand(group.parts, true, minimum)]
    parents = sorted(known, key=lambda parts: (-len(parts), sorted(parts)))
    changes = True
    while changes:
        changes = False
        for parent in parents:
            inside = [group for group in found if group.parts <= parent]
            rest = [group for group in inside if group not in batch]
            left = frozenset[int]().union(*(group.parts for group in rest))
            if not rest or sum(len(group.parts) for group in inside) < len(parent):
                continue
            if len(rest) > 1 and _may_stand(left, true, minimum):
                continue
            shown_inside = [group for group in inside if group in batch and group.parts not in known]
            if shown_inside:
                batch.remove(min(shown_inside, key=lambda group: (int(_sum(true, group.parts).sum()), group.members)))
                changes = True
    return batch


def _may_stand(group: frozenset[int], true: Counts, minimum: int) -> bool:
    """Whether a group may be shown, and has so many of each kind that nothing is said of the parts in it."""
    counts = _sum(true, group)
    has_room = len(group) == 1 or (min(counts[:3]) >= _ROOM and (counts[3] >= _SILENT or not true[:, 3].any()))
    return has_room and is_told_apart(counts.tolist(), minimum)


def _audited(batch: list[Group], chosen: Sequence[Group], wave: _Wave) -> list[Group]:
    for _ in range(_TRIES):
        if not batch:
            return []
        open_one = leak(wave.true, wave.shown([*chosen, *batch]), wave.hidden)
        if open_one is None:
            return batch
        about = frozenset(open_one.tolist())
        rest = [group for group in batch if not group.parts & about]
        batch = _standing_alone(rest, chosen, wave.true, wave.minimum) if len(rest) < len(batch) else []
    return []


def _sum(true: Counts, parts: frozenset[int]) -> Counts:
    return np.asarray(true[sorted(parts)].sum(axis=0))
