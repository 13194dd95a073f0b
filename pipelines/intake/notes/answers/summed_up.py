"""A file in which each score stands once for each day and place: how often it was given, and not that it was, a row each.

Here: the note on it. Not here: columns that are called after counts (`pipelines.intake.notes.columns.advised`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.once import EACH_ONCE
from pipelines.intake.verdicts import FileVerdict
from transforms.scores.each_once import repeats_missing

#: Where so many pairs are to be expected, there is none by chance in less than one of 100,000.
_EXPECTED: Final = 12
_GROUPS: Final = ("responded_at", "branch", "region", "channel")


def summed_up(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield what people should know of a file; `rows_of` gives some columns of a load."""
    if verdict.staged is None or verdict.status != "accepted" or not 0 < verdict.tally.accepted <= LARGEST:
        return
    expected = repeats_missing(rows_of(verdict.staged.load_id), _GROUPS)
    if expected >= _EXPECTED and not source.answers:
        yield (
            f"No two of its {verdict.tally.accepted:,} answers of one time and place {EACH_ONCE}, where chance would make "
            f"some {expected:,.0f} pairs alike: as where a table tells how often each score was given, or equal rows were "
            "left out. Each row counts as one answer. If a row stands for several, take the file back (nps withdraw), and "
            "export a row for each; else all is well."
        )
