"""Which clients were asked, and how far that came: one row per client, survey, wave and month, for what they bought then.

Here: from attempts to clients. Not here: reading attempts (`attempts`), what clients did (`outcomes`), the funnel (`asked`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from transforms.asking.answered import Elsewhere
from transforms.contact_status import STATUSES, UNDATED
from transforms.dimensions import UNKNOWN
from transforms.texts.spelling import labels, spelling_key
from warehouse.lake.loads import month_of_piece, whole_load
from warehouse.lake.store import Lake
from warehouse.months.attempts import Attempts
from warehouse.months.plan import Plan

#: What came of asking a client, from the furthest status of all attempts; who could not be asked is in none.
_REACH: Final = {
    "delivered": "not reached", "opened": "not reached", "reached": "reached", "refused": "reached",
    "partial": "reached", "answered": "answered",
}  # fmt: skip
_CAMPAIGN: Final = ("key", "survey", "campaign", "month")
_SCHEMA: Final = {
    **dict.fromkeys(("key", "survey", "wave", "reach"), pl.String()),
    "month": pl.Date(),
    "asked_on": pl.Date(),
}


def asked_clients(  # noqa: PLR0913 - each says who was asked
    lake: Lake,
    plan: Plan,
    sources: Sequence[str],
    answered_in: Mapping[str, Elsewhere],
    *,
    named: Sequence[str],
    key: pl.Expr,
    timezone: str,
) -> pl.DataFrame:
    """`key, survey, wave, month, asked_on, reach` of clients; `key` says by what column of attempts they are known.

    `named` are the sources that give attempts ids.
    """
    found = [pl.DataFrame(schema=_SCHEMA)]
    if not sources:
        return found[0]
    files = plan.files.filter(pl.col("source").is_in(list(sources)), pl.col("metric") == "nps")
    pieces = lake.pieces("contacts").join(files.select(whole_load()), on="load_id", how="semi")
    months = pieces.select(month_of_piece()).to_series().unique().drop_nulls().sort()
    day = pl.col("attempted_at").dt.convert_time_zone(timezone).dt.date()
    step = pl.col("status").replace_strict(STATUSES, range(len(STATUSES)), return_dtype=pl.Int8)
    wave = pl.col("wave").fill_null(UNKNOWN)
    campaign = spelling_key(wave).alias("campaign")

    def asked(_: date, rows: pl.DataFrame) -> pl.DataFrame:
        told = rows.filter("is_counted").select("survey", wave, "month", "status", campaign, key=key, asked_on=day)
        # What could not be delivered asked nobody yet.
        asked_on = pl.col("asked_on").filter(pl.col("status") != "undeliverable").min()
        furthest = told.drop_nulls(["key", "asked_on"]).group_by(_CAMPAIGN).agg(
            pl.col("wave").min(), pl.col("status").sort_by(step).last(), asked_on
        )  # fmt: skip
        reach = pl.col("status").replace_strict(_REACH, default=None, return_dtype=pl.String)
        return furthest.with_columns(reach=reach).drop_nulls("reach").select(*_SCHEMA)

    attempts = Attempts(lake, plan, files, answered_in, named)
    every = pl.concat([*found, *attempts.by_month([month for month in months if month != UNDATED], asked)])
    spelt = every.group_by(pl.lit("wave").alias("attribute"), spelling="wave").agg(responses=pl.len())
    shown = labels(spelt, {})
    return every.with_columns(pl.col("wave").replace(shown["spelling"], shown["shown_as"]))
