"""Columns of many numbers, as arrays: how they are put in order, and how few are found among them.

Not here: what the numbers stand for (`people`, `answered`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[Any]

#: Few numbers are found among many by their last bits, nearly all others left out: by so many bits at most, and by no more
#: than leave out most, since marks that fit into a processor's cache are looked up much faster.
_MARKED: Final = 24
_MARKS_FOR_EACH: Final = 6


class Marks(NamedTuple):
    """Numbers (Int64), by their last bits."""

    last_bits: Numbers

    @classmethod
    def of(cls, about: int, several: Iterable[Numbers]) -> Marks:
        """Marks of about so many numbers."""
        marks = np.zeros(1 << min(_MARKED, about.bit_length() + _MARKS_FOR_EACH), np.bool_)
        for numbers in several:
            marks[numbers & (len(marks) - 1)] = True
        return cls(marks)

    def places(self, numbers: Numbers, only: Numbers | None = None) -> Numbers:
        """Where those that are marked stand, and perhaps a few others; with `only`, which are in order, these alone."""
        near = np.flatnonzero(self.last_bits.take(numbers & (len(self.last_bits) - 1)))
        return near if only is None else near[only[np.searchsorted(only[:-1], numbers[near])] == numbers[near]]


def order_of(numbers: Numbers) -> Numbers:
    """The order of numbers (UInt64), in which equal ones stay in theirs.

    Numbers sort at a third of what their places do: so their last digits give way to their place. The few whose first
    digits are another's too are put in order by all of them.
    """
    digits = np.uint64(len(numbers).bit_length())
    last = (np.uint64(1) << digits) - np.uint64(1)
    packed = numbers << np.uint64(64 - max(1, int(numbers.max(initial=0)).bit_length()))
    packed &= ~last
    packed |= np.arange(len(numbers), dtype=np.uint64)
    packed = pl.Series(packed).sort().to_numpy()
    order, first = (packed & last).view(np.int64), packed >> digits
    told = numbers[order]
    is_shared = (first[1:] == first[:-1]) & (told[1:] != told[:-1])
    if is_shared.any():
        shared = np.unique(first[1:][is_shared])
        ends = np.zeros(len(first) + 1, np.int8)
        ends[np.searchsorted(first, shared)] += 1
        ends[np.searchsorted(first, shared, side="right")] -= 1
        at = np.flatnonzero(np.cumsum(ends[:-1], dtype=np.int8))
        order[at] = order[at][np.lexsort((order[at], told[at]))]
    return order
