"""A dump of tickets that says other times of those which the one before it knew: another clock, or ids of other answers.

A newer dump counts, so hours and calls in time change. Here: the notes on it, once its rows are in the lake. Not here: those
that are odd by themselves (`doubts`), which are of no case (`pipelines.report.notes.matches`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.intake.history import MOST_ROWS, History
from pipelines.intake.verdicts import FileVerdict
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

#: What is said once of a ticket and stays so, and what of many that had an end is gone by no work of a night.
_ONCE: Final = {"opened_at": "were opened", "first_contact_at": "were called about first"}
_SOME: Final = 5
_SHARE: Final = 0.25
_REOPENED: Final = 0.5


def moved_tickets(lake: Lake, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a dump beside the one before it."""
    load = verdict.load(most=MOST_ROWS)
    before = next(iter(history.shortly_before(verdict.file, verdict.scope)), None) if load else None
    if load is None or before is None:
        return
    loads = [load, before.load_id or ""]
    columns = ["load_id", "response_key", *_ONCE, "closed_at"]
    rows = rows_of(lake, "tickets", loads).select(columns).collect()
    # Of several tickets of one answer nobody knows which is which.
    alone = rows.drop_nulls("response_key").filter(pl.len().over("load_id", "response_key") == 1)
    now, then = (alone.filter(pl.col("load_id") == load).drop("load_id") for load in loads)
    both = now.join(then, on="response_key", suffix="_then")
    for column, were in _ONCE.items():
        known = both.drop_nulls([column, f"{column}_then"])
        other = known.filter(pl.col(column) != pl.col(f"{column}_then")).height
        if other >= max(_SOME, _SHARE * known.height):
            yield (
                f"{other:,} of {known.height:,} tickets that are in {before.path} as well {were} at other times by it: "
                "hours and calls in time change with them. If its clock is of another zone, or its ids are of other "
                "answers now, take it back (nps withdraw) and export it as before; if the times were corrected, all is well."
            )
    ended = both.drop_nulls("closed_at_then")
    reopened = ended["closed_at"].null_count()
    if max(_SOME, _REOPENED * ended.height) <= reopened < now.height:
        yield (
            f"{reopened:,} of {ended.height:,} tickets that were closed by {before.path} are not closed by it. If that was "
            "lost in the export, take it back (nps withdraw) and export it again; if so many were opened again, all is well."
        )
