"""Sources that fell silent: they had answers month after month, and have none of the months since, or of some between.

Here: finding them. Not here: files that arrive and are not in (`pipelines.report.status`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from pipelines.context import Context
from pipelines.recipes.months import business_day, month_key
from transforms.dates.periods import month_at, month_number
from warehouse.months.plan import Plan

#: A source is regular that had answers in so many months on end.
REGULAR: Final = 6
#: The month just ended may still be on its way in the first days of the next: one whole month must be missing.
MISSING: Final = 2
#: One that has been silent for longer is known to have ended.
SAID_FOR: Final = 6
#: Longer ones are two lives of a source, and more than so many a habit.
_LONGEST_HOLE: Final = 6
_MOST_HOLES: Final = 2
#: A file is late after what nps.yaml says and a quarter more.
_GRACE: Final = 1.25


def silent_sources(context: Context, plan: Plan) -> list[str]:
    """A sentence about each source that had answers in every month, and has had none for one that has ended."""
    today = month_number(business_day(context.workspace.config, context.clock()))
    expected = late_sources(context)
    said = [says for says in expected.values() if says]
    of_sources = plan.files.select("source", "months").explode("months").drop_nulls().unique()
    for (source,), rows in of_sources.group_by("source"):
        if source in expected:
            continue
        months = sorted(rows.get_column("months"))
        last = month_number(months[-1])
        regular = 0
        while month_at(last - regular) in months:
            regular += 1
        if regular >= REGULAR and MISSING <= today - last <= MISSING + SAID_FOR:
            said.append(
                f"{source} fell silent: after {regular} months with answers in each it has none since "
                f"{month_key(months[-1])}. Does its export still arrive in landing?"
            )
    return sorted(said)


def holes(plan: Plan) -> list[str]:
    """A sentence about each source that had answers in every month, then none for two or more, and then some again."""
    found = []
    of_sources = plan.files.select("source", "months").explode("months").drop_nulls().unique()
    for (source,), rows in of_sources.group_by("source"):
        months = sorted(map(month_number, rows.get_column("months")))
        regular, told = 1, []
        for before, month in pairwise(months):
            if month == before + 1:
                regular += 1
                continue
            if regular >= REGULAR and MISSING < month - before <= _LONGEST_HOLE + 1:
                told.append(f"{month_key(month_at(before + 1))} to {month_key(month_at(month - 1))}")
            regular = 1
        if 0 < len(told) <= _MOST_HOLES:
            found.append(
                f"{source} has no answers of {' and of '.join(told)}, though it has some of each month for half a year and "
                "longer before, and again after. Did an export of these months never arrive in landing, or is it held?"
            )
    return sorted(found)


def late_sources(context: Context) -> dict[str, str | None]:
    """Of each source of which nps.yaml says how often a file comes: the sentence where none came in time."""
    expected = {name: each.every for name, each in context.workspace.config.sources.items() if each.every}
    if not expected:
        return {}
    accepted = context.lake.ledger("files").filter(pl.col("status") == "accepted", pl.col("source").is_in([*expected]))
    # A file that is read again was taken in when it was.
    first = accepted.group_by("source", "file_digest").agg(pl.col("ingested_at").min())
    last = dict(first.group_by("source").agg(pl.col("ingested_at").max()).iter_rows())
    now = context.clock()
    return {name: _late(name, every, last.get(name), now) for name, every in expected.items()}


def _late(source: str, every: str, last: datetime | None, now: datetime) -> str | None:
    number, unit = every.split()
    due = timedelta(**{f"{unit.removesuffix('s')}s": int(number)}) * _GRACE
    if last is not None and now - last <= due:
        return None
    since = "yet" if last is None else f"since {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return (
        f"{source} is late: no new file of it was taken in {since}, and nps.yaml says that one comes every "
        f"{every.removeprefix('1 ')}. Does its export still arrive in landing?"
    )
