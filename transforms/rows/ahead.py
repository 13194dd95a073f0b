"""What only all rows of a big file tell together, found out before they are judged: so judging keeps no row in memory.

Here: the numbers of equal rows, and whether any row may sum others up. Not here: what follows from them (`staged`).
"""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl

from transforms.answers.people import repeated
from transforms.rows.summaries import SAYS

#: The number of a row among equal ones, for `transforms.rows.staged.judge`.
NUMBER: Final = "number_among_equal"

#: Of more equal rows than these it is no shorter to know them ahead.
_MOST: Final = 1_000_000


def looked_ahead(raw: pl.LazyFrame) -> pl.LazyFrame:
    """Rows for `transforms.rows.staged.judge` that have no ids, with `NUMBER`; without columns that say nothing in any row.

    They are read twice for that. Rows are equal where two hashes of their texts are.
    """
    says = [name for name in SAYS if name in raw.collect_schema()]
    seen = raw.select(
        "source_row",
        hash=pl.col("cells").hash(),
        check=pl.col("cells").hash(1),
        says=pl.any_horizontal(says) if says else pl.lit(value=False),
    ).collect(engine="streaming")
    numbers = _numbers(seen)
    if numbers.height > _MOST:
        return raw
    number: pl.Expr = pl.lit(1, pl.UInt32)
    if numbers.height:
        look_up = partial(_looked_up, numbers=numbers)
        number = pl.col("source_row").map_batches(look_up, return_dtype=pl.UInt32, is_elementwise=True)
    found = raw.with_columns(number.alias(NUMBER))
    return found if seen["says"].any() else found.drop(says)


def _numbers(seen: pl.DataFrame) -> pl.DataFrame:
    """Rows that are no first ones of their kind: `source_row, number`."""
    hashes = seen.get_column("hash")
    twice = seen.filter(hashes.is_in(repeated(hashes).implode()))
    number = pl.col("source_row").rank("ordinal").over("hash", "check").cast(pl.UInt32)
    return twice.select("source_row", number=number).filter(pl.col("number") > 1)


def _looked_up(rows: pl.Series, numbers: pl.DataFrame) -> pl.Series:
    return rows.replace_strict(numbers["source_row"], numbers["number"], default=1, return_dtype=pl.UInt32)
