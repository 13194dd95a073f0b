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

    A NULL in a column that the rule names breaks the rule, unless it is `nullable`: what is not known is not right.
    """

    name: str
    """In snake case, unique within its suite: it becomes the name of a Dagster asset check."""
    view: str
    """The table or view: `score_profile`."""
    expectation: str
    """The class of Great Expectations, or of `expectations.adding_up`."""
    arguments: Mapping[str, object]
    says: str
    """The sentence for people when it fails."""
    counts: str | None = None
    """The column that says for how many rows of the files a row of the view stands; for itself, if there is none."""
    nullable: bool = False
    """Whether a NULL in the columns that the rule names is no mistake."""
    by: str | None = None
    """The column that says what a row of the view is about, where that is to be told: a file's digest, a table's name."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rule is about."""
        single = (self.arguments.get(key) for key in ("column", "column_A", "column_B"))
        several = self.arguments.get("column_list", ())
        names = (*single, *(several if isinstance(several, list | tuple) else ()))
        return tuple(name for name in names if isinstance(name, str))
