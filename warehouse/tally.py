"""What was found in one file, counted: how many rows are what, and what of them may tell that something is odd.

Here: counting rows that are judged. Not here: writing them (`staging`), what is said of the counts
(`pipelines.intake.doubts`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from transforms.dimensions import DIMENSIONS
from transforms.identity import says_who
from transforms.score_texts import UNANSWERED as UNANSWERED_TEXTS
from transforms.scores import PASSIVE_FROM, PROMOTER_FROM
from transforms.staged import UNANSWERED, outcome_of
from transforms.swapped_dates import seem_swapped
from transforms.unlisted import unlisted

_GROUPS: Final = tuple(each.name for each in DIMENSIONS)


@dataclass(frozen=True)
class Tally:
    """What was found in a file: rows read are the sum of the other four counts."""

    rows_read: int
    accepted: int
    unanswered: int
    excluded: int
    rejected: int
    surveys: list[str]
    months: list[date]
    reasons: dict[str, int]
    best_score: int | None = None
    """Of the accepted answers, on 0-10."""
    content_with_reason: int = 0
    """Accepted answers of passives and promoters that say why."""
    blank: int = 0
    """Rows without an answer in which nothing stands for the score."""
    zeros: int = 0
    """Accepted answers of 0."""
    balance: int = 0
    """Promoters less detractors."""
    totals: int = 0
    """Accepted rows that may sum others up, by what names them."""
    first_total: int = 0
    """The first of these."""
    shifted: int = 0
    """Unanswered rows where something stands in place of the date that is none."""
    first_shifted: int = 0
    """The first of these."""
    contacts: tuple[str, ...] = ()
    """The columns by which answers are grouped in which an e-mail address or telephone number stands."""
    half_swapped: int = 0
    """Dates of which day and month seem to be exchanged, while those of days above 12 are written otherwise."""

    labels: tuple[tuple[str, int, int], ...] = ()
    """Texts with a number that could not be read and repeat, with that number and their rows."""


def tally_of_answers(accepted: pl.LazyFrame, refused: pl.LazyFrame, survey: str) -> Tally:
    """Count the rows of `transforms.staged.judge`; `survey` is that of answers where no column tells it."""
    told, by_refusal, labelled, dates = pl.collect_all(
        [
            accepted.select(_of_accepted(accepted.collect_schema().names())),
            refused.group_by("refusal").agg(pl.len(), *_of_refused()),
            unlisted(refused),
            _notations(accepted, refused),
        ]
    )
    found = told.row(0, named=True)
    unanswered = by_refusal.filter(pl.col("refusal") == UNANSWERED)
    blank, shifted, first = unanswered.row(0)[2:] if unanswered.height else (0, 0, None)
    surveys = found["survey"] if "survey" in found else [survey] * bool(found["len"])
    return replace(
        _by_outcome(found["len"], by_refusal),
        surveys=sorted(surveys),
        months=sorted(found["month"]),
        best_score=found["best"],
        content_with_reason=found.get("content", 0),
        zeros=found["zeros"],
        balance=found["balance"],
        totals=found.get("totals", 0),
        first_total=found.get("first_total") or 0,
        contacts=tuple(name for name in _GROUPS if found.get(f"contact_{name}")),
        blank=blank,
        shifted=shifted,
        first_shifted=first or 0,
        half_swapped=seem_swapped(dates.iter_rows()),
        labels=tuple(labelled.iter_rows()),
    )


def tally_of_members(by_refusal: pl.DataFrame) -> Tally:
    """The same of a dimension, from its rows by `refusal` (`len`)."""
    accepted = by_refusal.filter(pl.col("refusal").is_null()).get_column("len").sum()
    return _by_outcome(int(accepted), by_refusal.drop_nulls("refusal"))


def _of_accepted(names: list[str]) -> list[pl.Expr]:
    score = pl.col("score")
    told = [
        pl.len(),
        score.max().alias("best"),
        (score == 0).sum().alias("zeros"),
        ((score >= PROMOTER_FROM).sum().cast(pl.Int64) - (score < PASSIVE_FROM).sum()).alias("balance"),
        pl.col("month").unique().implode(),
        *(says_who(pl.col(name)).any().alias(f"contact_{name}") for name in _GROUPS if name in names),
    ]
    if "survey" in names:
        told.append(pl.col("survey").drop_nulls().unique().implode())
    if "reason" in names:
        told.append(((score >= PASSIVE_FROM) & pl.col("reason").is_not_null()).sum().alias("content"))
    if "may_sum_up" in names:
        may = pl.col("may_sum_up")
        told += [may.sum().alias("totals"), pl.col("source_row").filter(may).min().alias("first_total")]
    return told


def _of_refused() -> list[pl.Expr]:
    says_nothing = pl.col("date_text").str.to_lowercase().is_in(UNANSWERED_TEXTS)
    is_shifted = pl.col("responded_at").is_null() & ~says_nothing
    return [
        (pl.col("raw_score").is_null() | (pl.col("raw_score") == "")).sum().alias("blank"),
        is_shifted.sum().alias("shifted"),
        pl.col("source_row").filter(is_shifted).min().alias("first_shifted"),
    ]


def _notations(accepted: pl.LazyFrame, refused: pl.LazyFrame) -> pl.LazyFrame:
    """How many dates of each day each format has read, where that may tell something."""
    columns = ["date_format", "date_day", "date_zeros"]
    if "date_format" not in refused.collect_schema():
        return pl.LazyFrame()
    dated = pl.concat([accepted.select(columns), refused.select(columns)]).drop_nulls("date_format")
    return dated.group_by(columns).agg(pl.len())


def _by_outcome(accepted: int, by_refusal: pl.DataFrame) -> Tally:
    rows = {"accepted": accepted, UNANSWERED: 0, "excluded": 0, "rejected": 0}
    reasons: dict[str, int] = {}
    for refusal, count in by_refusal.sort("refusal").select("refusal", "len").iter_rows():
        outcome = outcome_of(refusal)
        rows[outcome] += count
        if outcome in ("excluded", "rejected"):
            reasons[refusal] = count
    return Tally(
        sum(rows.values()), accepted, rows[UNANSWERED], rows["excluded"], rows["rejected"], [], [], reasons
    )  # fmt: skip
