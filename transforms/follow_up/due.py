"""When a case is due: hours, or business days by a calendar, in business time.

Here: instants to instants. Not here: which holidays there are (`pipelines.recipes.figures`), what becomes of a case
(`transforms.follow_up.cases`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from transforms.dates.instants import INSTANT, to_utc


@dataclass(frozen=True)
class DueRule:
    """How soon somebody must have been called."""

    timezone: str
    hours: float | None = None
    business_days: int = 0
    """Where no hours are given."""
    weekend: tuple[int, ...] = (5, 6)
    """Days of the week that are no business days, 0 for Monday."""
    holidays: tuple[date, ...] = ()


def due_at(opened: pl.Expr, rule: DueRule) -> pl.Expr:
    """The instant by which a case that was opened at an instant is due, as Datetime[us, UTC].

    Business days are counted from the day after the one of opening, and the clock on the wall then shows the same time; a
    time that never happens (clocks set forward) is an hour later, and of one that happens twice the first one is meant.
    """
    if rule.hours is not None:
        return (opened + pl.duration(microseconds=round(rule.hours * 3_600_000_000))).cast(INSTANT)
    local = opened.dt.convert_time_zone(rule.timezone).dt.replace_time_zone(None)
    day = local.dt.date().map_batches(lambda days: _business_day(days, rule), return_dtype=pl.Date, is_elementwise=True)
    return to_utc(day.dt.combine(local.dt.time()).cast(pl.Datetime("us")), rule.timezone).cast(INSTANT)


def _business_day(days: pl.Series, rule: DueRule) -> pl.Series:
    weekmask = [each not in rule.weekend for each in range(7)]
    holidays = np.array(rule.holidays, dtype="datetime64[D]")
    plain = days.fill_null(date(1970, 1, 1)).to_numpy().astype("datetime64[D]")
    found = np.busday_offset(plain, rule.business_days, roll="backward", weekmask=weekmask, holidays=holidays)
    return pl.Series(days.name, found).cast(pl.Date).set(days.is_null(), None)
