"""Which groups of employees a wave may show, so that nobody can work out the others.

Here: choosing. Not here: what groups there are (`transforms.waves.groups`), whether what was chosen tells too much
(`transforms.waves.audit`), when a wave closes (`transforms.waves.closing`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.waves.audit import QUESTIONS, leaks
from transforms.waves.groups import Group, hidden_from, is_told_apart, shown_as
from transforms.waves.worlds import Counts, Places

#: So many of each kind a group of several parts has, so that also who knows one of them learns nothing of the parts.
_ROOM: Final = 3
_SILENT: Final = 2
#: So often groups are left out of a table before all of it is.
_TRIES: Final = 18
#: Of waves with more parts no group is shown that leaves another in doubt: a solver would take too long for each.
_PARTS_TO_SOLVE: Final = 150


def shown(  # noqa: PLR0913 - what is known, and what is left out beside
    groups: Mapping[str, Sequence[Group]],
    true: Counts,
    minimum: int,
    every: Mapping[str, Sequence[Group]] | None = None,
    known: Collection[frozenset[int]] = (),
    *,
    by_chance: Collection[frozenset[int]] = (),
) -> list[Group]:
    """The groups that may be shown: table by table, coarse ones first, as many as leave the others hidden.

    Of `every` group that there is (all of `groups` unless given) those not shown are to stay hidden, also from who knows the
    counts of the groups `known` already. Those left out `by_chance` are not shown either.
    `true` is what `counts_of` says of all parts. Of the groups of a table those are shown that could be shown alone; then
    of every group that is shown already, and of all people, what is left of it must be able to stand alone too, and be of
    two groups at least: else the smallest is left out with it. At last the auditor is asked; of the closest
    shown groups around what the auditor finds open the smallest groups of the table are left out, and the whole
    table where that does not help.
    """
    whole = frozenset(range(len(true)))
    if not is_told_apart(true.sum(axis=0).tolist(), minimum):
        return []
    chosen: list[Group] = []
    left_out = {*by_chance}
    hidden = hidden_from(every or groups, len(true))
    for found in groups.values():
        parents = {whole, *(group.parts for group in chosen)}
        table = _Table(found, sorted(parents, key=lambda parts: (-len(parts), sorted(parts))), true, minimum)
        # What one table leaves out is shown by none, whatever it is called there.
        table.is_shown &= np.array([group.parts not in left_out for group in found], dtype=bool)
        let_out = _audited(table, [*known, *(group.parts for group in chosen)], true, hidden)
        chosen += let_out
        left_out |= {group.parts for group in found} - {group.parts for group in let_out}
    return chosen


def _audited(table: _Table, before: Sequence[frozenset[int]], true: Counts, hidden: Sequence[Places]) -> list[Group]:
    table.settle()
    questions = QUESTIONS if len(true) <= _PARTS_TO_SOLVE else 0
    for attempt in range(_TRIES):
        batch = table.batch
        if table.tells_nothing_new:
            return batch
        found = leaks(true, shown_as([*before, *(group.parts for group in batch)], len(true)), hidden, questions)
        if not found:
            return batch
        table.leave_out([frozenset(group.tolist()) for group in found], 2 ** (attempt // 3))
        table.settle()
        if len(table.batch) == len(batch):
            return []
    return []


@dataclass(frozen=True)
class _Inside:
    """The groups of a table that lie in a shown one."""

    groups: Places
    is_all: bool
    """Whether they are all of it."""


class _Table:
    """The groups of a table, of which fewer and fewer are to be shown."""

    def __init__(self, found: Sequence[Group], parents: Sequence[frozenset[int]], true: Counts, minimum: int) -> None:
        self.found, self.parents, self.minimum = found, parents, minimum
        self.has_silent = bool(true[:, 3].any())
        self.counts = np.array([true[sorted(group.parts)].sum(axis=0) for group in found], np.int64).reshape(-1, 4)
        self.sizes = np.array([len(group.parts) for group in found], np.int64)
        known = {*parents}
        self.is_known = np.array([group.parts in known for group in found], np.bool_)
        alone = [self._may_stand(self.counts[place], len(group.parts)) for place, group in enumerate(found)]
        self.is_shown = self.is_known | np.array(alone, np.bool_)
        by_size = sorted(range(len(found)), key=lambda place: (int(self.counts[place].sum()), found[place].members))
        self.rank = np.argsort(by_size)
        self.inside = [self._inside(parent) for parent in parents]

    @property
    def batch(self) -> list[Group]:
        """The groups that are still to be shown."""
        return [group for group, is_shown in zip(self.found, self.is_shown, strict=True) if is_shown]

    @property
    def tells_nothing_new(self) -> bool:
        """Whether all of them are shown already, by other names, or none is to be shown."""
        return not (self.is_shown & ~self.is_known).any()

    def settle(self) -> None:
        """Leave out groups until what is left of each shown one can stand alone, and is of two groups at least."""
        changes = True
        while changes:
            changes = False
            for inside in self.inside:
                rest = inside.groups[~self.is_shown[inside.groups]]
                if not len(rest) or not inside.is_all:
                    continue
                left = self.counts[rest].sum(axis=0)
                if len(rest) > 1 and self._may_stand(left, int(self.sizes[rest].sum())):
                    continue
                changes |= self._leave_out_smallest(inside)

    def leave_out(self, open_groups: Sequence[frozenset[int]], number: int) -> None:
        """Leave out so many of the smallest groups beside each that is open, in the closest shown groups around it."""
        wanted: set[int] = set()
        for about in open_groups:
            closest: list[int] = []
            # Larger ones come first.
            for place in range(len(self.parents) - 1, -1, -1):
                parent = self.parents[place]
                if (
                    about <= parent
                    and self._left_in(place)
                    and not any(self.parents[each] < parent for each in closest)
                ):
                    closest.append(place)
            wanted.update(closest)
        for place in sorted(wanted):
            for _ in range(number):
                self._leave_out_smallest(self.inside[place])

    def _left_in(self, place: int) -> bool:
        inside = self.inside[place].groups
        return bool((self.is_shown[inside] & ~self.is_known[inside]).any())

    def _leave_out_smallest(self, inside: _Inside) -> bool:
        shown = inside.groups[self.is_shown[inside.groups] & ~self.is_known[inside.groups]]
        if not len(shown):
            return False
        self.is_shown[shown[self.rank[shown].argmin()]] = False
        return True

    def _inside(self, parent: frozenset[int]) -> _Inside:
        places = np.array([place for place, group in enumerate(self.found) if group.parts <= parent], np.int64)
        return _Inside(places, int(self.sizes[places].sum()) == len(parent))

    def _may_stand(self, counts: Counts, parts: int) -> bool:
        """Whether a group may be shown, and has so many of each kind that nothing is said of the parts in it."""
        kinds = counts.tolist()
        has_room = parts == 1 or (min(kinds[:3]) >= _ROOM and (kinds[3] >= _SILENT or not self.has_silent))
        return has_room and is_told_apart(kinds, self.minimum)
