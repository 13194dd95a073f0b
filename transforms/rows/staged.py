"""From the text of one file's rows to answers that can be trusted, and the reason for every row that cannot.

Here: which rows are accepted, unanswered, excluded or rejected, and the canonical columns of those accepted.
Not here: reading files (`pipelines.adapters`), comparing answers with one another (`warehouse`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import polars as pl
from polars.expr.whenthen import ChainedThen, Then

from transforms.contact_status import UNDATED, Asking, listed, status, unlisted_outcome
from transforms.dates.instants import INSTANT, DateReading, business_month, instant, instant_and_format, period_start
from transforms.dates.swapped import may_be_swapped, zeros
from transforms.dimensions import CANONICAL, FURTHER, KEYS, OF_ANSWERS, PRESUMED, UNKNOWN
from transforms.reasons import HOLDING, Reason
from transforms.reasons import VERSION as VERSION_OF_REASONS
from transforms.rows.ids import NOBODY, derived_id, given_id
from transforms.rows.judged import FILE_NO, UNANSWERED, applied, outcome
from transforms.rows.summaries import as_number, is_summary, says_summary, states_rows_above
from transforms.scores.scales import UNSAID, Scale, category, verdict
from transforms.tables import StagedAnswer, stored_types
from transforms.texts.identity import pseudonym, without_contacts
from transforms.texts.repeating import is_true_of
from transforms.texts.spelling import cleaned, simple, simplified

#: Raise it when the meaning of any expression here, of `ids` or `judged` changes: files are then ingested anew.
VERSION: Final = 19 + VERSION_OF_REASONS

CANONICAL_AND_EXTRAS: Final = (*CANONICAL, FURTHER, "extras")

#: Clocks of sources and zones that are declared a little wrong may run ahead this far.
FUTURE_TOLERANCE: Final = timedelta(days=1)

_TEXT = ("survey", "question", *(name for name in OF_ANSWERS if name not in KEYS), "comment", "reason", "language")
#: What respondents write, or others about them.
_WRITTEN = ("comment", "reason")

_PEOPLE = {"respondent_key": "respondent", "account_key": "account", "manager_key": "manager"}
_PEOPLE |= {f"{name}_key": name for name in KEYS}
#: What a file may lack, and the column from which it comes.
_OPTIONAL: Final = {name: name for name in (*_TEXT, "updated_at", "weight", FURTHER, "extras")} | _PEOPLE


@dataclass(frozen=True)
class CleaningRules:
    """Everything that decides what a row of one source means. Two equal rules clean a file to equal rows."""

    source: str
    metric: str
    scale: Scale
    dates: DateReading
    business_timezone: str
    key: str
    now: datetime
    history_starts: datetime
    survey: str
    dates_are_periods: bool = False
    unanswered: tuple[str, ...] = ()
    excluded: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Reason for the exclusion: the column of the raw frame and the values that exclude; of these as of the next ones
    case, spaces, - and _ make no difference."""
    ids_are_keyed: bool = False
    """Whether the answer's id is taken from what may name a person; only its keyed digest is stored then."""
    where: tuple[str, ...] = ()
    """What the column `where` says in rows that answer this question, if the file has one."""
    unanswered_outcomes: tuple[str, ...] = ()
    """What says in the column `unanswered_where` that a row is no answer."""
    asking: Asking | None = None
    """What is said of whom was asked, where rows are attempts."""


