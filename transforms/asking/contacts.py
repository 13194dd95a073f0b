"""Who was asked: attempts as they are stored, and counted by what is alike in them.

Here: which attempts count, people among them. Not here: what a row says of an attempt (`contact_status`), which answer is
to which (`answered`), storing (`warehouse.months.contacts`), rates and costs (`warehouse/models/asked`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from transforms.answers.matching import Known, matched
from transforms.answers.people import repeated
from transforms.contact_status import STATUSES
from transforms.dates.instants import INSTANT
from transforms.dimensions import TYPED, UNKNOWN
from transforms.scores.scales import category
from transforms.tables import Contact, ContactCount, stored_types
from transforms.texts.spelling import spelling_key

#: Raise it when what is counted of contacts, or how, changes: all months of them are then counted anew.
VERSION: Final = 7

#: What nothing tells of an employee who was asked.
_HIDDEN: Final = frozenset({"contact_id", "respondent_key", "account_key", "branch", "channel"})
#: What no row says of a file without answers.
_UNTOLD: Final[dict[str, pl.DataType]] = {
    "responded_at": INSTANT, "month": pl.Date(), "raw_score": pl.String(), "score": pl.Int8(), "date_text": pl.String(),
}  # fmt: skip
#: Stands for the day of attempts that nobody knows; what is known of members then is as good as anything.
_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
#: Days without a time begin at whole quarters of an hour in every zone.
_QUARTER: Final = 15 * 60 * 1_000_000
_MOST: Final = 0.5
#: Of more attempts than about so many, those of some people tell how many of all are told twice.
COUNTED_ALL: Final = 1_000_000
_TIRING: Final = ("too_soon", "too_often")
_COUNTS: Final = ("contacts", "people", "invited", *_TIRING, "answers", "asked_after")
#: A wave of a survey, in whatever spelling.
_CAMPAIGN: Final = spelling_key(pl.col("wave")).fill_null(UNKNOWN).alias("campaign")
#: What somebody was asked: a survey in a wave of it, as a number.
QUESTION: Final = pl.struct("survey", _CAMPAIGN).hash().alias("question")
_NAMED: Final = ("programme", "brand", "branch", "channel")
#: What a cell of `transforms.answers.matching` tells of its contacts.
_OF_CELL: Final = ("month", "source", "metric", "survey", *_NAMED)


def contact_rows(rows: pl.LazyFrame, survey: str, *, is_private: bool) -> pl.LazyFrame:
    """All rows of `transforms.rows.staged.judge` as `Contact` is stored; `survey` is that of rows which say none.

    Of employees nothing says who or where they are (`is_private`).
    """
    return rows.select(_as_contact(rows.collect_schema().names(), survey, is_private=is_private))


def contacts_and_others(rows: pl.LazyFrame, survey: str, *, is_private: bool) -> pl.LazyFrame:
    """Rows of `transforms.rows.staged.judge` of which none is an answer, as `Contact` is stored, and which are contacts.

    `is_contact` tells: where it is said in words that nothing lists what came of one, a row may be anything. Beside
    them stands, of rows that are none, what `judged_again` makes them of.
    """
    given = rows.collect_schema().names()
    is_contact = pl.col("refusal") == "unanswered"
    if "contact_unlisted" in given:
        is_contact &= pl.col("contact_unlisted").is_null()
    stored = {each.meta.output_name(): each for each in _as_contact(given, survey, is_private=is_private)}
    # A contact says nothing else, but why it is no answer.
    told = {*stored, "contact_status", "contact_month"} - (_HIDDEN if is_private else frozenset())
    stored |= {name: pl.when(~is_contact).then(name).alias(name) for name in given if name not in {*_UNTOLD, *told}}
    stored |= {name: pl.col(name) for name in ("refusal", "malformed", "may_sum_up") if name in given}
    return rows.select(is_contact.alias("is_contact"), *stored.values())


def judged_again(others: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of `contacts_and_others` that are no contacts, as `transforms.rows.staged.judge` had them."""
    nothing = {name: pl.lit(None, dtype) for name, dtype in _UNTOLD.items()}
    status = pl.col("status").cast(pl.String)
    return others.with_columns(contact_status=status, contact_month="month").with_columns(**nothing)


def _as_contact(given: Sequence[str], survey: str, *, is_private: bool) -> list[pl.Expr]:
    is_accepted = pl.col("refusal").is_null()
    reasons = [pl.col(name).is_not_null() for name in ("reason", "comment") if name in given]
    made = {
        "contact_id": pl.col("response_id"),
        "status": pl.col("contact_status"),
        "survey": pl.col("survey").fill_null(survey) if "survey" in given else pl.lit(survey),
        "is_of_answer": is_accepted | (pl.col("refusal") != "unanswered"),
        "answered_at": pl.when(is_accepted).then("responded_at"),
        "category": pl.when(is_accepted).then(category(pl.col("score"))),
        "gives_reason": pl.any_horizontal(reasons) if reasons else pl.lit(None, pl.Boolean),
        "month": pl.col("contact_month"),
    }
    known = {name: made.get(name, pl.col(name)) for name in {*made, *given} - (_HIDDEN if is_private else frozenset())}
    schema = {name: dtype for name, dtype in stored_types(Contact).items() if name not in ("source", "file_digest")}
    return [known.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in schema.items()]


