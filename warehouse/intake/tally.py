"""What was found in one file, counted: how many rows are what, and what of them may tell that something is odd.

Here: counting rows that are judged. Not here: writing them (`staging`), what is said of the counts
(`pipelines.intake.notes.answers.doubts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from transforms.dates.swapped import seem_swapped
from transforms.dimensions import DIMENSIONS, PRESUMED, UNKNOWN
from transforms.reasons import Reason
from transforms.rows.judged import UNANSWERED, outcome_of
from transforms.scores.scales import PASSIVE_FROM, PROMOTER_FROM
from transforms.scores.texts import REPEATED, unknown_labels
from transforms.scores.texts import UNANSWERED as UNANSWERED_TEXTS
from transforms.texts.identity import says_who

_Row = dict[str, Any]

_FILE: Final = "file_no"
#: The number of a file whose rows tell none.
_ALONE: Final = 0
_ELEVEN: Final = ("11", "11.0", "11,0")
_NONE_UNANSWERED: Final[_Row] = {"blank": 0, "dashes": 0, "shifted": 0, "first_shifted": None}
_GROUPS: Final = tuple(each.name for each in DIMENSIONS)

_DASHES: Final = ("-", "\u2013", "\u2014")

_SAID_TO_ANSWER: Final = ("partial", "answered")

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
    elevens: int = 0
    """Rows whose score is 11, which is beyond the scale."""
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
    voided: int | None = None
    """Its excluded rows of activity that have a number, where it is a file of such."""
    attempts_again: int = 0
    """Those that tell of the same person, time and outcome as another one, under another id or under none."""
    are_timed: bool = False
    """Whether most attempts have a time of day."""
    outcomes: tuple[tuple[str, int], ...] = ()
    """Outcomes of attempts or of tickets that nps.yaml does not list, and their rows, most first."""

    lines: int = 0
    """Rows of what clients did that have their number with another row of the file."""
    amountless: int = 0
    """Purchases, renewals and refunds without an amount."""
    taken_back: int = 0
    """Purchases and renewals of less than nothing, which are refunds."""
    backwards: int = 0
    """Tickets that ended, or of which somebody called, before they were opened, or that ended before the call."""
    first_backwards: int = 0
    """The row of the first of these."""

    labels: tuple[tuple[str, int, int], ...] = ()
    """Texts with a number that could not be read and repeat, with that number and their rows."""

    def of(self, score: int) -> int:
        """How many accepted answers are of a score."""
        return dict(self.by_score).get(score, 0)


def tally_of_answers(accepted: pl.LazyFrame, refused: pl.LazyFrame, survey: str, *, is_big: bool = False) -> Tally:
    """Count the rows of `transforms.rows.staged.judge`; `survey` is that of answers where no column tells it.

    Of a big file a few rows at a time are held, which takes longer for a small one.
    """
    tally = _tallies(accepted, refused, [_ALONE], survey, collect=_one_by_one if is_big else pl.collect_all)[_ALONE]
    if "contact_unlisted" not in refused.collect_schema():
        return tally
    outcomes = unlisted_outcomes(refused, "contact_unlisted").collect(engine="streaming")
    return replace(tally, outcomes=tuple(outcomes.iter_rows()))


def tallies_by_file(
    accepted: pl.LazyFrame, refused: pl.LazyFrame, files: Iterable[int], survey: str
) -> dict[int, Tally]:
    """The same of the rows of several small files, which tell the `file_no` of each."""
    return _tallies(accepted, refused, files, survey, _FILE)


def _tallies(
    accepted: pl.LazyFrame,
    refused: pl.LazyFrame,
    files: Iterable[int],
    survey: str,
    *by: str,
    collect: Callable[[list[pl.LazyFrame]], list[pl.DataFrame]] = pl.collect_all,
) -> dict[int, Tally]:
    """The tallies of files, whose numbers are in the column `by`, if there are several."""
    names = accepted.collect_schema().names()
    texts = [name for name in dict.fromkeys((*_GROUPS, *PRESUMED, "survey")) if name in names]
    counted, by_refusal, dates, *different = collect(
        [
            _counted(accepted, by),
            refused.group_by(*by, "refusal").agg(pl.len(), *_of_refused(refused)),
            _notations(accepted, refused, by),
            *(accepted.select(*by, name).unique() for name in texts),
        ]
    )
    counts, refusals, dated = _by_file(counted), _by_file(by_refusal), _by_file(dates)
    said = {name: rows.drop_nulls(name) for name, rows in zip(texts, different, strict=True)}
    listed = {name: _texts(said[name], name, by) for name in ("survey", "brand") if name in said}
    telling = {name: {*_by_file(rows.filter(says_who(pl.col(name))))} for name, rows in said.items() if name in _GROUPS}
    tallies = {}
    for number in files:
        tallies[number] = replace(
            _tally(counts.get(number, []), refusals.get(number, [])),
            surveys=sorted(listed["survey"].get(number, [])) if "survey" in listed else [survey] * (number in counts),
            brands=tuple(sorted(listed.get("brand", {}).get(number, []))[:_BRANDS]),
            contacts=tuple(name for name, numbers in telling.items() if number in numbers),
            half_swapped=seem_swapped(tuple(each.values()) for each in dated.get(number, ())),
            labels=_labels(refused, number, by, refusals.get(number, [])),
        )
    return tallies


def _one_by_one(counts: list[pl.LazyFrame]) -> list[pl.DataFrame]:
    return [each.collect(engine="streaming") for each in counts]


def _texts(rows: pl.DataFrame, name: str, by: Sequence[str]) -> dict[int, list[str]]:
    """The different texts of a column by the number of the file."""
    if not by:
        return {_ALONE: rows.get_column(name).to_list()}
    return dict(rows.group_by(by).agg(name).select(*by, name).iter_rows())


def _labels(
    refused: pl.LazyFrame, number: int, by: Sequence[str], refusals: list[_Row]
) -> tuple[tuple[str, int, int], ...]:
    """Those of one file; hardly any file has so many unreadable scores that one of them could repeat."""
    unreadable = sum(row["len"] for row in refusals if row["refusal"] == Reason.SCORE_UNREADABLE)
    if unreadable < REPEATED:
        return ()
    of_file = refused.filter(*(pl.col(name) == number for name in by))
    return tuple(unknown_labels(of_file).collect(engine="streaming").iter_rows())


def _by_file(rows: pl.DataFrame) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row.pop(_FILE, _ALONE), []).append(row)
    return found


def unlisted_outcomes(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """The texts of a column and their `len`, most first."""
    return rows.drop_nulls(column).group_by(column).agg(pl.len()).sort("len", column, descending=[True, False])


def _tally(counts: list[_Row], refusals: list[_Row]) -> Tally:
    """Of a file: the rows of `_counted`, and its refused rows by `refusal`."""
    unanswered = next((row for row in refusals if row["refusal"] == UNANSWERED), _NONE_UNANSWERED)
    accepted, by_month, by_score = 0, Counter[date](), Counter[int]()
    for row in counts:
        accepted += row["len"]
        by_month[row["month"]] += row["len"]
        by_score[row["score"]] += row["len"]
    firsts = [row["first_total"] for row in counts if row.get("first_total") is not None]
    with_reason = [(row["score"] >= PASSIVE_FROM, row.get("with_reason", 0)) for row in counts]
    return replace(
        _by_outcome(accepted, refusals),
        months=sorted(by_month),
        by_month=tuple(sorted(by_month.items())),
        by_score=tuple(sorted(by_score.items())),
        content_with_reason=sum(rows for is_content, rows in with_reason if is_content),
        unhappy_with_reason=sum(rows for is_content, rows in with_reason if not is_content),
        days=len({row["day"] for row in counts}),
        balance=sum(((score >= PROMOTER_FROM) - (score < PASSIVE_FROM)) * rows for score, rows in by_score.items()),
        totals=sum(row.get("totals", 0) for row in counts),
        first_total=min(firsts, default=0),
        unsaid=tuple(
            (name, rows) for name in PRESUMED if (rows := sum(row.get(f"unsaid_{name}", 0) for row in counts))
        ),
        blank=unanswered["blank"],
        dashes=unanswered["dashes"],
        elevens=sum(row["elevens"] for row in refusals if row["refusal"] == Reason.SCORE_OUT_OF_SCALE),
        shifted=unanswered["shifted"],
        first_shifted=unanswered["first_shifted"] or 0,
    )


def tally_of_list(by_refusal: pl.DataFrame) -> Tally:
    """The same of a list or a dump, from its rows by `refusal` (`len`)."""
    accepted = by_refusal.filter(pl.col("refusal").is_null()).get_column("len").sum()
    return _by_outcome(int(accepted), by_refusal.drop_nulls("refusal").to_dicts())


def _counted(accepted: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """How many answers are of each month, score and day of the month; few rows, however many answers there are."""
    names = accepted.collect_schema().names()
    told = [pl.len()]
    told += [(pl.col(name) == UNKNOWN).sum().alias(f"unsaid_{name}") for name in PRESUMED if name in names]
    if "reason" in names:
        told.append(pl.col("reason").is_not_null().sum().alias("with_reason"))
    if "may_sum_up" in names:
        may = pl.col("may_sum_up")
        told += [may.sum().alias("totals"), pl.col("source_row").filter(may).min().alias("first_total")]
    # Half a day later a date without a time is of its own day, wherever it was midnight.
    day = (pl.col("responded_at") + timedelta(hours=12)).dt.day()
    return accepted.group_by(*by, "month", "score", day=day).agg(told)


def _of_refused(refused: pl.LazyFrame) -> list[pl.Expr]:
    says_nothing = pl.col("date_text").str.to_lowercase().is_in(UNANSWERED_TEXTS)
    is_shifted = pl.col("responded_at").is_null() & ~says_nothing
    # Of attempts that a column says were not answered nobody expects a score.
    may_be_zero = pl.lit(value=True)
    if {"contact_status", "contact_unlisted"} <= set(refused.collect_schema()):
        may_be_zero = pl.col("contact_status").is_in(_SAID_TO_ANSWER) | pl.col("contact_unlisted").is_not_null()
    is_blank = pl.col("raw_score").is_null() | (pl.col("raw_score") == "")
    return [
        (is_blank & may_be_zero).sum().alias("blank"),
        (pl.col("raw_score").is_in(_DASHES) & may_be_zero).sum().alias("dashes"),
        pl.col("raw_score").is_in(_ELEVEN).sum().alias("elevens"),
        is_shifted.sum().alias("shifted"),
        pl.col("source_row").filter(is_shifted).min().alias("first_shifted"),
    ]


def _notations(accepted: pl.LazyFrame, refused: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
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
