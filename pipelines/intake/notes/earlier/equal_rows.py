"""Rows of a file that stand in an older one too, though most of its rows of those days do not: people who said the same.

Without ids, persons and times such rows are one answer: of days that two files share, answers are lost. Here: the note on
it. Not here: files that deliver days of others again (`left_behind`), the ids of rows (`transforms.rows.ids`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import History
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from warehouse.intake.days import columns_of

#: What tells rows apart that say the same.
_WHO: Final = frozenset({"response_id", "respondent", "account"})
#: Where so many rows of the days of both files are the same, the newer one delivers them again; of few rows, nearly all.
_SHARE: Final = 0.5
_AGAIN: Final = 20
_WHOLE: Final = 0.9
#: So many files before are looked at, and none with more answers: it would take too long.
_BEFORE: Final = 20
_LARGEST: Final = 300_000
#: The clock of days without times, in summer and in winter.
_CLOCKS: Final = 2
# Half a day later a date without a time is of its own day, wherever it was midnight.
_DAY: Final = (pl.col("responded_at") + timedelta(hours=12)).dt.date().alias("day")
_READ: Final = ("load_id", "response_id", _DAY, pl.col("responded_at").dt.time().alias("time"), "comment")


def with_equal_rows(
    context: Context, feed: Feed, verdicts: Sequence[FileVerdict], history: History
) -> list[FileVerdict]:
    """The verdicts, of which it is known what they redeliver, with notes on equal rows; `history` is told."""
    source = feed.layout
    if not isinstance(source, Source) or feed.delivery != "incremental" or _WHO & {*source.columns}:
        return [*verdicts]
    noted = []
    for verdict in verdicts:
        notes = tuple(_notes(context, verdict, history)) if verdict.redelivery.redelivers else ()
        noted.append(history.told(verdict, notes) if notes else verdict)
    return noted


def _notes(context: Context, verdict: FileVerdict, history: History) -> Iterator[str]:
    own_load, months = verdict.load(most=_LARGEST), {*verdict.tally.months}
    if own_load is None:
        return
    before = [each for each in history.before(verdict.file, verdict.scope) if months & {*each.months}]
    read = {each.load_id: each.path for each in before[:_BEFORE] if each.load_id and each.accepted <= _LARGEST}
    rows = columns_of(context.lake, [own_load, *read], _READ)
    own = rows.filter(pl.col("load_id") == own_load)
    if not read or own.get_column("time").n_unique() > _CLOCKS:
        return
    found: dict[str, int] = {}
    for load, path in read.items():
        old = rows.filter(pl.col("load_id") == load)
        ours = own.join(old, on="day", how="semi")
        again = ours.join(old, on="response_id", how="semi")
        of_days = min(ours.height, old.join(own, on="day", how="semi").height)
        if again.height >= max(_AGAIN, _SHARE * of_days):
            return
        if again.height < _WHOLE * of_days:
            found[path] = again.get_column("comment").null_count()
    if same := sum(found.values()):
        yield _sentence(same, max(found, key=lambda path: found[path]))


def _sentence(same: int, path: str) -> str:
    return (
        f"{counted(same, 'row')} of it {'stands' if same == 1 else 'stand'} in {path}, or in others before it, though "
        "other rows of these days do not: without ids, people and times each of them is one answer, and counts once. If "
        "several people said the same on one day, let all rows of a day stand in one file, or export a column that tells "
        "answers apart; if they are the same answers, all is well."
    )
