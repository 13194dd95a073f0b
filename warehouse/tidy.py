"""Throwing away what counts no more: loads of crashed runs, of earlier verdicts and of earlier builds.

Here: which loads may go, and when. Not here: how they go (`warehouse.lake`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from warehouse.lake import DATA_TABLES, LEDGERS, Lake
from warehouse.ledgers import current_builds, current_files, loads_of

#: A load that no ledger names may belong to a run that is still at work; after so long it belongs to none.
KEPT_HOURS: Final = 24

_BUILT_BY: Final = {"responses": "responses", "superseded": "responses", "facts": "facts"}


def tidy(lake: Lake, now: datetime) -> int:
    """Drop the loads that do not count and are older than `KEPT_HOURS`, delete their files, and say how many went.

    Ledgers of many pieces become one. One process at a time: the one that holds the lock of publishing.
    """
    files = current_files(lake).select("load_id").drop_nulls()
    dropped = 0
    for table in DATA_TABLES:
        counting = loads_of(current_builds(lake, _BUILT_BY[table])) if table in _BUILT_BY else files
        old = lake.pieces(table).filter(pl.col("written_at") < now - timedelta(hours=KEPT_HOURS))
        useless = old.join(counting, on=counting.columns, how="anti")
        lake.drop(table, useless)
        dropped += useless.height
    for ledger in LEDGERS:
        lake.compact(ledger)
    for table in (*DATA_TABLES, *LEDGERS):
        lake.clean(table, older_than_hours=KEPT_HOURS)
    return dropped
