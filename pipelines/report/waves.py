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
}


def unshown_waves(lake: Lake, since: datetime | None = None) -> list[str]:
    """A sentence about each wave that has closed (`since` a moment) and shows nothing by group."""
    waves = closed_waves(lake).filter(pl.col("kind") == "wave", pl.col("outcome").is_in(list(_WHY)))
    if since is not None:
        waves = waves.filter(pl.col("closed_at") >= since)
    return [
        f"Groups of employees of the survey {survey} in {month_key(month)} are not shown: {_WHY[outcome]}."
        for survey, month, outcome in waves.sort("survey", "month").select("survey", "month", "outcome").iter_rows()
    ]
