"""Tables below the first one of a file: headings stand there again, in another order or beside others.

Here: finding such a row, and what is asked of it. Not here: the same headings again, as appended files have them: such a
row is no answer, and is rejected.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.headings import holds_value, tidy
from pipelines.adapters.table import column
from pipelines.sniff.opening.reading import Opened

#: A row that holds so many of the headings is one of headings.
_SEVERAL: Final = 2


def question_of_tables(opened: Opened, files: str) -> str:
    """What is asked where another table begins below the first one; nothing where none does."""
    names = [tidy(heading.text).lower() for heading in opened.table.headings]
    cells = [bare_text(at).str.to_lowercase() for at in range(len(names))]
    wanted = sorted({name for name in names if name})
    if len(wanted) < _SEVERAL:
        return ""
    again = pl.sum_horizontal(cell.is_in(wanted).cast(pl.Int32) for cell in cells)
    differs = pl.any_horizontal((cell != "") & (cell != name) for cell, name in zip(cells, names, strict=True))
    rows = opened.rows.filter((again >= _SEVERAL) & differs)
    texts = [column(at) for at in range(len(names))]
    for row in rows.iter_rows(named=True):
        if not holds_value([row[text] or "" for text in texts]):
            return (
                f"row {row['source_row']:,} holds headings again, in another order or beside others: what stands below it "
                "is another table, and would be read by the headings of the first. Put each table into a file of its own "
                f"and begin again; if it is a row like the others, write {files}"
            )
    return ""
