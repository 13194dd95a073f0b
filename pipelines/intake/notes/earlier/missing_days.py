"""Days without any answer between a file and the one before it, where answers are given on nearly every day.

An export of a month was made on its tenth day, or a file never came: each file is right, and the month is not whole.
Here: the note on it, once its rows are in the lake. Not here: months without answers
(`pipelines.report.notes.silence`), days that a newer file has no more (`rolling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.history import MOST_ROWS, History
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from warehouse.intake.days import columns_of
from warehouse.lake.store import Lake

#: A gap is odd of so many days, and of so many times the longest of those that there are among so many days of answers.
_GAP: Final = 7
_LONGER: Final = 3
_DAYS: Final = 30
#: So many answers usually come in such a time.
_ANSWERS: Final = 20


def missing_days(lake: Lake, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield a sentence where such days lie between a file and those before it."""
    if source.delivery != "incremental" or "responded_at" not in source.columns or source.dates_are_periods:
        return
    load = verdict.load(1, MOST_ROWS)
    if load is None:
        return
    before = [each.load_id or "" for each in history.shortly_before(verdict.file, verdict.scope)]
    here, then = _answers_by_day(lake, [load]), _answers_by_day(lake, before)
    if not here or not then:
        return
    first, last = min(here), max(then)
    longest = max([(later - day).days for some in (here, then) for day, later in pairwise(sorted(some))], default=0)
    gap = (first - last).days
    usual = sum(then.values()) / ((last - min(then)).days + 1) * (gap - 1)
    is_odd = len(then) >= _DAYS and gap > _GAP and gap >= _LONGER * longest and usual >= _ANSWERS
    if is_odd and not _is_filled(lake, verdict, history, last, first):
        yield (
            f"Its first answer is of {first}, and the last one in the files before it of {last}: of the "
            f"{counted(gap - 1, 'day')} between there is none, though usually answers are never more than "
            f"{counted(longest, 'day')} apart. If an export ended too early, or a file is missing, land that too; if nobody "
            "was asked, all is well."
        )


def _is_filled(lake: Lake, verdict: FileVerdict, history: History, last: date, first: date) -> bool:
    """Whether a file that was written later, by a correction or by whoever copied them, has answers of days between.

    So it is taken for, where there are too many of them to be looked at.
    """
    later = [
        each
        for each in history.after(verdict.file, verdict.scope)
        if each.load_id and any(last.replace(day=1) <= month <= first for month in each.months)
    ]
    if sum(each.accepted for each in later) > MOST_ROWS:
        return True
    return any(last < day < first for day in _answers_by_day(lake, [each.load_id or "" for each in later]))


def _answers_by_day(lake: Lake, loads: list[str]) -> dict[date, int]:
    if not loads:
        return {}
    days = columns_of(lake, loads, [pl.col("responded_at").dt.date().alias("day")])
    return dict(days.drop_nulls().group_by("day").agg(pl.len()).iter_rows())
