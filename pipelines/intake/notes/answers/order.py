"""Answers that follow one another as people's never do: sorted apart, filled down, or many of one second.

Here: the notes on them, once the rows are in the lake. Not here: answers that are the same (`repeated`), files of one day
(`days`), merged cells (`pipelines.adapters.sheets`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.once import AT_ONCE
from pipelines.intake.verdicts import FileVerdict

#: So many answers, of so many scores and times, stand in one order by no chance.
_ENOUGH: Final = 40
_SCORES: Final = 5
_TIMES: Final = 10
#: So much more often than by chance the score is that of the row above, as people answer in no file.
_AGAIN: Final = 0.25
_ERRORS: Final = 8
#: Where scores are sorted within groups, they rise far more often than they fall, or the other way round.
_ONE_WAY: Final = 0.3
#: So many answers of one second are hardly those of people; so many in all, and such a share of the file, are told.
_OF_A_SECOND: Final = 5
_CROWD: Final = 20
_PART: Final = 0.05
#: Times that mostly are whole minutes, or that many share each, are no seconds.
_SECONDS: Final = 0.5
_MINUTE: Final = 60 * 1_000_000
_SECOND: Final = 1_000_000
_BUSY: Final = 100


def in_order(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield what people should know of a file; `rows_of` gives some columns of a load that is not too large."""
    answers, load = verdict.tally.accepted, verdict.load(_ENOUGH, LARGEST)
    if load is None or "responded_at" not in source.columns or len(verdict.tally.by_score) < _SCORES:
        return
    rows = rows_of(load).sort("source_row")
    score, at = rows["score"].cast(pl.Int16), rows["responded_at"]
    steps = score.diff().drop_nulls()
    up, down, same = int((steps > 0).sum()), int((steps < 0).sum()), int((steps == 0).sum())
    if not up or not down:
        is_timed = at.is_sorted() or at.is_sorted(descending=True)
        if is_timed and at.n_unique() >= _TIMES:
            yield (
                f"The scores of its {answers:,} answers are sorted from row to row, and so are their times, which people's "
                "never are: the column was probably sorted apart from the others. The sum is right, and what is told by "
                "month or branch is not. Export it again."
            )
        return
    shares = score.value_counts(normalize=True)["proportion"]
    by_chance = float((shares * shares).sum())
    error = (by_chance * (1 - by_chance) / len(steps)) ** 0.5
    often = same / len(steps)
    is_sorted = abs(up - down) > _ONE_WAY * (up + down)
    if often >= by_chance + _AGAIN and often - by_chance >= _ERRORS * error and not is_sorted:
        yield (
            f"In {same:,} of its {answers:,} answers the score is that of the answer above, and by chance it would be in "
            f"{by_chance * len(steps):,.0f}: as where scores were filled down from the first row of each group. Each "
            "counts. If they were, leave them blank in the others; else all is well."
        )


def given_at_once(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield what people should know of a file; `rows_of` gives some columns of a load that is not too large."""
    answers, load = verdict.tally.accepted, verdict.load(_CROWD, LARGEST)
    if load is None or "responded_at" not in source.columns:
        return
    at = rows_of(load).select(at=pl.col("responded_at").to_physical() // _SECOND * _SECOND)
    if float((at["at"] % _MINUTE != 0).mean() or 0) < _SECONDS:  # type: ignore[arg-type]
        return
    seconds = at.group_by("at").len()
    usual = at.height / max(int(at["at"].n_unique()), 1)
    crowded = seconds.filter(pl.col("len") >= max(_OF_A_SECOND, _BUSY * _chance(at)))
    many = int(crowded["len"].sum())
    if many >= max(_CROWD, _PART * answers) and many < answers and usual < _OF_A_SECOND:
        yield (
            f"{many:,} of its {answers:,} answers {AT_ONCE} {_OF_A_SECOND - 1} others or more, as people hardly "
            "answer. Each counts. If a machine or somebody for others gave them, take their rows out of the file; if that "
            "is when they were loaded into a system, read when people answered; else all is well."
        )


def _chance(at: pl.DataFrame) -> float:
    """How many answers a second has where they are spread evenly."""
    first, last = at["at"].min(), at["at"].max()
    return at.height * _SECOND / max(int(last) - int(first), _SECOND)  # type: ignore[arg-type]
