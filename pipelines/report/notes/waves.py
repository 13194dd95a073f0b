"""Waves of employees whose groups nobody sees, and why.

Here: saying it. Not here: whether a wave shows its groups (`warehouse.published.waves`), how many of them each table
leaves out (`marts.enps_suppression`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from string import Template
from typing import Final

import polars as pl

from pipelines.recipes.months import month_key
from pipelines.shown import counted
from warehouse.engine import model
from warehouse.lake.store import Lake
from warehouse.published.query import Ask
from warehouse.published.waves import closed_waves, groups_shown

_SHOWN: Final = 3
_GROUPED: Final = (
    "select table_name from duckdb_tables() "
    "where schema_name = 'marts' and starts_with(table_name, 'enps_by_') order by table_name"
)
_MONTHS: Final = 3
_WHY: Final = {
    "withheld": "what they would show, with all that was published before, could tell who said what. The company's score is",
    "lost": "lake/waves lacks what was shown of them before, and counted anew they might differ from it. Put that table "
    "back from a back-up, if there is one",
    "compromised": "what earlier versions published of them differs from what is counted now, and the difference would be "
    "single answers",
    "renamed": "a survey of employees that closed before shows the same answers under another name, or in another month, "
    "where they count no more. What it showed stays: shown here as well, the same employees would count twice. If a source "
    "was renamed in nps.yaml, write the name that its survey had below its defaults (survey). The company's score counts "
    "them with that survey",
}


def unshown_waves(lake: Lake, since: datetime | None = None) -> list[str]:
    """A sentence about each wave that has closed (`since` a moment) and shows nothing by group."""
    waves = _waves(lake, since).filter(pl.col("outcome").is_in(list(_WHY)))
    return [
        f"Groups of employees of the survey {survey} in {month_key(month)} are not shown: {_WHY[outcome]}."
        for survey, month, outcome in waves.select("survey", "month", "outcome").iter_rows()
    ]


def small_groups(lake: Lake, minimum: int) -> list[str]:
    """A sentence where closed waves show groups of fewer answers than nps.yaml wants since."""
    shown = groups_shown(lake)
    few = shown.filter(pl.col("responses") < minimum)
    if few.is_empty():
        return []
    months = ", ".join(month_key(month) for month in few.get_column("month").unique().sort().head(_MONTHS))
    groups = f"{few.height} of {counted(shown.height, 'group')} of employees that closed waves show"
    told = (
        f"{groups} have fewer answers than minimum_group of nps.yaml wants by now ({minimum}), the first in {months}. They "
        "go on being shown: what a wave showed when it closed never changes, and others may keep copies of it. Waves that "
        "close from now on keep to it."
    )
    return [told]


def given_away(lake: Lake, since: datetime) -> list[str]:
    """A sentence about each wave that has closed since a moment, and of which earlier versions gave groups away."""
    waves = _waves(lake, since).filter(pl.col("compromised") > 0)
    return [
        f"What earlier versions published of employees in the survey {survey} in {month_key(month)} lets "
        f"{f'{number} groups' if number > 1 else 'a group'} be worked out. Copies of it cannot be called back: of this wave "
        "only groups are shown that were shown then. Take those files out of published/versions."
        for survey, month, number in waves.select("survey", "month", "compromised").iter_rows()
    ]


def counted_twice(ask: Ask) -> list[str]:
    """A sentence where groups of employees have more answers than the company: a wave that closed counts under two names."""
    tables = ask(_GROUPED).to_series().to_list()
    of_tables = [ask(Template(model("odd/groups_above_company")).substitute(table=name)) for name in tables]
    found = {row[0]: row for rows in of_tables for row in rows.iter_rows()}
    months = sorted(found.values(), key=lambda row: row[0])
    return [_above_company(*row) for row in months[:_SHOWN]]


def _above_company(month: date, answers: int, responses: int | None, surveys: Sequence[str]) -> str:
    if responses is None:
        return (
            f"Groups of employees in {month_key(month)} have {answers:,} answers together, and all employees of that month "
            "are not shown: what a wave showed when it closed never changes, though its answers count no more. Months "
            "before history_from, sources that nps.yaml names no more and files that were taken back do not count."
        )
    return (
        f"Groups of employees in {month_key(month)} have {answers:,} answers together, and all employees {responses:,}: "
        "what a wave showed when it closed stays, though its answers count no more, or under another name "
        f"({', '.join(surveys)}). If a source was renamed in nps.yaml, write the name that the survey had below its "
        "defaults (survey), and put back lake/waves and the published file from before that."
    )


def _waves(lake: Lake, since: datetime | None) -> pl.DataFrame:
    waves = closed_waves(lake).filter(pl.col("kind") == "wave").sort("survey", "month")
    return waves if since is None else waves.filter(pl.col("closed_at") >= since)
