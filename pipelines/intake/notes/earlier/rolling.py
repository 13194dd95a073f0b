"""A file that takes the place of another whose first or last days, or a month, it does not hold: an export of a part.

Here: the note on it. Not here: snapshots that shrank (`snapshots`), months that changed (`pipelines.stages.volume`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.history import Earlier, History
from pipelines.intake.verdicts import FileVerdict
from warehouse.intake.days import columns_of, first_and_last

#: Fewer answers may have been taken back one by one.
_FEW: Final = 5


def days_gone(context: Context, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know where answers count no more that are of other days than all of a file."""
    if verdict.status != "accepted" or verdict.staged is None or not verdict.tally.accepted:
        return
    before = _before(source, verdict, history)
    if before is None or before.load_id is None or not before.accepted:
        return
    own, others = (first_and_last(context.lake, load) for load in (verdict.staged.load_id, before.load_id))
    months = sorted({*before.months} - {*verdict.tally.months})
    if own is None or others is None or (own[0] <= others[0] <= others[1] <= own[1] and not months):
        return
    rows = columns_of(context.lake, [before.load_id], ["survey", "responded_at"])
    survey = pl.col("survey").fill_null(before.surveys[0] if before.surveys else "")
    is_within = pl.col("responded_at").is_between(*own)
    is_gone = ~is_within | pl.col("responded_at").dt.date().dt.month_start().is_in(months)
    is_gone &= survey.is_in(verdict.tally.surveys)
    days = rows.filter(is_gone)["responded_at"].dt.date().sort().to_list()
    if len(days) >= _FEW:
        yield (
            f"It takes the place of {_what(before, verdict)}, of which {len(days):,} answers, from {days[0]} to {days[-1]}, "
            "are of other days than all of its own: they count no more. If each export holds the last days or months only, "
            "keep the older files in landing under names of their own, and write delivery: incremental; if those answers "
            "should be gone, all is well."
        )


def _before(source: Source, verdict: FileVerdict, history: History) -> Earlier | None:
    """The file whose answers this one replaces: of snapshots the one before, else one of its own name."""
    if source.delivery == "snapshot":
        return next((each for each in history.before(verdict.file, verdict.scope) if each.accepted), None)
    return history.gives_way(verdict.file)


def _what(before: Earlier, verdict: FileVerdict) -> str:
    return "other bytes of its name" if before.path == verdict.file.known_as else before.path
