"""A file in which nobody is of those in the files before it, where many should be: people, accounts or clients.

They are called otherwise: by telephone in place of e-mail, with other zeros or prefixes. Whoever answers again is then two
people. Here: the note on it, once its rows are in the lake. Not here: lists (`lists`), who is in no list
(`pipelines.report.notes.unlisted`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.config.outcomes import Activity
from pipelines.config.sources import Source
from pipelines.intake.feeds import Feed
from pipelines.intake.history import MOST_ROWS, History
from pipelines.intake.verdicts import FileVerdict
from transforms.rows.activity import IS_DEED
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

#: So many tell something.
_ENOUGH: Final = 20
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-5
#: Of some of whom hardly a part was there before it is too little that all are new.
_AGAIN: Final = 0.1
_ID: Final = {"staged": "response_id", "contacts": "contact_id", "activity": "activity_key"}
_FOLLOWS: Final = {
    "staged": "whoever answers again counts as another person then",
    "contacts": "whoever is asked again, or answers, counts as another person then",
    "activity": "what they bought is of nobody who is known by then",
}


def strangers(lake: Lake, feed: Feed, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield a sentence for each column by which nobody of a file was in those before it."""
    tally = verdict.tally
    load = verdict.load()
    if load is None:
        return
    if isinstance(feed.layout, Activity):
        table, columns, rows = "activity", {"client_key": "client"}, tally.accepted
    elif isinstance(feed.layout, Source):
        table, rows = ("contacts", tally.attempts or 0) if feed.layout.contacts else ("staged", tally.accepted)
        columns = {f"{name}_key": name for name in ("respondent", "account") if name in feed.layout.columns}
    else:
        return
    if not columns or not _ENOUGH <= rows <= MOST_ROWS:
        return
    before = [each.load_id or "" for each in history.shortly_before(verdict.file, verdict.scope)]
    if before:
        yield from _nobody(lake, table, columns, load, before)


def _nobody(lake: Lake, table: str, columns: dict[str, str], load: str, before: Sequence[str]) -> Iterator[str]:
    """Of those of the newest file before how many were there earlier tells how many of this one should be.

    What is only delivered again tells nothing of it: rows whose id another file has are left aside.
    """
    loads, row = [load, *before], pl.col(_ID[table])
    told = rows_of(lake, table, loads).filter(IS_DEED if table == "activity" else pl.lit(value=True))
    rows = told.select("load_id", row.alias("id"), *columns).cast({"load_id": pl.String}).collect()
    here, newest = (rows.filter(pl.col("load_id") == each) for each in loads[:2])
    others = rows.filter(~pl.col("load_id").is_in(loads[:2]))
    given_first = newest.join(others, on="id", how="anti")
    for column, what in columns.items():
        now, known = here[column].drop_nulls().unique(), rows.filter(pl.col("load_id") != load)[column]
        people = given_first[column].drop_nulls().unique()
        if min(len(now), len(people)) < _ENOUGH or now.is_in(known.implode()).any():
            continue
        again = float(people.is_in(others[column].implode()).mean() or 0)  # type: ignore[arg-type]  # of Booleans
        if again >= _AGAIN and (1 - again) ** len(now) < _CHANCE:
            yield (
                f"Nobody of the {len(now):,} different texts that it has for {what} is in the files before it, though "
                f"{100 * again:.0f} % of those of the last of them had been in others. If it calls them otherwise (another "
                f"column, e-mail or telephone, zeros or prefixes), export it as before: {_FOLLOWS[table]}; if all are "
                "others, all is well."
            )
