"""What the answers of loads say, for holding a file against those before it.

Here: reading them, counting by day and score. Not here: days that come again with their very scores
(`laps`), what is odd about it (`pipelines.intake.notes.earlier`).
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
_A_DAY: Final = timedelta(days=1)
#: So many answers of a file tell whether they stand in another.
_LOOKED_AT: Final = 500


#: A pair of loads, and what is known of an answer of one of them.
_PAIR: Final = ("new", "old")
_OF_ANSWER: Final = ("response_id", "respondent_key", "responded_at", "day", "score")


@dataclass(frozen=True)
class Timed:
    """How far the answers of a load have times and scores of another's."""

    same: int
    """How many of those that were looked at."""
    share: float
    times: int
    """Of how many times of the day, or of half an hour by another clock: few where only days or hours are known."""
    seconds: int
    """Of how many times that are no whole minutes."""
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


def of_near_days(answers: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The answers of the new and of the old loads of pairs, `new` and `old`, that may be of the same day by another clock.

    Pairs whose days, from the first to the last, do not lap over are left out; of the others, new answers after all old
    ones, and old ones before all new ones.
    """
    days = answers.group_by("load_id").agg(first=pl.col("day").min() - _A_DAY, last=pl.col("day").max() + _A_DAY)
    spans = pairs.join(days, left_on="new", right_on="load_id").join(
        days, left_on="old", right_on="load_id", suffix="_old"
    )
    day = pl.col("day")
    both = spans.filter(pl.col("first") <= pl.col("last_old"), pl.col("first_old") <= pl.col("last"))
    own = both.join(answers, left_on="new", right_on="load_id").filter(day <= pl.col("last_old"))
    other = both.join(answers, left_on="old", right_on="load_id").filter(day >= pl.col("first"))
    return own.select(*_PAIR, *_OF_ANSWER), other.select(*_PAIR, *_OF_ANSWER)


def told_twice(own: pl.DataFrame, other: pl.DataFrame) -> dict[tuple[str, str], tuple[int, float]]:
    """Of each pair of loads how many of the new answers, of `strangers`, stand in the old one too, and how alike both are.

    They have day and score of the other's. How alike is the share of days and scores of the new ones, on days of both, of
    which both have equally many. Pairs that have no such day are left out.
    """
    days, cells = ["new", "old", "day"], ["new", "old", "day", "score"]
    of_both = own.join(other.select(days).unique(), on=days, how="semi").group_by(cells).agg(here=pl.len())
    counted = of_both.join(other.group_by(cells).agg(there=pl.len()), on=cells, how="left")
    is_same = (pl.col("here") == pl.col("there")).fill_null(value=False)
    found = counted.group_by("new", "old").agg(pl.col("here").filter(is_same).sum(), is_same.mean().alias("alike"))
    return {(str(new), str(old)): (int(same), float(alike)) for new, old, same, alike in found.iter_rows()}


def strangers(answers: pl.DataFrame, own: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those of the answers of pairs that neither id nor person brings together with any answer of the other load."""

    def without(rows: pl.DataFrame, who: str, those_of: str) -> pl.DataFrame:
        same = answers.filter(pl.col(who).is_in(rows[who].implode()))
        return rows.join(same, left_on=[those_of, who], right_on=["load_id", who], how="anti")

    for who in ("response_id", "respondent_key"):
        own, other = without(own, who, "old"), without(other, who, "new")
    return own, other


def timed_twice(own: pl.DataFrame, other: pl.DataFrame) -> dict[tuple[str, str], Timed]:
    """The same by times, of the last new answers up to the last old one: as they stand, or by another clock."""
    both, at = [*_PAIR], pl.col("responded_at")
    phase, clock = at.dt.epoch("s") % _HALF_AN_HOUR, at.dt.time()
    own = own.join(other.group_by(both).agg(last=at.max()), on=both).filter(at <= pl.col("last")).sort("responded_at")
    own = own.group_by(both, maintain_order=True).tail(_LOOKED_AT).with_row_index("row").with_columns(phase=phase)
    ends = own.group_by(both).agg(first=at.min(), until=at.max(), answers=pl.len())
    near = other.join(ends, on=both).filter(at.is_between(pl.col("first") - _CLOCKS, pl.col("until") + _CLOCKS))
    # Many may be of one day whose time nobody knows: of answers alike in all of it one tells as much.
    told = near.select(*both, "score", "answers", phase=phase, told_at=at).unique()
    met = own.join(told, on=[*both, "phase", "score"]).with_columns(later=at - pl.col("told_at"))
    met = met.filter(pl.col("later").is_between(-_CLOCKS, _CLOCKS)).unique(["row", "later"])
    is_other_clock = pl.col("later").first() != timedelta()
    found = met.group_by(*both, "later").agg(
        same=pl.len(),
        share=pl.len() / pl.col("answers").first(),
        times=pl.when(is_other_clock).then(pl.col("phase").n_unique()).otherwise(clock.n_unique()),
        seconds=clock.filter(at.dt.second() != 0).n_unique(),
    )
    found = found.sort("same", pl.col("later").abs(), "later", descending=[True, False, False])
    return {
        (str(new), str(old)): Timed(int(same), float(share), int(times), int(seconds), later)
        for new, old, later, same, share, times, seconds in found.unique(
            both, keep="first", maintain_order=True
        ).iter_rows()
    }


def written_otherwise(answers: pl.DataFrame, own: pl.DataFrame, other: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Of each pair of loads how many of the new answers, of `of_near_days`, have an id of the old one, written otherwise.

    They are of the same days, and what differs are capitals, zeros in front or `.0` behind.
    """
    same = [*_PAIR, "day", "bare"]
    bare = pl.col("response_id").str.to_lowercase().str.replace_all(r"^0+|\.0+$", "").alias("bare")
    # What all rows say in place of an id, such as the number of the survey, is looked at once for each day.
    ours, theirs = (rows.select(*_PAIR, "day", "response_id").unique().with_columns(bare) for rows in (own, other))
    met = ours.join(theirs.rename({"response_id": "as_old"}), on=same)
    other_ids = met.filter(pl.col("response_id") != pl.col("as_old"))
    # An id that stands there as it is too is no other spelling of one.
    news = other_ids.join(answers, left_on=["old", "response_id"], right_on=["load_id", "response_id"], how="anti")
    many = news.group_by(_PAIR).agg(pl.col("response_id").n_unique())
    return {(str(new), str(old)): int(count) for new, old, count in many.iter_rows()}
