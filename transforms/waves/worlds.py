"""Worlds that agree with what is shown of a wave: who of whom answered what may be otherwise, and nobody could tell.

A world is a table of counts: for each smallest part of a wave how many of its people are detractors, passives, promoters or
silent. Walking from the true world, people exchange answers so that no shown count changes; what a walk comes to is a proof
that a count is not pinned. What no walk settles, integer programming does.
Not here: what follows for a publication (`transforms.waves.audit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]

WALKERS: Final = 256
#: Of a larger shown group only some pairs of its parts exchange answers.
_PAIRS_AT_MOST: Final = 2_000
#: Seconds that one question to the solver may take.
_PATIENCE: Final = 5.0


class UnsettledError(Exception):
    """The solver did not come to an end in time."""


@dataclass(frozen=True)
class _Moves:
    """Pairs of parts, sorted by what an exchange between them changes of shown counts.

    Pairs that change the same follow one another, and cancel each other out when one of them goes backwards.
    """

    one: Places
    other: Places
    begins: Places
    like: Places
    """Where the pairs that change the same begin, and how many there are."""
    is_unseen: npt.NDArray[np.bool_]
    """Whether an exchange changes nothing that is shown."""


def walks(true: Counts, shown: Sequence[Places], steps: int) -> Counts:
    """Worlds that agree with `shown`, the true one first: `worlds, parts, categories`."""
    random = np.random.default_rng(len(true))
    moves = _moves(len(true), shown, random)
    here = np.repeat(true[None], WALKERS, axis=0)
    found = [true[None]]
    for stretch in (steps // 8, steps - steps // 8) if len(moves.one) else ():
        for _ in range(stretch):
            _step(here, moves, random)
        found.append(here.copy())
    return np.concatenate(found)


def _moves(parts: int, shown: Sequence[Places], random: np.random.Generator) -> _Moves:
    marks = np.zeros(parts, np.uint64)
    for group in shown:
        marks[group] += random.integers(1 << 63, dtype=np.uint64)
    pairs = [_pairs(group, random) for group in (*shown, *_alike(marks))]
    one, other = np.unique(np.concatenate(pairs), axis=0).T if pairs else np.zeros((2, 0), np.int64)
    changes = marks[one] - marks[other]
    order = np.argsort(changes, kind="stable")
    one, other, changes = one[order], other[order], changes[order]
    _, begins, place, like = np.unique(changes, return_index=True, return_inverse=True, return_counts=True)
    useful = (changes == 0) | (like[place] > 1)
    return _Moves(one, other, begins[place], like[place], changes == 0) if useful.any() else _Moves(*[one[:0]] * 5)


def _alike(marks: npt.NDArray[np.uint64]) -> list[Places]:
    """The parts that are in the same shown groups."""
    order = np.argsort(marks, kind="stable")
    edges = np.flatnonzero(np.diff(marks[order])) + 1
    return np.split(order, edges)


def _pairs(group: Places, random: np.random.Generator) -> Places:
    size = len(group)
    if size * (size - 1) <= _PAIRS_AT_MOST:
        one, other = np.divmod(np.arange(size * size), max(size, 1))
    else:
        one, other = random.integers(size, size=(2, _PAIRS_AT_MOST))
    found = np.stack([group[one], group[other]], axis=1)
    return np.asarray(found[found[:, 0] != found[:, 1]])


def _step(here: Counts, moves: _Moves, random: np.random.Generator) -> None:
    """Each walker tries to exchange the answers of two people, and those of two others back where that shows."""
    walker = np.arange(len(here))
    pair = random.integers(len(moves.one), size=len(here))
    back = moves.begins[pair] + random.integers(moves.like[pair])
    a, b, c, d = moves.one[pair], moves.other[pair], moves.one[back], moves.other[back]
    give = random.integers(here.shape[2], size=len(here))
    take = (give + random.integers(1, here.shape[2], size=len(here))) % here.shape[2]
    unseen = moves.is_unseen[pair]
    possible = (here[walker, a, give] > 0) & (here[walker, b, take] > 0)
    others = (here[walker, c, take] > 0) & (here[walker, d, give] > 0)
    possible &= unseen | (others & (a != c) & (b != d) & (a != d) & (b != c))
    for at, less, more, which in (
        (a, give, take, possible), (b, take, give, possible),
        (c, take, give, possible & ~unseen), (d, give, take, possible & ~unseen),
    ):  # fmt: skip
        who = walker[which]
        here[who, at[which], less[which]] -= 1
        here[who, at[which], more[which]] += 1


class Solver:
    """The least and greatest that a count can be, in all worlds that agree with what is shown."""

    def __init__(self, true: Counts, shown: Sequence[Places]) -> None:
        """`true` and `shown` as `walks` has them."""
        from scipy.sparse import csr_array, identity, kron, vstack  # noqa: PLC0415 - costs half a second

        parts, self._categories = true.shape
        places = np.concatenate([*shown, np.zeros(0, np.int64)])
        rows = np.repeat(np.arange(len(shown)), [len(group) for group in shown])
        seen = csr_array((np.ones(len(places)), (rows, places)), shape=(len(shown), parts))
        people = kron(identity(parts), np.ones((1, self._categories)))
        self._sums = vstack([people, kron(seen, identity(self._categories))]).tocsr()
        self._told = np.concatenate([true.sum(axis=1), (seen @ true).ravel()])
        self._most = np.repeat(true.sum(axis=1), self._categories).astype(float)

    def ends(self, group: Places, category: int, known: tuple[int, int] | None = None) -> list[Counts]:
        """The worlds in which a group has fewest and most of a category.

        `known` is the part and category of one answer that somebody knows. Raises `UnsettledError`.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - costs half a second

        wanted = np.zeros(len(self._most))
        wanted[group * self._categories + category] = 1
        least = np.zeros(len(self._most))
        if known is not None:
            least[known[0] * self._categories + known[1]] = 1
        worlds = []
        for sign in (1, -1):
            found = milp(
                sign * wanted,
                integrality=np.ones(len(wanted)),
                bounds=Bounds(least, self._most),
                constraints=LinearConstraint(self._sums, self._told, self._told),
                options={"time_limit": _PATIENCE},
            )
            if found.status != 0:
                raise UnsettledError
            worlds.append(np.rint(found.x).astype(np.int64).reshape(-1, self._categories))
        return worlds
