"""Answers of testers amid others, by their addresses or their comments.

Here: the notes on a file that is in. Not here: columns that call rows tests (`marked`), the same of a first file
(`pipelines.sniff.proposal.flags`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.row_marks import LONGEST_TEST, MOST_STATES, TESTERS, tests_among
from pipelines.adapters.words import said
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.beside import Beside, Told
from pipelines.intake.once import IT_SAYS, TEST_COMMENTS, TEST_PEOPLE
from pipelines.shown import counted

_EMAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_NEARLY: Final = 0.9
#: So many short comments are looked at.
_MOST: Final = 20_000


def by_testers(beside: Beside, _: Source) -> Told:
    """Answers with the address or the comment of a tester."""
    text = pl.col("text")
    filled = beside.counting.filter(text != "")
    if filled.is_empty():
        return
    if filled["text"].head(_MOST).str.contains(_EMAIL).mean() >= _NEARLY:  # type: ignore[operator]
        found = filled.filter(text.str.contains(TESTERS))
        for number, rows in found.group_by("file_no").len().sort("file_no").iter_rows():
            note = (
                f"{counted(rows, 'answer')} {TEST_PEOPLE} '{beside.heading.label}': they begin with test or the like. "
                "Each counts. If these are no answers of people, take their rows out of the file; else all is well."
            )
            yield number, note
    elif beside.used_as == "comment" or (not beside.used_as and said("comment", *beside.names)):
        yield from _by_comments(beside, filled)


def _by_comments(beside: Beside, filled: pl.DataFrame) -> Told:
    short = (
        filled.filter(pl.col("text").str.len_chars() <= LONGEST_TEST)["text"].unique(maintain_order=True).head(_MOST)
    )
    tests = tests_among(short.to_list()) if filled["text"].n_unique() > MOST_STATES else []
    found = filled.filter(pl.col("text").is_in(tests)).group_by("file_no").agg(pl.len(), pl.col("text").first())
    for number, rows, text in found.sort("file_no").iter_rows():
        note = (
            f"{counted(rows, 'answer')} {TEST_COMMENTS} '{beside.heading.label}'. Each counts. If these are no answers "
            f"of people, take their rows out of the file; else all is well.{IT_SAYS}'{text}'."
        )
        yield number, note
