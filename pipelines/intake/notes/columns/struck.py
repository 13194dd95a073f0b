"""Columns that say in some rows alone that these do not hold any more: when they were deleted, or which others they replace.

Here: the notes on them. Not here: texts and ticks that mark rows (`marked`), rows that correct others by a word (`advised`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.row_marks import NO_END
from pipelines.adapters.table import TextTable
from pipelines.adapters.words import named
from pipelines.config.sources import Source
from pipelines.intake.once import MARKED
from pipelines.shown import counted, in_quotes

_FILE: Final = "file_no"
_DELETED: Final = "struck_at"
_ENDED: Final = "valid_until_named"
_BY_SAME_NAME: Final = "by the same name; if they count, all is well."
#: What rows say in such columns, and what is to be done.
_SAID: Final = {
    _DELETED: ("when or why they were deleted", f"If they were, put the file here without them, {_BY_SAME_NAME}"),
    "replaces_named": (
        "which row they replace, correct or repeat",
        f"If so, it and that row both count: put the file here without those that should not, {_BY_SAME_NAME}",
    ),
    _ENDED: (
        "until when they held",
        f"If they are older versions of others, both count: put the file here without them, {_BY_SAME_NAME}",
    ),
}


def is_deleted(names: Sequence[str]) -> bool:
    """Whether a column says when or why rows were deleted."""
    return _topic(names) == _DELETED


def is_struck(names: Sequence[str]) -> bool:
    """Whether a column is called so."""
    return _topic(names) is not None


def _topic(names: Sequence[str]) -> str | None:
    return next((topic for topic in _SAID if any(named(topic, each) for each in names)), None)


def struck(table: TextTable, source: Source, free: Sequence[int], rows: pl.LazyFrame) -> Iterator[tuple[int, str]]:
    """The `file_no` and a note on each file some of whose `rows`, those with a score, are said not to hold any more."""
    for at in free:
        topic = _topic(table.headings[at].names)
        if topic is None:
            continue
        text = bare_text(at)
        is_so = text != ""
        if topic == _ENDED:
            is_so &= ~text.str.contains(f"^(?:{NO_END})$")
        by_file = rows.select(_FILE, said=is_so, again=_is_told_by_id(table, source, topic, is_so)).group_by(_FILE)
        many = by_file.agg(said=pl.col("said").sum(), told=(pl.col("said") & ~pl.col("again")).sum(), rows=pl.len())
        for number, said, told, of in many.sort(_FILE).collect().iter_rows():
            if told and said < of:
                says, advice = _SAID[topic]
                label = in_quotes(table.headings[at].label)
                yield number, f"{counted(told, 'row')} with a score say in {label} {says}, a column {MARKED}. {advice}"


def _is_told_by_id(table: TextTable, source: Source, topic: str, is_so: pl.Expr) -> pl.Expr:
    """Whether a newer version has the id of the answer too, and takes its place."""
    wanted = source.columns.get("response_id")
    if topic != _ENDED or wanted is None or is_absent(table, wanted):
        return pl.lit(value=False)
    return (~is_so).any().over(_FILE, bare_text(find_columns(table, wanted, "response_id")[0]))
