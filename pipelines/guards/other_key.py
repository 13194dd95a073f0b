"""That pseudonyms are made with the key of before: with another one everybody would be somebody else.

Here: comparing the key with those that files were read with. Not here: where the key is kept (`pipelines.config.workspace`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from pipelines.context import OTHER_KEY, Context
from pipelines.errors import UserError
from pipelines.intake.feeds import Feed
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile
from pipelines.recipes.digests import key_id
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_files

Landing = Sequence[tuple[Feed, Sequence[LandedFile | RefusedFile]]]


def other_key(context: Context, landed: Callable[[], Landing]) -> list[str]:
    """The sentence about files of another key that cannot be read again: landing has them no more.

    Raises `UserError` where the key has just changed, and nobody accepts that.
    """
    now = key_id(context.workspace.key())
    files = current_files(context.lake).filter(
        pl.col("status") == "accepted",
        pl.col("key_id").is_not_null(),
        pl.col("source") != f"{DIMENSION_PREFIX}branches",
    )
    if files.filter(pl.col("key_id") != now).is_empty():
        return []
    there = {(feed.name, item.digest) for feed, items in landed() for item in items}
    rows = files.sort("sequence", "ingested_at", nulls_last=False)
    left = [
        row["path"] for row in rows.iter_rows(named=True)
        if row["key_id"] != now and (row["source"], row["file_digest"]) not in there
    ]  # fmt: skip
    if not left:
        return []
    which = f"{left[0]}, which landing does not have any more, was"
    if left[1:]:
        which = f"{len(left)} files that landing does not have any more, such as {left[0]}, were"
    key = "another key for pseudonyms (identity.key, NPS_KEY)"
    if rows.item(-1, "key_id") == now:
        return [f"{which} read with {key}: people in there count as others than the same people in files read since."]
    if OTHER_KEY in context.accept:
        return []
    raise UserError(
        f"This is {key} than that of before. {which[0].upper()}{which[1:]} read with the former one: people in there would "
        "count as others than the same people in files read with this one. Put the former key back. If it is lost: "
        "nps run --accept key."
    )
