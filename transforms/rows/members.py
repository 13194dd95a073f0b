"""What is known of branches, accounts and employees, and from when to when it held (slowly changing, type 2).

Here: the text of a dimension file to `Member` rows, and all rows to versions. Not here: matching answers to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import polars as pl

from transforms.dates.instants import DateReading, instant, period_start, to_utc
from transforms.reasons import Reason
from transforms.rows.judged import outcome, stored_columns, trimmed_text
from transforms.tables import Member
from transforms.texts.identity import mask, pseudonym
from transforms.texts.spelling import cleaned

#: Raise it when the meaning of any expression here changes.
VERSION: Final = 4

BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
END: Final = datetime(9999, 1, 1, tzinfo=UTC)

_ATTRIBUTES: Final = ("name", "branch", "industry", "region", "area", "became", "department", "manager_key")


@dataclass(frozen=True)
class MemberRules:
    """Everything that decides what a row of one dimension file means."""

    dimension: str
    key_column: str
    dates: DateReading
    business_timezone: str
    key: str
    default_valid_from: date


def judge_members(raw: pl.LazyFrame, rules: MemberRules, file_digest: str) -> pl.LazyFrame:
    """Every row of a dimension file as `Member` columns, with `outcome` (accepted or rejected), `refusal` and why.

    `raw` holds `source_row` (Int64), `malformed` (Boolean) and the columns of a dimension as text. A branch keeps its
    code and name; others become pseudonyms and lose their names, but for the code that an agent or a manager is shown by.
    """
    is_branch = rules.dimension == "branches"
    shown_by = {"branches": "name", "agents": "code", "employees": "code"}.get(rules.dimension)
    member = cleaned(trimmed_text(rules.key_column)) if is_branch else trimmed_text(rules.key_column)
    text = trimmed_text("valid_from")
    day = pl.coalesce(instant(text, rules.dates), period_start(text, rules.dates.timezone))
    typed = raw.with_columns(
        dimension=pl.lit(rules.dimension),
        file_digest=pl.lit(file_digest),
        member_key=member if is_branch else pseudonym(member, rules.key),
        name=cleaned(trimmed_text(shown_by)) if shown_by else pl.lit(None, pl.String),
        branch=member if is_branch else trimmed_text("branch"),
        industry=trimmed_text("industry"),
        region=trimmed_text("region"),
        area=trimmed_text("area"),
        became=trimmed_text("became"),
        department=trimmed_text("department"),
        manager_key=pseudonym(pl.col("manager"), rules.key),
        _given=text,
        valid_from=pl.when(text.is_null())
        .then(pl.lit(rules.default_valid_from))
        .otherwise(day.dt.convert_time_zone(rules.business_timezone).dt.date()),
    )
    refusal = (
        pl.when(pl.col("malformed") | pl.col("member_key").is_null())
        .then(pl.lit(Reason.ROW_MALFORMED))
        .when(pl.col("valid_from").is_null())
        .then(pl.lit(Reason.DATE_UNREADABLE))
    )
    return typed.with_columns(refusal=refusal).select(
        *stored_columns(Member),
        "refusal",
        outcome=outcome(),
        column=pl.when(pl.col("refusal") == Reason.DATE_UNREADABLE)
        .then(pl.lit("valid_from"))
        .when(~pl.col("malformed"))
        .then(pl.lit(rules.key_column)),
        value=pl.when(pl.col("refusal") == Reason.DATE_UNREADABLE).then(mask(pl.col("_given"))),
    )


def versions(members: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """One row per dimension, member and stretch of time in which nothing about it changed.

    `members` holds `Member` columns and `position` (files from old to new). Adds `valid_from` and `valid_to` as UTC
    instants, the second exclusive: days begin at midnight in the business timezone. What is known first holds for all time
    before, what is known last for all time after; a member that a later file leaves out stays as it was.
    """
    key = ["dimension", "member_key"]
    days = members.sort(*key, "valid_from", "position", "source_row").unique(
        [*key, "valid_from"], keep="last", maintain_order=True
    )
    state = pl.struct(_ATTRIBUTES)
    is_first = pl.int_range(pl.len()).over(key) == 0
    changed = days.filter(is_first | state.ne_missing(state.shift(1).over(key)))
    starts = to_utc(pl.col("valid_from").cast(pl.Datetime("us")), timezone)
    return changed.with_columns(starts=starts).select(
        *key,
        *_ATTRIBUTES,
        valid_from=pl.when(pl.col("starts").shift(1).over(key).is_null())
        .then(pl.lit(BEGINNING))
        .otherwise(pl.col("starts"))
        .cast(pl.Datetime("us", "UTC")),
        valid_to=pl.col("starts").shift(-1).over(key).fill_null(END).cast(pl.Datetime("us", "UTC")),
    )


def first_day(timezone: str) -> pl.Expr:
    """The day in business time with which a version begins; of the first one a day long before any other."""
    # The calendar has no day before its first one; and by noon no clock skips an hour, or has one twice.
    next_noon = pl.col("valid_from") + pl.duration(hours=36)
    return next_noon.dt.convert_time_zone(timezone).dt.date() - pl.duration(days=1)
