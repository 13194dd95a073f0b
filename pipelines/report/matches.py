"""What is odd about what was matched: few answers elsewhere are to a contact, no price is of one, few tickets are of a case.

Here: the sentences. Not here: which answer is to which contact (`transforms.contacts`), which ticket is of which case
(`warehouse.cases`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from warehouse.cases import kept_cases, tickets
from warehouse.lake import Lake
from warehouse.query import QueryError, ask

#: Of fewer answers than this share being to a contact, or tickets of a case, people are told.
FEW: Final = 0.8
#: So few may be of people who are not to be called.
_SEVERAL: Final = 5
#: What a case has from its ticket alone.
_OF_TICKETS: Final = ("owner_key", "first_contact_at", "closed_at", "root_cause")


def price_notes(database: Path) -> list[str]:
    """A sentence about each tariff with contacts that no price of it is of."""
    if not database.is_file():
        return []
    try:
        found = ask(database, "select tariff, contacts from meta.unpriced_contacts order by tariff")
    except QueryError:
        return []  # it was published before there was such a table
    return [
        f"{contacts:,} contacts are in no cost: they were made before the first valid_from of the tariff {tariff}, or "
        "nobody knows when. If an earlier price is known, add it to the tariff."
        for tariff, contacts in found.iter_rows()
    ]


def match_notes(database: Path) -> list[str]:
    """A sentence about each source of contacts of which too few answers are found."""
    if not database.is_file():
        return []
    try:
        found = ask(database, "select source, answered_in, matched, answers from meta.contact_matches order by source")
    except QueryError:
        return []  # it was published before there was such a table
    return [
        f"Only {matched:,} of {answers:,} answers of {answers_in} are to a contact of {source}, by pseudonyms of people. "
        "Some are to links that were passed on; if they are too few, do both files name people in the same way (e-mail, "
        "telephone), and does the list hold all who were asked?"
        for source, answers_in, matched, answers in found.iter_rows()
        if answers and matched < FEW * answers
    ]


def ticket_notes(lake: Lake) -> list[str]:
    """A sentence where too few tickets are of a case: what was done about the others is told nowhere."""
    told, cases = tickets(lake).height, kept_cases(lake)
    of_cases = cases.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in _OF_TICKETS)).height
    if of_cases >= FEW * told or told - of_cases < _SEVERAL:
        return []
    says = f"Only {of_cases:,} of {told:,} tickets are of a case. Do cases and sources name answers in the same way"
    return [f"{says} (response_id)? Cases without a ticket count as not followed up."]
