"""Whether rows look like what another system keeps: deals and leads, letters and their campaigns, tickets.

Here: the headings by which such a system is known, and what is asked where its numbers may be taken for answers. Not here:
what nps.yaml says where such files are of use (`activity`, `invitations`, `tickets`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.adapters.words import named, said
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.sniffed import Findings

#: Topics of words, what is kept there, and what such a file is of use for.
_SYSTEMS: Final = (
    ("deal_record", "deals or leads of a CRM", "what clients bought and cancelled goes below activity (docs/outcomes.md)"),
    (
        "mailing_record", "letters or subscribers of a mailing",
        "a row for each letter, with a column of what became of it, goes below contacts (docs/contacts.md)",
    ),
    ("ticket_record", "tickets of a help desk", "a row for each ticket of a client goes below cases (docs/closed-loop.md)"),
)  # fmt: skip
_FEWEST: Final = 2
_SHOWN: Final = 3
_ASKED: Final = ("score_certain", "score_likely")


@dataclass(frozen=True)
class Records:
    """What a file seems to hold in place of answers."""

    topic: str
    what: str
    goes: str
    signs: Sequence[Seen]

    def question(self, guesses: Sequence[Seen]) -> str:
        """What is asked where the heading of the score belongs; `guesses` may hold it."""
        signs = ", ".join(each.pasted for each in self.signs[:_SHOWN])
        names = ", ".join(each.pasted for each in guesses[:_SHOWN])
        told = f"the rows look like {self.what} ({signs}), and no heading speaks of recommending"
        asked = (
            f"If {names} is what clients answered, write that heading" if names else "If a column is, write its heading"
        )
        return f"{told}: is any number here an answer of a client? {asked}; if not, take this entry out: {self.goes}"


def records_of(found: Findings) -> Records | None:
    """What other system's rows they seem to be; None where a heading speaks of recommending, or too few say so."""
    if any(each.filled and each.speaks_of(*_ASKED) for each in (*found.columns, *found.every_row)):
        return None
    for topic, what, goes in _SYSTEMS:
        signs = [each for each in found.columns if any(_is_sign(topic, heading) for heading in each.headings)]
        is_of_file = said(topic, found.stem) is not None
        if signs and len(signs) + is_of_file >= _FEWEST:
            return Records(topic, what, goes, signs)
    return None


def is_of_deals(found: Findings) -> bool:
    """Whether each row is a deal, and no client: the same system exports both under one id."""
    return any(each.is_called("deal_named") for each in found.columns)


def _is_sign(topic: str, heading: str) -> bool:
    return said(topic, heading) is not None or (topic == "mailing_record" and named("letter_step", heading))
