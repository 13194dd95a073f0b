"""Revenue by branch and quarter: what all accounts paid, in the branch that each was of on the day.

Here: from activity and the list of accounts to sums. Not here: growth and what is forecast of it (`models/outcomes`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from transforms.dimensions import UNKNOWN
from transforms.rows.members import first_day
from transforms.texts.spelling import as_shown
from warehouse.months.members import branch_named

_SCHEMA: Final = {"branch": pl.String(), "quarter": pl.Date(), "revenue": pl.Decimal(38, 4), "clients": pl.Int64()}


def branch_revenue(deeds: pl.DataFrame, members: pl.DataFrame, timezone: str, spelling: pl.DataFrame) -> pl.DataFrame:
    """`branch, quarter, revenue, clients` of the rows of activity that count; `members` are versions of accounts and others.

    Quarters begin in business time, as days do; an account changes its branch with the day. However the list of accounts
    writes a branch, it is the one that answers are of; `spelling` has `attribute, spelling, shown_as` of their names.
    """
    accounts = members.filter(pl.col("dimension") == "accounts", pl.col("branch").is_not_null())
    paid = deeds.filter("is_counted", pl.col("kind") != "cancel", pl.col("amount").is_not_null())
    if paid.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    named = accounts.with_columns(branch_named("branch", members))
    shown = as_shown(named.get_column("branch").drop_nulls().unique(), spelling.filter(pl.col("attribute") == "branch"))
    since = named.select("member_key", pl.col("branch").replace(shown), day=first_day(timezone)).sort("day")
    placed = paid.select("client_key", "amount", day="occurred_on").sort("day").join_asof(
        since, on="day", by_left="client_key", by_right="member_key", strategy="backward", check_sortedness=False
    )  # fmt: skip
    quarter = pl.col("day").dt.truncate("1q").alias("quarter")
    summed = placed.group_by(pl.col("branch").fill_null(UNKNOWN), quarter).agg(
        revenue=pl.col("amount").sum(), clients=pl.col("client_key").n_unique().cast(pl.Int64)
    )  # fmt: skip
    return summed.sort("branch", "quarter").cast({"revenue": pl.Decimal(38, 4)})
