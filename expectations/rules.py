"""What a rule is: one thing that must hold for a table, in the words of Great Expectations and of people.

Here: the rule itself, light enough to be imported by anything. Not here: which rules there are (`suites`), and how they
are judged (`check`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One expectation about one table or view.

    To most expectations a NULL is neither right nor wrong: where none may be is a rule of its own.
    """

    name: str
    """In snake case, unique within its suite: it becomes the name of a Dagster asset check."""
    view: str
    """The table or view: `score_profile`."""
    expectation: str
    """The class of Great Expectations, or of `expectations.several_columns`."""
    arguments: Mapping[str, object]
    says: str
    """The sentence for people when it fails."""
    counts: str | None = None
    """The column that says for how many rows of the files a row of the view stands; for itself, if there is none."""
    by: str | None = None
    """The column that says what a row of the view is about, where that is to be told: a file's digest, a table's name."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rule is about."""
        single = (self.arguments.get(key) for key in ("column", "column_A", "column_B"))
        several = self.arguments.get("column_list", ())
        names = (*single, *(several if isinstance(several, list | tuple) else ()))
        return tuple(name for name in names if isinstance(name, str))
