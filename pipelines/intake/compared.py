"""Files beside those before them, once their rows are in the lake: snapshots that shrank, answers that come again, oddities.

Here: who is asked, of which feed, in which order. Not here: what is odd, and its sentences (`notes`), which snapshots are
held (`snapshots`), what a file redelivers (`warehouse.intake.redelivery`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import History
from pipelines.intake.notes.answers.changed_before import changed_before
from pipelines.intake.notes.answers.midnights import midnights
from pipelines.intake.notes.answers.order import given_at_once, in_order
from pipelines.intake.notes.answers.parts import odd_parts, several_at_once
from pipelines.intake.notes.answers.repeated import COLUMNS, told_again, told_otherwise
from pipelines.intake.notes.answers.shorter_stretch import shorter_stretch
from pipelines.intake.notes.answers.summed_up import summed_up
from pipelines.intake.notes.earlier.again import of_other_answers, of_silent_rows
from pipelines.intake.notes.earlier.attempted import attempted, recounted
from pipelines.intake.notes.earlier.days import on_days
from pipelines.intake.notes.earlier.endings import with_endings
from pipelines.intake.notes.earlier.equal_rows import with_equal_rows
from pipelines.intake.notes.earlier.lately import lately
from pipelines.intake.notes.earlier.left_behind import with_left_behind
from pipelines.intake.notes.earlier.listed import with_listed
from pipelines.intake.notes.earlier.missing_days import missing_days
from pipelines.intake.notes.earlier.months import (
    MOST_DAYS,
    a_year_off,
    exchanged_days,
    may_be_exchanged,
    of_other_months,
)
from pipelines.intake.notes.earlier.none_counts import none_counts
from pipelines.intake.notes.earlier.rolling import answers_gone
from pipelines.intake.notes.earlier.said_by_name import of_another_survey
from pipelines.intake.notes.earlier.strangers import strangers
from pipelines.intake.notes.earlier.unlike import said_otherwise, unlike_before
from pipelines.intake.snapshots import judge_snapshots
from pipelines.intake.verdicts import FileVerdict
from warehouse.intake.days import columns_of
from warehouse.intake.redelivery import NO_REDELIVERY, redeliveries, still_counting
from warehouse.lake.store import Lake
from warehouse.upkeep.mending import damage_told

#: So many files before are looked at, and none that is larger: it would take too long.
_BEFORE: Final = 5
_LARGEST: Final = 300_000
#: Of very many files at once, as the first night has them, so many are held against those before in each regard.
_MOST: Final = 20


def compared(
    context: Context,
    feed: Feed,
    verdicts: list[FileVerdict],
    history: History,
    rows: Callable[[str], pl.DataFrame],
) -> list[FileVerdict]:
    """The verdicts on files of a feed, with snapshots held that shrank, and with what their answers are beside earlier ones.

    `history` is told. `rows` is what `rows_of` gives.
    """
    judged = with_endings(verdicts, history)
    with damage_told(context.lake):
        if feed.is_dimension:
            return with_listed(context.lake, feed, judged, history)
        judged = judge_snapshots(context, feed, judged, history)
        judged = _with_notes(context, feed, judged, history, rows)
        judged = _redelivered(context, feed, judged, history)
        judged = with_equal_rows(context, feed, judged, history)
        return with_left_behind(context, feed, judged, history)


def _redelivered(context: Context, feed: Feed, verdicts: Sequence[FileVerdict], history: History) -> list[FileVerdict]:
    """The verdicts with what each brings that was there, and notes on answers that go on counting, or are others now."""
    name, adds_up = feed.name, feed.delivery == "incremental"
    staged = {
        verdict.file.digest: verdict.staged
        for verdict in verdicts
        if verdict.staged is not None and verdict.status == "accepted"
    }
    loads = {each.load_id: digest for digest, each in staged.items()}
    silent = {each.load_id: each.silent for each in staged.values()}
    standing = still_counting(context.lake, name, loads, silent) if adds_up else {}
    found = redeliveries(context.lake, name, loads)

    def noted(verdict: FileVerdict) -> FileVerdict:
        load = staged[verdict.file.digest].load_id if verdict.file.digest in staged else ""
        told = replace(verdict, redelivery=found.get(load, NO_REDELIVERY))
        notes = [of_silent_rows(standing[load])] if standing.get(load) else []
        notes += of_other_answers(told.redelivery) if adds_up else ()
        return history.told(told, notes) if notes else told

    return [noted(each) for each in verdicts]


def _with_notes(
    context: Context,
    feed: Feed,
    verdicts: Sequence[FileVerdict],
    history: History,
    rows: Callable[[str], pl.DataFrame],
) -> list[FileVerdict]:
    """The verdicts with notes on their answers, by themselves and beside those of the files before."""
    layout = feed.layout
    if not isinstance(layout, Source):
        return [*verdicts]
    noted = []
    of_days = on_days(context, feed, layout, verdicts, history) if layout.has_scores else {}
    for left, verdict in zip(range(len(verdicts) - 1, -1, -1), verdicts, strict=True):
        found = (*recounted(context, layout, verdict, history),)
        if left < _MOST:
            found += (*strangers(context.lake, feed, verdict, history),)
        if layout.contacts:
            found += (*attempted(context, feed, verdict, history),)
        if layout.has_scores:
            found += (
                *none_counts(layout, verdict, history),
                *(of_days.get(verdict.staged.load_id, ()) if verdict.staged else ()),
                *_of_other_months(layout, verdict, history),
                *_beside_earlier(layout, verdict, history, rows, context.workspace.config.timezone),
                *told_again(context.lake, layout, verdict, rows),
                *told_otherwise(layout, verdict, rows),
                *several_at_once(context.lake, layout, verdict, rows),
                *odd_parts(layout, verdict, rows),
                *shorter_stretch(layout, verdict, rows),
                *summed_up(layout, verdict, rows),
                *changed_before(context.lake, layout, verdict),
                *midnights(layout, verdict, rows, context.workspace.config.timezone),
                *given_at_once(layout, verdict, rows),
                *in_order(layout, verdict, rows),
                *answers_gone(context, feed, verdict, history),
                *unlike_before(context, layout, verdict, history, rows),
                *(missing_days(context.lake, layout, verdict, history) if left < _MOST else ()),
                *(said_otherwise(context, layout, verdict, history) if left < _MOST else ()),
                *(lately(context.lake, layout, verdict, history) if left == 0 else ()),
            )
        noted.append(history.told(verdict, found) if found else verdict)
    return noted


def rows_of(lake: Lake, verdicts: Iterable[FileVerdict]) -> Callable[[str], pl.DataFrame]:
    """Gives some columns of the answers of a load: those of many small files are read at once, a larger one alone."""
    many = {each.staged.load_id: each.tally.accepted for each in verdicts if each.staged is not None}

    @cache
    def together() -> Mapping[str, pl.DataFrame]:
        rows = columns_of(lake, [*many], ["load_id", *COLUMNS])
        return {str(load): own for (load,), own in rows.partition_by("load_id", as_dict=True).items()}

    @lru_cache(maxsize=1)
    def alone(load: str) -> pl.DataFrame:
        return columns_of(lake, [load], COLUMNS)

    return lambda load: together()[load] if sum(many.values()) <= _LARGEST else alone(load)


def _of_other_months(source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    if verdict.status != "accepted":
        return
    beside = [*islice(history.before(verdict.file, verdict.scope), _BEFORE)]
    beside = beside or [*islice(history.after(verdict.file, verdict.scope), _BEFORE)]
    if beside:
        yield from of_other_months(source, verdict.file.known_as, verdict.tally, beside)


def _beside_earlier(
    source: Source, verdict: FileVerdict, history: History, rows: Callable[[str], pl.DataFrame], timezone: str
) -> Iterator[str]:
    if verdict.status == "accepted":
        before = [*islice(history.before(verdict.file, verdict.scope), _BEFORE)]
        yield from a_year_off(source, verdict.tally, before)
        if (load := verdict.staged.load_id if verdict.staged else "") and may_be_exchanged(
            source, verdict.tally, before
        ):
            day = _day_of_all(rows(load), timezone) if verdict.tally.accepted <= _LARGEST else None
            yield from exchanged_days(verdict.tally, before[0], day) if day else ()
        yield from of_another_survey(source, verdict.file.known_as, verdict.headings, before)


def _day_of_all(rows: pl.DataFrame, timezone: str) -> int | None:
    """The day of the month of nearly all answers, where they are of one in all their months."""
    days = rows.get_column("responded_at").dt.convert_time_zone(timezone).dt.day()
    return int(days.mode().to_list()[0]) if 0 < days.n_unique() <= MOST_DAYS else None
