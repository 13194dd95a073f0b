"""What the CRM of the demo notes about calling unhappy clients back: two dumps of tickets.

Here: who was called when, and what came of it. Not here: what clients think (`mood`), the rest of the CRM (`crm`).

A ticket names the answer by the id that its system gave it, of the web survey and of the call centre. The second dump holds
the tickets of the first as they are by then. Osijek calls late, if at all; Rijeka has learnt to.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from examples import calls, web
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import BRANCHES, Group

DUMPED_ON: Final = (date(2025, 12, 31), date(2026, 7, 4))

_HEADINGS: Final = ("TICKET", "ANSWER_ID", "OPENED", "OWNER", "FIRST_CALL", "CLOSED", "STATUS", "RESULT", "CAUSE")
_CODES: Final = {branch.name: branch.code for branch in BRANCHES}
_DETRACTOR_UNTIL: Final = 6
_SHARE_TICKET: Final = 0.9
_SHARE_OPTED_OUT: Final = 0.02
_SHARE_CLOSED: Final = 0.85
_HOURS: Final = {"OS": 90, "RI": 14, "ST": 40}
_USUAL_HOURS: Final = 26
_RESULTS: Final = ("riješeno", "riješeno", "riješeno", "ostaje", "ostaje", "otišao", "nedostupan")
_CAUSES: Final = ("čekanje", "čekanje", "račun", "dostava", "cijena", "")
_CLOCK: Final = "%d.%m.%Y %H:%M"

Answer = tuple[str, datetime, str]
"""The id of an unhappy client's answer, when it was given, and the code of its branch."""


def exports(group: Group, seed: int) -> Iterator[Export]:
    """Two dumps: the second one holds all of the first, as it is by then."""
    dice = Dice(seed, "tickets")
    found = sorted(
        {answer[0]: answer for answer in _unhappy(group, seed)}.values(), key=lambda each: (each[1], each[0])
    )
    tickets = [_ticket(answer, dice) for answer in found if dice.chance(_SHARE_TICKET)]
    for day in DUMPED_ON:
        end = datetime(day.year, day.month, day.day, 18)  # noqa: DTZ001 - the CRM shows the clock on the wall
        rows = [_as_it_is(ticket, end) for ticket in tickets if ticket[1] <= end]
        content = delimited([_HEADINGS, *rows], ";", "utf-8-sig")
        yield Export(f"landing/crm/tickets_{day}.csv", content, end.replace(tzinfo=UTC))


def _unhappy(group: Group, seed: int) -> Iterator[Answer]:
    """The unhappy clients among those that the survey tool and the call centre know by an id."""
    for export in web.exports(group, seed):
        for row in _rows(export, "utf-8-sig", ",", 2):
            score = row[9].rpartition(" ")[2]
            if score.isdigit() and int(score) <= _DETRACTOR_UNTIL:
                at = datetime.strptime(row[3], "%m/%d/%Y %H:%M:%S")  # noqa: DTZ007
                yield row[0], at, _CODES.get(row[11], "")
    for export in calls.exports(group, seed):
        for row in _rows(export, calls.ENCODING, ";", 1):
            called_at = _moment(row[1])
            if row[5].isdigit() and int(row[5]) <= _DETRACTOR_UNTIL and called_at is not None:
                yield row[0], called_at, row[0][:2]


def _rows(export: Export, encoding: str, delimiter: str, headings: int) -> Iterable[list[str]]:
    return list(csv.reader(io.StringIO(export.content.decode(encoding), newline=""), delimiter=delimiter))[headings:]


def _moment(text: str) -> datetime | None:
    """A date of the call centre, where it is one of the history."""
    try:
        at = datetime.strptime(text, _CLOCK)  # noqa: DTZ007
    except ValueError:
        return None
    return at if at < datetime(2026, 7, 1) else None  # noqa: DTZ001


_Ticket = tuple[str, datetime, str, datetime | None, datetime | None, str, str, str]


def _ticket(answer: Answer, dice: Dice) -> _Ticket:
    """A ticket as it will be in the end: id, opened, owner, first call, closed, status, result, cause."""
    number, at, branch = answer
    opened = at + timedelta(minutes=dice.between(5, 600))
    owner = f"agent{dice.between(1, 9)}@group.example"
    if dice.chance(_SHARE_OPTED_OUT):
        return number, opened, owner, None, None, "ne zvati", "", ""
    hours = _HOURS.get(branch, _USUAL_HOURS)
    called = opened + timedelta(minutes=dice.between(10, 120) * hours)
    closed = called + timedelta(hours=dice.between(1, 200)) if dice.chance(_SHARE_CLOSED) else None
    return number, opened, owner, called, closed, "zvano", dice.pick(_RESULTS), dice.pick(_CAUSES)


def _as_it_is(ticket: _Ticket, now: datetime) -> tuple[str, ...]:
    """A row of a dump: what has happened by then."""
    number, opened, owner, called, closed, status, result, cause = ticket
    was_called, was_closed = called is not None and called <= now, closed is not None and closed <= now
    state = "zatvoreno" if was_closed else status if was_called or called is None else "otvoreno"
    return (
        f"T-{number}", number, f"{opened:{_CLOCK}}", owner, f"{called:{_CLOCK}}" if was_called else "",
        f"{closed:{_CLOCK}}" if was_closed else "", state, result if was_closed else "", cause if was_closed else "",
    )  # fmt: skip
