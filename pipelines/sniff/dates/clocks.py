"""The time of day in a column beside the day: `Date` and `Time`, `Datum razgovora` and `Vrijeme razgovora`.

Here: which column it is, and how both are written together. Not here: dates (`dates`), what both are read as
(`transforms.dates.clocks`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from pipelines.adapters.words import ending_of, plain
from pipelines.adapters.zones import zone_in
from pipelines.sniff.columns.facts import Seen, in_all
from pipelines.sniff.dates.date_shapes import shapes_of
from pipelines.sniff.dates.dates import DateColumn
from transforms.dates.clocks import clock_of
from transforms.dates.instants import ISO_FORMATS, is_zoned

_DAY: Final = "2024-01-31"
_MIDNIGHT: Final = r"[T ]00:00(?::00(?:\.0+)?)?$"
_CLOCK_OF_FORMAT: Final = re.compile(r"[T ]%H:%M(?::%S(?:%\.f)?)?$")
_IN_BRACKETS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")


def with_clock(day: DateColumn, columns: Sequence[Seen], beside: Sequence[Sequence[Seen]] = ()) -> DateColumn:
    """The date with the time of day beside it, where its own column has none and one alone is of the same event.

    `beside` are the columns of other files of its source.
    """
    days = _formats_of_days(day)
    called = [in_all(each, beside) for each in columns if days and _is_of(each, day.column)]
    found = [each for each in called if _is_clock(each)]
    if len(found) != 1:
        return day
    [clock] = found
    formats = [f"{each}{gap}" for each in days for gap in _formats(clock)] + (days if clock.blank else [])
    is_iso = day.is_iso and all(each in ISO_FORMATS for each in formats)
    return replace(day, formats=formats, is_iso=is_iso, zoned=any(map(is_zoned, formats)), clock=clock)


def _formats_of_days(day: DateColumn) -> list[str]:
    """The formats of a column of days; none where it states the time, or is no day of a calendar written out."""
    if day.has_clock and day.column.rows_like(_MIDNIGHT) < day.column.filled:
        return []
    formats = list(dict.fromkeys(_CLOCK_OF_FORMAT.sub("", each) for each in day.formats))
    return formats if all("%d" in each for each in formats) else []


def _formats(clock: Seen) -> list[str]:
    """How the times are written, behind a space."""
    texts = clock.texts.select(pl.concat_str(pl.lit(f"{_DAY} "), clock_of(pl.col("text")))).to_series().unique()
    found = dict.fromkeys(shapes_of(texts.sort().to_list(), compact=False).formats)
    return [each.removeprefix("%Y-%m-%d") for each in found if each]


def _is_clock(column: Seen) -> bool:
    """Whether all that stands in a column are times of day, some of them after one o'clock: else they may be durations."""
    if not column.filled or column.position is None:
        return False
    texts = column.texts.select(clock_of(pl.col("text"))).to_series()
    return column.are_clocks and bool((~texts.str.contains(r"^0?0[:.h]")).any())


def _is_of(clock: Seen, day: Seen) -> bool:
    """Whether a heading says nothing but that times of day stand there, or of the same event as the day's heading."""
    called = ending_of("clock_named", _bare(clock))
    return called is not None and called in ("", ending_of("day_named", _bare(day)))


def _bare(column: Seen) -> str:
    """The words of its heading without brackets and zones."""
    heading = next(iter(column.headings), "")
    words = [word for word in plain(_IN_BRACKETS.sub(" ", heading)).split() if zone_in(word) is None]
    return " ".join(words)
