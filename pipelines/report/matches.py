"""Contacts whose answers stand in another source: what is said where few of these answers are to a contact.

Here: the sentences. Not here: which answer is to which contact (`transforms.contacts`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from warehouse.query import QueryError, ask

#: Of fewer answers than this share being to a contact people are told.
FEW: Final = 0.8


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
