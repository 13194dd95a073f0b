"""Columns of many numbers, as arrays: how they are put in order.

Not here: what the numbers stand for (`people`, `answered`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[Any]


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
