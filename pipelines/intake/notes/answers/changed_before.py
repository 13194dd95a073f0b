"""Answers that were changed before they were given: updated_at or responded_at is read from a column of something else.

Here: the note on them. Not here: columns that are called after something else (`pipelines.intake.notes.columns.misread`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.once import BEFORE_GIVEN
from pipelines.intake.verdicts import FileVerdict
from warehouse.intake.days import columns_of
from warehouse.lake.store import Lake

#: So many, and such a part of all, are by no clock that runs fast.
_ROWS: Final = 10
_PART: Final = 0.05
#: Days may stand beside times, of any zone.
_LATER: Final = timedelta(days=2)


def changed_before(lake: Lake, source: Source, verdict: FileVerdict) -> Iterator[str]:
    """Yield what people should know of a file."""
    answers = verdict.tally.accepted
    if "updated_at" not in source.columns or verdict.staged is None or verdict.status != "accepted":
        return
    if _ROWS <= answers <= LARGEST:
        rows = columns_of(lake, [verdict.staged.load_id], ["responded_at", "updated_at"])
        odd = rows.filter(pl.col("updated_at") + _LATER < pl.col("responded_at")).height
        if odd >= max(_ROWS, _PART * answers):
            yield (
                f"{odd:,} of its {answers:,} answers {BEFORE_GIVEN}, by responded_at and updated_at of nps.yaml: do both "
                "name the right columns? Each counts in the month of responded_at, and of several versions the last by "
                "updated_at. If they do, all is well."
            )
