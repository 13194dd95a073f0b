"""Half-swapped dates: a spreadsheet of another locale took those with days up to 12 for dates, and exchanged day and month.

What it could not take for dates stays text, so that all days above 12 are written one way and all others another way.
Where all are written one way, months tell it: dates with days up to 12 fall into months of the others only when they are
turned back. Here: telling that from counts. Not here: counting (`transforms.rows.staged`, `pipelines.sniff`), turning them
back (`instants`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import polars as pl

from transforms.dates.instants import EPOCHS, SERIAL, SERIAL_1904, WORDS, is_typed, is_zoned
from transforms.dates.periods import PERIOD, is_of_month

TYPED: Final = "typed"
"""The notation of dates that a spreadsheet has read: the year first, or a number of days."""

_MONTHS: Final = 12
#: Cells that people typed by hand may be otherwise.
_EXCEPTIONS: Final = 0.05
#: Of days by chance about two in five are up to 12; so seldom all of them are on the side where they are.
_EARLY: Final = 0.4
_CHANCE: Final = 0.05
_MAJORITY: Final = 0.5
#: How many dates must fall into months of the others if turned back, how many may as they stand, and how many it takes.
_TURNED: Final = 0.95
_AS_THEY_STAND: Final = 0.6
_FEWEST: Final = 10
_WITH_ZERO: Final = r"^\D*(?:0\d\D|\d{1,2}\D{1,2}0\d\D)"
_WITHOUT_ZERO: Final = r"^\D*(?:[1-9]\D|\d{1,2}\D{1,2}[1-9]\D)"

Dated = tuple[str, date, str, int]
"""The format of dates, their day, what `zeros` says of them, and how many there are."""


def notation(fmt: str) -> str | None:
    """How a format writes dates, as far as it matters; None where day and month cannot be taken for one another."""
    if is_typed(fmt):
        return TYPED
    if (
        fmt in (*EPOCHS, SERIAL, SERIAL_1904, WORDS, PERIOD)
        or is_of_month(fmt)
        or is_zoned(fmt)
        or fmt.startswith("%Y")
        or re.search(r"%[AaBbh]", fmt)
    ):
        return None
    return fmt.replace("%.f", "")


def may_be_swapped(formats: tuple[str, ...]) -> bool:
    """Whether formats read dates in more than one notation, or day and month in numbers; else none can be half-swapped."""
    return bool({notation(fmt) for fmt in formats} - {None, TYPED})


def zeros(text: pl.Expr) -> pl.Expr:
    """Whether a zero stands before numbers below 10 of the day and the month: `yes`, `no`, `both`; empty without such."""
    with_zero, without = text.str.contains(_WITH_ZERO), text.str.contains(_WITHOUT_ZERO)
    return (
        pl.when(with_zero & without)
        .then(pl.lit("both"))
        .when(with_zero)
        .then(pl.lit("yes"))
        .when(without)
        .then(pl.lit("no"))
        .otherwise(pl.lit(""))
    )


def seem_swapped(dated: Iterable[Dated]) -> int:
    """How many of a file's dates seem to be swapped, by how they are written or by their months; usually 0."""
    counts: dict[str, tuple[int, int]] = {}
    styles: dict[tuple[str, bool], set[str]] = {}
    days: dict[date, int] = {}
    for fmt, day, style, rows in dated:
        if name := notation(fmt):
            is_late = day.day > _MONTHS
            before = counts.get(name, (0, 0))
            counts[name] = (before[0] + rows * (not is_late), before[1] + rows * is_late)
            styles.setdefault((name, is_late), set()).update({style} - {""})
            days[day] = days.get(day, 0) + rows
    for name in list(counts):
        early, late = (styles.get((name, is_late), set()) for is_late in (False, True))
        if name != TYPED and early and late and not early & late and "both" not in early | late:
            # 5/1/2024 beside 13/01/2024: the spreadsheet wrote one, the file's maker the other.
            counts[f"{name} early"], counts[name] = (counts[name][0], 0), (0, counts[name][1])
    return half_swapped(counts) or out_of_months(days)


def out_of_months(days: Mapping[date, int]) -> int:
    """How many days up to 12 seem to be swapped, by the months in which they are and would be; usually 0."""
    months = {(day.year, day.month) for day in days if day.day > _MONTHS}
    early = {day: count for day, count in days.items() if day.day <= _MONTHS and day.day != day.month}
    total = sum(early.values())
    stand = sum(count for day, count in early.items() if (day.year, day.month) in months)
    turned = sum(count for day, count in early.items() if (day.year, day.day) in months)
    seems_so = len(early) >= _FEWEST and turned >= _TURNED * total and stand <= _AS_THEY_STAND * total
    return total if seems_so else 0


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
