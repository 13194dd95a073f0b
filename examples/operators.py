"""The market survey of the demo: an agency asks people every quarter about the group and its two rivals.

Here: the layout, and how the rivals stand. Not here: what our own clients think (`mood`).

One file a quarter, one row per person and brand; who they are the agency tells nobody. Alfa was the best for
long and falls behind; Delta catches up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from examples import mood
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import BRANCHES, Group

#: What the agency calls the group.
OWN: Final = "Adria Group"
BRANDS: Final = (OWN, "Alfa", "Delta")

_HEADINGS: Final = ("Interview", "Date", "City", "Brand", "Recommend")
_PEOPLE: Final = 260
_QUARTERS: Final = mood.MONTHS // 3
#: Not everybody knows every brand.
_SHARE_KNOWS: Final = 0.85
_FIRST: Final = {OWN: 8.1, "Alfa": 8.45, "Delta": 7.4}
_PER_QUARTER: Final = {OWN: 0.05, "Alfa": -0.1, "Delta": 0.07}


def exports(_group: Group, seed: int) -> Iterator[Export]:
    """A file of each quarter, which comes some days after it."""
    dice = Dice(seed, "operators")
    for quarter in range(_QUARTERS):
        start = mood.month(3 * quarter)
        rows = [row for person in range(_PEOPLE) for row in _interview(quarter, start, person, dice)]
        name = f"landing/market/market_{start.year}-Q{(start.month + 2) // 3}.csv"
        end = mood.month(3 * quarter + 3)
        arrived_at = datetime(end.year, end.month, 12, 10, tzinfo=UTC)
        yield Export(name, delimited([_HEADINGS, *rows], ",", "utf-8"), arrived_at)


def _interview(quarter: int, start: date, person: int, dice: Dice) -> Iterator[tuple[str, ...]]:
    """What one person says of each brand that they know, in the middle month of the quarter."""
    day = start + timedelta(days=32 + dice.below(26))
    city = dice.pick(BRANCHES).name
    for brand in BRANDS:
        given = mood.score(_FIRST[brand] + quarter * _PER_QUARTER[brand], dice)
        if brand == OWN or dice.chance(_SHARE_KNOWS):
            yield f"M{quarter + 1}-{person + 1:03d}", f"{day:%Y-%m-%d}", city, brand, str(given)
