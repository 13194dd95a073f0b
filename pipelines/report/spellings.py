"""What is odd in the names that answers give: several spellings that were counted as one, and words in two scripts.

Here: sentences about the published file. Not here: which spellings are one (`transforms.spelling`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from transforms.spelling import clean
from warehouse.query import QueryError, ask


def spelling_notes(database: Path) -> list[str]:
    """A sentence for each name that stands there in several spellings, or in several scripts."""
    if not database.is_file():
        return []
    try:
        rows = ask(database, "from meta.spellings order by attribute, shown_as, spelling")
    except QueryError:
        return []  # it was published before there was such a table
    said = []
    for (attribute, shown_as), of_it in rows.group_by("attribute", "shown_as", maintain_order=True):
        others = of_it.filter(pl.col("spelling") != shown_as)
        if others.height:
            told = ", ".join(
                _told(spelling, str(shown_as)) + (f" ({answers:,})" if answers else "")
                for spelling, answers in others.select("spelling", "responses").iter_rows()
            )
            said.append(f"The {attribute} {shown_as} is also spelt {told}: they are counted as one (meta.spellings).")
        for spelling, scripts in of_it.drop_nulls("scripts").select("spelling", "scripts").iter_rows():
            said.append(
                f"The {attribute} {spelling} has a word with letters of {scripts}, which look alike: it is counted apart "
                "from what only looks like it (meta.spellings)."
            )
    return said


def _told(spelling: str, beside: str) -> str:
    """A spelling so that the difference can be seen."""
    return ascii(spelling) if clean(spelling) == clean(beside) or clean(spelling) != spelling else spelling
