"""What the clients of the demo buy, and how they leave: the CRM's orders, its cancellations, its list of clients.

Here: who orders when. Not here: what clients think (`mood`), the rest of the CRM (`crm`).

An account orders every two months or so: more often while the last score on its cards is good, and it leaves more easily
while that is bad. A dump of orders holds those of a half-year and, once more, the last ten days before it, some with an
amount that was corrected. Cancellations stand in a file of their own, whose name says until when it knows all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from examples import crm
from examples.dice import Dice
from examples.export import Export, delimited
from examples.population import Group

FIRST_DAY: Final = date(2024, 1, 1)
LAST_DAY: Final = date(2026, 6, 30)
DUMPED_ON: Final = (date(2024, 6, 30), date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), LAST_DAY)

_ORDER: Final = ("ORDER_NO", "ACCOUNT_ID", "ORDERED_ON", "TYPE", "AMOUNT")
_CANCELLATION: Final = ("ACCOUNT_ID", "CANCELLED_ON", "WHY")
_CLIENT: Final = ("ACCOUNT_ID", "SINCE", "YEARLY_VALUE", "REFERRED_BY", "WON_BY")
_SENT_AGAIN: Final = timedelta(days=10)
#: Days between two orders, and the share of accounts that leave in place of the next one, by the last score.
_DAYS: Final = {"promoter": 50, "passive": 64, "detractor": 130}
_LEAVES: Final = {"promoter": 0.004, "passive": 0.014, "detractor": 0.09}
_PROMOTER_FROM: Final = 9
_PASSIVE_FROM: Final = 7
_SHARE_NEW: Final = 0.12
_SHARE_BACK: Final = 0.15
_SHARE_CORRECTED: Final = 0.1
_SHARE_REFERRED: Final = 0.35
_SHARE_ODD: Final = 0.002
_KINDS: Final = ("narudžba",) * 44 + ("produženje",) * 4 + ("povrat", "ponuda")
_SIZES: Final = (1, 1, 1, 1, 1, 2, 2, 3, 5, 12, 60)
_WHY: Final = ("cijena", "konkurencija", "zatvaranje", "")

Order = tuple[date, str, str, int]
"""The day, the account, what it is, and its amount in cents."""
Left = tuple[date, str, str]
"""The day, the account, and why."""


def exports(group: Group, seed: int) -> Iterator[Export]:
    """Five dumps of orders, one of cancellations, and the list of clients."""
    dice, scores = Dice(seed, "orders"), _scores(group, seed)
    orders: list[Order] = []
    left: list[Left] = []
    clients: list[tuple[str, ...]] = []
    for account in group.accounts:
        since, size = _since(dice), dice.pick(_SIZES)
        bought, gone = _life(account.code, since, size, scores.get(account.code, []), dice)
        orders, left = orders + bought, left + gone
        referrer = dice.pick(group.accounts).code if since > FIRST_DAY and dice.chance(_SHARE_REFERRED) else ""
        won_by = "preporuka" if referrer else "oglas" if dice.chance(0.5) else ""
        clients.append((account.code, f"{since:%d.%m.%Y}", _amount(size * 7_200_00), referrer, won_by))
    yield from _dumps(sorted(orders), dice)
    rows = [(account, f"{day:%d.%m.%Y}", why) for day, account, why in sorted(left)]
    yield _export(f"cancellations_to_{LAST_DAY}", [_CANCELLATION, *rows], LAST_DAY)
    yield _export(f"clients_{LAST_DAY}", [_CLIENT, *clients], LAST_DAY)


def _scores(group: Group, seed: int) -> dict[str, list[tuple[date, int]]]:
    """Of each account the scores on its cards, from old to new."""
    found: dict[str, set[tuple[date, int]]] = {}
    for export in crm.exports(group, seed):
        if "client_cards" in export.path:
            text = io.StringIO(export.content.decode("utf-8-sig"), newline="")
            for row in list(csv.reader(text, delimiter=";"))[1:]:
                score, _, rest = row[4].partition(",")
                if score.isdigit() and rest == "00" and row[5]:
                    found.setdefault(row[0], set()).add((date.fromisoformat(row[5][:10]), int(score)))
    return {account: sorted(scores) for account, scores in found.items()}


def _since(dice: Dice) -> date:
    if dice.chance(_SHARE_NEW):
        return FIRST_DAY + timedelta(days=dice.below(800))
    return FIRST_DAY - timedelta(days=dice.between(30, 3_000))


def _life(
    account: str, since: date, size: int, scores: Sequence[tuple[date, int]], dice: Dice
) -> tuple[list[Order], list[Left]]:
    """What an account ordered, and when it left."""
    orders: list[Order] = []
    left: list[Left] = []
    day = max(since, FIRST_DAY + timedelta(days=dice.below(60)))
    while day <= LAST_DAY:
        orders.append((day, account, dice.pick(_KINDS), size * dice.between(400_00, 1_600_00)))
        mood = _mood(scores, day)
        if dice.chance(_LEAVES[mood]):
            left_on = day + timedelta(days=dice.between(5, 40))
            left += [(left_on, account, dice.pick(_WHY))] if left_on <= LAST_DAY else []
            if not dice.chance(_SHARE_BACK):
                break
            day = left_on + timedelta(days=90)
        day += timedelta(days=dice.between(_DAYS[mood] // 2, 3 * _DAYS[mood] // 2))
    return orders, left


def _mood(scores: Sequence[tuple[date, int]], day: date) -> str:
    """What the last score before a day says."""
    last = next((score for at, score in reversed(scores) if at <= day), _PASSIVE_FROM)
    return "promoter" if last >= _PROMOTER_FROM else "passive" if last >= _PASSIVE_FROM else "detractor"


def _dumps(orders: Sequence[Order], dice: Dice) -> Iterator[Export]:
    """Each half-year, with the end of the one before."""
    begins = FIRST_DAY
    for ends in DUMPED_ON:
        rows = []
        for number, (day, account, kind, cents) in enumerate(orders, 100_000):
            if begins - _SENT_AGAIN <= day <= ends:
                is_corrected = day < begins and dice.chance(_SHARE_CORRECTED)
                rows.append(_row(number, day, account, kind, cents - 100 if is_corrected else cents, dice))
        yield _export(f"orders_{ends}", [_ORDER, *rows], ends)
        begins = ends + timedelta(days=1)


def _row(number: int, day: date, account: str, kind: str, cents: int, dice: Dice) -> tuple[str, ...]:  # noqa: PLR0913, PLR0917 - a row
    amount = "-" * (kind == "povrat") + _amount(cents // (4 if kind == "povrat" else 1))
    if dice.chance(_SHARE_ODD):
        odd = dice.below(3)
        return (f"N-{number}", "" if odd == 0 else account, "31.02.2026" if odd == 1 else f"{day:%d.%m.%Y}", kind,
                "po dogovoru" if odd == 2 else amount)  # fmt: skip # noqa: PLR2004
    return f"N-{number}", account, f"{day:%d.%m.%Y}", kind, amount


def _amount(cents: int) -> str:
    """An amount as the CRM writes it: 1.234,50."""
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"


def _export(name: str, rows: Sequence[Sequence[str]], day: date) -> Export:
    evening = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    return Export(f"landing/crm/{name}.csv", delimited(rows, ";", "utf-8-sig"), evening)
