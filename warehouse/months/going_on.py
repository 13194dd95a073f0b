"""How far a source goes on in a month where it had stopped: a week's export crosses the end of a month.

Here: counting its answers that are later than all that it had. Not here: whether a month changed too much
(`pipelines.stages.volume`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake


def answers_later(lake: Lake, before: Sequence[str], new: Sequence[str], month: date) -> int:
    """How many answers of a month in the new loads are later than any in those before."""
    last = _answers(lake, before, month).select(pl.col("responded_at").max())
    later = _answers(lake, new, month).join(last.rename({"responded_at": "last"}), how="cross")
    return later.filter(pl.col("responded_at") > pl.col("last")).select("month").collect(engine="streaming").height


def _answers(lake: Lake, loads: Sequence[str], month: date) -> pl.LazyFrame:
    named = pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String})
    paths = lake.files_of("staged", named, [month])
    rows = scan("staged", paths).select("load_id", "month", "responded_at")
    return rows.filter(pl.col("load_id").is_in(list(loads)), pl.col("month") == month)
