"""What is odd about contacts in what was published: few answers elsewhere are to one, or no price is of one.

Here: the sentences. Not here: which answer is to which contact (`transforms.contacts`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from warehouse.query import QueryError, ask

#: Of fewer answers than this share being to a contact people are told.
FEW: Final = 0.8


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
