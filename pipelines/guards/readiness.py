"""What every run begins with, whoever starts it: the clock looked at, the lake mended.

`nps run` and `nps backfill` do it once for a night; where Dagster's daemon or its UI starts a run, each step does it.
Here: when a run may begin. Not here: the mending (`mending`), what a night says of it (`runs.night`).
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pipelines.context import Context
from pipelines.errors import NotReadyError, UserError
from pipelines.guards.lock import is_night_at_work
from pipelines.guards.mending import Mended, mended
from pipelines.intake.feeds import landing
from pipelines.recipes.months import business_day
from warehouse.lake.ledgers import current_files

#: So many files are named at once.
_NAMED = 5


def ready(context: Context, *, reads_files: bool) -> tuple[Context, list[str]]:
    """The context with which a step may begin, and a sentence for each damaged table.

    `reads_files` is whether the step can read files again whose answers the lake has lost. Raises `NotReadyError`.
    """
    if context.is_ready:
        return context, []
    # A night that is at work has mended when it began.
    found = Mended(context, [], []) if is_night_at_work(context) else mended(context, lambda: landing(context))
    behind = clock_behind(context)
    if behind:
        raise NotReadyError(behind)
    refuse_what_has_not_begun(context)
    if found.unread and not reads_files:
        raise NotReadyError(_not_before(found.unread))
    return found.context, [*found.said, *clock_was_ahead(context)]


def refuse_what_has_not_begun(context: Context) -> None:
    """Raise `UserError` where history begins in the future: every answer would be too early, and nothing be published."""
    config = context.workspace.config
    today = business_day(config, context.clock())
    if config.history_start > today:
        raise UserError(
            f"history_from of nps.yaml is {config.history_from}, and today is {today}: no answer would count, and the "
            "published figures would all be gone. Write the first month that counts."
        )


def _not_before(paths: list[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return (
        f"The lake has lost the answers of {', '.join(paths[:_NAMED])}{more}, which landing still holds: nothing is built "
        "or published without them. Type nps run, or start the job ingest: they are read again."
    )


def clock_behind(context: Context) -> str | None:
    """The sentence about a clock so far behind that most answers would be of the future, and new ones be rejected."""
    files = current_files(context.lake).filter(pl.col("status") == "accepted")
    usual = files.select(pl.col("months").list.min().cast(pl.Datetime("us", "UTC")).median()).item()
    now = context.clock()
    if usual is None or usual <= now:
        return None
    return (
        f"The clock of this machine says {_minute(now)}, but most files that are in begin in {usual:%Y-%m} or later. "
        "Set the clock right, and type nps run again."
    )


def clock_was_ahead(context: Context) -> list[str]:
    """What is said of nights in the future: their records count in their order, and their verdicts are come to again.

    What a wave of employees showed too early is known to everybody, and stays.
    """
    now, last = context.clock(), context.lake.ledger("files").get_column("ingested_at").max()
    says, wrong = f"The clock of this machine says {_minute(now)}, but", "it was ahead then, or is behind now"
    told = []
    if isinstance(last, datetime) and last > now:
        told.append(f"{says} a file was taken in at {_minute(last)}: {wrong}. What was judged then is judged again.")
    early = context.lake.ledger("waves").filter(pl.col("kind") == "wave", pl.col("closed_at") > now)
    for survey, month, closed_at in early.select("survey", "month", "closed_at").unique(maintain_order=True).rows():
        told.append(
            f"{says} the survey {survey} of employees in {month:%Y-%m} was closed at {_minute(closed_at)}: {wrong}. If its "
            "answers were not all in, what its groups showed stays all the same, and others count for the company alone."
        )
    return told


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
