"""What became of an attempt to ask somebody: the statuses, and which of them a row of a file tells.

Here: what one row says, as a part of `transforms.rows.staged.judge`. Not here: attempts as rows, and counted (`contacts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

import polars as pl

from transforms.reasons import Reason
from transforms.texts.repeating import each
from transforms.texts.spelling import simple

Status = Literal["undeliverable", "delivered", "opened", "reached", "refused", "partial", "answered"]
#: From the first step to the last.
STATUSES: Final[tuple[Status, ...]] = get_args(Status)

#: The month of attempts of which nobody knows when they were made.
UNDATED: Final = date(1900, 1, 1)

#: What `transforms.rows.staged.judge` gives beside an answer, where a source has contacts.
ASKED: Final = ("contact_status", "contact_month", "attempted_at", "wave", "reminder_no", "contact_unlisted")

#: Rows that are no attempt to ask a client.
_NO_ATTEMPT: Final = (
    Reason.ROW_MALFORMED, Reason.SUMMARY_ROW, Reason.OTHER_QUESTION, Reason.PREVIEW, Reason.TEST, Reason.FLAGGED,
    Reason.BOT, Reason.DUPLICATE,
)  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """What a source says of whom it asked."""

    statuses: tuple[tuple[str, Status], ...] = ()
    """Texts of the column of outcomes, without spaces, - and _ and in small letters, each with what it means."""
    has_scores: bool = True
    """Whether its files hold answers too; else who is said to have answered has."""


def listed(asking: Asking, outcome: pl.Expr) -> pl.Expr:
    """The status under which the text of the column of outcomes is listed; NULL where it is not. `''` lists a blank."""
    statuses = dict(asking.statuses)
    return each(outcome.fill_null(""), lambda text: statuses.get(simple(text)))


def unlisted_outcome(raw: pl.Expr, said: pl.Expr, refusal: pl.Expr, unanswered: str) -> pl.Expr:
    """An outcome that nothing lists, of an attempt that counts as delivered for it; `raw` is how it is written, or blank."""
    return pl.when((refusal == unanswered) & said.is_null()).then(raw.fill_null("")).str.strip_chars()


def status(asking: Asking, said: pl.Expr, refusal: pl.Expr, unanswered: str) -> pl.Expr:
    """What became of an attempt; NULL where a row is none.

    `said` is the status that the column of outcomes says (`listed`); `refusal` why the row is no answer that counts, of
    which `unanswered` says that it is none at all. Who answered has done so, whatever else is said; where files hold scores,
    who is only said to have has not.
    """
    known = pl.when(said == "answered").then(pl.lit("partial")).otherwise(said) if asking.has_scores else said
    return (
        pl.when(refusal.is_in([str(reason) for reason in _NO_ATTEMPT]))
        .then(pl.lit(None, pl.String))
        .when(refusal == Reason.INCOMPLETE)
        .then(pl.lit("partial"))
        .when(refusal.is_null() | (refusal != unanswered))
        .then(pl.lit("answered"))
        .otherwise(known.fill_null("delivered"))
    )
