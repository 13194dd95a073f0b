"""Who clients are: the text of a list of them to `Client` rows, and all lists to what holds now.

Here: one file's rows, and which of several lists counts. Not here: what clients did (`activity`), what is made of both
(`warehouse.published.outcomes`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from transforms.dates.instants import DateReading
from transforms.reasons import Reason
from transforms.rows.activity import moment, said
from transforms.rows.ids import NOBODY
from transforms.rows.judged import outcome, stored_columns
from transforms.tables import Client
from transforms.texts.amounts import amount, currency
from transforms.texts.identity import mask, pseudonym
from transforms.texts.spelling import cleaned

#: Raise it when the meaning of any expression here changes.
VERSION: Final = 4


@dataclass(frozen=True)
class ClientRules:
    """Everything that decides what a row of a list of clients means."""

    by: Literal["account", "respondent"]
    dates: DateReading
    business_timezone: str
    key: str = field(repr=False)
    decimal: Literal[",", "."] | None = None


def judge_clients(raw: pl.LazyFrame, rules: ClientRules, file_digest: str) -> pl.LazyFrame:
    """Every row of a list as `Client` columns, with `outcome` (accepted, rejected), `refusal` and why.

    `raw` holds `source_row` (Int64), `malformed` (Boolean) and the columns of clients as text. A client is worth nothing
    or more: what is below nothing cannot weigh; nor can what is in another currency than most.
    """
    read = raw.with_columns(_value=said("value"), _first_seen=said("first_seen")).with_columns(
        source=pl.lit(None, pl.String),
        file_digest=pl.lit(file_digest),
        client_key=pseudonym(pl.col(rules.by), rules.key, NOBODY),
        first_seen=moment("_first_seen", rules.dates).dt.convert_time_zone(rules.business_timezone).dt.date(),
        acquisition=cleaned(said("acquisition")).str.to_lowercase(),
        _referrer=pseudonym(pl.col("referred_by"), rules.key, NOBODY),
        worth=amount(pl.col("_value"), rules.decimal),
        currency=currency(pl.col("_value")),
    )
    # Some systems write their own number for: brought by nobody.
    is_other = pl.col("_referrer").ne_missing(pl.col("client_key"))
    stated = pl.col("currency")
    is_foreign = (stated != stated.drop_nulls().mode(maintain_order=True).first()).fill_null(value=False)
    is_unread = pl.col("_value").is_not_null() & (pl.col("worth").is_null() | (pl.col("worth") < 0) | is_foreign)
    is_undated = pl.col("_first_seen").is_not_null() & pl.col("first_seen").is_null()
    refusal = (
        pl.when(pl.col("malformed") | pl.col("client_key").is_null()).then(pl.lit(Reason.ROW_MALFORMED))
        .when(is_undated).then(pl.lit(Reason.DATE_UNREADABLE))
        .when(is_unread).then(pl.lit(Reason.AMOUNT_UNREADABLE))
    )  # fmt: skip
    found = pl.col("refusal")
    return read.with_columns(refusal=refusal, referrer_key=pl.when(is_other).then("_referrer")).select(
        *stored_columns(Client),
        "refusal",
        outcome=outcome(),
        column=pl.when(found == Reason.DATE_UNREADABLE).then(pl.lit("first_seen"))
        .when(found == Reason.AMOUNT_UNREADABLE).then(pl.lit("value"))
        .when(found.is_not_null() & ~pl.col("malformed")).then(pl.lit(rules.by)),
        value=pl.when(found == Reason.DATE_UNREADABLE).then(mask(pl.col("_first_seen")))
        .when(found == Reason.AMOUNT_UNREADABLE).then(mask(pl.col("_value"))),
    )  # fmt: skip


def current_clients(clients: pl.DataFrame) -> pl.DataFrame:
    """One row per client: what the last list that has them says. `clients` has `position`, of files from old to new.

    What lists say in another currency than that of most clients cannot weigh beside it: `worth` is NULL then, and
    `is_foreign` true.
    """
    ordered = clients.sort("client_key", "position", "source_row")
    current = ordered.unique("client_key", keep="last", maintain_order=True)
    stated = current.filter(pl.col("worth").is_not_null()).get_column("currency").drop_nulls()
    most = stated.value_counts().sort("count", "currency", descending=[True, False]).get_column("currency")
    is_foreign = pl.col("worth").is_not_null() & pl.col("currency").is_in(most[1:].implode()).fill_null(value=False)
    return current.with_columns(worth=pl.when(~is_foreign).then("worth"), is_foreign=is_foreign)
