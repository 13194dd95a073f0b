"""What a CRM says was done about a client: the text of a dump to `Ticket` rows.

Here: one file's rows. Not here: which of several dumps counts, and the answers that tickets are about
(`transforms.follow_up.ticket_cases`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from transforms.dates.instants import DateReading, instant, period_start
from transforms.reasons import Reason
from transforms.rows.ids import NOBODY
from transforms.rows.judged import outcome, stored_columns, trimmed_text
from transforms.tables import Ticket
from transforms.texts.identity import keyed, mask, pseudonym
from transforms.texts.spelling import cleaned, key

#: Raise it when the meaning of any expression here changes.
VERSION: Final = 2

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
    known_by: str = "response_id"
    """The first column that says what a ticket is about, to be blamed where nothing does."""


def judge_tickets(raw: pl.LazyFrame, rules: TicketRules, file_digest: str) -> pl.LazyFrame:
    """Every row of a dump as `Ticket` columns, with `outcome` (accepted or rejected), `refusal` and why.

    `raw` holds `source_row` (Int64), `malformed` (Boolean) and the columns of tickets as text. A time that cannot be read
    refuses the row: it would else look as if nobody had called. So does a blank day of opening where no answer is named: a
    client may have several. The ticket's own outcome is `ended`; what it says in place of one that is known is `unlisted`.
    """
    texts = {name: trimmed_text(name) for name in ("response_id", "source", "status", "outcome", "root_cause", *_TIMES)}
    read = raw.with_columns(**{f"_{name}": text for name, text in texts.items()}).with_columns(
        file_digest=pl.lit(file_digest),
        response_key=keyed(pl.col("_response_id"), rules.key),
        person_key=pseudonym(pl.col("_response_id"), rules.key),
        respondent_key=pseudonym(pl.col("respondent"), rules.key, NOBODY),
        account_key=pseudonym(pl.col("account"), rules.key, NOBODY),
        of_source="_source",
        owner_key=pseudonym(pl.col("owner"), rules.key),
        **{name: _instant(f"_{name}", rules.dates) for name in _TIMES},
        is_opted_out=_any(("_status", "_outcome"), rules.opted_out),
        ended=_outcome(rules),
        root_cause=cleaned(pl.col("_root_cause")),
    )
    unread = [pl.col(f"_{name}").is_not_null() & pl.col(name).is_null() for name in _TIMES]
    of_nothing = pl.all_horizontal(pl.col("response_key", "respondent_key", "account_key").is_null())
    is_undated = pl.col("response_key").is_null() & pl.col("opened_at").is_null()
    refusal = (
        pl.when(pl.col("malformed") | of_nothing)
        .then(pl.lit(Reason.ROW_MALFORMED))
        .when(pl.any_horizontal(unread))
        .then(pl.lit(Reason.DATE_UNREADABLE))
        .when(is_undated)
        .then(pl.lit(Reason.DATE_MISSING))
    )
    first = [pl.when(is_unread).then(pl.lit(name)) for name, is_unread in zip(_TIMES, unread, strict=True)]
    text = [pl.when(is_unread).then(f"_{name}") for name, is_unread in zip(_TIMES, unread, strict=True)]
    is_date = pl.col("refusal") == Reason.DATE_UNREADABLE
    return read.with_columns(refusal=refusal).select(
        *stored_columns(Ticket),
        "refusal",
        outcome=outcome(),
        column=pl.when(is_date)
        .then(pl.coalesce(first))
        .when(pl.col("refusal") == Reason.DATE_MISSING)
        .then(pl.lit("opened_at"))
        .when(~pl.col("malformed"))
        .then(pl.lit(rules.known_by)),
        value=pl.when(is_date).then(mask(pl.coalesce(text))),
        unlisted=pl.when(pl.col("refusal").is_null() & pl.col("ended").is_null() & ~pl.col("is_opted_out")).then(
            "_outcome"
        ),
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
