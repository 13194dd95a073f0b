"""Rows that stand in one file twice, in order: an export that was appended to itself.

Here: finding them, and the question. Not here: the same answers in several files (`same`), equal answers of different
people, which come in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.adapters.table import column
from pipelines.sniff.lines import Line
from pipelines.sniff.sniffed import Findings

#: So many rows are not equal to others, one after another, by chance.
_ROWS: Final = 10
#: A column tells rows apart where hardly two of them have the same in it: times, comments, addresses.
_NEARLY: Final = 0.9


def repeat_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a file without ids of answers that holds rows twice, in the same order."""
    rows = _repeated(found)
    if rows.height >= _ROWS:
        numbers = rows.get_column("source_row").sort().to_list()
        yield Line(
            "response_id",
            f"? {rows.height:,} rows, from row {numbers[0]:,} to {numbers[-1]:,}, are those above them again, cell by "
            "cell and in order, as if an export was appended to itself: they would count twice. Take them out of the file "
            "and begin again. If each is an answer of its own, take this line out",
        )


def _repeated(found: Findings) -> pl.DataFrame:
    """The second ones of rows that stand there twice, each as far below the first as its neighbours are."""
    rows, cells = found.opened.rows, [column(at) for at in range(found.opened.table.width)]
    if not cells or rows.height < 2 * _ROWS:
        return rows.clear()
    at, key = pl.int_range(pl.len()), pl.struct(cells).hash()
    known = rows.with_columns(_key=key, _at=at).with_columns(
        _gap=pl.col("_at") - pl.col("_at").shift(1).over("_key"), _times=pl.len().over("_key")
    )
    twice = known.filter((pl.col("_gap") > 1) & (pl.col("_times") == 2))  # noqa: PLR2004 - two are a pair
    [gap] = twice.get_column("_gap").mode().sort().head(1).to_list() or [0]
    found_again = twice.filter(pl.col("_gap") == gap)
    is_told = any(found_again.get_column(each).n_unique() >= _NEARLY * found_again.height for each in cells)
    return found_again if is_told else rows.clear()
