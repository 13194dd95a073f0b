"""The auditor of a wave: whether what is about to be shown tells more of groups that are not shown than it may.

It knows nothing of how groups were chosen. It asks what somebody could find out who knows how many people each group has,
everything that is shown, and one answer, their own.
Not here: choosing groups (`transforms.waves.groups`), worlds that agree with what is shown (`transforms.waves.worlds`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.waves.exchanges import proved
from transforms.waves.worlds import Counts, Places, Solver, UnsettledError, walks

#: How many questions may be left to the solver.
QUESTIONS: Final = 60
#: How long walks are, of the smallest waves.
_STEPS: Final = 600
#: A group of more answers must be open by two, a smaller one by one.
_SMALL: Final = 2
_ANSWERS: Final = 3
Numbers = npt.NDArray[np.float32]
#: So many worlds of each end are looked at first.
_OF_ENDS: Final = 6


def leaks(true: Counts, shown: Sequence[Places], hidden: Sequence[Places], questions: int = QUESTIONS) -> list[Places]:
    """The hidden groups of which too much could be found out, or of which it was not settled that it could not.

    So many `questions` may be left to the solver; without any all is open that no exchanges prove.

    `true` has a row for each smallest part: detractors, passives, promoters and silent people (none where nobody knows how
    many people there are). `shown` and `hidden` are groups, as places of parts; `shown` begins with the whole.
    Too much is: the least and greatest number of one of the four that a hidden group can have are less than two apart, or
    less than one where it has at most two answers; unless the whole alone tells as much.
    """
    told = {frozenset(group.tolist()) for group in shown}
    secret = [group for group in hidden if frozenset(group.tolist()) not in told]
    if not secret or not true.sum():
        return []
    demand = demands(true, secret)
    in_doubt = np.asarray(~proved(true, shown, secret, demand).all(axis=1))
    left = [group for group, is_left in zip(secret, in_doubt.tolist(), strict=True) if is_left]
    if not left or not questions:
        return left
    return _Audit(true, shown, left, questions).open_groups(walks(true, shown, steps=_STEPS + 2 * len(true)))


def demands(true: Counts, hidden: Sequence[Places], known: int | None = None, inside: int = 0) -> Counts:
    """How far apart the ends must be of each hidden group and category: no further than the whole alone leaves them.

    `known` is the category of an answer that somebody knows, `inside` whether it is one of the group.
    """
    whole = true.sum(axis=0)
    people = np.array([true[group].sum() for group in hidden])
    answers = np.array([true[group, :_ANSWERS].sum() for group in hidden])
    if known is not None:
        whole[known] -= 1
        answers, people = answers - inside, people - inside
    rest = whole.sum() - people
    wanted = np.where(answers > _SMALL, 2, 1)[:, None]
    alone = np.minimum(np.minimum(whole, whole.sum() - whole)[None], np.minimum(people, rest)[:, None])
    return np.asarray(np.clip(np.minimum(wanted, alone), 0, None))


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
    return bool(leaks(true, [*shown, *known], hidden))


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

    def are_apart(self, agree: npt.NDArray[np.bool_], demand: Counts) -> bool:
        least = np.where(agree[self.low], self.least, np.inf).min(axis=0)
        most = np.where(agree[self.high], self.most, -np.inf).max(axis=0)
        return bool((most - least >= demand).all())


class _Audit:
    def __init__(self, true: Counts, shown: Sequence[Places], hidden: Sequence[Places], questions: int) -> None:
        self.questions = questions
        self.true, self.shown, self.hidden = true, shown, list(hidden)
        self.member: Numbers = np.zeros((len(hidden), len(true)), np.float32)
        for place, group in enumerate(hidden):
            self.member[place, group] = 1
        self.is_open = np.zeros(len(hidden), np.bool_)
        self.asked = 0
        self.solved: list[Counts] = []
        self.solver: Solver | None = None

    def open_groups(self, worlds: Counts) -> list[Places]:
        """The hidden groups that are too narrow, without or with one answer known, or of which that was not settled."""
        found = np.einsum("hp,wpc->whc", self.member, worlds.astype(np.float32), optimize=True)
        self._narrow(found, demands(self.true, self.hidden), None)
        parts, categories = np.nonzero(self.true[:, :_ANSWERS])
        wanted = [[demands(self.true, self.hidden, kind, inside) for inside in (0, 1)] for kind in range(_ANSWERS)]
        ends = _Ends(found)
        for part, category in zip(parts.tolist(), categories.tolist(), strict=True):
            inside = self.member[:, part, None] > 0
            demand = np.where(self.is_open[:, None], 0, np.where(inside, wanted[category][1], wanted[category][0]))
            agree = worlds[:, part, category] > 0
            if not ends.are_apart(agree, demand):
                self._narrow(found[agree], demand, (part, category))
        return [group for group, is_open in zip(self.hidden, self.is_open, strict=True) if is_open]

    def _narrow(self, found: Numbers, demand: Counts, known: tuple[int, int] | None) -> None:
        """Mark the groups that are too narrow in worlds that agree with what is known, and in all that a solver finds."""
        least, most = found.min(axis=0), found.max(axis=0)
        for group, category in np.argwhere(most - least < demand).tolist():
            if self.is_open[group]:
                continue
            seen = [*self._seen_by_solver(group, category, known), least[group, category], most[group, category]]
            if max(seen) - min(seen) < demand[group, category]:
                self.is_open[group] = self._width(group, category, known) < demand[group, category]

    def _seen_by_solver(self, group: int, category: int, known: tuple[int, int] | None) -> list[int]:
        places = self.hidden[group]
        return [int(world[places, category].sum()) for world in self.solved if known is None or world[known] > 0]

    def _width(self, group: int, category: int, known: tuple[int, int] | None) -> int:
        """How far the ends are apart; 0 where that is not settled."""
        self.asked += 1
        if self.asked > self.questions:
            return 0
        self.solver = self.solver or Solver(self.true, self.shown)
        try:
            ends = self.solver.ends(self.hidden[group], category, known)
        except UnsettledError:
            return 0
        self.solved += ends
        least, most = (int(world[self.hidden[group], category].sum()) for world in ends)
        return most - least
