"""Throwing away what counts no more: loads of crashed runs, of earlier verdicts and of earlier builds, temporary files.

Here: which of them may go, and when. Not here: how loads go (`warehouse.lake.store`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from warehouse.lake.ledgers import current_builds, current_files, erased_at, loads_of
from warehouse.lake.loads import whole_load
from warehouse.lake.store import Lake
from warehouse.lake.tables import BUILT_TABLES, DATA_TABLES, LEDGERS

#: A load that no ledger names may belong to a run that is still at work; after so long it belongs to none.
KEPT_HOURS: Final = 24

_BUILT_BY: Final = {
    **dict.fromkeys(BUILT_TABLES, "responses"), "facts": "facts", "repeats": "people", "mentions": "why", "words": "why",
    "contact_counts": "contacts",
    "cases": "cases",
}  # fmt: skip


def tidy(
    lake: Lake, now: datetime, keep_rejected: timedelta = timedelta.max, keep_replaced: timedelta = timedelta.max
) -> int:
    """Drop the loads that do not count and are older than `KEPT_HOURS`, delete their files, and say how many went.

    What was built before people were erased goes at once, however new it is.
    The rejected rows of files taken in longer ago than `keep_rejected` go too; the ledger keeps their counts. So does what
    files held that were replaced longer ago than `keep_replaced`.
    Ledgers of many pieces become one, and logs of many commits are summed up. One process at a time: the one that holds the
    lock of publishing.
    """
    verdicts = _may_count(current_files(lake).drop_nulls("load_id"), now, keep_replaced)
    files = verdicts.select(whole_load())
    kept = {"rejected": verdicts.filter(now - pl.col("ingested_at") <= keep_rejected).select(whole_load())}
    last_erased = verdicts.select(erased_at().max()).item()
    dropped = 0
    for table in DATA_TABLES:
        pieces = lake.pieces(table)
        is_old = pl.col("written_at") < now - timedelta(hours=KEPT_HOURS)
        # What was built before somebody was erased may tell of them, and belongs to no run that is still at work.
        is_of_erased = pl.col("written_at") < last_erased if table in _BUILT_BY and last_erased else pl.lit(value=False)
        if pieces.filter(is_old | is_of_erased).is_empty():
            continue
        counting = loads_of(current_builds(lake, _BUILT_BY[table])) if table in _BUILT_BY else kept.get(table, files)
        named = [name for name in counting.columns if name in pieces.columns]
        useless = pieces.join(counting, on=named, how="anti")
        lake.drop(table, useless.filter(is_of_erased), at_once=True)
        lake.drop(table, useless.filter(is_old & ~is_of_erased))
        dropped += useless.filter(is_old | is_of_erased).height
    for ledger in LEDGERS:
        lake.compact(ledger)
    for table in (*DATA_TABLES, *LEDGERS):
        lake.clean(table, older_than_hours=KEPT_HOURS)
        lake.sum_up(table)
    return dropped


def _may_count(verdicts: pl.DataFrame, now: datetime, keep_replaced: timedelta) -> pl.DataFrame:
    """The records of files without those replaced long ago; what each name held last may count again, and stays."""
    replaced = verdicts.filter(pl.col("status") == "replaced").sort("sequence", nulls_last=False)
    last = replaced.unique(["source", "path"], keep="last")
    is_old = now - pl.col("ingested_at") > keep_replaced
    gone = replaced.filter(is_old).join(last, on=["source", "file_digest"], how="anti")
    return verdicts.join(gone, on=["source", "file_digest"], how="anti", maintain_order="left")


def sweep(folders: Iterable[Path], now: datetime) -> None:
    """Remove what is older than `KEPT_HOURS` in folders of which every entry belongs to one run.

    It is what killed runs left, copies of landing files with all that stands in them among that.
    """
    for entry in (each for folder in folders for each in folder.iterdir()):
        if datetime.fromtimestamp(entry.lstat().st_mtime, UTC) >= now - timedelta(hours=KEPT_HOURS):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)
