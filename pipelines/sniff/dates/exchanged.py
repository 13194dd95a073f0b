"""Dates of which a spreadsheet of another locale seems to have exchanged day and month, where it could.

Here: how each date is written, and whether it could be taken for another. Not here: what follows from how often each
occurs (`transforms.dates.swapped`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.sniff.dates.date_shapes import day_and_month
from pipelines.sniff.dates.orders import Dated
from transforms.dates.instants import SERIAL, DateReading, instant, is_typed, is_zoned
from transforms.dates.swapped import TYPED, half_swapped

_NUMBER: Final = re.compile(r"\d+")
_MONTHS: Final = 12


def seem_swapped(dated: Dated) -> int:
    """How many dates seem to be half-swapped."""
    counts: dict[str, list[int]] = {}
    zeros: dict[tuple[str, int, bool], set[bool]] = {}
    for text, count, fmt in dated:
        name, late = _notation(text, fmt)
        if name:
            counts.setdefault(name, [0, 0])[late] += count
            for place, has_zero in _leading_zeros(text):
                zeros.setdefault((name, place, late), set()).add(has_zero)
    for name, place, late in list(zeros):
        others = zeros.get((name, place, True))
        if not late and others and not others & zeros[name, place, False] and name in counts:
            # 5/1/2024 beside 13/01/2024: the spreadsheet wrote one, the file's maker the other.
            counts[f"{name} short"], counts[name] = [counts[name][0], 0], [0, counts[name][1]]
    return half_swapped({name: (early, late) for name, (early, late) in counts.items()})


def _notation(text: str, fmt: str) -> tuple[str | None, bool]:
    """How a date is written, and whether it can be read in one way only."""
    if fmt == SERIAL:
        read = pl.select(instant(pl.lit(text), DateReading((SERIAL,), "UTC"))).item()
        return TYPED, bool(read and read.day > _MONTHS)
    numbers = day_and_month(text)
    if numbers is None or is_zoned(fmt):
        return None, False
    first, second, year_first = numbers
    if year_first:
        return (TYPED if is_typed(fmt) else None), second > _MONTHS
    return fmt.replace("%.f", ""), max(first, second) > _MONTHS


def _leading_zeros(text: str) -> Iterator[tuple[int, bool]]:
    """For each of the first two numbers below 10 its place, and whether a zero stands before it."""
    for place, number in enumerate(_NUMBER.findall(text)[:2]):
        if len(number) <= 2 and int(number) < 10:  # noqa: PLR2004 - digits
            yield place, number.startswith("0")
