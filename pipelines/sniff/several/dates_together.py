"""The dates of several files of one source, which are read by the same formats.

Here: what the dates of all of them are together. Not here: the dates of one file (`dates`), whether the files add up
(`together`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.dates.dates import DateColumn, date_columns
from pipelines.sniff.sniffed import Findings


def with_dates_of_all(found: Findings) -> Findings:
    """The findings of a file whose dates are those of all files of its source: what one proves, another may contradict."""
    return replace(found, dates=[_of_all(each, found) for each in found.dates])


def _of_all(when: DateColumn, found: Findings) -> DateColumn:
    """The column in all files; as it is where elsewhere it is no date, and so is asked or held there."""
    others = [column for other in found.beside for column in other.columns if column.name == when.column.name]
    counts: Counter[str] = Counter()
    for text, count in chain.from_iterable(column.counts for column in (when.column, *others)):
        counts[text] += count
    together: Seen = replace(when.column, counts=tuple(counts.most_common()))
    of_all = next(iter(date_columns([together])), None)
    return when if of_all is None else replace(of_all, column=when.column, in_files=1 + len(found.beside))
