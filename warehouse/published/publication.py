"""What is said of one publication: when and from what it is made, and by which settings.

Here: plain values. Not here: finding them in nps.yaml (`pipelines.stages.publish`) or following them (`publish`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from transforms.answers.people import OneAnswer
from warehouse.months.plan import CLOSE_AFTER
from warehouse.months.why import Why
from warehouse.published.asked import Asked
from warehouse.published.cases import FollowUp
from warehouse.published.outcomes import Outcomes
from warehouse.published.standards import Standards
from warehouse.published.waves import Closing


@dataclass(frozen=True)
class Publication:
    """What is written into the file about itself, and how it is made."""

    published_at: datetime
    code_version: str
    inputs: str
    minimum_group: int
    storage_version: str
    today: date
    """In business time: what ends on it or later is not complete."""
    low_sample: int
    """Scores of fewer answers are marked; they are not ranked, nor are their changes tested."""
    minimum_agent: int = 1
    """An agent of whom there are fewer answers is not shown."""
    shown_from: int = 1
    """Rows of fewer answers of clients will be hidden: they are ranked with no others."""
    has_rivals: bool = False
    """Whether any source says which brand its answers are about."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Digests of the settings that decide what counts, by their names in nps.yaml."""
    headline: Sequence[str] = ()
    """The programmes of the company's score; all where none is named."""
    one_answer: OneAnswer = "latest"
    """Which answer of a person counts where people do."""
    standards: Standards = field(default_factory=Standards)
    language: str | None = None
    """In which periods are named; as they sort, where none is given."""
    timezone: str = "UTC"
    """The one of business time."""
    before: Path | None = None
    """The file that this one will take the place of: whose figures it may restate."""
    accepted_by: str | None = None
    """Who accepts what it restates."""
    close_after: int = CLOSE_AFTER
    """So many days after its month a wave of employees closes."""
    earlier: Sequence[Path] = ()
    """The published file and those before it: what they told of waves of employees is known."""
    why: Why = field(default_factory=Why)
    """What is said of reasons and themes; no table is made of what is not."""
    follow_up: FollowUp | None = None
    """What is said of calling unhappy clients back, where anything is."""
    asked: Asked | None = None
    """What is said of who was asked, where anything is."""
    outcomes: Outcomes | None = None
    """What is said of what clients do, where anything is."""

    @property
    def closing(self) -> Closing:
        """How waves of employees close."""
        return Closing(self.close_after, self.minimum_group, self.published_at, self.earlier)
