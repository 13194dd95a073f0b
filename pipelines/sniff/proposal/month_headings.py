"""Columns of scores below months: `Jan 2024` above one and `Feb 2024` above another, as in a table of clients by months.

Here: the answers of nps.yaml that date each column by the month above it. Not here: which columns are scores (`scores`),
columns that hold months (`month_columns`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.proposal.name_periods import periods_in_names
from transforms.dates.instants import DateReading, instant
from transforms.dates.names import ENGLISH

_SHOWN: Final = 36


def by_months(columns: Sequence[Seen]) -> str:
    """What to write where each of several columns stands below a month of its own; nothing where they do not."""
    months = _months([[name for name in each.headings if name.strip()] for each in columns])
    if not 1 < len(set(months)) == len(columns) <= _SHOWN:
        return ""
    answers = ", ".join(
        f"m{month.replace('-', '_')}: {{columns: {{score: {each.written}}}, defaults: {{responded_at: '{month}'}}}}"
        for each, month in zip(columns, months, strict=True)
    )
    return (
        f"If each holds the answers of the month above it, write answers: {{{answers}}} beside columns, and take this line "
        "and defaults out. "
    )


def _months(headings: Sequence[Sequence[str]]) -> list[str]:
    """The month above each column, as all of them spell it in one of their headings; none where they do not."""
    for names in zip(*(each[:2] for each in headings), strict=False):
        periods = periods_in_names(names)
        if periods is None or periods.kind != "month" or len(periods.languages) > 1:
            continue
        texts = [text for _, text in periods.said]
        fmt = next(iter(periods.formats), "%Y-%m" if "-" in texts[0] else "%Y%m")
        reading = DateReading((fmt,), "UTC", next(iter(periods.languages), ENGLISH))
        read = pl.Series("text", texts).to_frame().select(instant(pl.col("text"), reading)).to_series()
        return [f"{each:%Y-%m}" for each in read.to_list() if each is not None]
    return []
