"""What goes where a person is erased: their own rows, and their name in rows of others.

Here: telling such rows, in whatever table, and what is left of them. Not here: who is erased (`pipelines.intake.erasure`),
taking them out of what was stored before (`warehouse.upkeep.erasing`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from transforms.dimensions import KEYS
from transforms.reasons import Reason
from transforms.rows.activity import IS_DEED
from transforms.rows.judged import outcome
from transforms.texts.identity import keyed

#: Table: the columns by which a row is somebody's own, and those that name people in rows of others.
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "staged": ("respondent_key",),
    "members": ("member_key",),
    "tickets": ("respondent_key",),
    "activity": ("client_key",),
    "clients": ("client_key",),
    "contacts": (),
}
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "staged": ("account_key", "manager_key", *(f"{name}_key" for name in KEYS)),
    "members": ("manager_key",),
    "tickets": ("owner_key", "account_key"),
    "activity": ("client_key",),
    "clients": ("referrer_key",),
    "contacts": ("account_key",),
}
#: That somebody was asked was paid for, and stays as an attempt to ask nobody knows whom.
_ASKED: Final = {"contacts": "respondent_key"}
#: What may be an address too, whatever nps.yaml says of it.
_ID: Final = {"staged": "response_id", "contacts": "contact_id"}
#: What an attempt says of the answer to it: as of any whose score does not count, nothing is left of one of theirs.
_OF_ANSWER: Final = ("answered_at", "category")


@dataclass(frozen=True)
class Erased:
    """Who is erased, and what their answers were called where they were found."""

    people: Collection[str] = ()
    """Their pseudonyms."""
    addresses: Collection[str] = ()
    """Those of addresses and telephone numbers among them: only these are theirs too where they stand as an id."""
    answers: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By source the ids of their answers: other rows of these are theirs too, also where they do not say so."""
    about: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Likewise the digests by which tickets name these answers."""
    salt: str = field(default_factory=secrets.token_hex, repr=False)
    """Kept nowhere: by it whoever was asked is somebody whom nobody knows, and the same in all that is done at one go."""

    def __bool__(self) -> bool:
        """Whether anybody is."""
        return bool(self.people)


def is_own(table: str, erased: Erased, columns: Collection[str], source: str | None = None) -> pl.Expr:
    """Whether a row of a table, of which these columns are there, is one of their own.

    Without a `source` the rows have a column for it. An answer or a ticket of which nothing but an account is known is that
    account's. A row that says of a number of activity that it is void is nobody's: without it, older rows would count again.
    """
    people = list(erased.people)
    found = [pl.col(name).is_in(people) for name in OWN[table] if name in columns]
    if table == "activity":
        found = [each & IS_DEED for each in found]
    if table == "tickets":
        found += _of_tickets(erased)
    if table == "staged":
        found += _of_answers(erased, columns, source)
    return pl.any_horizontal(found).fill_null(value=False) if found else pl.lit(value=False)


def _of_tickets(erased: Erased) -> Iterator[pl.Expr]:
    # The number of a client may be that of an answer of somebody else.
    yield pl.col("person_key").is_in(list(erased.addresses))
    of_account = pl.all_horizontal(pl.col("respondent_key", "response_key").is_null())
    yield of_account & pl.col("account_key").is_in(list(erased.people))
    for name, ids in erased.about.items():
        may_be_of_source = (pl.col("of_source") == name).fill_null(value=True)
        yield may_be_of_source & pl.col("response_key").is_in(list(ids))


def _of_answers(erased: Erased, columns: Collection[str], source: str | None) -> Iterator[pl.Expr]:
    if "account_key" in columns:
        nobody = pl.col("respondent_key").is_null() if "respondent_key" in columns else pl.lit(value=True)
        yield nobody & pl.col("account_key").is_in(list(erased.people))
    for known in _ID.values():
        if known not in columns:
            continue
        yield pl.col(known).is_in(list(erased.addresses))
        for name, ids in erased.answers.items():
            if source in (None, name):
                is_of_source = pl.lit(value=True) if source else pl.col("source") == name
                yield is_of_source & pl.col(known).is_in(list(ids))


def _tells_their_answer(erased: Erased, columns: Collection[str], source: str | None) -> pl.Expr:
    """Whether a stored attempt tells of an answer of theirs."""
    who = [pl.col("respondent_key").is_in(list(erased.people))] if "respondent_key" in columns else []
    is_theirs = pl.any_horizontal(*who, *_of_answers(erased, columns, source)).fill_null(value=False)
    return is_theirs & pl.any_horizontal(pl.col(_OF_ANSWER).is_not_null())


def names_them(table: str, erased: Erased, columns: Collection[str], source: str | None = None) -> pl.Expr:
    """Whether a row that is not their own names them, or is an attempt that tells of an answer of theirs."""
    named = [name for name in (*NAMED[table], _ASKED.get(table)) if name is not None and name in columns]
    found = [pl.col(name).is_in(list(erased.people)) for name in named]
    if table == "contacts":
        found.append(pl.col("contact_id").is_in(list(erased.addresses)))
    if table == "contacts" and {*_OF_ANSWER} <= {*columns}:
        found.append(_tells_their_answer(erased, columns, source))
    return pl.any_horizontal(found).fill_null(value=False) if found else pl.lit(value=False)


def nameless(table: str, erased: Erased, columns: Collection[str], source: str | None = None) -> dict[str, pl.Expr]:
    """The columns that may name them, without their names, and of stored attempts those that tell of their answers."""
    people, asked = list(erased.people), _ASKED.get(table)
    named = {**dict.fromkeys(NAMED[table], people), _ID.get(table, ""): list(erased.addresses)}
    kept: dict[str, pl.Expr] = {
        name: pl.when(~pl.col(name).is_in(who)).then(name) for name, who in named.items() if name in columns
    }
    if asked is not None and asked in columns:
        # Each goes on being one: a reminder is one still, and two people are two. Nothing leads from it to anybody.
        nobody = keyed(pl.col(asked), erased.salt)
        kept[asked] = pl.when(pl.col(asked).is_in(people)).then(nobody).otherwise(asked)
    if table == "contacts" and {*_OF_ANSWER} <= {*columns}:
        tells = _tells_their_answer(erased, columns, source)
        kept |= {name: pl.when(~tells).then(name) for name in _OF_ANSWER}
    return kept


def of_others(rows: pl.LazyFrame, table: str, erased: Erased, source: str) -> pl.LazyFrame:
    """Rows of a table that are not their own, of which none names them."""
    columns = rows.collect_schema().names()
    return rows.filter(~is_own(table, erased, columns, source)).with_columns(**nameless(table, erased, columns, source))


def left_out(judged: pl.LazyFrame, table: str, erased: Erased, source: str) -> pl.LazyFrame:
    """Rows as they were judged, of which those of erased people are excluded and no other names them.

    Where rows are attempts to ask somebody too, `contact_status` tells so, and they stay as such.
    """
    if not erased:
        return judged
    columns = judged.collect_schema().names()
    gone = is_own(table, erased, columns, source)
    refusal = pl.when(pl.col("refusal").is_null() & gone).then(pl.lit(Reason.ERASED.value)).otherwise("refusal")
    changed = {"refusal": refusal, **nameless(table, erased, columns)}
    if "contact_status" in columns:
        changed |= nameless("contacts", erased, columns)
    left = judged.with_columns(**changed)
    return left.with_columns(outcome=outcome()) if "outcome" in columns else left
