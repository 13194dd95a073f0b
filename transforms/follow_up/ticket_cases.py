"""Which ticket is of which case: by the answer's id or, where a dump gives none, by the client and the day.

Here: from cases and tickets to cases with what tickets say of them, and how many tickets are of none. Not here: what a row
of a dump means (`transforms.rows.tickets`), which cases there are (`warehouse.published.cases`), states
(`transforms.follow_up.cases`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from transforms.follow_up.cases import EARLIER
from transforms.texts.identity import keyed

#: Why a ticket is of the case that it is of, or of none.
WAYS: Final = ("id", "client", "several", "neither")
#: Whose a case or a ticket may be.
CLIENT: Final = ("respondent_key", "account_key")
_SEVERAL: Final = 2
_SAID: Final = ("owner_key", "first_contact_at", "closed_at", "ended", "root_cause", "is_opted_out")


@dataclass(frozen=True)
class Matching:
    """How tickets are held against cases."""

    timezone: str
    key: str = field(repr=False)
    """Of pseudonyms: tickets know an answer's id by its digest."""
    within_days: int = 30
    """So many days after an answer a ticket that names no answer may have been opened to be of its case."""


def latest_tickets(tickets: pl.DataFrame) -> pl.DataFrame:
    """The tickets of the last dump that has any of the answer; of the client and moment, where they name no answer.

    `tickets` holds `Ticket` columns and `position` (files from old to new).
    """
    names_answer = pl.col("response_key").is_not_null()
    of_client = [pl.when(~names_answer).then(name) for name in (*CLIENT, "opened_at")]
    last = pl.col("position").max().over("response_key", "of_source", *of_client)
    return tickets.filter(pl.col("position") == last)


def with_tickets(cases: pl.DataFrame, tickets: pl.DataFrame, how: Matching) -> tuple[pl.DataFrame, dict[str, int]]:
    """Cases with what tickets say of them, and how many tickets there are of each of `WAYS`.

    `cases` has `source`, `case_id`, `opened_at`, `is_void` and, unless they are void, `respondent_key` and `account_key`.
    What could be of several cases is of none; beside one that counts, a void one takes nothing. Of several tickets of a case
    those of the last dump count: the first contact is the earliest; it is closed when all are, with the outcome of the one
    that was closed last.
    """
    given = cases.with_row_index("case")
    told = tickets.with_row_index("ticket")
    ways = [_by_id(given, told, how.key).with_columns(by=pl.lit("id"))] if told.height else []
    if not told.get_column("response_key").is_not_null().all():
        ways.append(_by_client(given, told, how).with_columns(by=pl.lit("client")))
    schema = {"ticket": pl.UInt32, "case": pl.UInt32, "by": pl.String}
    pairs = pl.concat(ways) if ways else pl.DataFrame(schema=schema)
    found = pairs.group_by("ticket").agg(pl.col("case", "by").first(), several=pl.len() > 1)
    of_one = told.join(found.filter(~pl.col("several")), on="ticket")
    counted = dict(of_one.get_column("by").value_counts().iter_rows())
    several = found.get_column("several").sum()
    counts = {**counted, "several": several, "neither": told.height - found.height}
    dated = of_one.join(given.select("case", answered_at="opened_at"), on="case")
    said = given.join(_said(dated), on="case", how="left").drop("case")
    return said, {way: counts.get(way, 0) for way in WAYS}


def _by_id(cases: pl.DataFrame, tickets: pl.DataFrame, key: str) -> pl.DataFrame:
    """The pairs of `ticket` and `case` that have the answer's id in common.

    Ids that may be a person's are stored as digests or pseudonyms: a ticket is known by the digest of its own, or by that
    pseudonym. Nothing that had ended before an answer was given is about it.
    """
    ended = pl.max_horizontal("first_contact_at", "closed_at").alias("ended_at")
    ways = [tickets.select("ticket", "of_source", ended, id=pl.col(name)) for name in ("response_key", "person_key")]
    ids = [
        cases.select("case", "source", "opened_at", "is_void", id=each)
        for each in (keyed(pl.col("case_id"), key), pl.col("case_id"))
    ]
    pairs = pl.concat(ways).drop_nulls("id").join(pl.concat(ids), on="id")
    is_later = (pl.col("ended_at") >= pl.col("opened_at") - EARLIER).fill_null(value=True)
    possible = pairs.filter(_is_of_source(), is_later)
    # The same export may have been taken in where it did not belong, and been withdrawn there.
    counting_first = pl.col("is_void") == pl.col("is_void").min().over("ticket")
    return possible.filter(counting_first).select("ticket", "case").unique(maintain_order=True)


