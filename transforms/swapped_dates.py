"""Half-swapped dates: a spreadsheet of another locale took those with days up to 12 for dates, and exchanged day and month.

What it could not take for dates stays text, so that all days above 12 are written one way and all others another way.
Here: telling that from counts. Not here: counting (`transforms.staged`, `pipelines.sniff`), turning them back (`dates`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from transforms.dates import EPOCHS, SERIAL, SERIAL_1904, WORDS, is_typed, is_zoned

TYPED: Final = "typed"
"""The notation of dates that a spreadsheet has read: the year first, or a number of days."""

_MONTHS: Final = 12
#: Cells that people typed by hand may be otherwise.
_EXCEPTIONS: Final = 0.05
#: Of days by chance about two in five are up to 12; so seldom all of them are on the side where they are.
_EARLY: Final = 0.4
_CHANCE: Final = 0.05
_MAJORITY: Final = 0.5


def notation(fmt: str) -> str | None:
    """How a format writes dates, as far as it matters; None where day and month cannot be taken for one another."""
    if is_typed(fmt):
        return TYPED
    if (
        fmt in (*EPOCHS, SERIAL, SERIAL_1904, WORDS)
        or is_zoned(fmt)
        or fmt.startswith("%Y")
        or re.search(r"%[AaBbh]", fmt)
    ):
        return None
    return fmt.replace("%.f", "")


def may_be_swapped(formats: tuple[str, ...]) -> bool:
    """Whether formats read dates in more than one notation, without which none can be half-swapped."""
    found = {notation(fmt) for fmt in formats} - {None}
    return len(found) > 1


def half_swapped(counts: Mapping[str, tuple[int, int]]) -> int:
    """How many dates seem to be swapped, from the numbers of days up to 12 and above 12 in each notation; usually 0."""
    could_be_otherwise = {name: each for name, each in counts.items() if each[1] <= _EXCEPTIONS * sum(each)}
    proven = {
        name: each for name, each in counts.items() if name != TYPED and each[0] <= _EXCEPTIONS * sum(each) and each[1]
    }
    early = sum(each[0] for each in could_be_otherwise.values())
    late = sum(each[1] for each in proven.values())
    if not early or not late or early + late < _MAJORITY * sum(map(sum, counts.values())):
        return 0
    by_chance = early * math.log(_EARLY) + late * math.log(1 - _EARLY)
    return early if by_chance < math.log(_CHANCE) else 0
