"""Rows amid a table that are headings: of another table below it, or of a group of rows, as `Branch: Split` alone.

Here: finding them, and what is asked of them. Not here: the same headings again, as appended files have them: such a row is
no answer, and is rejected; rows that sum up (`totals`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.headings import holds_value, tidy
from pipelines.adapters.table import column
from pipelines.sniff.opening.reading import Opened

#: A row that holds so many of the headings is one of headings.
_SEVERAL_HEADINGS: Final = 2
#: In narrower tables a row of one cell may be an answer without its other cell.
_NARROWEST: Final = 3
_SEVERAL: Final = 2
#: So few headings there are for one row below them: more are rows of answers that say nothing else.
_MOST: Final = 1 / 3
_SHOWN: Final = 3


def question_of_tables(opened: Opened, files: str) -> str:
    """What is asked where another table begins below the first one; nothing where none does."""
    names = [tidy(heading.text).lower() for heading in opened.table.headings]
    cells = [bare_text(at).str.to_lowercase() for at in range(len(names))]
    wanted = sorted({name for name in names if name})
    if len(wanted) < _SEVERAL_HEADINGS:
        return ""
    again = pl.sum_horizontal(cell.is_in(wanted).cast(pl.Int32) for cell in cells)
    differs = pl.any_horizontal((cell != "") & (cell != name) for cell, name in zip(cells, names, strict=True))
    rows = opened.rows.filter((again >= _SEVERAL_HEADINGS) & differs)
    texts = [column(at) for at in range(len(names))]
    for row in rows.iter_rows(named=True):
        if not holds_value([row[text] or "" for text in texts]):
            return (
                f"row {row['source_row']:,} holds headings again, in another order or beside others: what stands below it "
                "is another table, and would be read by the headings of the first. Put each table into a file of its own "
                f"and begin again; if it is a row like the others, write {files}"
            )
    return ""


def question_of_groups(opened: Opened, files: str) -> str:
    """What is asked where rows are headings of those below them; nothing where none are.

    They are where the first row of all is one, no text of them stands twice or in a row of answers, and none is followed by
    another one alone.
    """
    width = len(opened.table.headings)
    if width < _NARROWEST or opened.rows.is_empty():
        return ""
    cells = [bare_text(at) for at in range(width)]
    filled = opened.rows.select(pl.sum_horizontal(cell != "" for cell in cells)).to_series()
    is_alone = filled.filter(filled > 0) == 1
    are_few = is_alone.first() and _SEVERAL <= is_alone.sum() <= _MOST * len(is_alone)
    if not are_few or (is_alone & is_alone.shift(1)).any():
        return ""
    read = opened.rows.select("source_row", text=pl.concat_list(cells).list.filter(pl.element() != ""))
    rows = read.filter(pl.col("text").list.len() > 0)
    alone = rows.filter(is_alone).select("source_row", pl.col("text").list.first())
    texts, others = set(alone["text"]), set(rows.filter(~is_alone).explode("text")["text"])
    is_groups = (
        len(texts) == alone.height
        and not texts & others
        and not any(holds_value([text]) or not any(map(str.isalpha, text)) for text in texts)
    )
    if not is_groups:
        return ""
    numbers = ", ".join(f"{row:,}" for row in alone["source_row"].head(_SHOWN))
    named = ", ".join(f"'{text}'" for text in alone["text"].head(_SHOWN))
    return (
        f"rows {numbers}{' ...' if alone.height > _SHOWN else ''} hold one text each ({named}), as headings of the rows "
        "below them do: which of these an answer is of would be lost. Put it into a column of its own, in every row, and "
        f"begin again; if nobody needs it, write {files}"
    )
