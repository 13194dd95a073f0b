"""What is odd about the tariffs of nps.yaml, and about contacts that they price.

Here: the sentences. Not here: which price a contact is of (`transforms.asking.contacts`), what it costs
(`warehouse/models/asked`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from pipelines.config.contacts import Price, Prices
from pipelines.config.models import Config
from warehouse.published.query import Ask

#: One price is so many times another of its kind where one of them may be in other units.
_LEAP: Final = 20
#: What calls that were answered cost: those of nobody may cost next to nothing.
_OF_ANSWERS: Final = ("promoter", "passive", "detractor")


def tariff_notes(config: Config) -> list[str]:
    """A sentence about each thing that nps.yaml itself shows."""
    return [*unused_tariffs(config), *leaping_prices(config), *changed_prices(config)]


def price_notes(ask: Ask) -> list[str]:
    """A sentence about each tariff with contacts that no price of it is of."""
    unpriced = ask("select tariff, contacts from meta.unpriced_contacts order by tariff").rows()
    return [
        f"{contacts:,} contacts are in no cost: they were made before the first valid_from of the tariff {tariff}, or "
        "nobody knows when. If an earlier price is known, add it to the tariff."
        for tariff, contacts in unpriced
    ]


def unused_tariffs(config: Config) -> list[str]:
    """A sentence about each tariff of nps.yaml that no source names: what it prices is in no cost."""
    used = {source.tariff for source in config.sources.values()}
    return [
        f"No source names the tariff {name}: nothing is in any cost by it. Write tariff: {name} below the source that it is "
        "of, or take it out of nps.yaml."
        for name in config.tariffs
        if name not in used
    ]


def leaping_prices(config: Config) -> list[str]:
    """A sentence about each tariff of which a price is so many times another that one of them may be in cents."""
    notes = []
    for name, tariff in config.tariffs.items():
        by_day = {price.valid_from: dict(price.prices) for price in tariff}
        answered = [[(what, day, of[what]) for what in _OF_ANSWERS] for day, of in by_day.items()]
        fees = [("setup_fee", price.valid_from, price.setup_fee) for price in tariff]
        of_kinds = [[(what, day, of[what]) for day, of in by_day.items()] for what in Prices.model_fields]
        for prices in (*answered, *of_kinds, fees):
            told = sorted((amount, day, what) for what, day, amount in prices if amount)
            if told and told[-1][0] >= _LEAP * told[0][0]:
                (least, day, what), (most, other_day, other) = told[0], told[-1]
                notes.append(
                    f"Prices of the tariff {name} are far apart: {what} {least} from {day}, {other} {most} from "
                    f"{other_day}. Is one of them in other units (cents)? Costs are made of them as they stand."
                )
                break
    return notes


def changed_prices(config: Config) -> list[str]:
    """Sentences about prices of a tariff that differ in more than their amounts, or cost nothing."""
    return [
        said
        for name, tariff in config.tariffs.items()
        for said in (*_changed(name, sorted(tariff, key=lambda each: each.valid_from)), *_free(name, tariff))
    ]


def _changed(name: str, prices: list[Price]) -> Iterator[str]:
    for before, after in pairwise(prices):
        day = after.valid_from
        changes = [
            f"{what} from {old} to {new}"
            for what, old, new in (("currency", before.currency, after.currency), ("vat", before.vat, after.vat))
            if old != new
        ]
        if changes:
            yield (
                f"The tariff {name} changes its {' and its '.join(changes)} on {day}: costs of before and after are never "
                "added up, and have rows of their own in survey_cost. If it is a mistake, correct it in nps.yaml."
            )
        if before.setup_fee and not after.setup_fee:
            yield (
                f"The tariff {name} has no setup_fee from {day} on, and {before.setup_fee} before: campaigns that begin "
                "later cost nothing to set up. If it was left out, write it below that price too."
            )


def _free(name: str, prices: list[Price]) -> Iterator[str]:
    for price in prices:
        free = [what for what in _OF_ANSWERS if not getattr(price.prices, what)]
        if free:
            what = (
                "of each call" if len(free) == len(_OF_ANSWERS) else f"of {' and '.join(f'{each}s' for each in free)}"
            )
            yield (
                f"The price {what} is 0 in the tariff {name} from {price.valid_from}: such calls count as free of charge. "
                "If it is not known, take the price out of nps.yaml: what has no price is in no cost, and is told."
            )
