"""The employee survey of the demo: two waves a year, a file each, separated by tabs.

Here: how HR writes it. Not here: what employees think (`mood`).

Two questions on 0-10 stand side by side; only one of them is the eNPS. The departments of small branches have fewer
people than may be published.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from examples import mood, verbatims
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import BRANCHES, DIVISIONS, Employee, Group

ENPS_QUESTION: Final = "How likely are you to recommend us as a place to work?"
CLIENT_QUESTION: Final = "How likely are you to recommend our services to a friend?"
#: Indexes of the months in which a wave runs: October and April.
WAVES: Final = (3, 9, 15, 21)

_HEADINGS: Final = (
    "Employee", "Branch", "Division", "Department", "Manager", "Submitted", "Status", ENPS_QUESTION, CLIENT_QUESTION,
    "What should we change?",
)  # fmt: skip
_NAMES: Final = {branch.code: branch.name for branch in BRANCHES}
_NOT_STARTED: Final = "Not started"
_SHARE_SILENT: Final = 0.1
_SHARE_NOT_SAID: Final = 0.03
_SHARE_PARTIAL: Final = 0.03
_SHARE_AGAIN: Final = 0.01


def exports(group: Group, seed: int) -> Iterator[Export]:
    """One file for each wave."""
    dice = Dice(seed, "staff")
    for index in WAVES:
        start = mood.month(index)
        rows = [row for employee in group.employees for row in _rows(employee, index, dice)]
        content = delimited([_HEADINGS, *rows], "\t", "utf-8")
        arrived_at = datetime(start.year, start.month, 28, 12, tzinfo=UTC)
        yield Export(f"landing/hr/employees_{start:%Y-%m}.tsv", content, arrived_at)


def _rows(employee: Employee, index: int, dice: Dice) -> Iterator[tuple[str, ...]]:
    if dice.chance(_SHARE_SILENT):
        # HR lists everybody, so that it can be seen how many were asked.
        yield _of(employee, "", _NOT_STARTED, "", "", "")
        return
    submitted_on = mood.month(index) + timedelta(days=dice.between(2, 18))
    yield _row(employee, index, submitted_on, dice)
    if dice.chance(_SHARE_AGAIN):
        yield _row(employee, index, submitted_on + timedelta(days=1), dice)


def _row(employee: Employee, index: int, submitted_on: date, dice: Dice) -> tuple[str, ...]:
    given = mood.score(mood.employee_level(employee.branch, employee.department, index), dice)
    partial = dice.chance(_SHARE_PARTIAL)
    return _of(
        employee,
        # As it is written in Croatia: with a point after the year, too, and without leading zeros.
        f"{submitted_on.day}.{submitted_on.month}.{submitted_on.year}.",
        "Partial" if partial else "Complete",
        "Prefer not to say" if dice.chance(_SHARE_NOT_SAID) else str(given),
        "" if partial else str(min(10, given + dice.below(3))),
        verbatims.employee(given, dice),
    )


def _of(employee: Employee, *told: str) -> tuple[str, ...]:
    """A row of somebody: who and where they are, and what they told."""
    place = (_NAMES[employee.branch], DIVISIONS[employee.department], employee.department, employee.manager)
    return (employee.code, *place, *told)
