"""A file whose days are odd beside those of the files before it: one day where they have many, or their very answers.

Here: the notes on it, once its rows are in the lake. Not here: counting by day (`warehouse.days`), what is odd about a file
by itself (`doubts`).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.notes.named_months import of_other_months
from pipelines.intake.notes.recounted import recounted
from pipelines.intake.notes.repeated import COLUMNS, told_again
from pipelines.intake.notes.rolling import days_gone
from pipelines.intake.notes.unlike import unlike_before
from pipelines.intake.verdicts import FileVerdict
from warehouse.days import answers_of, columns_of, most_of_a_day, told_twice

#: So many answers tell something, and so many days.
_ENOUGH: Final = 20
_DAYS: Final = 5
#: So many times the busiest day of the files before is no busy day.
_BUSIER: Final = 5
#: Such a share of all days and scores that are equally frequent in two files is no chance.
_ALIKE: Final = 0.9
_SCORES: Final = 3
#: The same of files of one day, which have a few cells alone: how many answers and what share are alike, of how many scores.
_OF_ONE_DAY: Final = (50, 1.0, 7)
#: So many files before are looked at, and none that is larger: it would take too long.
_BEFORE: Final = 5
_LARGEST: Final = 300_000


def with_days(context: Context, feed: Feed, verdicts: Sequence[FileVerdict], history: History) -> list[FileVerdict]:
    """The verdicts with notes on the days of their answers; `history` is told."""
    layout = feed.layout
    if not isinstance(layout, Source):
        return [*verdicts]
    noted, rows = [], _rows_of(context, verdicts)
    for verdict in verdicts:
        found = (*recounted(context, layout, verdict, history),)
        if layout.has_scores:
            found += (
                *_notes(context, feed, layout, verdict, history),
                *_of_other_months(layout, verdict, history),
                *told_again(layout, verdict, rows),
                *days_gone(context, layout, verdict, history),
                *unlike_before(context, layout, verdict, history, rows),
            )
        told = history.news(replace(verdict, notes=(*verdict.notes, *found))) if found else verdict
        if found:
            history.tell(told)
        noted.append(told)
    return noted


def _rows_of(context: Context, verdicts: Sequence[FileVerdict]) -> Callable[[str], pl.DataFrame]:
    """The answers of a load, some columns of them; those of many small files are read at once."""
    loads = [each.staged.load_id for each in verdicts if each.staged is not None and each.tally.accepted]
    found: dict[str, pl.DataFrame] = {}
    if len(loads) > 1 and sum(each.tally.accepted for each in verdicts) <= _LARGEST:
        together = columns_of(context.lake, loads, ["load_id", *COLUMNS])
        found = {str(load): rows for (load,), rows in together.partition_by("load_id", as_dict=True).items()}
    return lambda load: found[load] if load in found else columns_of(context.lake, [load], COLUMNS)


def _of_other_months(source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    if verdict.status != "accepted":
        return
    beside = [*islice(history.before(verdict.file, verdict.scope), _BEFORE)]
    beside = beside or [*islice(history.after(verdict.file, verdict.scope), _BEFORE)]
    if beside:
        yield from of_other_months(source, verdict.file.known_as, verdict.tally, beside)


def _notes(context: Context, feed: Feed, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    tally = verdict.tally
    of_one_day = tally.days == 1 and len(tally.months) == 1 and "responded_at" in source.columns
    may_repeat = feed.delivery == "incremental"
    is_looked_at = verdict.status == "accepted" and _ENOUGH <= tally.accepted <= _LARGEST
    if verdict.staged is None or not is_looked_at or not (of_one_day or may_repeat):
        return
    before = [each for each in islice(history.before(verdict.file, verdict.scope), _BEFORE) if _may_be_read(each)]
    loads = {each.load_id: each.path for each in before if each.load_id}
    if not loads:
        return
    answers = answers_of(context.lake, [verdict.staged.load_id, *loads])
    is_new = pl.col("load_id") == verdict.staged.load_id
    new, old = answers.filter(is_new), answers.filter(~is_new)
    if of_one_day:
        yield from _one_day(new, old)
    for load, path in loads.items() if may_repeat else ():
        yield from _repeated(new, old.filter(pl.col("load_id") == load), path, of_one_day=of_one_day)


def _may_be_read(file: Earlier) -> bool:
    return 0 < file.accepted <= _LARGEST


def _one_day(new: pl.DataFrame, old: pl.DataFrame) -> Iterator[str]:
    days, most = most_of_a_day(old)
    if days >= _DAYS and old.height >= _ENOUGH and new.height >= _BUSIER * most:
        yield (
            f"All of its {new.height:,} answers are of one day, {new['day'][0]}, while the files before it have no more "
            f"than {most:,} of a day. If that is the day of the export, or of something else than answering, take the "
            "file back (nps withdraw) and let it say when people answered; if all answered on that day, all is well."
        )


def _repeated(new: pl.DataFrame, old: pl.DataFrame, path: str, *, of_one_day: bool) -> Iterator[str]:
    same, alike = told_twice(new, old)
    enough, share, scores = _OF_ONE_DAY if of_one_day else (_ENOUGH, _ALIKE, _SCORES)
    if same >= enough and alike >= share and new["score"].n_unique() >= scores:
        yield (
            f"{same:,} of its {new.height:,} answers are of the days and scores of {path}, though their ids, or else "
            "their rows, are not the same: written otherwise, or beside other columns. So they count twice. If "
            f"they are the same answers, take that file back: nps withdraw {shlex.quote(path)}"
        )
