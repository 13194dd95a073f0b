"""Cases: what became of each answer of an unhappy client, as it stands at one moment.

Here: from answers and tickets to states. Not here: which answers there are (`warehouse.published.cases`), when a case is due
(`transforms.follow_up.due`), what is published of all (`models/marts/closed_loop.sql`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import polars as pl

#: Exactly one of these is the state of a case. That it is overdue is a flag of an open one.
STATES: Final = ("void", "exempt", "closed", "contacted", "open")
#: CRMs may know no more than the day: what is of the day of an answer, or a clock is wrong by, may be earlier by so much.
EARLIER: Final = timedelta(days=1)
_HOUR: Final = 3_600_000_000


def with_states(cases: pl.DataFrame, exempt: Collection[str], now: datetime) -> pl.DataFrame:
    """Cases with `first_contact_at`, `status`, `outcome`, `hours_to_contact` and `is_overdue`.

    `cases` has `is_void`, `is_anonymous`, `is_opted_out`, `opened_at`, `due_at`, `first_contact_at`, `closed_at` and
    `ended`. What the future holds has not happened, nor has what was before the answer (`EARLIER`) been done about it; whom
    a ticket closes without saying when somebody called, was called then.
    """
    first = pl.col("opened_at") - EARLIER
    closed, contacted = (
        pl.when(pl.col(each).is_between(first, now)).then(each) for each in ("closed_at", "first_contact_at")
    )
    happened = cases.with_columns(closed_at=closed, first_contact_at=pl.coalesce(contacted, closed))
    is_exempt = pl.lit(value=False)
    for reason in ("anonymous", "opted_out"):
        if reason in exempt:
            is_exempt |= pl.col(f"is_{reason}").fill_null(value=False)
    status = (
        pl.when("is_void").then(pl.lit("void"))
        .when(is_exempt).then(pl.lit("exempt"))
        .when(pl.col("closed_at").is_not_null()).then(pl.lit("closed"))
        .when(pl.col("first_contact_at").is_not_null()).then(pl.lit("contacted"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip
    waited = pl.max_horizontal(pl.col("first_contact_at"), "opened_at") - pl.col("opened_at")
    hours = pl.when(pl.col("first_contact_at").is_not_null()).then(waited.dt.total_microseconds() / _HOUR)
    return happened.with_columns(
        status=status, outcome=pl.when(pl.col("closed_at").is_not_null()).then("ended"), hours_to_contact=hours
    ).with_columns(is_overdue=(pl.col("status") == "open") & (pl.col("due_at") < now))
