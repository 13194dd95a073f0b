"""What in a file says who somebody is: counted, never shown.

Here: addresses, telephone and IP numbers, names. Not here: who answered (`roles`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.sniff.columns.facts import Seen

_EMAIL: Final = r"[^@\s]@[^@\s]+\.[A-Za-z]{2,}"
_IP: Final = r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b"
_PHONE: Final = r"^'?(?:\+|00)[1-9][\d ()/.-]{7,18}\d$|^'?0\d{1,4}[ /-]?\d{2,4}[ -]?\d{2,4}[ -]?\d{0,4}$"
#: Ids, serial numbers and coordinates look like telephone numbers: only a heading or a `+` makes them one.
_CERTAIN_PHONE: Final = r"^'?\+[1-9][\d ()/.-]{7,18}\d$"


@dataclass(frozen=True)
class PersonalData:
    """One sort of personal data in one column."""

    column: Seen
    what: str
    """e-mail addresses, telephone numbers, IP addresses, names, addresses, dates of birth."""
    count: int
    """In how many rows."""


def personal_data(columns: Sequence[Seen]) -> list[PersonalData]:
    """Every column that holds personal data, in the order of the file, by its values or by its heading."""
    return [found for column in columns if column.filled for found in _of(column)]


def _of(column: Seen) -> list[PersonalData]:
    phones = _PHONE if column.speaks_of("phone") else _CERTAIN_PHONE
    by_value = {
        "e-mail addresses": column.rows_like(_EMAIL, _IP, phones),
        "IP addresses": column.rows_like(_IP),
        "telephone numbers": column.rows_like(phones),
    }
    found = [PersonalData(column, what, count) for what, count in by_value.items() if count]
    if not found:
        found = [PersonalData(column, what, column.filled) for topic, what in _BY_HEADING if column.speaks_of(topic)]
    return found[:1] if len(found) > 1 and found[0].count == column.filled else found


_BY_HEADING: Final = (("person_name", "names"), ("address", "addresses"), ("birth", "dates of birth"))
