"""What was found in one file, counted: how many rows are what, and what of them may tell that something is odd.

Here: counting rows that are judged. Not here: writing them (`staging`), what is said of the counts
(`pipelines.intake.notes.doubts`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from transforms.dimensions import DIMENSIONS, PRESUMED, UNKNOWN
from transforms.identity import says_who
from transforms.reasons import Reason
from transforms.score_texts import UNANSWERED as UNANSWERED_TEXTS
from transforms.scores import PASSIVE_FROM, PROMOTER_FROM
from transforms.staged import UNANSWERED, outcome_of
from transforms.swapped_dates import seem_swapped
from transforms.unlisted import REPEATED, unlisted

_Row = dict[str, Any]

_FILE: Final = "file_no"
_NONE_UNANSWERED: Final[_Row] = {"blank": 0, "dashes": 0, "shifted": 0, "first_shifted": None}
_GROUPS: Final = tuple(each.name for each in DIMENSIONS)

_DASHES: Final = ("-", "\u2013", "\u2014")

#: Surveys ask about fewer brands.
_BRANDS: Final = 50


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
    by_month: tuple[tuple[date, int], ...] = ()
    """The months of accepted answers, and how many are of each."""
    by_score: tuple[tuple[int, int], ...] = ()
    """The scores of accepted answers, on 0-10, and how many are of each."""
    content_with_reason: int = 0
    """Accepted answers of passives and promoters that say why."""
    unhappy_with_reason: int = 0
    """Those of detractors that do."""
    blank: int = 0
    """Rows without an answer in which nothing stands for the score."""
    dashes: int = 0
    """Those in which a dash does."""
    balance: int = 0
    """Promoters less detractors."""
    days: int = 0
    """Of how many days of a month accepted answers are, whatever the month."""
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
    unsaid: tuple[tuple[str, int], ...] = ()
    """The columns that should say a brand or a programme and do not, with how many accepted answers."""
    brands: tuple[str, ...] = ()
    """The brands that a column says, in their order; no more than a few."""
    half_swapped: int = 0
    """Dates of which day and month seem to be exchanged, while those of days above 12 are written otherwise."""

    attempts: int | None = None
    """Its rows as attempts to ask somebody, where they are such."""
    outcomes: tuple[tuple[str, int], ...] = ()
    """Outcomes of attempts or of tickets that nps.yaml does not list, and their rows, most first."""

    lines: int = 0
    """Rows of what clients did that have their number with another row of the file."""
    amountless: int = 0
    """Purchases, renewals and refunds without an amount."""

    labels: tuple[tuple[str, int, int], ...] = ()
    """Texts with a number that could not be read and repeat, with that number and their rows."""

    def of(self, score: int) -> int:
        """How many accepted answers are of a score."""
        return dict(self.by_score).get(score, 0)


def tally_of_answers(accepted: pl.LazyFrame, refused: pl.LazyFrame, survey: str) -> Tally:
    """Count the rows of `transforms.staged.judge`; `survey` is that of answers where no column tells it."""
    has_outcomes = "contact_unlisted" in refused.collect_schema()
    told, by_refusal, labelled, dates, *outcomes = pl.collect_all(
        [
            accepted.select(_of_accepted(accepted.collect_schema().names())),
            refused.group_by("refusal").agg(pl.len(), *_of_refused()),
            unlisted(refused),
            _notations(accepted, refused),
            *([unlisted_outcomes(refused, "contact_unlisted")] if has_outcomes else []),
        ]
    )
    tally = _tally(told.row(0, named=True), by_refusal.to_dicts(), survey)
    return replace(
        tally,
        half_swapped=seem_swapped(dates.iter_rows()),
        labels=tuple(labelled.iter_rows()),
        outcomes=tuple(row for frame in outcomes for row in frame.iter_rows()),
    )


def unlisted_outcomes(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """The texts of a column and their `len`, most first."""
    return rows.drop_nulls(column).group_by(column).agg(pl.len()).sort("len", column, descending=[True, False])


def tallies_by_file(
    accepted: pl.LazyFrame, refused: pl.LazyFrame, files: Iterable[int], survey: str
) -> dict[int, Tally]:
    """The same of the rows of several files, which tell the `file_no` of each."""
    names = accepted.collect_schema().names()
    told, by_refusal, dates = pl.collect_all(
        [
            accepted.group_by(_FILE).agg(_of_accepted(names)),
            refused.group_by(_FILE, "refusal").agg(pl.len(), *_of_refused()),
            _notations(accepted, refused, _FILE),
        ]
    )
    nothing = accepted.head(0).select(_of_accepted(names)).collect().row(0, named=True)
    counted, refusals, dated = _by_file(told), _by_file(by_refusal), _by_file(dates)
    return {
        number: replace(
            _tally(counted.get(number, [nothing])[0], refusals.get(number, []), survey),
            half_swapped=seem_swapped(tuple(each.values()) for each in dated.get(number, ())),
            labels=_labels(refused, number, refusals.get(number, [])),
        )
        for number in files
    }


def _labels(refused: pl.LazyFrame, number: int, refusals: list[_Row]) -> tuple[tuple[str, int, int], ...]:
    """Those of one file; hardly any file has so many unreadable scores that one of them could repeat."""
    unreadable = sum(row["len"] for row in refusals if row["refusal"] == Reason.SCORE_UNREADABLE)
    return (
        tuple(unlisted(refused.filter(pl.col(_FILE) == number)).collect().iter_rows()) if unreadable >= REPEATED else ()
    )


def _by_file(rows: pl.DataFrame) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row.pop(_FILE), []).append(row)
    return found


def _tally(found: _Row, refusals: list[_Row], survey: str) -> Tally:
    unanswered = next((row for row in refusals if row["refusal"] == UNANSWERED), _NONE_UNANSWERED)
    surveys = found["survey"] if "survey" in found else [survey] * bool(found["len"])
    return replace(
        _by_outcome(found["len"], refusals),
        surveys=sorted(surveys),
        months=sorted(each["month"] for each in found["month"]),
        by_month=tuple(sorted((each["month"], each["count"]) for each in found["month"])),
        by_score=tuple(sorted((each["score"], each["count"]) for each in found["score"])),
        content_with_reason=found.get("content", 0),
        unhappy_with_reason=found.get("unhappy", 0),
        days=found["days"],
        balance=found["balance"],
        totals=found.get("totals", 0),
        first_total=found.get("first_total") or 0,
        contacts=tuple(name for name in _GROUPS if found.get(f"contact_{name}")),
        unsaid=tuple((name, rows) for name in PRESUMED if (rows := found.get(f"unsaid_{name}", 0))),
        brands=tuple(sorted(found.get("brand") or ())),
        blank=unanswered["blank"],
        dashes=unanswered["dashes"],
        shifted=unanswered["shifted"],
        first_shifted=unanswered["first_shifted"] or 0,
    )


def tally_of_list(by_refusal: pl.DataFrame) -> Tally:
    """The same of a list or a dump, from its rows by `refusal` (`len`)."""
    accepted = by_refusal.filter(pl.col("refusal").is_null()).get_column("len").sum()
    return _by_outcome(int(accepted), by_refusal.drop_nulls("refusal").to_dicts())


def _of_accepted(names: list[str]) -> list[pl.Expr]:
    score = pl.col("score")
    told = [
        pl.len(),
        score.value_counts().implode(),
        ((score >= PROMOTER_FROM).sum().cast(pl.Int64) - (score < PASSIVE_FROM).sum()).alias("balance"),
        pl.col("month").value_counts().implode(),
        # Half a day later a date without a time is of its own day, wherever it was midnight.
        (pl.col("responded_at") + timedelta(hours=12)).dt.day().n_unique().alias("days"),
        *(says_who(pl.col(name).unique()).any().alias(f"contact_{name}") for name in _GROUPS if name in names),
    ]
    told += [(pl.col(name) == UNKNOWN).sum().alias(f"unsaid_{name}") for name in PRESUMED if name in names]
    if "brand" in names:
        told.append(pl.col("brand").unique().sort().head(_BRANDS).implode())
    if "survey" in names:
        told.append(pl.col("survey").drop_nulls().unique().implode())
    if "reason" in names:
        says_why = pl.col("reason").is_not_null()
        told.append(((score >= PASSIVE_FROM) & says_why).sum().alias("content"))
        told.append(((score < PASSIVE_FROM) & says_why).sum().alias("unhappy"))
    if "may_sum_up" in names:
        may = pl.col("may_sum_up")
        told += [may.sum().alias("totals"), pl.col("source_row").filter(may).min().alias("first_total")]
    return told


def _of_refused() -> list[pl.Expr]:
    says_nothing = pl.col("date_text").str.to_lowercase().is_in(UNANSWERED_TEXTS)
    is_shifted = pl.col("responded_at").is_null() & ~says_nothing
    return [
        (pl.col("raw_score").is_null() | (pl.col("raw_score") == "")).sum().alias("blank"),
        pl.col("raw_score").is_in(_DASHES).sum().alias("dashes"),
        is_shifted.sum().alias("shifted"),
        pl.col("source_row").filter(is_shifted).min().alias("first_shifted"),
    ]


def _notations(accepted: pl.LazyFrame, refused: pl.LazyFrame, *by: str) -> pl.LazyFrame:
    """How many dates of each day each format has read, where that may tell something."""
    columns = [*by, "date_format", "date_day", "date_zeros"]
    if "date_format" not in refused.collect_schema():
        return pl.LazyFrame()
    dated = pl.concat([accepted.select(columns), refused.select(columns)]).drop_nulls("date_format")
    return dated.group_by(columns).agg(pl.len())


def _by_outcome(accepted: int, refusals: list[_Row]) -> Tally:
    rows = {"accepted": accepted, UNANSWERED: 0, "excluded": 0, "rejected": 0}
    reasons: dict[str, int] = {}
    for refusal, count in sorted((row["refusal"], row["len"]) for row in refusals):
        outcome = outcome_of(refusal)
        rows[outcome] += count
        if outcome in ("excluded", "rejected"):
            reasons[refusal] = count
    return Tally(
        sum(rows.values()), accepted, rows[UNANSWERED], rows["excluded"], rows["rejected"], [], [], reasons
    )  # fmt: skip
