"""The dimensions of an answer: what answers are grouped by, each declared once.

A line here makes a dimension a canonical column that nps.yaml may name, and carries it from staged answers to responses,
facts and the published table of facts, and through the gates on the way. What it means to readers stands in
`warehouse/models/comments.yaml`.
Not here: marts (`warehouse.marts`), what is known of branches, accounts and employees (`transforms.members`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

METRICS: Final = ("nps", "enps")

#: What an answer is counted under that says nothing of a dimension, or nothing that is known.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class AnswerDimension:
    """What answers may be grouped by."""

    name: str
    given: str
    """What the column of a source holds."""
    metrics: tuple[str, ...] = METRICS
    """Whose facts are grouped by it; where it is of none, it goes no further than staged answers."""
    is_matched: bool = False
    """Whether it is looked up in what is known of branches, accounts and employees, or in nps.yaml."""
    decides: bool = False
    """Whether it decides which answers count; what else there is only describes them, and is typed by people."""


#: In the order in which they stand in tables.
DIMENSIONS: Final = (
    AnswerDimension("branch", "Branch as the source gives it.", is_matched=True),
    AnswerDimension("industry", "Industry as the source gives it.", metrics=("nps",), is_matched=True),
    AnswerDimension("region", "Region as the source gives it.", metrics=()),
    AnswerDimension("department", "Department as the source gives it.", metrics=("enps",), is_matched=True),
    AnswerDimension("survey", "The survey that asked; NULL where all of the file are of one.", decides=True),
    AnswerDimension("channel", "How the question was asked: web, phone, branch, ..."),
)

#: Those that describe an answer, as its source gives them.
DESCRIBING: Final = tuple(each.name for each in DIMENSIONS if not each.decides)
#: Those that facts are grouped by.
CARRIED: Final = tuple(each.name for each in DIMENSIONS if each.metrics)
#: Those of `CARRIED` that people type, in whatever spelling.
TYPED: Final = tuple(name for name in CARRIED if name in DESCRIBING)
#: Those of `TYPED` that are what the source says, and are looked up nowhere.
AS_GIVEN: Final = tuple(each.name for each in DIMENSIONS if each.name in TYPED and not each.is_matched)

#: Every canonical column that an adapter may fill, all as text.
CANONICAL: Final = (
    "score", "responded_at", "updated_at", "response_id", "respondent", "account", "survey", "question",
    *DESCRIBING, "manager", "comment", "reason", "language", "weight",
)  # fmt: skip


def dimensions_of(metric: str) -> tuple[str, ...]:
    """The dimensions that the published facts of a metric are grouped by."""
    return tuple(each.name for each in DIMENSIONS if metric in each.metrics)
