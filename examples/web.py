"""The web survey of the demo: a SurveyMonkey collector for each survey year, exported as CSV with two rows of headings.

Here: the layout, the snapshots and what is wrong in them. Not here: what people think (`mood`).

Each export is the whole survey so far. The second one of a year has more answers; some of the earlier ones have changed
and a few are gone. The first export of 2024 lies there twice under two names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from examples import mood, verbatims
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import BRANCHES, Account, Contact, Group

SCORE_QUESTION: Final = "How likely is it that you would recommend us to a friend, colleague or business partner?"
BRANCH_QUESTION: Final = "Which branch did you deal with?"
COMMENT_QUESTION: Final = "What is the main reason for your score?"
TEST_COLLECTOR: Final = "400100001"
ANCHORS: Final = {0: "Not at all likely - 0", 10: "Extremely likely - 10"}

_MAIL_COLLECTOR: Final = "400100002"
_LINK_COLLECTOR: Final = "400100003"
_SERVICES: Final = ("Delivery", "Service desk", "Online shop")
_METADATA: Final = (
    "Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name",
    "Custom Data 1",
)  # fmt: skip
_HEADINGS: Final = (
    (*_METADATA, SCORE_QUESTION, COMMENT_QUESTION, BRANCH_QUESTION, "Which of our services do you use?", "", ""),
    (*[""] * len(_METADATA), "Response", "Open-Ended Response", "Response", *_SERVICES),
)
_PER_MONTH: Final = 690
_GROWTH: Final = 8
_TESTS: Final = 6
#: Seconds that it takes to answer, at most.
_LONGEST: Final = 900
#: Nobody begins in the last hours of a month, so that a second answer is still one of that month.
_LATEST: Final = 3 * 3_600
_SHARE_BLANK: Final = 0.04
_SHARE_AGAIN: Final = 0.02
_SHARE_ANONYMOUS: Final = 0.15
_SHARE_OTHER_BRANCH: Final = 0.04
_SHARE_NO_BRANCH: Final = 0.02
_NAMES: Final = {branch.code: branch.name for branch in BRANCHES}
_SHARE_CHANGED: Final = 0.01
_SHARE_DELETED: Final = 0.002


@dataclass(frozen=True)
class _Answer:
    number: int
    collector: str
    started_at: datetime
    seconds: int
    contact: Contact | None
    account: str
    score: int | None
    comment: str
    branch: str
    services: tuple[str, ...]
    address: str

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds)

    def row(self) -> tuple[str, ...]:
        person = self.contact or Contact("", "", "", "")
        score = "" if self.score is None else ANCHORS.get(self.score, str(self.score))
        return (
            str(self.number), self.collector, _stamp(self.started_at), _stamp(self.ended_at), self.address,
            person.email, person.first_name, person.last_name, self.account, score, self.comment, self.branch,
            *self.services,
        )  # fmt: skip


def exports(group: Group, seed: int) -> Iterator[Export]:
    """The exports of both survey years, in the order in which they came."""
    dice = Dice(seed, "web")
    for year, first_month in ((2024, 0), (2025, 12)):
        answers = [answer for index in range(first_month, first_month + 12) for answer in _month(group, index, dice)]
        half = datetime(year + 1, 1, 7, 8, 30)  # noqa: DTZ001 - the survey tool shows the clock of its account
        early = [answer for answer in answers if answer.ended_at < half]
        first = _export(early, year, half)
        yield first
        if year == mood.FIRST_YEAR:
            again = first.path.replace(".csv", " (1).csv")
            yield replace(first, path=again, arrived_at=first.arrived_at + timedelta(minutes=3))
        yield _export([*_revised(early, dice), *answers[len(early) :]], year, datetime(year + 1, 7, 3, 9, 15))  # noqa: DTZ001


def _export(answers: list[_Answer], year: int, exported_at: datetime) -> Export:
    newest_first = sorted(answers, key=lambda answer: answer.number, reverse=True)
    content = delimited([*_HEADINGS, *(answer.row() for answer in newest_first)], ",", "utf-8-sig")
    name = f"landing/web/client-survey-{year}_exported_{exported_at:%Y-%m-%d}.csv"
    return Export(name, content, exported_at.replace(tzinfo=UTC))


def _revised(answers: list[_Answer], dice: Dice) -> Iterator[_Answer]:
    """The answers of an earlier export as a later one shows them."""
    for answer in answers:
        if dice.chance(_SHARE_DELETED):
            continue
        yield replace(answer, score=dice.between(5, 10)) if dice.chance(_SHARE_CHANGED) else answer


def _month(group: Group, index: int, dice: Dice) -> list[_Answer]:
    """The answers of one month in the order in which they were given."""
    start = mood.month(index)
    midnight = datetime(start.year, start.month, 1)  # noqa: DTZ001
    answers = []
    for _ in range(_PER_MONTH + _GROWTH * index):
        account = dice.pick(group.accounts)
        started_at = midnight + timedelta(seconds=dice.below(mood.days(index) * 86_400 - _LATEST))
        answer = _answer(account, index, started_at, dice)
        answers.append(answer)
        if answer.contact and dice.chance(_SHARE_AGAIN):
            answers.append(replace(answer, started_at=started_at + timedelta(hours=2), score=dice.below(11)))
    tests = (midnight + timedelta(days=day, hours=9) for day in range(_TESTS) if index % 12 == 0)
    answers += [replace(answers[0], collector=TEST_COLLECTOR, started_at=at, score=0) for at in tests]
    answers.sort(key=lambda answer: answer.ended_at)
    first_number = 118_000_000_001 + 1_000_000 * index
    return [replace(answer, number=first_number + 317 * place) for place, answer in enumerate(answers)]


def _answer(account: Account, index: int, started_at: datetime, dice: Dice) -> _Answer:
    day = f"{started_at:%Y-%m-%d}"
    branch = dice.pick(BRANCHES).code if dice.chance(_SHARE_OTHER_BRANCH) else account.branch(day)
    anonymous = dice.chance(_SHARE_ANONYMOUS)
    given = mood.score(mood.client_level(branch, account.industry(day), index), dice)
    return _Answer(
        number=0,
        collector=_LINK_COLLECTOR if anonymous else _MAIL_COLLECTOR,
        started_at=started_at,
        seconds=dice.between(20, _LONGEST),
        contact=None if anonymous else dice.pick(account.contacts),
        account="" if anonymous else account.code,
        score=None if dice.chance(_SHARE_BLANK) else given,
        comment=verbatims.web(given, dice),
        branch="" if dice.chance(_SHARE_NO_BRANCH) else _NAMES[branch],
        services=tuple(service if dice.chance(0.4) else "" for service in _SERVICES),
        # An address range that is reserved for documentation.
        address=f"203.0.113.{dice.between(1, 254)}",
    )


def _stamp(at: datetime) -> str:
    return f"{at.month:02d}/{at.day:02d}/{at.year} {at.hour:02d}:{at.minute:02d}:{at.second:02d}"