def told_twice(rows: pl.LazyFrame, attempts: int) -> tuple[int, bool]:
    """How many attempts tell of the person, time and outcome of another one, and whether most have a time of day.

    `rows` are of `transforms.rows.staged.judge`, or as `Contact` is stored, or both; there are so many `attempts`, and
    of more than `COUNTED_ALL` the number is about so large. Those of one id are one attempt.
    """
    names = rows.collect_schema().names()
    if "respondent_key" not in names:
        return 0, False
    ids = [name for name in ("contact_id", "response_id") if name in names]
    status = [name for name in ("status", "contact_status") if name in names]
    beside = [name for name in ("attempted_at", "wave", "reminder_no", "survey") if name in names]
    parts = 1 + attempts // COUNTED_ALL
    looked_at = rows.filter(pl.col("respondent_key").hash() % parts == 0) if parts > 1 else rows
    told = looked_at.select(
        "respondent_key",
        *beside,
        id=pl.coalesce(ids),
        status=pl.coalesce(pl.col(name).cast(pl.String) for name in status),
    )
    known = told.drop_nulls(["respondent_key", "attempted_at", "status"])
    same = known.group_by(pl.exclude("id")).agg(pl.col("id").n_unique())
    timed = pl.col("attempted_at").to_physical() % _QUARTER != 0
    found = same.select((pl.col("id") - 1).sum(), timed.mean()).collect(engine="streaming")
    return parts * int(found.item(0, 0) or 0), float(found.item(0, 1) or 0) > _MOST


@dataclass(frozen=True)
class Pricing:
    """Which price a contact is of."""

    tariffs: Mapping[str, tuple[str, Sequence[date]]]
    """Of a source the name of its tariff, and the days from which prices of it hold."""
    timezone: str
    """In which days begin."""


