"""One of several columns of a file without answers: taken where there is no other, else asked for.

Here: who the client of a row is, and how such questions are put. Not here: what the files are (`activity`, `invitations`,
`tickets`), the columns of answers (`entry`, `persons`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.adapters.ids import id_heading
from pipelines.adapters.words import plain
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Line
from pipelines.sniff.people.id_values import EMAIL, like
from pipelines.sniff.people.persons import PHONE, is_of_another
from pipelines.sniff.sniffed import Findings

_SHOWN: Final = 6
_MATTERS: Final = ("subject", "profile")
_WHY: Final = "as answers name clients; stored as a keyed pseudonym only"


@dataclass(frozen=True)
class Client:
    """The columns by which a file may name the client of a row, one at least."""

    accounts: tuple[Seen, ...]
    persons: tuple[Seen, ...]

    @property
    def by(self) -> Literal["account", "respondent"]:
        """What nps.yaml calls the column."""
        return "account" if self.accounts else "respondent"

    @property
    def columns(self) -> tuple[Seen, ...]:
        """All of them, the likeliest first."""
        return (*self.accounts, *self.persons)

    @property
    def name(self) -> int | str:
        """The only one, or the question which it is."""
        told = which(self.columns, "names clients as the answers do")
        if len(self.columns) == 1 or not (self.accounts and self.persons):
            return told
        return f"{told}; where that is {_listed(self.persons, 'or')}, write respondent in place of account"

    @property
    def line(self) -> Line:
        """Its line of nps.yaml."""
        return Line(self.by, self.name, _WHY)


def client_of(found: Findings) -> Client | None:
    """The columns that may name the client; None where there is none. What is the same in all rows names nobody of them."""
    several = found.opened.rows.height > 1
    free = [each for each in found.columns if not is_of_another(each) and not (several and len(each.counts) == 1)]
    accounts = [each for each in free if each.speaks_of("account") and not each.speaks_of("purchase")]
    persons = [each for each in free if (told := id_heading(*each.headings)) and told.whose == "person"]
    # The subject of a letter or a ticket, which is a person only where it has an id.
    persons = [each for each in persons if plain(str(each.name)) not in _MATTERS]
    addresses = [each for each in free if like(each, EMAIL)]
    phones = [each for each in free if _is_called(each) and like(each, PHONE)]
    named = [each for each in free if each.speaks_of("email", "phone", "client_named")]
    others = list(dict.fromkeys([*persons, *addresses, *phones])) or (named if not accounts else [])
    others = [each for each in others if each not in accounts]
    return Client(tuple(accounts), tuple(others)) if accounts or others else None


def _is_called(column: Seen) -> bool:
    """Whether a heading says that it holds telephone numbers, or to whom something went."""
    return column.speaks_of("phone") or column.is_called("letter_to")


def which(columns: Sequence[Seen], does: str) -> int | str:
    """The name of the only column, or the question which of them does something."""
    return (
        columns[0].name if len(columns) == 1 else f"? which column {does}: {_listed(columns, 'or')}? Write its heading"
    )


def _listed(columns: Iterable[Seen], last: str) -> str:
    *first, end = [each.pasted for each in columns][:_SHOWN]
    return f"{', '.join(first)} {last} {end}" if first else end
