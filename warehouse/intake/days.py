"""What the answers of loads say, for holding a file against those before it.

Here: reading them, counting by day and score. Not here: what is odd about it
(`pipelines.intake.notes.earlier`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from warehouse.lake.loads import month_of_piece, whole_load
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake

#: So far apart clocks may be, and by such steps.
_CLOCKS: Final = timedelta(hours=14)
_HALF_AN_HOUR: Final = 1800
#: So many answers of a file tell whether they stand in another.
_LOOKED_AT: Final = 500


@dataclass(frozen=True)
class Timed:
    """How far the answers of a load have times and scores of another's."""

    same: int
    """How many of those that were looked at."""
    share: float
    times: int
    """Of how many times of the day, or of half an hour by another clock: few where only days or hours are known."""
    later: timedelta
    """How much later they are by the clock of the newer one."""


def answers_of(lake: Lake, loads: Sequence[str]) -> pl.DataFrame:
    """The answers of some loads: `load_id`, `response_id`, `respondent_key`, `responded_at`, `day` and `score`."""
    paths = lake.files_of("staged", pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}))
    # Half a day later a date without a time is of its own day, wherever it was midnight.
    day = (pl.col("responded_at") + timedelta(hours=12)).dt.date().alias("day")
    rows = (
        scan("staged", paths).select("load_id", "response_id", "respondent_key", "responded_at", day, "score").collect()
    )
    return rows.filter(pl.col("load_id").is_in(list(loads)))


def columns_of(
    lake: Lake, loads: Sequence[str], columns: Sequence[str | pl.Expr], enough: int | None = None
) -> pl.DataFrame:
    """Some columns of the answers of loads, or what is made of them; of large files so many as are `enough`."""
    return _rows_of(lake, loads, enough).select(*columns).collect(engine="streaming")


def counts_of(lake: Lake, loads: Sequence[str], column: str) -> dict[str, int]:
    """How many answers of loads say what in a column; those that say nothing are left out."""
    many = _rows_of(lake, loads).drop_nulls(column).group_by(column).agg(pl.len())
    return dict(many.sort("len", column, descending=[True, False]).collect(engine="streaming").iter_rows())


def _rows_of(lake: Lake, loads: Sequence[str], enough: int | None = None) -> pl.LazyFrame:
    named = pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String})
    paths = lake.files_of("staged", named, None if enough is None else _latest_months(lake, named, enough))
    return scan("staged", paths).filter(pl.col("load_id").is_in(list(loads)))


def _latest_months(lake: Lake, loads: pl.DataFrame, enough: int) -> list[date]:
    """The latest months of large files with so many answers in all."""
    pieces = lake.pieces("staged").join(loads.select(whole_load()).unique(), on="load_id", how="semi")
    by_month = pieces.group_by(month_of_piece().alias("month")).agg(pl.col("rows").sum()).drop_nulls("month")
    newest = by_month.sort("month", descending=True)
    return newest.filter(pl.col("rows").cum_sum() - pl.col("rows") < enough).get_column("month").to_list()


def first_and_last(lake: Lake, load: str) -> tuple[datetime, datetime] | None:
    """When the first and the last answer of a load were given; None of a load without any."""
    at = pl.col("responded_at")
    found = _rows_of(lake, [load]).select(at.min().alias("first"), at.max().alias("last")).drop_nulls().collect()
    return (found.item(0, 0), found.item(0, 1)) if found.height else None


def of_days(answers: pl.DataFrame) -> pl.DataFrame:
    """How many answers of a load are of a day: `load_id`, `day`, `answers`."""
    return answers.group_by("load_id", "day").agg(answers=pl.len())