def settled(contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts, with `position` and `is_replaced` (whether a newer snapshot holds its survey), and which of them count.

    An attempt that several files tell of counts as the newest of them says. `contact_id` may be its hash.
    """
    rows = contacts.with_columns(pl.col("is_replaced").fill_null(value=False))
    is_counted = ~pl.col("is_replaced") & ~_is_told_again(rows) & pl.col("status").is_not_null()
    return rows.with_columns(is_counted=is_counted).drop("is_replaced")


@dataclass(frozen=True)
class Fatigue:
    """How often people may be asked."""

    rest_days: int
    most_in_year: int
    timezone: str
    """In which days are days."""


def invitations(contacts: pl.LazyFrame) -> pl.LazyFrame:
    """One row per person whom somebody knows, survey, wave and month of attempts: `person, survey, campaign, month, at`."""
    named = contacts.filter(pl.col("respondent_key").is_not_null(), pl.col("status").is_not_null())
    person = pl.col("respondent_key").hash().alias("person")
    return named.group_by(person, "survey", _CAMPAIGN, "month").agg(at=pl.col("attempted_at").min()).drop_nulls("at")


def tired(invited: pl.DataFrame, fatigue: Fatigue) -> pl.DataFrame:
    """`invitations` of a month and of the year before it, with whether each came too soon or too often after others."""
    # Of several at once the first is so by name, not by chance.
    rows = invited.with_columns(at=_clock("at", fatigue.timezone)).sort("person", "at", "survey", "campaign")
    day = pl.col("at").dt.date()
    since = (day - day.shift(1)).over("person")
    in_year = rows.rolling("at", period="365d", group_by="person").agg(invitations=pl.len())
    # All of one moment are in its window, also those that stand behind.
    behind = (pl.len() - 1 - pl.int_range(pl.len())).over("person", "at")
    return rows.with_columns(
        is_too_soon=(since <= timedelta(days=fatigue.rest_days)).fill_null(value=False),
        is_too_often=in_year["invitations"] - behind > fatigue.most_in_year,
    ).drop("at")


def counted(
    contacts: pl.DataFrame, known: Known, pricing: Pricing, invited: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Contacts of a month as `settled` gives them, as `ContactCount`.

    `invited` are its invitations as `tired` gives them, where anything is said of how often people may be asked.

    To ask a person again in a wave of a
    survey about a brand is the same invitation, of which the furthest status counts.
    """
    rows = contacts.with_columns(
        wave=pl.col("wave").fill_null(UNKNOWN),
        days=(_clock("answered_at", pricing.timezone) - _clock("attempted_at", pricing.timezone))
        .dt.total_days()
        .clip(lower_bound=0),
        # The hash of NULL is one too: whoever nobody knows is somebody else each time.
        person=pl.when(pl.col("respondent_key").is_not_null()).then(pl.col("respondent_key").hash()),
        **_tariff(pricing),
    ).with_columns(_CAMPAIGN)
    rows, names = _placed(rows, known)
    rows = _with_people(rows, names)
    sums = {
        "contacts": pl.len().cast(pl.Int64),
        "people": pl.col("is_first").sum().cast(pl.Int64),
        "invited": pl.col("is_invited").sum().cast(pl.Int64),
        "answers": pl.col("answers").sum(),
        "asked_after": pl.col("asked_after").sum(),
    }
    if invited is not None:
        rows = rows.join(invited, on=["person", "survey", "campaign", "month"], how="left")
        for name in _TIRING:
            sums[name] = (pl.col("is_invited") & pl.col(f"is_{name}")).sum().cast(pl.Int64)
    schema = stored_types(ContactCount)
    keys = [name for name in schema if name not in _COUNTS]
    # Numbers are grouped by, and names only of what is left.
    told = [name for name in keys if name not in {*_OF_CELL, "file_digest"}]
    varying = [name for name in told if not _is_one(rows[name])]
    once = [name for name in ("file_digest", *told) if name not in varying]
    by_cell = rows.group_by("cell", "position", *varying).agg(pl.col(*once).first(), **sums)
    named = by_cell.hstack(names[by_cell["cell"]].get_columns())
    found = named.group_by(keys).agg(pl.col(*sums).sum())
    untold = [pl.lit(None).alias(name) for name in _TIRING if name not in sums]
    return found.with_columns(untold).select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(
        keys, nulls_last=True
    )  # fmt: skip


def _clock(name: str, timezone: str) -> pl.Expr:
    """What the clock on the wall showed: days in which it is put back are no longer than others."""
    return pl.col(name).dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def _is_one(values: pl.Series) -> bool:
    """Whether all values are the same, or NULL."""
    blank = values.null_count()
    return blank == values.len() or (not blank and (values == values.first()).all())


def _with_people(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Rows with whether each is the first of its person in its group (`is_first`), and the furthest of an invitation.

    Most people were asked once in the month: only the others are compared.
    """
    numbered = rows.with_row_index("row").with_columns(is_first="is_counted", is_invited="is_counted")
    twice = numbered.filter("is_counted", pl.col("person").is_in(repeated(rows["person"].drop_nulls()).implode()))
    step = pl.col("status").replace_strict(STATUSES, range(len(STATUSES)), return_dtype=pl.Int8)
    furthest_first = (
        twice.select("row", "status", "campaign", "person", "position", "source_row")
        .hstack(names[twice["cell"]].get_columns())
        .sort(step, "position", "source_row", descending=[True, False, False])
    )
    campaign = ("metric", "survey", "campaign", "brand", "person")
    told = furthest_first.select(
        "row",
        is_first=pl.struct(*campaign, "branch", "channel", "status").is_first_distinct(),
        is_invited=pl.struct(campaign).is_first_distinct(),
    )
    return numbered.drop("row").with_columns(
        numbered[name].scatter(told["row"], told[name]) for name in ("is_first", "is_invited")
    )


def _is_told_again(contacts: pl.DataFrame) -> pl.Expr:
    """Whether a newer file, or a later row, tells of the same attempt."""
    is_live = ~pl.col("is_replaced") & pl.col("contact_id").is_not_null()
    hashes = contacts.select(pl.when(is_live).then(pl.struct("source", "contact_id").hash())).to_series()
    several = repeated(hashes.drop_nulls())
    if several.is_empty():
        return pl.lit(value=False)
    live = contacts.select("position", "source_row", hash=hashes).with_row_index("row")
    twice = live.filter(pl.col("hash").is_in(several.implode()))
    older = twice.sort("position", "source_row").filter(~pl.col("hash").is_last_distinct())
    return pl.int_range(pl.len(), dtype=pl.UInt32).is_in(older["row"].implode())


def _placed(rows: pl.DataFrame, known: Known) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with their `cell`, and of each cell the names under which answers of the same clients count."""
    unnamed = {name: pl.lit(None, pl.String).alias(name) for name in TYPED if name not in rows.columns}
    like_answers = rows.with_columns(
        *unnamed.values(),
        responded_at=pl.col("attempted_at").fill_null(_SOME_DAY),
        scale=pl.lit(""),
        score=pl.lit(0, pl.Int8),
        weight=pl.lit(1.0),
    )
    found, cells = matched(like_answers, known)
    return found.drop(_NAMED), cells.select(_OF_CELL)


def _tariff(pricing: Pricing) -> dict[str, pl.Expr]:
    """The tariff of a contact's source, and from when on the price holds that it is of; NULL where there is none."""
    day = pl.col("attempted_at").dt.convert_time_zone(pricing.timezone).dt.date()
    name: pl.Expr = pl.lit(None, pl.String)
    since: pl.Expr = pl.lit(None, pl.Date)
    for source, (tariff, days) in pricing.tariffs.items():
        is_of = pl.col("source") == source
        name = pl.when(is_of).then(pl.lit(tariff)).otherwise(name)
        for first in sorted(days):
            since = pl.when(is_of & (day >= first)).then(pl.lit(first)).otherwise(since)
    return {"tariff": name, "price_from": since}
