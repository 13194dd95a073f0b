"""The call centre of the demo: one file per branch and month, as an old programme for Windows writes them.

Here: `;`, Windows-1251, a scale of 1-10, and every way in which a telephone call ends without an answer.
Not here: what people think (`mood`).

A file holds a few calls of the month before once more, with the score that listening to the recording gave. The March
2025 of Beograd was corrected by a file of its own, two months late.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from examples import mood, verbatims
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import Account, Group

#: The branches whose clients are called: those that the call centre can talk to in their own script.
CALLED_BRANCHES: Final = ("BG", "NS", "BL", "SA")
ENCODING: Final = "windows-1251"
#: Branch, index of the month, and day on which the late file came.
CORRECTED: Final = ("BG", 8, date(2025, 5, 12))

_HEADINGS: Final = ("Номер звонка", "Дата", "Телефон", "Клиент", "Исход", "Оценка", "Комментарий оператора", "Причина")
_PER_MONTH: Final = {"BG": 190, "NS": 105, "BL": 80, "SA": 110}
_SHARE_UNANSWERED: Final = 0.22
_SHARE_TWICE: Final = 0.004
_CORRECTIONS: Final = 3
#: Outcome and what stands in the score field: the last one but one is "hung up", the last the answering machine.
_NO_ANSWER: Final = (("нет ответа", ""), ("нет ответа", "нет ответа"), ("сброс", "сброс"), ("автоответчик", ""))  # noqa: RUF001
#: Scores that are none: the operator's slip, an average, a word. 0 is not on the scale that was asked.
_MISTYPED: Final = ("0", "11", "11", "7,5", "8.5", "пять", "100")
_SHARE_MISTYPED: Final = 0.012
_WRONG_DATES: Final = ("", "31.02.2025 10:15", "01.01.2062 09:00")
_SHARE_WRONG_DATE: Final = 0.003
_ASKED_UNTIL: Final = 6
_REASONS: Final = ("ОЖИДАНИЕ", "ОЖИДАНИЕ", "ЦЕНА", "СЧЕТ", "ПЕРСОНАЛ", "ДОСТАВКА")


@dataclass(frozen=True)
class _Call:
    number: str
    made_at: str
    phone: str
    account: str
    outcome: str
    score: str
    comment: str
    reason: str
    """Why somebody gave 0 to 6, as a code; nobody else is asked."""

    def row(self) -> tuple[str, ...]:
        asked = self.score.isdigit() and 1 <= int(self.score) <= _ASKED_UNTIL
        reason = self.reason if asked else ""
        return (self.number, self.made_at, self.phone, self.account, self.outcome, self.score, self.comment, reason)


def exports(group: Group, seed: int) -> Iterator[Export]:
    """The files of every called branch and month, in the order of branches, then months."""
    dice = Dice(seed, "calls")
    for place, branch in enumerate(CALLED_BRANCHES):
        before: list[_Call] = []
        for index in range(mood.MONTHS):
            calls = _month(group, branch, index, dice)
            following = mood.month(index + 1)
            arrived_at = datetime(following.year, following.month, 2, 5, 10 + place, tzinfo=UTC)
            name = f"landing/calls/calls_{branch}_{mood.month(index):%Y-%m}.txt"
            yield _file(name, [*_again(before, dice), *calls], arrived_at)
            if (branch, index) == CORRECTED[:2]:
                late = datetime.combine(CORRECTED[2], datetime.min.time(), UTC)
                yield _file(name.replace(".txt", "_correction.txt"), _corrected(calls, dice), late)
            before = calls


def _file(name: str, calls: list[_Call], arrived_at: datetime) -> Export:
    return Export(name, delimited([_HEADINGS, *(call.row() for call in calls)], ";", ENCODING), arrived_at)


def _again(before: list[_Call], dice: Dice) -> list[_Call]:
    answered = [call for call in before if call.score.isdigit()]
    return [_heard_again(dice.pick(answered), dice) for _ in range(_CORRECTIONS)] if answered else []


def _corrected(calls: list[_Call], dice: Dice) -> list[_Call]:
    return [_heard_again(call, dice) for call in calls if call.score.isdigit()][::4]


def _heard_again(call: _Call, dice: Dice) -> _Call:
    return replace(call, score=str(dice.between(1, 10)))


def _month(group: Group, branch: str, index: int, dice: Dice) -> list[_Call]:
    """The calls of one branch in one month, in their order; a few lines stand there twice."""
    start = mood.month(index)
    day = f"{start:%Y-%m-%d}"
    clients = [account for account in group.accounts if account.branch(day) == branch]
    midnight = datetime(start.year, start.month, 1)  # noqa: DTZ001 - the programme shows the clock on the wall
    calls: list[_Call] = []
    moments = sorted(
        midnight + timedelta(days=dice.below(mood.days(index)), minutes=dice.between(480, 1140))
        for _ in range(_PER_MONTH[branch])
    )
    for place, made_at in enumerate(moments):
        call = _call(f"{branch}{index:02d}-{place:05d}", dice.pick(clients), branch, (index, made_at), dice)
        calls += [call, call] if dice.chance(_SHARE_TWICE) else [call]
    return calls


def _call(number: str, account: Account, branch: str, when: tuple[int, datetime], dice: Dice) -> _Call:
    index, made_at = when
    client = dice.pick(account.contacts)
    given = mood.score(mood.client_level(branch, account.industry(f"{made_at:%Y-%m-%d}"), index), dice)
    outcome, score, comment = "ответ получен", str(max(1, given)), verbatims.call(given, dice)
    if dice.chance(_SHARE_UNANSWERED):
        (outcome, score), comment = dice.pick(_NO_ANSWER), ""
    elif dice.chance(_SHARE_MISTYPED):
        score = dice.pick(_MISTYPED)
    written = dice.pick(_WRONG_DATES) if dice.chance(_SHARE_WRONG_DATE) else f"{made_at:%d.%m.%Y %H:%M}"
    # Not drawn: the other exports stay as they were.
    reason = _REASONS[(made_at.minute + made_at.day) % len(_REASONS)]
    return _Call(number, written, client.phone, account.code, outcome, score, comment, reason)
