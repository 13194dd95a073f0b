"""Chance that falls the same on every machine.

Here: the few draws that the demo needs. Not here: what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """Seeded chance, made of `Random.random` alone: the one draw that Python promises to repeat in every version."""

    def __init__(self, seed: int, purpose: str) -> None:
        """Each purpose has its own sequence, so that a change in one export leaves the others as they were."""
        self._next = Random(f"{seed}/{purpose}").random

    def chance(self, share: float) -> bool:
        """True in `share` of the throws."""
        return self._next() < share

    def below(self, end: int) -> int:
        """A whole number from 0 to end - 1."""
        return int(self._next() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number from first to last, both included."""
        return first + self.below(last - first + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def around(self, middle: float, spread: float) -> float:
        """A number near `middle`, bell-shaped, at most 3.5 spreads away.

        A sum of four even draws: additions give the same bits everywhere, logarithms and cosines may not.
        """
        bell = self._next() + self._next() + self._next() + self._next() - 2.0
        return middle + bell * spread * 1.7320508075688772
