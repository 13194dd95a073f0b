"""Times of day that stand in a column beside the day: both as one text, and what a time of day looks like.

Here: texts. Not here: formats and instants (`instants`), which column it is (`pipelines.sniff.dates.clocks`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

#: Nothing but a time of day: `9:05`, `09:05:59.123 PM`, `21h05`, `21.05`, `09:05Z`. `21.05.24` is a day.
CLOCK: Final = (
    r"^(?:[01]?\d|2[0-3])(?:[:h][0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|\.[0-5]\d)"
    r"\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|[+-]\d\d:?\d\d)?$"
)
#: A spreadsheet writes a time of day as a moment of its first days, and a day as its midnight.
_FIRST_DAYS: Final = r"^(?:1899-12-3[01]|1900-01-0[01])[T ]"
_MIDNIGHT: Final = r"[T ]00:00(?::00(?:\.0+)?)?$"


def clock_of(text: pl.Expr) -> pl.Expr:
    """The text of a time of day without the day that a spreadsheet puts before it."""
    return text.str.strip_chars().str.replace(_FIRST_DAYS, "")


def day_of(text: pl.Expr) -> pl.Expr:
    """The text of a day without the midnight that a spreadsheet puts behind it."""
    return text.str.strip_chars().str.replace(_MIDNIGHT, "")


def is_clock_alone(text: pl.Expr) -> pl.Expr:
    """Whether a text is a time of day of no day."""
    return clock_of(text).str.contains(CLOCK)


def at_clock(day: pl.Expr, clock: pl.Expr) -> pl.Expr:
    """Day and time of day as one text, with a space between; the day alone where no time stands beside it."""
    is_both = (clock_of(clock).str.len_bytes() > 0) & (day_of(day).str.len_bytes() > 0)
    return pl.when(is_both).then(pl.concat_str(day_of(day), clock_of(clock), separator=" ")).otherwise(day)
