"""Waves of employees whose groups nobody sees, and why.

Here: saying it. Not here: whether a wave shows its groups (`warehouse.waves`), how many of them each table leaves out
(`marts.enps_suppression`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from pipelines.recipes import month_key
from warehouse.lake import Lake
from warehouse.waves import closed_waves

_WHY: Final = {
    "withheld": "what they would show, with all that was published before, could tell who said what. The company's score is",
    "lost": "lake/waves lacks what was shown of them before, and counted anew they might differ from it. Put that table "
    "back from a back-up, if there is one",
    "compromised": "what earlier versions published of them differs from what is counted now, and the difference would be "
    "single answers",
}


def unshown_waves(lake: Lake, since: datetime | None = None) -> list[str]:
    """A sentence about each wave that has closed (`since` a moment) and shows nothing by group."""
    waves = _waves(lake, since).filter(pl.col("outcome").is_in(list(_WHY)))
    return [
        f"Groups of employees of the survey {survey} in {month_key(month)} are not shown: {_WHY[outcome]}."
        for survey, month, outcome in waves.select("survey", "month", "outcome").iter_rows()
    ]


def given_away(lake: Lake, since: datetime) -> list[str]:
    """A sentence about each wave that has closed since a moment, and of which earlier versions gave groups away."""
    waves = _waves(lake, since).filter(pl.col("compromised") > 0)
    return [
        f"What earlier versions published of employees in the survey {survey} in {month_key(month)} lets "
        f"{f'{number} groups' if number > 1 else 'a group'} be worked out. Copies of it cannot be called back: of this wave "
        "only groups are shown that were shown then. Take those files out of published/versions."
        for survey, month, number in waves.select("survey", "month", "compromised").iter_rows()
    ]


def _waves(lake: Lake, since: datetime | None) -> pl.DataFrame:
    waves = closed_waves(lake).filter(pl.col("kind") == "wave").sort("survey", "month")
    return waves if since is None else waves.filter(pl.col("closed_at") >= since)
