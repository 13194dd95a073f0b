"""Days that come again in a later load with their very scores, though neither id nor person says so.

Here: finding them, and what chance has to say. Not here: answers of the same time, or that are as many by day (`days`), what
people should know of it (`pipelines.intake.notes.earlier`).
"""

from __future__ import annotations

import math

import polars as pl


def days_again(own: pl.DataFrame, other: pl.DataFrame) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Of each pair of loads how many new answers, of `strangers`, are of days that the old one has with the same scores.

    And which share of the days of both these are, without the last old and the first new one, which may not be whole; and
    the logarithm of the chance that people who have nothing to do with one another answer so.
    """
    both, days, cells = ["new", "old"], ["new", "old", "day"], ["new", "old", "day", "score"]
    here, there = own.group_by(cells).agg(here=pl.len()), other.group_by(cells).agg(there=pl.len())
    often = other.group_by(*both, "score").agg(often=(pl.len()).log())
    often = often.join(other.group_by(both).agg(all=pl.len().log()), on=both)
    counted = here.join(there, on=cells, how="full", coalesce=True).join(often, on=[*both, "score"], how="left")
    of_day = counted.group_by(days).agg(
        pl.col("here").sum(),
        is_same=(pl.col("here") == pl.col("there")).fill_null(value=False).all(),
        is_of_both=pl.col("here").is_not_null().any() & pl.col("there").is_not_null().any(),
        chance=_orders(pl.col("here").sum()) - (_orders(pl.col("here")) - pl.col("here") * _likely()).sum(),
    )
    day, is_same = pl.col("day"), pl.col("is_same")
    ends = own.group_by(both).agg(first=day.min()).join(other.group_by(both).agg(last=day.max()), on=both)
    within = of_day.join(ends, on=both).filter(day.is_between("first", "last"), pl.col("is_of_both"))
    is_whole = day.is_between("first", "last", closed="none")
    found = within.group_by(both).agg(
        pl.col("here").filter(is_same).sum(),
        alike=is_same.filter(is_whole).mean().fill_null(0.0),
        chance=pl.col("chance").filter(is_same).sum(),
    )
    return {
        (str(new), str(old)): (int(same), float(alike), float(chance))
        for new, old, same, alike, chance in found.iter_rows()
    }


def days_shared(own: pl.DataFrame, other: pl.DataFrame) -> dict[tuple[str, str], tuple[int, float]]:
    """Of each pair of loads how many new answers have the day and score of an old one, and which share of their days.

    The last old day and the first new one may not be whole: the share is of those answers that are fewer, new or old.
    """
    both, cells = ["new", "old"], ["new", "old", "day", "score"]
    here, there = own.group_by(cells).agg(here=pl.len()), other.group_by(cells).agg(there=pl.len())
    first, last = own.group_by(both).agg(first=pl.col("day").min()), other.group_by(both).agg(last=pl.col("day").max())
    counted = (
        here.join(there, on=cells, how="full", coalesce=True).fill_null(0).join(first, on=both).join(last, on=both)
    )
    within = counted.filter(pl.col("day").is_between("first", "last"))
    found = within.group_by(both).agg(
        same=pl.min_horizontal("here", "there").sum(), of=pl.min_horizontal(pl.col("here").sum(), pl.col("there").sum())
    )
    return {(str(new), str(old)): (int(same), same / of) for new, old, same, of in found.iter_rows() if of}


def _likely() -> pl.Expr:
    """The logarithm of how often a score is given."""
    return pl.col("often") - pl.col("all")


def _orders(count: pl.Expr) -> pl.Expr:
    """The logarithm of a factorial, by Stirling's formula, which is a hundredth off where it is of few."""
    n = count.fill_null(0).cast(pl.Float64)
    return pl.when(n > 0).then(n * n.log() - n + (2 * math.pi * n).log() / 2 + 1 / (12 * n)).otherwise(0.0)
