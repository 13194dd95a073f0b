"""Answers of the files of a night that another source has too: an export of which a part stands in another one.

Here: the sentences. Not here: finding them (`warehouse.months.overlaps`), whole files and surveys that agree
(`pipelines.intake.notes.earlier.elsewhere`, `odd_figures`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from warehouse.lake.store import Lake
from warehouse.months.overlaps import overlaps
from warehouse.months.plan import Plan

#: So many answers, and such a part of those that can be told, are no chance.
_ENOUGH: Final = 20
_PART: Final = 0.05
#: Of those that one person gave at one time to two questions, fewer agree.
_ALIKE: Final = 0.5
_TIMED: Final = "of the same person, time and score, or of the same second and score where nobody is named"
_BY_DAY: Final = "day by day, by their scores"


def overlap_notes(lake: Lake, plan: Plan, files: pl.DataFrame) -> list[str]:
    """A sentence about each source of which answers in files stand in another source too, and count in both."""
    loads = plan.files.select("load_id").join(files, on="load_id", how="semi")
    if loads.is_empty() or plan.files.get_column("source").n_unique() == 1:
        return []
    told: dict[frozenset[str], str] = {}
    for source, other, by_day, answers, met, of in overlaps(lake, plan, loads).iter_rows():
        if answers >= max(_ENOUGH, _PART * of, _ALIKE * met):
            which, how = ("", _BY_DAY) if by_day else ("that have a time ", _TIMED)
            said = (
                f"{answers:,} of {of:,} answers of {source} {which}stand in {other} too: {how}. If they are the same "
                "answers, they count twice. Then export each into one of both, or tell them apart by where; else all is "
                "well."
            )
            told.setdefault(frozenset((str(source), str(other))), said)
    return [*told.values()]
