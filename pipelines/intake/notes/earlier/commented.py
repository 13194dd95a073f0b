"""Files in which every answer has a comment, or none has, where in those before some have one and others not.

Such an export may hold a part of the answers only, and whoever writes something answers otherwise than the rest.
Here: the note on it, once its rows are in the lake. Not here: what else is unlike the files before (`unlike`), columns in
which nothing stands (`blanked`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.verdicts import FileVerdict
from warehouse.intake.days import columns_of
from warehouse.lake.store import Lake

#: So many answers tell something, and so many of the files before.
_SOME: Final = 10
_ENOUGH: Final = 50
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-5

_HAS: Final = pl.col("comment").is_not_null().alias("has")


def all_or_none_commented(
    lake: Lake, source: Source, verdict: FileVerdict, before: Sequence[str], rows_of: Callable[[str], pl.DataFrame]
) -> Iterator[str]:
    """Yield what people should know of a file beside the loads before it; `rows_of` gives the comments of a load."""
    answers, load = verdict.tally.accepted, verdict.load(_SOME)
    if load is None or "comment" not in source.columns:
        return
    here = columns_of(lake, [load], [_HAS]) if answers > LARGEST else rows_of(load).select(_HAS)
    with_one = int(here["has"].sum())
    if 0 < with_one < answers:
        return
    then = columns_of(lake, before, [_HAS])["has"]
    others = int((~then).sum() if with_one else then.sum())
    if len(then) < _ENOUGH or (1 - others / len(then)) ** answers >= _CHANCE:
        return
    what, have = ("Each of", "none") if with_one else ("None of", "one")
    yield (
        f"{what} its {answers:,} answers has a comment, while {others:,} of {len(then):,} in the files before it have "
        f"{have}. If only answers {'with' if with_one else 'without'} comments were exported, take the file back (nps "
        "withdraw) and export all; else all is well."
    )
