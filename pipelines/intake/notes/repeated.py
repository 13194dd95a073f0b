"""Answers that stand in a file several times beside different things, as where an export was joined with orders or tickets.

Here: the note on them, once the rows are in the lake. Not here: answers that other files have too (`days`), rows of one id
(`transforms.responses`), what sniff asks of a first file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.verdicts import FileVerdict

#: What is looked at, here and where one branch is left of several (`unlike`).
COLUMNS: Final = ("response_id", "responded_at", "score", "branch", "region", "channel", "comment")
#: So many rows are told, and so large a part of a file.
_ENOUGH: Final = 20
_PART: Final = 0.05
#: Such a share of the moments at which several rows are have the same answer in all: moments of loading have any answers.
_ALIKE: Final = 0.95
#: Of a larger file it would take too long, and too much memory.
LARGEST: Final = 300_000
#: Whole minutes may be shared by chance.
_MINUTE: Final = 60 * 1_000_000


def told_again(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield what people should know of a file of which many rows have the same second and answer, under other ids.

    `rows_of` gives `COLUMNS` of a load.
    """
    is_looked_at = verdict.status == "accepted" and _ENOUGH <= verdict.tally.accepted <= LARGEST
    if (
        verdict.staged is None
        or not is_looked_at
        or "responded_at" not in source.columns
        or "respondent" in source.columns
    ):
        return
    rows = rows_of(verdict.staged.load_id)
    timed = rows.filter(pl.col("responded_at").to_physical() % _MINUTE != 0).unique("response_id")
    moments = timed.group_by("responded_at").agg(
        pl.len(), alike=pl.struct("score", "branch", "comment").n_unique() == 1
    ).filter(pl.col("len") > 1)  # fmt: skip
    again = int(moments.filter("alike").select((pl.col("len") - 1).sum()).item())
    if again >= max(_ENOUGH, _PART * rows.height) and moments["alike"].sum() >= _ALIKE * moments.height:
        yield (
            f"{again:,} of its {rows.height:,} answers have the second, the score and the comment of another one in it, "
            "beside other columns or ids: as where an export was joined with orders or tickets, and each answer stands "
            "there once for each of them. Each counts. If they are the same answers, export them without what was joined, "
            "or read response_id from what is the answer's own; else all is well."
        )
