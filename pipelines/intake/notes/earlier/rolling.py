"""A file that takes the place of another of whose first or last days, months, branches or channels it lacks answers.

Here: the notes on it. Not here: snapshots that shrank (`snapshots`), months that changed (`pipelines.stages.volume`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.verdicts import FileVerdict
from transforms.texts.spelling import key, spelling_key
from warehouse.intake.days import columns_of, first_and_last

#: Fewer answers may have been taken back one by one, and such a share of all of them.
_FEW: Final = 5
_SHARE: Final = 0.02
#: What an export may have been narrowed to.
_PARTS: Final = ("branch", "region", "channel", "product", "language")
_READ: Final = ("survey", "responded_at", *_PARTS)
_SHOWN: Final = 3


def answers_gone(context: Context, feed: Feed, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know where a file has not all answers of that whose place it takes: they count no more."""
    load = verdict.load(1)
    if load is None or verdict.let_in:
        return
    before = _before(feed, verdict, history)
    if before is None or before.load_id is None or not before.accepted:
        return
    own, others = (first_and_last(context.lake, load) for load in (load, before.load_id))
    if own is None or others is None:
        return
    rows = _of_its_surveys(columns_of(context.lake, [before.load_id], _READ), before, verdict)
    gone = _of_other_days(rows, own, sorted({*before.months} - {*verdict.tally.months}))
    what = _what(before, verdict)
    if len(gone) >= _FEW:
        yield (
            f"It takes the place of {what}, of which {len(gone):,} answers, from {gone[0]:%Y-%m-%d} to "
            f"{gone[-1]:%Y-%m-%d}, are of other days than all of its own: they count no more. If each export holds the last "
            "days or months only, keep the older files in landing under names of their own, and write delivery: "
            "incremental; if those answers should be gone, all is well."
        )
        return
    if before.recipe != feed.recipe:  # counted by other settings, it says nothing about which answers there are
        return
    ours = columns_of(context.lake, [load], _READ).filter(pl.col("responded_at") <= others[1])
    is_of_clients = isinstance(feed.layout, Source) and feed.layout.metric == "nps"
    fewer, none = rows.height - ours.height, _none_of(rows, ours) if is_of_clients else ""
    allowed = max(_SHARE, context.workspace.config.gates.max_snapshot_shrink)
    if fewer >= _FEW and (none or fewer / rows.height > allowed):
        yield (
            f"It takes the place of {what}, and of the days of that it has {ours.height:,} answers where that has "
            f"{rows.height:,}{none}: the others count no more. If a filter was left on, or the download broke "
            "off, export it again; if those answers should be gone, all is well."
        )


def _of_its_surveys(rows: pl.DataFrame, before: Earlier, verdict: FileVerdict) -> pl.DataFrame:
    survey = spelling_key(pl.col("survey").cast(pl.String).fill_null(before.surveys[0] if before.surveys else ""))
    return rows.filter(survey.is_in([*map(key, verdict.tally.surveys)]))


def _of_other_days(rows: pl.DataFrame, own: tuple[datetime, datetime], months: Sequence[date]) -> list[datetime]:
    """When answers were given that are before or after all others, or of some months."""
    at = pl.col("responded_at")
    return (
        rows.filter(~at.is_between(*own) | at.dt.date().dt.month_start().is_in(months))["responded_at"].sort().to_list()
    )


def _none_of(rows: pl.DataFrame, ours: pl.DataFrame) -> str:
    """Of which branches and the like there were answers and are none any more; empty if of none."""
    told = []
    for part in _PARTS:
        is_gone = pl.col(part).is_in(ours[part].drop_nulls().unique().implode()).not_()
        many = rows.drop_nulls(part).filter(is_gone)[part].value_counts(sort=True)
        told += [f"{count:,} of {part} {name}" for name, count in many.head(_SHOWN).iter_rows() if count >= _FEW]
    return f", and none of {'; '.join(told)}" if told else ""


def _before(feed: Feed, verdict: FileVerdict, history: History) -> Earlier | None:
    """The file whose answers this one replaces: of snapshots the one before, else one of its own name."""
    if feed.delivery == "snapshot":
        return next((each for each in history.before(verdict.file, verdict.scope) if each.accepted), None)
    return history.gives_way(verdict.file)


def _what(before: Earlier, verdict: FileVerdict) -> str:
    return "other bytes of its name" if before.path == verdict.file.known_as else before.path
