"""Days that a programme wrote as instants: all times of a file are the midnight of another clock than the company's.

By the company's clock each of them is of the evening before, and counts on that day; those of the first of a month in the
month before. Here: the note on it. Not here: offsets beside months of UTC (`written`), clocks that moved (`hours`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.once import IT_SAYS, MIDNIGHTS
from pipelines.intake.verdicts import FileVerdict

#: So many answers, of so many days, are of one full hour by no chance.
_ENOUGH: Final = 20
_DAYS: Final = 5
#: Summer time moves the midnight of another place by an hour.
_HOUR: Final = 60
_TIMES: Final = 2
#: From here on the nearest midnight is the next one; noon itself is written for days so that no zone moves them.
_AFTERNOON: Final = 13 * 60
_QUARTER: Final = 15
_MINUTE: Final = 60 * 1_000_000


def midnights(
    source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame], timezone: str
) -> Iterator[str]:
    """Yield what people should know of a file; `rows_of` gives some columns of a load, `timezone` is the company's."""
    answers, load = verdict.tally.accepted, verdict.load(_ENOUGH, LARGEST)
    if load is None or "responded_at" not in source.columns:
        return
    at = rows_of(load)["responded_at"]
    if (at.to_physical() % (_QUARTER * _MINUTE) != 0).any():
        return
    times = _minutes(at.dt.convert_time_zone(timezone))
    is_one = len(times) <= _TIMES and times[-1] - times[0] in (0, _HOUR) and times[0] >= _AFTERNOON
    if not is_one or at.dt.date().n_unique() < _DAYS:
        return
    if _minutes(at) == [0]:
        what, then = (
            "UTC",
            "write their format without the zone, such as dates: {formats: ['%Y-%m-%dT00:00:00Z']}, or export days as days",
        )
    else:
        what, then = (
            "a place east of it",
            "write that place as timezone in nps.yaml where the company lives there, or export days as days",
        )
    said = ", ".join(f"{minute // 60:02}:{minute % 60:02}" for minute in times)
    yield (
        f"All of its {answers:,} answers are of one time of day by timezone of nps.yaml ({timezone}), {MIDNIGHTS} {what}: "
        "if they are days that a programme wrote as instants, each counts on the day before, and those of the first of a "
        f"month in the month before. Then {then}; if all answered at that hour, all is well.{IT_SAYS}{said}."
    )


def _minutes(at: pl.Series) -> list[int]:
    """The different times of day, in minutes."""
    return (at.dt.hour().cast(pl.Int64) * 60 + at.dt.minute()).unique().sort().to_list()
