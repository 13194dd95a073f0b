"""Rows that `where` leaves out, though what they say is called like a question that counts: `NPS 2025` beside `NPS`.

No file before need have said so, and sniff may have seen one text alone. Here: the note on them. Not here: far more rows of
other questions than before (`called_otherwise`), marks of rows that count (`marked`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.row_marks import of_no_client
from pipelines.adapters.table import TextTable, carefully, column
from pipelines.adapters.words import named, plain, said
from pipelines.config.columns import Exclusion
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.marked import numbered, scored
from pipelines.intake.once import UNNAMED
from pipelines.shown import counted, in_quotes
from transforms.texts.spelling import simple, simplified

#: Questions are few; where there are more texts, they are no names of questions.
_MOST: Final = 60
#: Of long questions so many words in a hundred are the same where one was only reworded.
_SAME_WORDS: Final = 0.8


def called_alike(table: TextTable, source: Source) -> Mapping[int, list[str]]:
    """A sentence for each file with such rows, by the `file_no` of rows; all are of 0 where the rows have none."""
    where = source.where
    if where is None or not source.has_scores or is_absent(table, where.column):
        return {}
    return carefully(table, lambda each: dict(_by_file(each, source, where)))


def _by_file(table: TextTable, source: Source, where: Exclusion) -> Iterator[tuple[int, list[str]]]:
    at = find_columns(table, where.column, "where")[0]
    text = pl.col(column(at)).str.strip_chars().fill_null("")
    is_out = ~simplified(text).is_in([simple(value) for value in where.values])
    rows = numbered(table.rows.filter(*scored(table, source), is_out)).select("file_no", text=text)
    many = rows.group_by("file_no", "text").agg(pl.len().alias("rows")).sort("file_no", "rows", "text").collect()
    if many["text"].n_unique() > _MOST:
        return
    for (number,), group in many.group_by("file_no", maintain_order=True):
        found = {text: rows for text, rows in group.select("text", "rows").iter_rows() if _alike(text, where.values)}
        if found:
            yield int(str(number)), [_told(table.headings[at].label, found, where.values)]


def _told(label: str, found: Mapping[str, int], values: Sequence[str]) -> str:
    said_so, all_of_them = (", ".join(map(in_quotes, texts)) for texts in (found, [*values, *found]))
    rows = counted(sum(found.values()), "row")
    return (
        f"{rows} with a score say {said_so} in '{label}', {UNNAMED}, and do not count. If they are of the same question "
        f"under another name, write values: [{all_of_them}] there; if they are of another one, all is well."
    )


def _alike(text: str, values: Sequence[str]) -> bool:
    """Whether a text is one of the values with words more or less, and speaks of nobody who is asked another thing."""
    words = {*plain(text).split()}
    if not words or said("workplace", text) or named("employee_named", text) or of_no_client(text):
        return False
    return any(_are_alike(words, {*plain(value).split()}) for value in values)


def _are_alike(one: set[str], other: set[str]) -> bool:
    return bool(other) and (one <= other or other <= one or len(one & other) >= _SAME_WORDS * len(one | other))
