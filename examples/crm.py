"""The CRM of the demo: dumps of client cards with a score on them, of accounts, and of branches.

Here: how the CRM writes them. Not here: what people think (`mood`).

A dump of cards is everything that stands on them that day. So a card that has not changed comes again, equal cell for
cell, in the next dump. The number fields carry a decimal comma, the industries are typed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from examples import mood, verbatims
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import BRANCHES, REORGANISED_ON, Account, Contact, Group

#: How the industries are misspelt or named in the house's language; nps.yaml says what they mean.
SPELLINGS: Final = {
    "technology": ("Technology", "technolgy", "IT"),
    "retail": ("Retail", "retial", "trgovina"),
    "manufacturing": ("Manufacturing", "manufactoring", "proizvodnja"),
    "tourism": ("Tourism", "turizam", "hospitality"),
    "construction": ("Construction", "constuction", "građevina"),
    "healthcare": ("Healthcare", "health care", "zdravstvo"),
}
FIRST_DUMP_ON: Final = "2024-06-30"

_CARD: Final = ("ACCOUNT_ID", "CONTACT_EMAIL", "CARD_STATUS", "INDUSTRY", "NPS_SCORE", "NPS_DATE_UTC", "NPS_COMMENT")
_ACCOUNT: Final = ("ACCOUNT_ID", "NAME", "INDUSTRY", "OFFICE")
_QUARTERS: Final = 8
_ASKED_PER_QUARTER: Final = 1_450
_SHARE_TYPO: Final = 0.08
_SHARE_INDUSTRY_ON_CARD: Final = 0.3
_SHARE_BEFORE: Final = 0.008
_SHARE_LOST_ACCOUNT: Final = 0.01
_SHARE_LATE: Final = 0.01
_SHARE_TEST: Final = 0.004
#: What stands in the score field of a card beside whole numbers: an average, a slip, a date that was lost.
_SHARE_ODD: Final = 0.012
_ODD: Final = (("7,50", True), ("12,00", True), ("n/a", True), ("call back", True), ("9,00", False))

Card = tuple[str, ...]


def exports(group: Group, seed: int) -> Iterator[Export]:
    """The branches, two dated dumps of accounts, and eight of client cards."""
    dice = Dice(seed, "crm")
    rows = [(branch.code, branch.name, branch.region) for branch in BRANCHES]
    founded = datetime(2024, 6, 28, 6, tzinfo=UTC)
    yield Export("landing/crm/branches.csv", delimited([("CODE", "NAME", "REGION"), *rows], ";", "utf-8-sig"), founded)
    for day in (FIRST_DUMP_ON, REORGANISED_ON):
        yield _accounts(group, day, dice)
    cards = {contact.email: _never_asked(account, contact, dice) for account, contact in _people(group)}
    for quarter in range(_QUARTERS):
        _ask(group, cards, quarter, dice)
        dumped_on = mood.month(3 * quarter + 3) - timedelta(days=1)
        yield _cards(cards, dumped_on)


def _accounts(group: Group, day: str, dice: Dice) -> Export:
    rows = [
        (account.code, account.name, _typed(account.industry(day), dice), account.branch(day))
        for account in group.accounts
    ]
    arrived_at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=4)
    return Export(f"landing/crm/accounts_{day}.csv", delimited([_ACCOUNT, *rows], ";", "utf-8-sig"), arrived_at)


def _cards(cards: dict[str, Card], day: date) -> Export:
    arrived_at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=23, minutes=55)
    content = delimited([_CARD, *cards.values()], ";", "utf-8-sig")
    return Export(f"landing/crm/client_cards_{day:%Y-%m-%d}.csv", content, arrived_at)


def _people(group: Group) -> Iterator[tuple[Account, Contact]]:
    return ((account, contact) for account in group.accounts for contact in account.contacts)


def _never_asked(account: Account, contact: Contact, dice: Dice) -> Card:
    """A card at first: mostly without a score, sometimes with one from before the history that is kept."""
    if dice.chance(_SHARE_BEFORE):
        asked_at = f"{dice.between(2018, 2022)}-{dice.between(1, 12):02d}-15 10:00:00"
        return (account.code, contact.email, "ACTIVE", "", f"{dice.below(11)},00", asked_at, "")
    return (account.code, contact.email, "ACTIVE", "", "", "", "")


def _ask(group: Group, cards: dict[str, Card], quarter: int, dice: Dice) -> None:
    """A quarter of account managers asking their clients: a card keeps the last score only."""
    for _ in range(_ASKED_PER_QUARTER):
        account = dice.pick(group.accounts)
        contact = dice.pick(account.contacts)
        index = 3 * quarter + dice.below(3)
        start = mood.month(index)
        midnight = datetime(start.year, start.month, 1, tzinfo=UTC)
        # Some are noted late on the last evening of a month: in UTC that is still the old month, at home the new one.
        last_evening = mood.month(index + 1) - timedelta(days=1)
        late = datetime(last_evening.year, last_evening.month, last_evening.day, 22, 30, tzinfo=UTC)
        asked_at = midnight + timedelta(days=dice.below(mood.days(index)), minutes=dice.between(420, 1080))
        if dice.chance(_SHARE_LATE):
            asked_at = late
        cards[contact.email] = _card(account, contact, index, asked_at, dice)


def _card(account: Account, contact: Contact, index: int, asked_at: datetime, dice: Dice) -> Card:
    day = f"{asked_at:%Y-%m-%d}"
    industry = account.industry(day)
    given = mood.score(mood.client_level(account.branch(day), industry, index), dice)
    score, has_date = dice.pick(_ODD) if dice.chance(_SHARE_ODD) else (f"{given},00", True)
    return (
        f"9{account.code[1:]}" if dice.chance(_SHARE_LOST_ACCOUNT) else account.code,
        contact.email,
        "TEST" if dice.chance(_SHARE_TEST) else "ACTIVE",
        _typed(industry, dice) if dice.chance(_SHARE_INDUSTRY_ON_CARD) else "",
        score,
        f"{asked_at:%Y-%m-%d %H:%M:%S}" if has_date else "",
        verbatims.web(given, dice),
    )


def _typed(industry: str, dice: Dice) -> str:
    """An industry as somebody typed it."""
    return dice.pick(SPELLINGS[industry][1:]) if dice.chance(_SHARE_TYPO) else SPELLINGS[industry][0]