def judge(raw: pl.LazyFrame, rules: CleaningRules, file_digest: str) -> pl.LazyFrame:
    """Every row of a file with its canonical columns, its `outcome` and, where it does not count, the `refusal`.

    `raw` holds `source_row` (Int64), `malformed` (Boolean), those of the canonical columns that anything gives, as text,
    `cells` (the text of the whole row; only where the file has no response id), perhaps `extras` and `further` (JSON text),
    `unanswered_where`, `where`, `says_summary` (Boolean), and one column for each of `rules.excluded`. Rows of several
    files have a `file_no` too, and then none says that it sums others up. `NUMBER` is known where it was looked for ahead.
    Nothing is filtered: one row in, one row out.
    `outcome` is accepted, unanswered, excluded or rejected. Where day and month may be taken for one another, `date_format`
    says by which format a date was read, `date_day` which day it is, and `date_zeros` whether its numbers have zeros before
    them. Where rows are attempts to ask somebody, `ASKED` are there too (`transforms.contact_status`).
    """
    given = frozenset(raw.collect_schema().names())
    absent = [
        pl.lit(None, pl.String).alias(name) for name in (*CANONICAL_AND_EXTRAS, "unanswered_where") if name not in given
    ]
    texts = {name: name for name in _TEXT if name in given}
    texts |= {"date_text": "responded_at", "_updated": "updated_at", "_weight": "weight"}
    read = (
        trimmed(raw.with_columns(absent), texts)
        .with_columns(
            _verdict=verdict(pl.col("score"), rules.scale, rules.unanswered) if "score" in given else UNSAID,
            raw_score=pl.col("score").str.strip_chars(),
            weight=_weight() if "weight" in given else pl.lit(1.0),
            response_id=derived_id(rules.key, given)
            if "cells" in given
            else given_id(rules.key, are_keyed=rules.ids_are_keyed),
        )
        .with_columns(
            score=pl.col("_verdict").struct.field("score"),
            _problem=pl.col("_verdict").struct.field("problem"),
            **(_responded_at(rules) if "responded_at" in given else {"responded_at": pl.lit(None, INSTANT)}),
            updated_at=_instant("_updated", rules) if "updated_at" in given else pl.lit(None, INSTANT),
        )
    )
    if "says_summary" in given:
        # Where who answered should be, the word itself is nobody.
        who = pl.col("respondent")
        named = who.is_not_null() & ~says_summary(who) if "cells" in given else None
        read = read.with_columns(
            is_summary=is_summary(named, _states_rows_above(rules) if "may_sum_up" in given else None)
        )
    bounds = {"earliest": pl.lit(rules.history_starts), "latest": pl.lit(rules.now + FUTURE_TOLERANCE)}
    judged = read.with_columns(**bounds).with_columns(refusal=_refusal(rules, given))
    asked: dict[str, pl.Expr] = {}
    if rules.asking:
        judged = judged.with_columns(**_read_of_asking(rules, rules.asking, given))
        asked = _asked(rules, rules.asking, given)
    notation = (
        ["date_format", "date_day", "date_zeros"]
        if "responded_at" in given and not rules.dates_are_periods and may_be_swapped(rules.dates.formats)
        else []
    )
    sums = ["may_sum_up"] if "may_sum_up" in given else []
    return judged.select(
        *_canonical(rules, file_digest, given),
        "refusal",
        "malformed",
        "date_text",
        *notation,
        *sums,
        *FILE_NO & given,
        **asked,
    ).with_columns(outcome=outcome())


