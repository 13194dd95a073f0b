"""What is odd about the texts of files that are no text themselves: workbooks, Parquet, escapes of JSON.

Their letters were settled where they were made, and may have been read wrongly before that. Here: sentences with rows. Not
here: the same of text, by its bytes (`notes`). Nothing is mended: a text that looks damaged may be as it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.encodings.notes import ENCODED_TWICE, LOST, TWICE_ENCODED, looks_damaged
from pipelines.adapters.encodings.utf8 import chunks
from pipelines.shown import counted

_DAMAGES: Final = ((LOST, "\ufffd"), (ENCODED_TWICE, TWICE_ENCODED))


def notes_on_cells(rows: pl.LazyFrame, cells: Sequence[str], held: Path | None = None) -> tuple[str, ...]:
    """Tell what is odd about the texts of some columns; of large ones only if the file that `held` them looks like it."""
    if held is not None and not any(map(looks_damaged, chunks(held))):
        return ()
    lengths = [(pl.col(name).str.len_bytes() != pl.col(name).str.len_chars()).any().alias(name) for name in cells]
    foreign = rows.select(lengths).collect() if lengths else pl.DataFrame()
    names = [name for name in foreign.columns if foreign.item(0, name)]
    return tuple(note for sentence, pattern in _DAMAGES if names and (note := _told(rows, names, sentence, pattern)))


def _told(rows: pl.LazyFrame, names: Sequence[str], sentence: str, pattern: str) -> str:
    is_so = reduce(or_, (pl.col(name).str.contains(pattern).fill_null(value=False) for name in names))
    many, first = rows.filter(is_so).select(pl.len(), first=pl.col("source_row").min()).collect().row(0)
    if not many:
        return ""
    return sentence.format(f"row {first:,}" + (f" and {counted(many - 1, 'row')} below" if many > 1 else ""))
