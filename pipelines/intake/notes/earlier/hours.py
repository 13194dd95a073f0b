"""Files whose times seem to be of another clock than those of the files before them: hours of day are moved, or halves lost.

Here: the note on it, once its rows are in the lake. Not here: zones that a file states (`written`, `pipelines.sniff.dates`),
its days (`days`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.verdicts import FileVerdict
from warehouse.intake.days import columns_of
from warehouse.lake.store import Lake

_DAY: Final = 24
_NOON: Final = 12
#: Such a share of answers that are of later hours is gone by no chance.
_AFTERNOON: Final = 0.2
#: So many answers tell at which hours people answer, and so many hours.
_ENOUGH: Final = 200
#: Of large files the latest months with so many are looked at.
_LATEST: Final = 100_000
_HOURS: Final = 6
#: An hour may be the summer's.
_LEAST: Final = 2
#: Moved, so much of both lies at the same hours, and so much more than as they are.
_ALIKE: Final = 0.85
_MORE: Final = 0.2
#: At hours of the night hardly any answer is, and now many are.
_NIGHT: Final = 0.005
_AT_NIGHT: Final = 0.05


def moved_hours(
    lake: Lake, source: Source, verdict: FileVerdict, before: Sequence[str], timezone: str
) -> Iterator[str]:
    """Yield what people should know of a file beside the loads before it; `timezone` is that of the business."""
    answers, load = verdict.tally.accepted, verdict.load(_ENOUGH)
    if load is None or "responded_at" not in source.columns:
        return
    timezone = source.dates.timezone or timezone
    now = _shares(lake, [load], timezone)
    if sum(share > 0 for share in now) < _HOURS:
        return
    then = _shares(lake, before, timezone)
    at_night = sum(share for share, was in zip(now, then, strict=True) if was < _NIGHT)
    afternoon = sum(then[_NOON + 1 :])
    if not now[0] and not sum(now[_NOON + 1 :]) and afternoon >= _AFTERNOON and at_night >= _AT_NIGHT:
        yield (
            f"None of its {answers:,} answers is of an hour after 12, while {100 * afternoon:.0f} % of those of the files "
            "before it are. If the half of the day (AM, PM) was lost in the export, export it again with it, or on 24 "
            "hours: answers of one evening may count in another month; else all is well."
        )
        return
    alike = [sum(min(now[hour], then[hour - later]) for hour in range(_DAY)) for later in range(_DAY)]
    later = alike.index(max(alike))
    if _LEAST <= later <= _DAY - _LEAST and alike[later] >= max(_ALIKE, alike[0] + _MORE) and at_night >= _AT_NIGHT:
        moved = f"{later} hours later" if later <= _DAY // 2 else f"{_DAY - later} hours earlier"
        yield (
            f"Its {answers:,} answers are {moved} in the day than those of the files before it: {100 * at_night:.0f} % of "
            "them are of hours at which hardly any were. If this export writes times by another clock, take it back (nps "
            "withdraw) and give such files a source of their own with that clock (dates: {timezone: ...}); else all is well."
        )


def _shares(lake: Lake, loads: Sequence[str], timezone: str) -> list[float]:
    """Which share of the answers is of each hour of day; nothing of any where they are too few."""
    hour = pl.col("responded_at").dt.convert_time_zone(timezone).dt.hour().alias("hour")
    hours = columns_of(lake, loads, [hour], _LATEST)["hour"]
    if len(hours) < _ENOUGH:
        return [0.0] * _DAY
    many = dict(hours.value_counts().iter_rows())
    return [many.get(hour, 0) / len(hours) for hour in range(_DAY)]
