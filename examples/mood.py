"""What people think in the demo: the story that its figures tell.

Here: how likely a client or an employee is to recommend, and what they say. Not here: who is asked, or by which system.

Osijek slides down over the two years, and its own people saw it half a year before the clients did. Rijeka is in
trouble until the spring of 2025 and recovers. The coast has a worse summer. Tourism recommends most, construction
least.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from examples.dice import Dice

FIRST_YEAR: Final = 2024
FIRST_MONTH: Final = 7
MONTHS: Final = 24

_TYPICAL: Final = 8.25
_SPREAD: Final = 1.75
_SHARE_ANGRY: Final = 0.04
_SLIDE: Final = 2.4
_TROUBLE: Final = 1.7
_RECOVERY_BEGINS: Final = 8
_EMPLOYEES_SEE_IT_EARLIER: Final = 6
_BRANCH: Final = {
    "ZG": 0.1, "ST": 0.2, "RI": 0.3, "OS": 0.5, "LJ": 0.7, "MB": 0.35, "SA": 0.0, "BL": -0.3, "BG": -0.15, "NS": 0.25,
    "PG": -0.5, "PE": -0.1,
}  # fmt: skip
_INDUSTRY: Final = {
    "technology": 0.15, "retail": -0.1, "manufacturing": 0.0, "tourism": 0.5, "construction": -0.6, "healthcare": 0.25,
}  # fmt: skip
_COAST: Final = ("ST", "RI", "PG")
_SUMMER: Final = (7, 8)


def month(index: int) -> date:
    """First day of the month with this index: 0 is July 2024, 23 is June 2026."""
    years, months = divmod(FIRST_MONTH - 1 + index, 12)
    return date(FIRST_YEAR + years, months + 1, 1)


def days(index: int) -> int:
    """How many days a month has."""
    return (month(index + 1) - month(index)).days


def client_level(branch: str, industry: str, index: int) -> float:
    """Where the answers of a branch's clients of one industry lie in a month, on 0-10."""
    season = -0.45 if branch in _COAST and month(index).month in _SUMMER else 0.0
    return _TYPICAL + _BRANCH[branch] + _INDUSTRY[industry] + _turn(branch, index) + season


def employee_level(branch: str, department: str, index: int) -> float:
    """Where the answers of a branch's staff lie: lower than those of clients, and earlier to turn."""
    ahead = min(index + _EMPLOYEES_SEE_IT_EARLIER, MONTHS - 1)
    busy = -0.5 if department == "Service" else 0.0
    return _TYPICAL - 0.45 + _BRANCH[branch] + _turn(branch, ahead) + busy


def score(level: float, dice: Dice) -> int:
    """One answer on 0-10."""
    if dice.chance(_SHARE_ANGRY):
        return dice.below(4)
    return min(10, max(0, int(dice.around(level, _SPREAD) + 0.5)))


def _turn(branch: str, index: int) -> float:
    if branch == "OS":
        return -_SLIDE * index / (MONTHS - 1)
    if branch == "RI":
        healed = max(0, index - _RECOVERY_BEGINS) / (MONTHS - 1 - _RECOVERY_BEGINS)
        return _TROUBLE * (healed - 1)
    return 0.0
