"""The auditor of a wave: whether what is about to be shown tells more of groups that are not shown than it may.

It knows nothing of how groups were chosen. It asks what somebody could find out who knows how many people each group has,
everything that is shown, and one answer, their own.
Not here: choosing groups (`transforms.groups`), worlds that agree with what is shown (`transforms.worlds`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.worlds import Counts, Places, Solver, UnsettledError, walks

#: How many questions the walks may leave to the solver; with more a wave counts as unsettled.
QUESTIONS: Final = 60
#: How long walks are, of the smallest waves.
_STEPS: Final = 600
#: A group of more answers must be open by two, a smaller one by one.
_SMALL: Final = 2
_ANSWERS: Final = 3
Numbers = npt.NDArray[np.float32]
#: So many worlds of each end are looked at first.
_OF_ENDS: Final = 6


def leak(true: Counts, shown: Sequence[Places], hidden: Sequence[Places]) -> Places | None:
    """A hidden group of which too much could be found out, or None.

    `true` has a row for each smallest part: detractors, passives, promoters and silent people (none where nobody knows how
    many people there are). `shown` and `hidden` are groups, as places of parts; `shown` begins with the whole.
    Too much is: the least and greatest number of one of the four that a hidden group can have are less than two apart, or
    less than one where it has at most two answers; unless the whole alone tells as much.
    """
    told = {frozenset(group.tolist()) for group in shown}
    secret = [group for group in hidden if frozenset(group.tolist()) not in told]
    if not secret or not true.sum():
        return None
    worlds = walks(true, shown, steps=_STEPS + 2 * len(true))
    return _Audit(true, shown, secret).worst(worlds)


def leaks(true: Counts, shown: Sequence[Places], hidden: Sequence[Places]) -> list[Places]:
    """All hidden groups of which too much could be found out; where that is not settled, those that are left count too."""
    found: list[Places] = []
    left = [*hidden]
    while (worst := leak(true, shown, left)) is not None:
        about = [group for group in left if np.array_equal(group, worst)] or left
        found += about
        left = [group for group in left if not any(group is each for each in about)]
    return found


def is_open(
    true: Counts, shown: Sequence[Places], hidden: Sequence[Places], minimum: int, known: Sequence[Places] = ()
) -> bool:
    """Whether what is shown of a wave must not be published: the gate of a wave when it closes.

    `known` are groups whose counts are known beside.

    Each shown group, and what is left of one or of the whole without shown groups of it that share nobody, is
    published as good as itself: it must be large enough and its answers not all alike, nor all but one.
    """
    if len(shown) < 2:  # noqa: PLR2004 - the whole alone
        return False
    groups = [frozenset(group.tolist()) for group in shown]
    without = [group - other for group in groups for other in groups if other < group]
    told = [*groups, *without, *(left for left in (_left(group, groups) for group in groups) if left)]
    if any(_is_small_or_alike(true[sorted(group)].sum(axis=0), minimum) for group in told):
        return True
    return leak(true, [*shown, *known], hidden) is not None


def _left(whole: frozenset[int], groups: Sequence[frozenset[int]]) -> frozenset[int]:
    """What the largest shown groups inside of a group leave of it, where these share nobody."""
    inside = [group for group in groups if group < whole]
    largest = [group for group in inside if not any(group < other for other in inside)]
    left = whole.difference(*largest)
    return left if sum(map(len, largest)) + len(left) == len(whole) else frozenset()


def _is_small_or_alike(counts: Counts, minimum: int) -> bool:
    answers = int(counts[:_ANSWERS].sum())
    return answers < minimum or int(counts[:_ANSWERS].max()) >= answers - 1


class _Ends:
    """The worlds in which a count is least and greatest: mostly some of them agree with whatever somebody knows."""

    def __init__(self, found: Numbers) -> None:
        order = np.argsort(found, axis=0)
        self.low, self.high = order[:_OF_ENDS], order[-_OF_ENDS:]
        self.least, self.most = (np.take_along_axis(found, which, axis=0) for which in (self.low, self.high))

    def are_apart(self, agree: npt.NDArray[np.bool_], demand: Numbers) -> bool:
        least = np.where(agree[self.low], self.least, np.inf).min(axis=0)
        most = np.where(agree[self.high], self.most, -np.inf).max(axis=0)
        return bool((most - least >= demand).all())


class _Audit:
    def __init__(self, true: Counts, shown: Sequence[Places], hidden: Sequence[Places]) -> None:
        self.true, self.shown, self.hidden = true, shown, hidden
        self.member: Numbers = np.zeros((len(hidden), len(true)), np.float32)
        for place, group in enumerate(hidden):
            self.member[place, group] = 1
        self.people = self.member @ true.sum(axis=1)
        self.answers = self.member @ true[:, :_ANSWERS].sum(axis=1)
        self.asked = 0
        self.solved: list[Counts] = []
        self.solver: Solver | None = None

    def worst(self, worlds: Counts) -> Places | None:
        """The first hidden group that is too narrow, without and then with one answer known."""
        found = np.einsum("hp,wpc->whc", self.member, worlds.astype(np.float32), optimize=True)
        try:
            narrow = self._narrow(found, self._demand(None, None), None)
            if narrow is not None:
                return self.hidden[narrow]
            parts, categories = np.nonzero(self.true[:, :_ANSWERS])
            demands = [[self._demand(category, inside) for inside in (0, 1)] for category in range(_ANSWERS)]
            ends = _Ends(found)
            for part, category in zip(parts.tolist(), categories.tolist(), strict=True):
                inside = self.member[:, part, None] > 0
                demand = np.where(inside, demands[category][1], demands[category][0])
                agree = worlds[:, part, category] > 0
                if ends.are_apart(agree, demand):
                    continue
                narrow = self._narrow(found[agree], demand, (part, category))
                if narrow is not None:
                    return self.hidden[narrow]
        except UnsettledError:
            return self.shown[0]
        return None

    def _demand(self, known: int | None, inside: int | None) -> Numbers:
        """How far apart the ends must be of each hidden group and category: no further than the whole alone leaves them."""
        whole = self.true.sum(axis=0).astype(np.float32)
        answers, people = self.answers, self.people
        if known is not None:
            whole[known] -= 1
            answers, people = answers - (inside or 0), people - (inside or 0)
        rest = whole.sum() - people
        wanted = np.where(answers > _SMALL, 2, 1)[:, None]
        alone = np.minimum(np.minimum(whole, whole.sum() - whole)[None], np.minimum(people, rest)[:, None])
        return np.asarray(np.clip(np.minimum(wanted, alone), 0, None), np.float32)

    def _narrow(self, found: Numbers, demand: Numbers, known: tuple[int, int] | None) -> int | None:
        least, most = found.min(axis=0), found.max(axis=0)
        for group, category in np.argwhere(most - least < demand).tolist():
            seen = [*self._seen_by_solver(group, category, known), least[group, category], most[group, category]]
            if max(seen) - min(seen) >= demand[group, category]:
                continue
            if self._width(group, category, known) < demand[group, category]:
                return int(group)
        return None

    def _seen_by_solver(self, group: int, category: int, known: tuple[int, int] | None) -> list[int]:
        places = self.hidden[group]
        return [int(world[places, category].sum()) for world in self.solved if known is None or world[known] > 0]

    def _width(self, group: int, category: int, known: tuple[int, int] | None) -> int:
        self.asked += 1
        if self.asked > QUESTIONS:
            raise UnsettledError
        self.solver = self.solver or Solver(self.true, self.shown)
        ends = self.solver.ends(self.hidden[group], category, known)
        self.solved += ends
        least, most = (int(world[self.hidden[group], category].sum()) for world in ends)
        return most - least
