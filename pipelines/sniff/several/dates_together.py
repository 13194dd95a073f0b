"""The dates of several files of one source, which are read by the same formats.

Here: what the dates of all of them are together. Not here: the dates of one file (`dates`), whether the files add up
(`together`).
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.sniff.columns.facts import in_all
from pipelines.sniff.dates.dates import DateColumn, date_columns
from pipelines.sniff.sniffed import Findings


def with_dates_of_all(found: Findings) -> Findings:
    """The findings of a file whose dates are those of all files of its source: what one proves, another may contradict."""
    return replace(found, dates=[_of_all(each, found) for each in found.dates])


def _of_all(when: DateColumn, found: Findings) -> DateColumn:
    """The column in all files; as it is where elsewhere it is no date, and so is asked or held there."""
    together = in_all(when.column, (other.columns for other in found.beside))
    of_all = next(iter(date_columns([together])), None)
    return when if of_all is None else replace(of_all, column=when.column, in_files=1 + len(found.beside))
