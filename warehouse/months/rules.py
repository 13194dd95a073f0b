"""What nps.yaml says about responses, as plain values.

Here: settings only. Not here: following them (`transforms.answers.responses`, `warehouse.months.responses`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from transforms.answers.people import OneAnswer
from transforms.dimensions import BESIDE, column_of
from warehouse.lake.ledgers import ACTIVITY_PREFIX, CLIENTS, DIMENSION_PREFIX, TICKETS


@dataclass(frozen=True)
class ResponseRules:
    """What nps.yaml says about which answer counts and how it is matched."""

    timezone: str
    sources: tuple[str, ...] = ()
    one_answer: OneAnswer = "latest"
    dimensions: tuple[str, ...] = ()
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    only_listed_industries: bool = False
    min_match_rate: float = 0.0
    """Below this share of answers with a known branch a build of a month does not count."""
    own_brands: tuple[str, ...] = field(default=(), repr=False)
    """What surveys that ask about rivals too call the company itself."""
    headline: tuple[str, ...] = field(default=(), repr=False)
    """The programmes of the company's score; all where none is named. No month is made from other answers for it."""
    apart: tuple[str, ...] = field(default=(), repr=False)
    """The dimensions that sources say and facts leave out, and those that nps.yaml declares by name. No month is made from
    other answers for it: sources that say them have another recipe."""
    staff: tuple[str, ...] = field(default=(), repr=False)
    """By what employees are shown beside branch and department."""
    history_start: date = field(default=date.min, repr=False)
    """First day of the first month that counts. No month is made from other inputs for it: it says which ones there are."""

    has_tickets: bool = field(default=False, repr=False)
    """Whether a CRM says what was done about answers. No month is made from other answers for it."""
    activity: tuple[str, ...] = field(default=(), repr=False)
    """What files say of what clients did, by their names in nps.yaml. No month is made from other answers for it."""
    has_clients: bool = field(default=False, repr=False)
    """Whether lists say what clients are worth. No month is made from other answers for it."""

    @property
    def beside(self) -> tuple[str, ...]:
        """The columns of `BESIDE` that answers say anything in."""
        return tuple(name for name in BESIDE if name in {column_of(each) for each in (*self.apart, *self.staff)})

    @property
    def feeds(self) -> tuple[str, ...]:
        """Sources and dimensions, as the ledger of files names them."""
        dimensions = (DIMENSION_PREFIX + name for name in self.dimensions)
        return (*self.sources, *dimensions, *([TICKETS] if self.has_tickets else []), *self.of_outcomes)

    @property
    def of_outcomes(self) -> tuple[str, ...]:
        """Those of them that say what clients did, and who they are."""
        activity = (ACTIVITY_PREFIX + name for name in self.activity)
        return (*activity, *([CLIENTS] if self.has_clients else []))