def _by_client(cases: pl.DataFrame, tickets: pl.DataFrame, how: Matching) -> pl.DataFrame:
    """The pairs of a ticket that names no answer and a case of its client, answered at most `within_days` before.

    A client is a person or an account: what both sides name must be the same. Days are of business time, since CRMs may
    know no more than the day.
    """
    day = pl.col("opened_at").dt.convert_time_zone(how.timezone).dt.date().to_physical()
    asking = tickets.filter(pl.col("response_key").is_null()).select("ticket", "of_source", *CLIENT, opened=day)
    answered = cases.select("case", "source", *CLIENT, day=day)
    names_person = pl.col("respondent_key").is_not_null()
    ways = [
        _near(asking.filter(names_person), answered.filter(names_person), [*CLIENT], how),
        _near(asking.filter(~names_person), answered, ["account_key"], how),
        # Whoever names the person is of no other person's case: of the account's only those that name nobody are left.
        _near(asking.filter(names_person), answered.filter(~names_person), ["account_key"], how),
    ]
    return pl.concat(ways)


def _near(asking: pl.DataFrame, answered: pl.DataFrame, by: list[str], how: Matching) -> pl.DataFrame:
    """Pairs that have the first of `by` in common, do not differ in the others, and are near; two at most of a ticket.

    An account may have very many of both: they are held against each other by stretches of days, tickets that are alike at
    once, and of cases that are alike two are enough to be several.
    """
    alike = ["of_source", *by, "opened"]
    groups = asking.drop_nulls(by[0]).select(alike).unique().with_row_index("group")
    few = answered.drop_nulls(by[0]).filter(pl.int_range(pl.len()).over("source", *by, "day") < _SEVERAL)
    stretch = how.within_days + 1
    there = few.with_columns(stretch=pl.col("day") // stretch)
    here = pl.concat([groups.with_columns(stretch=pl.col("opened") // stretch - back) for back in (0, 1)])
    is_near = (pl.col("opened") - pl.col("day")).is_between(0, how.within_days)
    agree = [(pl.col(name) == pl.col(f"{name}_of_case")).fill_null(value=True) for name in by[1:]]
    pairs = here.join(there, on=[by[0], "stretch"], suffix="_of_case").filter(is_near, _is_of_source(), *agree)
    found = pairs.group_by("group").agg(pl.col("case").sort().head(_SEVERAL)).explode("case")
    return asking.join(groups, on=alike, nulls_equal=True).join(found, on="group").select("ticket", "case")


def _is_of_source() -> pl.Expr:
    return pl.col("of_source").is_null() | (pl.col("of_source") == pl.col("source"))


def _said(tickets: pl.DataFrame) -> pl.DataFrame:
    """What the tickets of each `case`, given at `answered_at`, say, as `_SAID`.

    What somebody had called about before the answer hides no call that came after it. Each ticket that was closed and says
    of no such call was called then, whatever became of the others.
    """
    first = pl.col("answered_at") - EARLIER
    called = pl.when(pl.col("first_contact_at") >= first).then("first_contact_at").otherwise("closed_at")
    last = tickets.filter(pl.col("position") == pl.col("position").max().over("case"))
    ordered = last.sort("case", "closed_at", "source_row", nulls_last=False)
    told = ordered.group_by("case", maintain_order=True).agg(
        pl.col("owner_key").drop_nulls().last(),
        called.filter(called >= first).min().alias("first_contact_at"),
        pl.when(pl.col("closed_at").is_not_null().all()).then(pl.col("closed_at").max()).alias("closed_at"),
        pl.col("ended").drop_nulls().last(),
        pl.col("root_cause").drop_nulls().last(),
        pl.col("is_opted_out").any(),
    )
    return told.select("case", *_SAID)
