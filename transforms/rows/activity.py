"""What clients did: the text of a file of orders, renewals or cancellations to `Activity` rows.

Here: one file's rows, and which of the rows of several files count. Not here: what is made of them
(`warehouse.published.outcomes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import polars as pl

from transforms.dates.instants import INSTANT, DateReading, instant, period_start
from transforms.reasons import Reason
from transforms.rows.ids import NOBODY
from transforms.rows.judged import outcome, stored_columns
from transforms.scores.texts import UNANSWERED as NOTHING
from transforms.tables import Activity
from transforms.texts.amounts import amount, currency
from transforms.texts.identity import keyed, mask, pseudonym
from transforms.texts.spelling import simple

#: Raise it when the meaning of any expression here changes.
VERSION: Final = 5

KINDS: Final = ("purchase", "renewal", "refund", "cancel")
EXCLUDED: Final = "excluded"
_GAP: Final = r"[\s_-]+"
_NUMBERED: Final = "\x1f"
#: Of rows that are kept: those that tell what a client did.
IS_DEED: Final = pl.col("kind").cast(pl.String) != EXCLUDED
#: So many rows stand in a newer file again by no chance.
_ENOUGH: Final = 20


@dataclass(frozen=True)
class ActivityRules:
    """Everything that decides what a row of an activity means."""

    by: Literal["account", "respondent"]
    dates: DateReading
    business_timezone: str
    key: str = field(repr=False)
    now: datetime
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind, or `excluded`: the texts that mean it, beside its name."""
    default_kind: str | None = None
    default_currency: str | None = None
    decimal: Literal[",", "."] | None = None
    has_ids: bool = False
    """Whether anything gives each its number."""


def judge_activity(raw: pl.LazyFrame, rules: ActivityRules, file_digest: str) -> pl.LazyFrame:
    """Every row of a file as `Activity` columns, with `outcome` (accepted, excluded, rejected), `refusal` and why.

    `raw` holds `source_row` (Int64), `malformed` (Boolean) and the columns of activity as text. What is read in place of a
    kind that nothing lists is `unlisted`. A purchase of less than nothing is a refund (`is_taken_back`), and a refund takes
    away. An excluded row that has a number `is_void`: it is kept too, for nothing of that number counts any more.
    """
    texts = {
        f"_{name}": said(name) for name in ("activity_id", "occurred_at", "kind", "amount", "currency", "known_until")
    }
    at, until = moment("_occurred_at", rules.dates), moment("_known_until", rules.dates)
    read = raw.with_columns(**texts).with_columns(
        source=pl.lit(None, pl.String),
        file_digest=pl.lit(file_digest),
        client_key=pseudonym(pl.col(rules.by), rules.key, NOBODY),
        _at=at,
        _kind=pl.when(pl.col("_kind").is_null()).then(pl.lit(rules.default_kind)).otherwise("_kind"),
        amount=amount(pl.col("_amount"), rules.decimal),
        currency=pl.coalesce(
            "_currency", currency(pl.col("_amount")), pl.lit(rules.default_currency)
        ).str.to_uppercase(),
        # What nobody can know yet, a file does not tell.
        known_until=pl.when(until <= rules.now).then(until.dt.convert_time_zone(rules.business_timezone).dt.date()),
    )
    dated = read.with_columns(
        occurred_on=pl.col("_at").dt.convert_time_zone(rules.business_timezone).dt.date(), _meant=_meaning(rules)
    )
    is_back = pl.col("_meant").is_in(["purchase", "renewal"]) & (pl.col("amount") < 0)
    kind = pl.when(is_back).then(pl.lit("refund")).otherwise("_meant")
    taken = pl.when(kind == "refund").then(-pl.col("amount").abs()).otherwise("amount")
    judged = dated.with_columns(kind=kind, amount=taken, refusal=_refusal(rules)).with_columns(
        activity_key=_number(rules)
    )
    return judged.select(
        *stored_columns(Activity),
        "refusal",
        outcome=outcome(),
        column=_blamed(rules),
        value=_shown(),
        unlisted=pl.when(pl.col("refusal") == Reason.KIND_UNLISTED).then("_kind"),
        is_taken_back=(pl.col("kind") == "refund") & (pl.col("_meant") != "refund"),
        is_void=_is_void(rules),
    )


