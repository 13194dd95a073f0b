"""Very many answers of a file that were given within the same seconds, as machines give them, or as an import dates them.

Here: the note on them, once the rows are in the lake. Not here: answers that are the same (`repeated`), files of one day
(`days`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.repeated import LARGEST
from pipelines.intake.once import AT_ONCE
from pipelines.intake.verdicts import FileVerdict

#: So many answers of one second are hardly those of people; so many in all, and such a share of the file, are told.
_OF_A_SECOND: Final = 5
_ENOUGH: Final = 20
_PART: Final = 0.05
#: Times that mostly are whole minutes, or that many share each, are no seconds.
_SECONDS: Final = 0.5
_MINUTE: Final = 60 * 1_000_000
_SECOND: Final = 1_000_000
_BUSY: Final = 100


def given_at_once(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield what people should know of a file; `rows_of` gives some columns of a load that is not too large."""
    answers = verdict.tally.accepted
    if verdict.staged is None or verdict.status != "accepted" or not _ENOUGH <= answers <= LARGEST:
        return
    if "responded_at" not in source.columns:
        return
    at = rows_of(verdict.staged.load_id).select(at=pl.col("responded_at").to_physical() // _SECOND * _SECOND)
    if float((at["at"] % _MINUTE != 0).mean() or 0) < _SECONDS:  # type: ignore[arg-type]
        return
    seconds = at.group_by("at").len()
    usual = at.height / max(int(at["at"].n_unique()), 1)
    crowded = seconds.filter(pl.col("len") >= max(_OF_A_SECOND, _BUSY * _chance(at)))
    many = int(crowded["len"].sum())
    if many >= max(_ENOUGH, _PART * answers) and many < answers and usual < _OF_A_SECOND:
        yield (
            f"{many:,} of its {answers:,} answers {AT_ONCE} {_OF_A_SECOND - 1} others or more, as people hardly "
            "answer. Each counts. If a machine or somebody for others gave them, take their rows out of the file; if that "
            "is when they were loaded into a system, read when people answered; else all is well."
        )


def _chance(at: pl.DataFrame) -> float:
    """How many answers a second has where they are spread evenly."""
    first, last = at["at"].min(), at["at"].max()
    return at.height * _SECOND / max(int(last) - int(first), _SECOND)  # type: ignore[arg-type]