def staged(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The accepted rows of `judge`, as `StagedAnswer`."""
    return rows.filter(pl.col("refusal").is_null()).select(StagedAnswer.column_names())


def stored(given: Collection[str]) -> list[str]:
    """The columns of `StagedAnswer` that vary within a file, by the `given` ones that lead to them."""
    names = [name for name in StagedAnswer.column_names() if name not in ("source", "file_digest")]
    return [name for name in names if name not in _OPTIONAL or _OPTIONAL[name] in given]


def trimmed(rows: pl.LazyFrame, columns: Mapping[str, str]) -> pl.LazyFrame:
    """Rows with the texts of columns without space around them, and NULL where nothing is left, by their new names."""
    # Step by step: an expression would be evaluated as often as it stands in another.
    bare = rows.with_columns(pl.col(column).str.strip_chars().alias(name) for name, column in columns.items())
    return bare.with_columns(pl.when(pl.col(name).str.len_bytes() > 0).then(name).alias(name) for name in columns)


def _instant(column: str, rules: CleaningRules) -> pl.Expr:
    text = pl.col(column)
    if not rules.dates_are_periods:
        return instant(text, rules.dates)
    read = partial(_instant_or_period, dates=rules.dates)
    return text.map_batches(read, return_dtype=INSTANT, is_elementwise=True)


def _instant_or_period(texts: pl.Series, dates: DateReading) -> pl.Series:
    """The instants that texts state, or the first ones of the periods that they are."""
    read = applied(texts, partial(instant, reading=dates))
    if read.null_count() == texts.null_count():
        return read
    return read.zip_with(read.is_not_null(), applied(texts, partial(period_start, timezone=dates.timezone)))


def _responded_at(rules: CleaningRules) -> dict[str, pl.Expr]:
    """The date of the answer, and where it may be half-swapped, what day it is and how it is written."""
    if rules.dates_are_periods or not may_be_swapped(rules.dates.formats):
        return {"responded_at": _instant("date_text", rules)}
    read = instant_and_format(pl.col("date_text"), rules.dates)
    at = read.struct.field("at")
    day = at.dt.convert_time_zone(rules.dates.timezone).dt.date()
    return {
        "responded_at": at,
        "date_format": read.struct.field("by"),
        "date_day": day,
        "date_zeros": pl.when(at.is_not_null()).then(zeros(pl.col("date_text"))),
    }


def _weight() -> pl.Expr:
    """1 where the source gives none, NULL where what it gives is no weight."""
    text = pl.col("_weight")
    given = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    # What is beyond is no weight, and its square no number.
    return pl.when(text.is_null()).then(1.0).when((given == 0) | given.is_between(1e-12, 1e12)).then(given)


def _states_rows_above(rules: CleaningRules) -> pl.Expr:
    """Whether a row of totals states what the scores above it give, on the scale that they were given on."""
    is_as_written = all(number == score for number, score in rules.scale.answers.items())
    score = pl.col("score").cast(pl.Int64) if is_as_written else as_number(pl.col("raw_score"))
    return states_rows_above(pl.col("raw_score"), score)


def _refusal(rules: CleaningRules, given: frozenset[str]) -> pl.Expr:
    """Why a row does not count, or NULL. The first reason in this order is the row's."""
    reasons: Then | ChainedThen = pl.when(pl.col("malformed")).then(pl.lit(Reason.ROW_MALFORMED))
    if "says_summary" in given:
        reasons = reasons.when(pl.col("is_summary")).then(pl.lit(Reason.SUMMARY_ROW))
    if "where" in given:
        reasons = reasons.when(~_says(pl.col("where"), rules.where).fill_null(value=False)).then(
            pl.lit(Reason.OTHER_QUESTION)
        )
    for reason, (column, values) in rules.excluded.items():
        reasons = reasons.when(_says(pl.col(column), values)).then(pl.lit(reason))
    if rules.unanswered_outcomes:
        reasons = reasons.when(_says(pl.col("unanswered_where"), rules.unanswered_outcomes)).then(pl.lit(UNANSWERED))
    if "score" not in given:
        return reasons.otherwise(pl.lit(UNANSWERED))
    reasons = reasons.when(pl.col("_problem").is_not_null()).then("_problem")
    for reason, condition in HOLDING.items():
        reasons = reasons.when(pl.sql_expr(condition)).then(pl.lit(reason))
    return reasons


def _says(text: pl.Expr, values: tuple[str, ...]) -> pl.Expr:
    """Whether a text is one of the values, but for case, spaces, - and _."""
    listed = [simple(value) for value in values]
    return is_true_of(text, lambda said: simplified(said).is_in(listed))


def _canonical(rules: CleaningRules, file_digest: str, given: frozenset[str]) -> list[pl.Expr]:
    """The columns of `StagedAnswer`, in its order, and what the file's record says of it."""
    schema = {**stored_types(StagedAnswer), **dict.fromkeys(("metric", "scale", "category"), pl.String())}
    made = {
        "source": pl.lit(rules.source),
        "file_digest": pl.lit(file_digest),
        "metric": pl.lit(rules.metric),
        "scale": pl.lit(rules.scale.name),
        "survey": pl.lit(rules.survey),
        "month": business_month(pl.col("responded_at"), rules.business_timezone),
        "category": category(pl.col("score")),
        # Columns that nothing gives are not computed row by row.
        **{column: without_contacts(pl.col(column)) for column in _WRITTEN if column in given},
        **{column: pseudonym(pl.col(name), rules.key, NOBODY) for column, name in _PEOPLE.items() if name in given},
    }
    made |= {name: cleaned(pl.col(name)).fill_null(UNKNOWN) for name in PRESUMED if name in given}
    if "survey" in given:
        made["survey"] = cleaned(pl.col("survey")).fill_null(rules.survey)
    return [made.get(column, _absent_or_done(column)).cast(dtype).alias(column) for column, dtype in schema.items()]


def _read_of_asking(rules: CleaningRules, asking: Asking, given: frozenset[str]) -> dict[str, pl.Expr]:
    """When somebody was asked and what is said of it: each stands in several expressions, and is to be read once."""
    return {
        "_asked_at": _instant("asked_at", rules) if "asked_at" in given else pl.col("responded_at"),
        "_said": listed(asking, pl.col("contact_outcome")) if "contact_outcome" in given else pl.lit(None, pl.String),
    }


def _asked(rules: CleaningRules, asking: Asking, given: frozenset[str]) -> dict[str, pl.Expr]:
    """What a row says of an attempt to ask somebody."""
    at, said, refusal = pl.col("_asked_at"), pl.col("_said"), pl.col("refusal")
    wave, reminder = pl.lit(None, pl.String), pl.lit(None, pl.Int32)
    if "asked_wave" in given:
        wave = cleaned(pl.col("asked_wave"))
    if "asked_reminder" in given:
        reminder = pl.col("asked_reminder").str.strip_chars().cast(pl.Int32, strict=False)
    is_believable = at.is_between("earliest", "latest")
    found = {
        "contact_status": status(asking, said, refusal, UNANSWERED),
        "contact_month": pl.when(is_believable).then(business_month(at, rules.business_timezone)).otherwise(UNDATED),
        "attempted_at": pl.when(is_believable).then(at),
        "wave": wave,
        "reminder_no": reminder,
    }
    if "contact_outcome" in given:
        found["contact_unlisted"] = unlisted_outcome(pl.col("contact_outcome"), said, refusal, UNANSWERED)
    return found


def _absent_or_done(column: str) -> pl.Expr:
    return pl.lit(None, pl.String) if column in _PEOPLE else pl.col(column)