def counting(activity: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of several files, with `is_counted`: whether no newer file has what they are about. Those excluded never count.

    `activity` holds `kind`, `source`, `activity_key` and `position` (files from old to new). Rows of one file that have a
    number together are lines of one order, and all count.
    """
    newest = pl.col("position").max().over("source", "activity_key")
    return activity.with_columns(is_counted=(pl.col("position") == newest) & IS_DEED)


def left_behind(activity: pl.DataFrame) -> pl.DataFrame:
    """Of files most of whose rows stand in a newer one again: how many do not, though they are of days that it tells of.

    `activity` as for `counting`, with `file_digest` and `occurred_on`, excluded rows too. One row per such file: `source,
    file_digest, left_behind`; the first and the last day of both are left aside.
    """
    file = ["source", "position"]
    days = activity.group_by(file).agg(first=pl.col("occurred_on").min(), last=pl.col("occurred_on").max())
    told = activity.select(*file, "activity_key").unique()
    again = told.with_columns(by=pl.col("position").shift(-1).over("source", "activity_key", order_by="position"))
    again = again.drop_nulls("by")
    mostly = again.group_by(*file, "by").len().sort("len", "by").unique(file, keep="last").drop("len")
    by = days.rename({"position": "by", "first": "from", "last": "until"})
    pairs = mostly.join(days, on=file).join(by, on=["source", "by"])
    rows = activity.join(pairs, on=file).join(
        again.select(*file, "activity_key", is_again=True), on=[*file, "activity_key"], how="left"
    )
    is_inner = pl.col("occurred_on").is_between(
        pl.max_horizontal("first", "from"), pl.min_horizontal("last", "until"), closed="none"
    )
    found = rows.group_by("source", "file_digest").agg(
        again=pl.col("is_again").sum(),
        left_behind=(pl.col("is_again").is_null() & is_inner & IS_DEED).sum().cast(pl.Int64),
    )
    is_most = pl.col("again") >= pl.max_horizontal(pl.lit(_ENOUGH), "left_behind")
    return found.filter(is_most, pl.col("left_behind") > 0).select("source", "file_digest", "left_behind")


def said(column: str) -> pl.Expr:
    """The text of a column; NULL where it is blank, or says that there is nothing."""
    trimmed = pl.col(column).str.strip_chars()
    return pl.when(~trimmed.str.to_lowercase().is_in(NOTHING)).then(trimmed)


def moment(column: str, dates: DateReading) -> pl.Expr:
    """The instant that a text tells, or the beginning of the day, month or year that it is."""
    text = pl.col(column)
    return pl.coalesce(instant(text, dates), period_start(text, dates.timezone)).cast(INSTANT)


def _meaning(rules: ActivityRules) -> pl.Expr:
    """The kind that a text means, or `excluded`; NULL where nothing lists it."""
    text = pl.col("_kind").str.to_lowercase().str.replace_all(_GAP, "")
    meant = {simple(each): kind for kind in (*KINDS, EXCLUDED) for each in (kind, *rules.kinds.get(kind, ()))}
    return text.replace_strict(list(meant), list(meant.values()), default=None, return_dtype=pl.String)


def _refusal(rules: ActivityRules) -> pl.Expr:
    """Why a row does not count, or NULL; the first of these that holds."""
    is_nameless = pl.col("client_key").is_null()
    if rules.has_ids:
        is_nameless |= pl.col("_activity_id").is_null()
    return (
        pl.when("malformed").then(pl.lit(Reason.ROW_MALFORMED))
        .when(pl.col("_meant") == EXCLUDED).then(pl.lit(Reason.KIND_EXCLUDED))
        .when(is_nameless).then(pl.lit(Reason.ROW_MALFORMED))
        .when(pl.col("_meant").is_null()).then(pl.lit(Reason.KIND_UNLISTED))
        .when(pl.col("_occurred_at").is_null()).then(pl.lit(Reason.DATE_MISSING))
        .when(pl.col("_at").is_null()).then(pl.lit(Reason.DATE_UNREADABLE))
        .when(pl.col("_at") > rules.now).then(pl.lit(Reason.DATE_IN_FUTURE))
        .when(pl.col("_amount").is_not_null() & pl.col("amount").is_null()).then(pl.lit(Reason.AMOUNT_UNREADABLE))
    )  # fmt: skip


def _number(rules: ActivityRules) -> pl.Expr:
    """What a row is known by in other files: its number; else what it says, numbered where a file says it again."""
    if rules.has_ids:
        return keyed(pl.col("_activity_id"), rules.key)
    about = [pl.col(name).cast(pl.String).fill_null("") for name in ("client_key", "_occurred_at", "kind", "amount")]
    text = pl.concat_str([*about, pl.col("currency").fill_null("")], separator=_NUMBERED)
    place = pl.col("source_row").rank("ordinal").over(text)
    return keyed(pl.format("{}#{}", text, place), rules.key)


def _is_void(rules: ActivityRules) -> pl.Expr:
    """Whether a row says of a number that it is none of what clients do."""
    has_number = pl.col("_activity_id").is_not_null() if rules.has_ids else pl.lit(value=False)
    return (pl.col("refusal") == Reason.KIND_EXCLUDED).fill_null(value=False) & has_number


def _blamed(rules: ActivityRules) -> pl.Expr:
    """The column that a refused row is to blame for."""
    number = pl.lit("activity_id" if rules.has_ids else None, pl.String)
    of_row = pl.when(pl.col("client_key").is_null()).then(pl.lit(rules.by)).otherwise(number)
    refusal = pl.col("refusal")
    return (
        pl.when(refusal.is_in([Reason.KIND_UNLISTED, Reason.KIND_EXCLUDED])).then(pl.lit("kind"))
        .when(refusal == Reason.AMOUNT_UNREADABLE).then(pl.lit("amount"))
        .when(refusal.str.starts_with("date_")).then(pl.lit("occurred_at"))
        .when(refusal.is_not_null() & ~pl.col("malformed")).then(of_row)
    )  # fmt: skip


def _shown() -> pl.Expr:
    refusal = pl.col("refusal")
    return (
        pl.when(refusal.is_in([Reason.KIND_UNLISTED, Reason.KIND_EXCLUDED])).then(mask(pl.col("_kind")))
        .when(refusal == Reason.AMOUNT_UNREADABLE).then(mask(pl.col("_amount")))
        .when(refusal.str.starts_with("date_")).then(mask(pl.col("_occurred_at")))
    )  # fmt: skip
