"""The dimensions of an answer: what answers are grouped by, each declared once.

A line here makes a dimension a canonical column that nps.yaml may name, and carries it from staged answers to responses,
facts and the published table of facts, and through the gates on the way. What it means to readers stands in
`warehouse/models/comments.yaml`. Further ones nps.yaml may declare by name (`dimensions.extra`): what answers say of them
stands together in one column, `further`, as JSON.
Not here: marts (`warehouse.marts`), what is known of branches, accounts and employees (`transforms.rows.members`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

METRICS: Final = ("nps", "enps")

#: What an answer is counted under that says nothing of a dimension, or nothing that is known.
UNKNOWN: Final = "unknown"
#: The brand of the company itself: answers are about it where nothing says that they are about another.
OWN: Final = "own"
#: The programme of all sources that name none.
GENERAL: Final = "general"


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
    """Whether it decides which answers count; what else there is only describes them."""
    is_of_file: bool = False
    """Whether all answers of a file may have the same, which then stands in the file's record."""
    is_apart: bool = False
    """Whether the published table of facts leaves it out: its marts are made from cells, where nps.yaml says it at all."""
    is_key: bool = False
    """Whether it says who somebody is: it is kept as a pseudonym, and shown by a code that the company declares."""
    absent: str = UNKNOWN
    """What an answer is counted under of which nothing says it; where a column should and is blank, it is unknown."""


#: In the order in which they stand in tables.
DIMENSIONS: Final = (
    AnswerDimension("programme", "Why it was asked: relationship, transactional, panel, ...", ("nps",), absent=GENERAL),
    AnswerDimension("brand", "Whose score it is: own, or the name of a rival.", ("nps",), decides=True, absent=OWN),
    AnswerDimension("branch", "Branch as the source gives it.", is_matched=True),
    AnswerDimension("industry", "Industry as the source gives it.", metrics=("nps",), is_matched=True),
    AnswerDimension("region", "Region as the source gives it.", metrics=("nps",), is_matched=True),
    AnswerDimension("area", "What the region belongs to, as the source gives it.", metrics=("nps",), is_matched=True),
    AnswerDimension("department", "Department as the source gives it.", metrics=("enps",), is_matched=True),
    AnswerDimension(
        "survey", "The survey that asked; NULL where all of the file are of one.", decides=True, is_of_file=True
    ),
    AnswerDimension("channel", "How the question was asked: web, phone, branch, ..."),
    AnswerDimension("product", "Which product or service it is about.", ("nps",), is_apart=True),
    AnswerDimension(
        "agent", "Keyed pseudonym of who served: a seller, an operator.", ("nps",), is_apart=True, is_key=True
    ),
)

#: Those that each answer has for itself, as its source gives them.
OF_ANSWERS: Final = tuple(each.name for each in DIMENSIONS if not each.is_of_file)
#: Those that only describe an answer.
DESCRIBING: Final = tuple(each.name for each in DIMENSIONS if not each.decides)
#: Those that facts are grouped by.
CARRIED: Final = tuple(each.name for each in DIMENSIONS if each.metrics and not each.is_apart)
#: Those that cells have beside them.
APART: Final = tuple(each.name for each in DIMENSIONS if each.is_apart)
#: Those that say who somebody is.
KEYS: Final = tuple(each.name for each in DIMENSIONS if each.is_key)
#: Those of `CARRIED` and `APART` that people type, in whatever spelling.
TYPED: Final = tuple(name for name in (*CARRIED, *APART) if name in OF_ANSWERS and name not in KEYS)
#: What answers say of the dimensions that nps.yaml declares by name, as JSON.
FURTHER: Final = "further"
#: By whom employees are led: shown where nps.yaml says so, and never otherwise.
MANAGER: Final = "manager"
#: Columns of cells that hold dimensions of those who declare any, and nothing of others.
BESIDE: Final = (*(f"{name}_key" for name in KEYS), f"{MANAGER}_key", FURTHER)
#: Those of `TYPED` that are what the source says, and are looked up nowhere.
AS_GIVEN: Final = tuple(each.name for each in DIMENSIONS if each.name in TYPED and not each.is_matched)
#: What an answer is counted under of which nothing says the dimension.
ABSENT: Final = {each.name: each.absent for each in DIMENSIONS}

#: Those that count as something where nothing says them: a blank in their column says that nobody knows.
PRESUMED: Final = tuple(each.name for each in DIMENSIONS if each.absent != UNKNOWN)

#: Every canonical column that an adapter may fill, all as text.
CANONICAL: Final = (
    "score", "responded_at", "updated_at", "response_id", "respondent", "account", "survey", "question",
    *OF_ANSWERS, "manager", "comment", "reason", "language", "weight",
)  # fmt: skip


def dimensions_of(metric: str) -> tuple[str, ...]:
    """The dimensions that the published facts of a metric are grouped by."""
    return tuple(each.name for each in DIMENSIONS if metric in each.metrics and not each.is_apart)


def column_of(name: str) -> str:
    """The column of staged answers and cells in which a dimension stands."""
    if name in ABSENT and name not in KEYS:
        return name
    return f"{name}_key" if name in {*KEYS, MANAGER} else FURTHER


def apart_in_sql(name: str) -> str:
    """What a cell says of a dimension that facts leave out."""
    return f"{FURTHER} ->> '$.{name}'" if column_of(name) == FURTHER else column_of(name)
