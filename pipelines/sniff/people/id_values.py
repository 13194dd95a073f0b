"""What the values of a column say of whether they are ids, and how questions about ids name a column and a count.

Here: what answers' ids (`answer_ids`) and persons' ids (`persons`) have in common. Not here: which columns are either.
"""

from __future__ import annotations

from typing import Final

from pipelines.adapters.ids import id_heading
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.people.losses import Answers

EMAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
ONE_WORD: Final = r"^\S{1,80}$"
WITH_A_DIGIT: Final = r"^\S*\d\S*$|^\d[\d ./-]*$"

_MOSTLY: Final = 0.9


def like(column: Seen, pattern: str) -> bool:
    """Whether nearly everything that stands in a column is like a pattern."""
    return column.filled > 0 and column.rows_like(pattern) >= _MOSTLY * column.filled


def are_scores(column: Seen) -> bool:
    """Whether nothing but 0 to 10 stands there, many times over."""
    return like(column, r"^(\d|10)$") and len(column.counts) < column.filled


def evidence(column: Seen) -> str:
    """Why a column may hold ids."""
    heading = id_heading(*column.headings)
    words = (
        f"the heading names the id of '{heading.words}'" if heading and heading.words else "its values look like ids"
    )
    return f"{words}; {len(column.counts):,} different texts in {column.filled:,} rows"


def of_all(count: int, answers: Answers) -> str:
    """A number of answers, and of how many."""
    return f"{count:,} of {answers.total:,} answers"


def quoted(column: Seen) -> str:
    """The name of a column as it may be written into nps.yaml."""
    return column.pasted
