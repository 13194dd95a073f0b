"""Exchanges of answers that nobody could see: proofs that what is hidden of a wave is open, found without a solver.

Two people of parts that are in the same shown groups may have each other's answer; so may two pairs of people whose
exchanges cancel each other out in every shown group. Exchanges that need different people can all be made or left at will:
two of them that change a count of a hidden group prove that it is two apart at least. For who knows an answer, too, unless
nobody else of its part gives the same and they need it; then other exchanges must prove it.
Not here: what no exchange proves (`transforms.waves.audit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.waves.worlds import Counts, Places

Flags = npt.NDArray[np.bool_]

#: So often exchanges are looked for that prove a count, and in each of these rounds so often tried.
_ROUNDS: Final = 16
_TRIES: Final = 72
#: Pairs of parts are kept by what their exchange changes: so many at most, and of groups with so many pairs at most.
_PAIRS: Final = 200_000
_OF_GROUP: Final = 250_000
_USED_BY_ONE: Final = 4
_ANYBODY: Final = -2


@dataclass(frozen=True)
class _Rows:
    """Lists of places, one after another: the one of a row begins at `begins` and has `sizes` of them."""

    places: Places
    begins: Places
    sizes: Places

    def draw(self, rows: Places, random: np.random.Generator) -> Places:
        """One of the places of each of some rows, none of which is empty."""
        return np.asarray(self.places[self.begins[rows] + random.integers(self.sizes[rows])])


def proved(true: Counts, shown: Sequence[Places], hidden: Sequence[Places], demand: Counts) -> Flags:
    """Which counts of hidden groups are proved to be so far apart as `demand` has it: `groups, categories`.

    Also for whoever knows one answer. Of three in a group that leaves two, which need not be further than one apart; of a
    single person it leaves nobody.
    """
    random = np.random.default_rng(len(true))
    search = _Search(true, shown, hidden, random)
    done = demand <= 0
    group, category = np.nonzero(~done)
    answers = search.member.astype(np.int64) @ true[:, :3].sum(axis=1)
    people = search.member.astype(np.int64) @ true.sum(axis=1)
    wanted = demand[group, category]
    is_few = ((answers[group] == 3) & (wanted == 2)) | (people[group] == 1)  # noqa: PLR2004 - one more than two
    left = np.arange(len(group))
    # Whoever knows one of these answers may undo all proofs that were found of a count.
    critical = np.full((len(group), 2 * _USED_BY_ONE), _ANYBODY)
    for _ in range(_ROUNDS):
        if not len(left):
            break
        # One of these is held to be known: what is found then, they do not undo.
        place = (critical[left] >= 0).argmax(axis=1)
        kept = np.maximum(critical[left, place], -1)
        used, is_found = search.round(group[left], category[left], wanted[left], kept)
        of = left[is_found]
        needed = search.critical(used[is_found], group[of], is_few[of])
        both = (critical[of][:, :, None] == needed[:, None, :]).any(axis=2)
        is_first = critical[of, 0] == _ANYBODY
        critical[of] = np.where(is_first[:, None], needed, np.where(both, critical[of], -1))
        left = left[(critical[left] != -1).any(axis=1)]
    is_left = np.zeros(len(group), np.bool_)
    is_left[left] = True
    done[group, category] = ~is_left
    return done


class _Search:
    def __init__(
        self, true: Counts, shown: Sequence[Places], hidden: Sequence[Places], random: np.random.Generator
    ) -> None:
        self.random = random
        self.people = np.asarray(true).ravel()
        self.categories = true.shape[1]
        marks = np.zeros(len(true), np.uint64)
        for group in shown:
            marks[group] += random.integers(1 << 63, dtype=np.uint64)
        self.alike = _by_row(np.unique(marks, return_inverse=True)[1])
        self.kind = np.unique(marks, return_inverse=True)[1]
        self.one, self.other, self.begins, self.like = _pairs(marks, shown)
        self.of_part = _by_row(self.one, len(true))
        self.groups = _listed(hidden)
        self.member = np.zeros((len(hidden), len(true)), np.int8)
        for place, group in enumerate(hidden):
            self.member[place, group] = 1

    def round(self, group: Places, category: Places, wanted: Places, kept: Places) -> tuple[Places, Flags]:
        """Whom exchanges need, as far as so many were found as wanted of each count; one of `kept` stays as they are."""
        used = np.full((len(group), 2 * _USED_BY_ONE), -1)
        found = np.zeros(len(group), np.int64)
        left = np.arange(len(group))
        for _ in range(_TRIES):
            if not len(left):
                break
            needs, is_possible = self.tried(group[left], category[left], used[left], kept[left])
            which = left[is_possible]
            for place in range(_USED_BY_ONE):
                used[which, _USED_BY_ONE * found[which] + place] = needs[is_possible, place]
            found[which] += 1
            left = left[found[left] < wanted[left]]
        return used, found >= wanted

    def critical(self, used: Places, group: Places, is_few: Flags) -> Places:
        """Of whom exchanges need, those whose answer all of their part who gave the same are needed for, else -1."""
        number = (used[:, :, None] == used[:, None, :]).sum(axis=2)
        is_critical = (used >= 0) & (number >= self.people[used])
        is_inside = np.take_along_axis(self.member[group], np.maximum(used, 0) // self.categories, axis=1) > 0
        return np.where(is_critical & ~(is_few[:, None] & is_inside), used, -1)

    def tried(self, group: Places, category: Places, used: Places, kept: Places) -> tuple[Places, Flags]:
        """Whom an exchange that is tried for each count needs, as part and category in one number, and whether it can be."""
        random, size = self.random, len(group)
        first = self.groups.draw(group, random)
        is_unseen = (self.of_part.sizes[first] == 0) | (random.random(size) < 0.5)  # noqa: PLR2004 - one half
        pair = np.zeros(size, np.int64)
        if len(self.one):
            seen = np.flatnonzero(~is_unseen)
            pair[seen] = self.of_part.draw(first[seen], random)
        second = self.alike.draw(self.kind[first], random)
        third = fourth = np.zeros(size, np.int64)
        if len(self.one):
            back = self.begins[pair] + random.integers(self.like[pair])
            second = np.where(is_unseen, second, self.other[pair])
            third, fourth = self.one[back], self.other[back]
        other = (category + random.integers(1, self.categories, size)) % self.categories
        is_given = random.random(size) < 0.5  # noqa: PLR2004 - one half
        give, take = np.where(is_given, category, other), np.where(is_given, other, category)
        parts = np.stack([first, second, third, fourth], axis=1)
        needs = parts * self.categories + np.stack([give, take, take, give], axis=1)
        needs[is_unseen, 2:] = -1
        member = np.take_along_axis(self.member[group], parts, axis=1)
        moved = member[:, 0] - member[:, 1] - np.where(is_unseen, 0, member[:, 2] - member[:, 3])
        return needs, (np.abs(moved) == 1) & self._are_there(needs, used, kept)

    def _are_there(self, needs: Places, used: Places, kept: Places) -> Flags:
        """Whether there are so many people as needed, beside those whom other exchanges need."""
        taken = (needs[:, :, None] == used[:, None, :]).sum(axis=2)
        taken += (needs[:, :, None] == needs[:, None, :]).sum(axis=2) + (needs == kept[:, None])
        there = (self.people[needs] >= taken) | (needs < 0)
        # Who gives and takes at once exchanges nothing.
        parts = needs // self.categories
        apart = np.ones(len(needs), np.bool_)
        for one, other in ((0, 1), (2, 3), (0, 3), (1, 2)):
            apart &= (parts[:, one] != parts[:, other]) | (needs[:, other] < 0)
        return np.asarray(there.all(axis=1) & apart)


def _pairs(marks: npt.NDArray[np.uint64], shown: Sequence[Places]) -> tuple[Places, Places, Places, Places]:
    """Pairs of parts whose exchange shows, by what it changes; where those that change the same begin, and how many."""
    found = [np.zeros((2, 0), np.int64)]
    for group in sorted(shown, key=len):
        size = len(group)
        if size * size > _OF_GROUP:
            break
        found.append(np.stack([np.repeat(group, size), np.tile(group, size)]))
    one, other = np.concatenate(found, axis=1)
    changes = marks[one] - marks[other]
    is_seen = changes != 0
    one, other, changes = one[is_seen], other[is_seen], changes[is_seen]
    every = max(1, len(one) // _PAIRS)
    # By what they change, so that pairs that cancel each other out stay together.
    kept = changes % np.uint64(every) == 0 if every > 1 else np.ones(len(one), np.bool_)
    codes = np.unique(np.stack([one[kept], other[kept]]), axis=1) if kept.any() else np.zeros((2, 0), np.int64)
    one, other = codes
    changes = marks[one] - marks[other]
    order = np.argsort(changes, kind="stable")
    one, other, changes = one[order], other[order], changes[order]
    _, begins, place, like = np.unique(changes, return_index=True, return_inverse=True, return_counts=True)
    several = like[place] > 1
    if not several.all():
        one, other, changes = one[several], other[several], changes[several]
        _, begins, place, like = np.unique(changes, return_index=True, return_inverse=True, return_counts=True)
    return one, other, begins[place], like[place]


def _by_row(rows: Places, number: int | None = None) -> _Rows:
    """The places at which each row number stands."""
    sizes = np.bincount(rows, minlength=number or 0)
    return _Rows(np.argsort(rows, kind="stable"), np.cumsum(sizes) - sizes, sizes)


def _listed(groups: Sequence[Places]) -> _Rows:
    sizes = np.array([len(group) for group in groups], np.int64)
    return _Rows(np.concatenate([*groups, np.zeros(0, np.int64)]).astype(np.int64), np.cumsum(sizes) - sizes, sizes)