def told_twice(answers: pl.DataFrame, pairs: pl.DataFrame) -> dict[tuple[str, str], tuple[int, float]]:
    """Of each pair of loads, `new` and `old`: how many of the new answers stand in the old one too, and how alike both are.

    They have day and score of the other's, though neither id nor person. How alike is the share of days and scores of the
    new ones, on days of both, of which both have equally many. Pairs that have no such day are left out.
    """
    own, other = _strangers(answers, pairs)
    days, cells = ["new", "old", "day"], ["new", "old", "day", "score"]
    of_both = own.join(other.select(days).unique(), on=days, how="semi").group_by(cells).agg(here=pl.len())
    counted = of_both.join(other.group_by(cells).agg(there=pl.len()), on=cells, how="left")
    is_same = (pl.col("here") == pl.col("there")).fill_null(value=False)
    found = counted.group_by("new", "old").agg(pl.col("here").filter(is_same).sum(), is_same.mean().alias("alike"))
    return {(str(new), str(old)): (int(same), float(alike)) for new, old, same, alike in found.iter_rows()}


def _strangers(answers: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The answers of the new and of the old loads of pairs that neither id nor person brings together."""
    own = pairs.join(answers, left_on="new", right_on="load_id")
    other = pairs.join(answers, left_on="old", right_on="load_id")
    for who in ("response_id", "respondent_key"):
        own = own.join(answers, left_on=["old", who], right_on=["load_id", who], how="anti")
        other = other.join(answers, left_on=["new", who], right_on=["load_id", who], how="anti")
    return own, other


def timed_twice(answers: pl.DataFrame, pairs: pl.DataFrame) -> dict[tuple[str, str], Timed]:
    """The same by times, of the last new answers up to the last old one: as they stand, or by another clock."""
    own, other = _strangers(answers, pairs)
    both, at = ["new", "old"], pl.col("responded_at")
    phase, clock = at.dt.epoch("s") % _HALF_AN_HOUR, at.dt.time()
    own = own.join(other.group_by(both).agg(last=at.max()), on=both).filter(at <= pl.col("last")).sort("responded_at")
    own = own.group_by(both, maintain_order=True).tail(_LOOKED_AT).with_row_index("row").with_columns(phase=phase)
    ends = own.group_by(both).agg(first=at.min(), until=at.max(), answers=pl.len())
    near = other.join(ends, on=both).filter(at.is_between(pl.col("first") - _CLOCKS, pl.col("until") + _CLOCKS))
    told = near.select(*both, "score", "answers", phase=phase, told_at=at)
    met = own.join(told, on=[*both, "phase", "score"]).with_columns(later=at - pl.col("told_at"))
    met = met.filter(pl.col("later").is_between(-_CLOCKS, _CLOCKS)).unique(["row", "later"])
    is_other_clock = pl.col("later").first() != timedelta()
    found = met.group_by(*both, "later").agg(
        same=pl.len(),
        share=pl.len() / pl.col("answers").first(),
        times=pl.when(is_other_clock).then(pl.col("phase").n_unique()).otherwise(clock.n_unique()),
    )
    found = found.sort("same", pl.col("later").abs(), "later", descending=[True, False, False])
    return {
        (str(new), str(old)): Timed(int(same), float(share), int(times), later)
        for new, old, later, same, share, times in found.unique(both, keep="first", maintain_order=True).iter_rows()
    }


def written_otherwise(answers: pl.DataFrame, pairs: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Of each pair of loads, `new` and `old`: how many new answers have an id of the old ones, written otherwise.

    They are of the same days, and what differs are capitals, zeros in front or `.0` behind.
    """
    bare = answers.with_columns(bare=pl.col("response_id").str.to_lowercase().str.replace_all(r"^0+|\.0+$", ""))
    same = ["bare", "day"]
    own = pairs.join(bare, left_on="new", right_on="load_id")
    other = bare.select("load_id", *same, as_old="response_id")
    met = own.join(other, left_on=["old", *same], right_on=["load_id", *same])
    other_ids = met.filter(pl.col("response_id") != pl.col("as_old"))
    # An id that stands there as it is too is no other spelling of one.
    news = other_ids.join(other, left_on=["old", "response_id"], right_on=["load_id", "as_old"], how="anti")
    many = news.group_by("new", "old").agg(pl.col("response_id").n_unique())
    return {(str(new), str(old)): int(count) for new, old, count in many.iter_rows()}
