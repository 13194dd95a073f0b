"""Attempts to ask somebody that a newer file, or a later row, tells of again, in whichever month.

The call of 31 March, of which the next log says that it was made on 1 April after all, is one call and not two; and of
whom it was of, and when, the newest row alone says.
Here: finding them, by the ids that a source gives its attempts, among all months. Not here: attempts that have no such id
(`transforms.asking.contacts`), reading attempts (`warehouse.months.attempts`), the same of answers
(`warehouse.intake.redelivery`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import polars as pl

from warehouse.lake.known_ids import CONTACTS, digest_of, known_ids, merged, twice
from warehouse.lake.loads import shared_load
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

_SCHEMA: Final = {"position": pl.Int64(), "source_row": pl.Int64(), "month": pl.Date(), "by": pl.Int64()}


def retold(lake: Lake, files: pl.DataFrame, named: Collection[str]) -> pl.DataFrame:
    """`position, source_row, month` of attempts that count no more for it, and `by`: the position of the file that says so.

    `files` are those that count, with a position; `named` the sources that give attempts ids. Of snapshots only the newest
    is looked at: what counts of older ones is of surveys that it does not hold.
    """
    is_last = (pl.col("delivery") != "snapshot") | (pl.col("position") == pl.col("position").max().over("source"))
    is_named = pl.col("source").is_in(list(named)) & (pl.col("metric") == "nps")
    of = files.drop_nulls("load_id").filter(is_named).filter(is_last)
    found = [_of_source(lake, str(source), each) for (source,), each in of.group_by("source", maintain_order=True)]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *found])


def _of_source(lake: Lake, source: str, files: pl.DataFrame) -> pl.DataFrame:
    loads = files.get_column("load_id").to_list()
    runs = known_ids(lake, source, {shared_load(load) for load in loads}, CONTACTS)
    suspects = np.unique(twice(merged([*runs.values()])))
    if not len(suspects):
        return pl.DataFrame(schema=_SCHEMA)
    hit = [load for load in loads if np.isin(runs[shared_load(load)], suspects).any()]
    rows = (
        rows_of(lake, "contacts", hit).select("load_id", "source_row", "contact_id", "month").drop_nulls("contact_id")
    )
    told = rows.filter(digest_of("contact_id").is_in(pl.Series(suspects).implode())).collect()
    placed = told.join(files.select("load_id", "position"), on="load_id").sort("position", "source_row")
    older = placed.with_columns(by=pl.col("position").last().over("contact_id"))
    older = older.filter(~pl.col("contact_id").is_last_distinct())
    return older.select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
