"""What is written only in the first row of each group: a branch once, and nothing in the rows of its other answers.

Here: telling such columns, and the note on them. Not here: merged cells, which say themselves what they cover
(`sheets.marks`). Nothing is filled: a blank cell may mean that nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.table import TextTable, column
from pipelines.config.sources import Source
from transforms.dimensions import OF_ANSWERS
from transforms.rows.summaries import names_summary

#: What answers are grouped by.
GROUPS: Final = (*OF_ANSWERS, "manager")
_FEW: Final = 2
_MOSTLY: Final = 0.8


def rows_below(cells: pl.Series) -> pl.Series:
    """Which cells are blank below one that speaks for them; none where a column is not written in this way.

    The first cell is filled, half of all are blank, hardly a value stands without blank ones below it, and none stands
    twice in a row. Rows of totals between the groups (`Split Total`) are looked through.
    """
    none = pl.Series([False] * len(cells), dtype=pl.Boolean)
    text = cells.str.strip_chars().fill_null("")
    is_sum = names_summary(text)
    if is_sum.any():
        return none.scatter((~is_sum).arg_true(), rows_below(text.filter(~is_sum)))
    is_filled = (text != "").alias("filled")
    values = text.filter(is_filled)
    if len(values) < _FEW or 2 * len(values) > len(cells) or not is_filled[0]:
        return none
    is_alone = is_filled & is_filled.shift(-1, fill_value=False)
    is_repeated = bool((values == values.shift(1)).any())
    return none if is_repeated or int(is_alone.sum()) > (1 - _MOSTLY) * len(values) else ~is_filled


def files_with_gaps(table: TextTable, source: Source) -> list[int]:
    """Of the rows of several files those `file_no` of which `notes_of_gaps` may have something to say."""
    filled = {name: pl.col(name).str.strip_chars().fill_null("") != "" for name in _grouping(table, source).values()}
    may_be = [each.first() & (each.sum() >= _FEW) & (2 * each.sum() <= pl.len()) for each in filled.values()]
    if not may_be:
        return []
    return (
        table.rows.group_by("file_no").agg(may=pl.any_horizontal(may_be)).filter("may").collect()["file_no"].to_list()
    )


def _grouping(table: TextTable, source: Source) -> dict[str, str]:
    """The columns by which answers are grouped, as `table` names them."""
    wanted = {name: source.columns[name] for name in GROUPS if name in source.columns}
    found = {name: find_columns(table, each, name) for name, each in wanted.items() if not is_absent(table, each)}
    return {name: column(at) for name, [at, *more] in found.items() if not more}


def notes_of_gaps(table: TextTable, source: Source) -> Iterator[str]:
    """Yield a sentence for each column by which answers are grouped that is blank below a row which has it."""
    names = _grouping(table, source)
    for name, cell in names.items():
        if rows_below(table.beginning.get_column(cell)).any():
            below = rows_below(table.rows.select(cell).collect().get_column(cell))
            if below.any():
                yield (
                    f"{name} is blank in {below.sum():,} of its rows that stand below a row which has it, as if it was "
                    f"written only in the first row of each group: their answers count as of no {name}. If they belong to "
                    "it, fill these cells in the file."
                )
