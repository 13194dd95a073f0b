"""Sources that fell silent: they had answers month after month, and have none of the months since.

Here: finding them. Not here: files that arrive and are not in (`pipelines.report.status`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pipelines.context import Context
from pipelines.recipes import business_day, month_key
from warehouse.plan import Plan

#: A source is regular that had answers in so many months on end.
REGULAR: Final = 6
#: The month just ended may still be on its way in the first days of the next: one whole month must be missing.
MISSING: Final = 2
#: One that has been silent for longer is known to have ended.
SAID_FOR: Final = 6


def silent_sources(context: Context, plan: Plan) -> list[str]:
    """A sentence about each source that had answers in every month, and has had none for one that has ended."""
    today = _number(business_day(context.workspace.config, context.clock()))
    said = []
    of_sources = plan.files.select("source", "months").explode("months").drop_nulls().unique()
    for (source,), rows in of_sources.group_by("source"):
        months = sorted(rows.get_column("months"))
        last = _number(months[-1])
        regular = 0
        while date((last - regular) // 12, (last - regular) % 12 + 1, 1) in months:
            regular += 1
        if regular >= REGULAR and MISSING <= today - last <= MISSING + SAID_FOR:
            said.append(
                f"{source} fell silent: after {regular} months with answers in each it has none since "
                f"{month_key(months[-1])}. Does its export still arrive in landing?"
            )
    return sorted(said)


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1
