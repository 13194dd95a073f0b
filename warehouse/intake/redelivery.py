"""Which files bring answers that were delivered before, found once, when a file is taken in.

So a build of a month need not look for later versions of its answers among all answers that there ever were.
Not here: which version counts (`transforms.answers.responses`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from warehouse.lake.known_ids import Run, digest_of_id, in_both, known_ids, merged, twice
from warehouse.lake.ledgers import counted_files
from warehouse.lake.loads import shared_load
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake


@dataclass(frozen=True)
class Redelivery:
    """What a file has in common with others, and with itself."""

    redelivers: bool = False
    """Whether any of its response ids stands elsewhere too: in it, or in another file of its source."""
    moved_months: tuple[date, ...] = ()
    """The months of the versions of those of its answers whose versions lie in different months."""
    moved_with: tuple[str, ...] = ()
    """The digests of the other files of those versions."""
    ids_elsewhere: int = 0
    """How many of its response ids stand in other files too."""
    other_answers: int = 0
    """How many of these have answers of other days and scores."""


NO_REDELIVERY: Final = Redelivery()


def redeliveries(lake: Lake, source: str, loads: dict[str, str]) -> dict[str, Redelivery]:
    """What the new loads of a source redeliver, by load: `loads` gives the digest of the file of each.

    They are compared with one another and with the files of the source that count.
    """
    if not loads:
        return {}
    counted = _counted(lake, source, loads)
    digests = dict(counted.select("load_id", "file_digest").iter_rows()) | loads
    # A run of a load that several files share holds ids of those too that do not count: they are told apart below.
    new_runs, others = ({shared_load(load) for load in each} for each in (loads, counted.get_column("load_id")))
    runs = known_ids(lake, source, sorted(new_runs | others))
    new = merged([runs[load] for load in new_runs])
    found = [twice(new), *(in_both(new, runs[load]) for load in others - new_runs)]
    suspects = np.unique(np.concatenate(found))
    if not len(suspects):
        return {}
    hit = {load for load, run in runs.items() if len(in_both(suspects, run))}
    rows = _rows(lake, [load for load in digests if shared_load(load) in hit], suspects)
    has_moved = pl.col("month").n_unique().over("response_id") > 1
    versions = {
        name: pl.when(has_moved).then(pl.col(name).unique().over("response_id", mapping_strategy="join"))
        for name in ("month", "load_id")
    }
    at = pl.col("responded_at")
    of_id = {
        "rows": pl.len(),
        "is_elsewhere": pl.col("load_id").n_unique() > 1,
        "is_other": (at.max() - at.min() > timedelta(days=1)) & (pl.col("score").n_unique() > 1),
    }
    is_elsewhere = pl.col("is_elsewhere")
    ids = {"ids": is_elsewhere, "others": is_elsewhere & pl.col("is_other")}
    shared = (
        rows.with_columns(months=versions["month"], in_loads=versions["load_id"])
        .with_columns(each.over("response_id").alias(name) for name, each in of_id.items())
        .filter(pl.col("rows") > 1, pl.col("load_id").is_in(list(loads)))
        .group_by("load_id")
        .agg(
            pl.col("months", "in_loads").explode().drop_nulls().unique().sort(),
            *(pl.col("response_id").filter(each).n_unique().alias(name) for name, each in ids.items()),
        )
    )
    return {
        load: Redelivery(
            True, tuple(months), tuple(sorted({digests[each] for each in files} - {digests[load]})), *counts
        )
        for load, months, files, *counts in shared.select("load_id", "months", "in_loads", *ids).iter_rows()
    }


def still_counting(lake: Lake, source: str, loads: dict[str, str], silent: dict[str, Run]) -> dict[str, int]:
    """How many answers of other files that count have an id of which a new load says that there is none, by load.

    `loads` as for `redeliveries`; `silent` has digests of such ids by load. An id of which the load has an answer, too, is
    none of them.
    """
    told = {load: digests for load, digests in silent.items() if len(digests)}
    if not told:
        return {}
    older = _counted(lake, source, loads).get_column("load_id").to_list()
    runs = known_ids(lake, source, sorted({shared_load(load) for load in older}))
    found = {}
    for load, digests in told.items():
        there = [each for each in older if len(in_both(digests, runs[shared_load(each)]))]
        ids = set(_rows(lake, there, digests).get_column("response_id")) if there else set()
        answers = len(ids - set(_rows(lake, [load], digests).get_column("response_id"))) if ids else 0
        if answers:
            found[load] = answers
    return found


@dataclass(frozen=True)
class NotAgain:
    """What became of the answers of a load in a newer one."""

    again: int = 0
    """How many of them, of the days of both, stand in the newer one too."""
    left: int = 0
    """How many do not, nor does another answer of the same person or account; those of the first and last day aside."""
    is_whole: bool = False
    """Whether no answer is of a day before or after those of the newer one."""


def not_again(lake: Lake, new: str, old: str, silent: Run) -> NotAgain:
    """How many answers of a load stand in a newer one too, and how many do not; `silent` as for `still_counting`."""
    named = pl.DataFrame({"load_id": [new, old]})
    rows = scan("staged", lake.files_of("staged", named))
    # Half a day later a date without a time is of its own day, wherever it was midnight.
    day = (pl.col("responded_at") + timedelta(hours=12)).dt.date().alias("day")
    read = rows.select("load_id", "respondent_key", "account_key", day, digest=digest_of_id())
    both = read.filter(pl.col("load_id").is_in([new, old])).collect(engine="streaming")
    newer, older = both.filter(pl.col("load_id") == new), both.filter(pl.col("load_id") == old)
    first, last = newer["day"].min(), newer["day"].max()
    of_both = older.filter(pl.col("day").is_between(first, last))
    is_again = pl.col("digest").is_in(newer["digest"].implode())
    gone = of_both.filter(~is_again, ~pl.col("digest").is_in(pl.Series(silent, dtype=pl.UInt64).implode()))
    inner = gone.filter(pl.col("day") > first, pl.col("day") < last, pl.col("day") > older["day"].min())
    for who in ("respondent_key", "account_key"):
        inner = inner.join(newer.drop_nulls(who), on=who, how="anti")
    return NotAgain(of_both.filter(is_again).height, inner.height, of_both.height == older.height)


def _counted(lake: Lake, source: str, loads: dict[str, str]) -> pl.DataFrame:
    """The files of a source that count, but for those of new loads."""
    others = counted_files(lake, [source]).filter(~pl.col("file_digest").is_in(list(loads.values())))
    return others.drop_nulls("load_id")


def _rows(lake: Lake, loads: Sequence[str], digests: Run) -> pl.DataFrame:
    """The answers of loads whose ids have these digests; different ids of equal digest are told apart by their caller."""
    paths = lake.files_of("staged", pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}))
    rows = scan("staged", paths).select("load_id", "response_id", "month", "responded_at", "score")
    found = rows.filter(digest_of_id().is_in(pl.Series(digests).implode())).collect()
    return found.filter(pl.col("load_id").is_in(loads))
