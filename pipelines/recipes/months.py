"""Months and days in business time: as Dagster's partition keys and messages have them.

Not here: counting in months (`transforms.dates.periods`), periods as they are published (`models/periods.sql`).
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipelines.config.models import Config


def business_day(config: Config, now: datetime) -> date:
    """The day in business time."""
    return now.astimezone(ZoneInfo(config.timezone)).date()


def month_key(month: date) -> str:
    """A month as Dagster's partition key and in messages."""
    return f"{month:%Y-%m}"


def month_of(key: str) -> date:
    """The month of a partition key."""
    return date.fromisoformat(f"{key}-01")
