"""What clients did, as a file says it, beside the files before it: kinds that are gone, days that are all alike.

Here: the notes on it, once its rows are in the lake. Not here: rows that are odd by themselves (`doubts`),
amounts of another size and numbers of orders (`pipelines.report.notes.matches`), clients who are all new (`strangers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.intake.history import MOST_ROWS, History
from pipelines.intake.verdicts import FileVerdict
from transforms.rows.activity import IS_DEED
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

#: So many rows tell something, of so many months and days.
_ENOUGH: Final = 20
_MONTHS: Final = 3
_DAYS: Final = 5
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-5
_FOLLOWS: Final = {
    "purchase": "nobody bought by it", "renewal": "nobody renewed by it", "refund": "revenue is too high without them",
    "cancel": "nobody left by it",
}  # fmt: skip


def odd_deeds(lake: Lake, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a file of activity beside those before it."""
    load = verdict.load(_ENOUGH, MOST_ROWS)
    if load is None:
        return
    before = [each.load_id or "" for each in history.shortly_before(verdict.file, verdict.scope)]
    rows = rows_of(lake, "activity", [load, *before]).filter(IS_DEED).select("load_id", "kind", "occurred_on").collect()
    is_here = pl.col("load_id") == load
    here, then = rows.filter(is_here), rows.filter(~is_here)
    if then.height >= _ENOUGH:
        yield from _kinds_gone(here, then)
        yield from _one_day(here, then)


def _kinds_gone(here: pl.DataFrame, then: pl.DataFrame) -> Iterator[str]:
    there = {*here["kind"].unique()}
    for kind, rows in then.group_by("kind").agg(pl.len()).sort("kind").iter_rows():
        if kind not in there and (1 - rows / then.height) ** here.height < _CHANCE:
            yield (
                f"None of its {here.height:,} rows is a {kind}, while {rows:,} of {then.height:,} in the files before it are"
                f": {_FOLLOWS[kind]}. If they were left out of the export, export it again; if there were none, all is well."
            )


def _one_day(here: pl.DataFrame, then: pl.DataFrame) -> Iterator[str]:
    on = pl.col("occurred_on")
    days, months = here.select(on.dt.day().n_unique(), on.dt.truncate("1mo").n_unique().alias("months")).row(0)
    if days == 1 and months >= _MONTHS and then.select(on.dt.day().n_unique()).item() >= _DAYS:
        yield (
            f"Its {here.height:,} rows are of {months:,} months, and all of the same day of the month, as those of the "
            "files before it are not: day and month are probably written in another order than dates.formats of nps.yaml. "
            "If they are, take it back (nps withdraw) and export it as before; else all is well."
        )
