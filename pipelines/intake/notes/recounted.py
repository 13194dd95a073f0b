"""Ids of contacts that begin anew in each file, so that a newer contact takes the place of another one.

Here: the note on them. Not here: which contact counts (`transforms.contacts`), ids of answers (the gate of files).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.history import History
from pipelines.intake.verdicts import FileVerdict
from warehouse.lake import scan

_ENOUGH: Final = 20
#: Of so many of the ids of two files time and person are others, where these are no news of the same contacts.
_SHARE: Final = 0.9
#: Larger files are not looked at: it would take too long.
_LARGEST: Final = 1_000_000


def recounted(context: Context, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a file of contacts whose ids are those of other ones in the file before it."""
    if not source.contacts or source.delivery != "incremental" or "response_id" not in source.columns:
        return
    before = next((each for each in history.before(verdict.file, verdict.scope) if each.load_id), None)
    attempts = verdict.tally.attempts or 0
    if verdict.status != "accepted" or verdict.staged is None or before is None or not _ENOUGH <= attempts <= _LARGEST:
        return
    own = verdict.staged.load_id
    paths = context.lake.files_of("contacts", pl.DataFrame({"load_id": [own, before.load_id]}))
    rows = scan("contacts", paths).select("load_id", "contact_id", "attempted_at", "respondent_key").collect()
    new, old = (rows.filter(pl.col("load_id") == load).unique("contact_id") for load in (own, before.load_id))
    both = new.drop_nulls("contact_id").join(old, on="contact_id")
    is_other = pl.col("attempted_at").ne_missing(pl.col("attempted_at_right")) & (
        pl.col("respondent_key").ne_missing(pl.col("respondent_key_right")) | pl.col("respondent_key").is_null()
    )
    others = both.filter(is_other).height
    if others >= _ENOUGH and others >= _SHARE * min(new.height, old.height):
        yield (
            f"{others:,} of its contacts have ids of {before.path}, but other times and people: these take the place of the "
            "older contacts, which count no more. If the ids begin anew in each file, take response_id out of nps.yaml; if "
            "the same contacts were put off, all is well."
        )
