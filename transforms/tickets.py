"""What a CRM says was done about a client: the text of a dump to `Ticket` rows, and all dumps to what holds now.

Here: one file's rows, and which of several dumps counts. Not here: the answers that tickets are about
(`warehouse.cases`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from transforms.dates import DateReading, instant, period_start
from transforms.identity import keyed, mask, pseudonym
from transforms.reasons import Reason
from transforms.spelling import cleaned, key
from transforms.tables import RejectedRow, Ticket, stored_types

#: Raise it when the meaning of any expression here changes.
VERSION: Final = 1

OUTCOMES: Final = ("recovered", "kept", "lost", "unreachable")
_TIMES: Final = ("opened_at", "first_contact_at", "closed_at")
_GAP: Final = r"[\s_-]+"


@dataclass(frozen=True)
class TicketRules:
    """Everything that decides what a row of a dump means."""

    dates: DateReading
    key: str = field(repr=False)
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Outcome: the texts that mean it, beside its name."""
    opted_out: tuple[str, ...] = ()


def judge_tickets(raw: pl.LazyFrame, rules: TicketRules, file_digest: str) -> pl.LazyFrame:
    """Every row of a dump as `Ticket` columns, with `outcome` (accepted or rejected), `refusal` and why.

    `raw` holds `source_row` (Int64), `malformed` (Boolean) and the columns of tickets as text. A time that cannot be read
    refuses the row: it would else look as if nobody had called. The ticket's own outcome is `ended`; what it says in place
    of one that is known is `unlisted`.
    """
    texts = {name: _text(name) for name in ("response_id", "source", "status", "outcome", "root_cause", *_TIMES)}
    read = raw.with_columns(**{f"_{name}": text for name, text in texts.items()}).with_columns(
        file_digest=pl.lit(file_digest),
        response_key=keyed(pl.col("_response_id"), rules.key),
        person_key=pseudonym(pl.col("_response_id"), rules.key),
        of_source="_source",
        owner_key=pseudonym(pl.col("owner"), rules.key),
        **{name: _instant(f"_{name}", rules.dates) for name in _TIMES},
        is_opted_out=_any(("_status", "_outcome"), rules.opted_out),
        ended=_outcome(rules),
        root_cause=cleaned(pl.col("_root_cause")),
    )
    unread = [pl.col(f"_{name}").is_not_null() & pl.col(name).is_null() for name in _TIMES]
    refusal = (
        pl.when(pl.col("malformed") | pl.col("response_key").is_null())
        .then(pl.lit(Reason.ROW_MALFORMED))
        .when(pl.any_horizontal(unread))
        .then(pl.lit(Reason.DATE_UNREADABLE))
    )
    first = [pl.when(is_unread).then(pl.lit(name)) for name, is_unread in zip(_TIMES, unread, strict=True)]
    text = [pl.when(is_unread).then(f"_{name}") for name, is_unread in zip(_TIMES, unread, strict=True)]
    is_date = pl.col("refusal") == Reason.DATE_UNREADABLE
    columns = [pl.col(name).cast(dtype) for name, dtype in stored_types(Ticket).items()]
    return read.with_columns(refusal=refusal).select(
        *columns,
        "refusal",
        outcome=pl.when(pl.col("refusal").is_null()).then(pl.lit("accepted")).otherwise(pl.lit("rejected")),
        column=pl.when(is_date).then(pl.coalesce(first)).when(~pl.col("malformed")).then(pl.lit("response_id")),
        value=pl.when(is_date).then(mask(pl.coalesce(text))),
        unlisted=pl.when(pl.col("refusal").is_null() & pl.col("ended").is_null() & ~pl.col("is_opted_out")).then(
            "_outcome"
        ),
    )


def ticket_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The accepted rows of `judge_tickets`, as `Ticket`."""
    return rows.filter(pl.col("outcome") == "accepted").select(Ticket.column_names())


def rejected_ticket_rows(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """The rejected rows of `judge_tickets`, as `RejectedRow`."""
    refused = rows.filter(pl.col("outcome") == "rejected")
    made = refused.with_columns(source=pl.lit(source), reason="refusal", month=pl.lit(None, pl.Date))
    return made.select(pl.col(name).cast(dtype) for name, dtype in stored_types(RejectedRow).items())


def current_tickets(tickets: pl.DataFrame) -> pl.DataFrame:
    """One row per answer that tickets are about: what the last dump that has any of it says.

    `tickets` holds `Ticket` columns and `position` (files from old to new). Of several tickets of one answer the first
    contact is the earliest; it is closed when all are, with the outcome of the one that was closed last.
    """
    by = ["response_key", "of_source"]
    last = tickets.filter(pl.col("position") == pl.col("position").max().over(by))
    ordered = last.sort(*by, "closed_at", "source_row", nulls_last=False)
    return ordered.group_by(by, maintain_order=True).agg(
        pl.col("person_key").first(),
        pl.col("owner_key").drop_nulls().last(),
        pl.col("opened_at", "first_contact_at").min(),
        pl.when(pl.col("closed_at").is_not_null().all()).then(pl.col("closed_at").max()).alias("closed_at"),
        pl.col("ended").drop_nulls().last(),
        pl.col("root_cause").drop_nulls().last(),
        pl.col("is_opted_out").any(),
    )


def _outcome(rules: TicketRules) -> pl.Expr:
    meant = [
        pl.when(_any(("_outcome",), (name, *rules.outcomes.get(name, ())))).then(pl.lit(name)) for name in OUTCOMES
    ]
    return pl.coalesce(meant)


def _any(columns: tuple[str, ...], values: tuple[str, ...]) -> pl.Expr:
    """Whether one of the columns says one of the values, but for case, spaces, - and _."""
    wanted = pl.Series(values, dtype=pl.String).map_elements(key, return_dtype=pl.String).str.replace_all(_GAP, "")
    said = [pl.col(name).str.to_lowercase().str.replace_all(_GAP, "").is_in(wanted.implode()) for name in columns]
    return pl.any_horizontal(each.fill_null(value=False) for each in said)


def _instant(column: str, dates: DateReading) -> pl.Expr:
    text = pl.col(column)
    return pl.coalesce(instant(text, dates), period_start(text, dates.timezone))


def _text(column: str) -> pl.Expr:
    trimmed = pl.col(column).str.strip_chars()
    return pl.when(trimmed.str.len_bytes() > 0).then(trimmed)
