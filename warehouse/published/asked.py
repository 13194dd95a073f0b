"""Asking, in the published file: who was asked, how far it came, what it cost.

Here: the order in which its tables are made, and only where nps.yaml says that a source has contacts.
Not here: what they mean (`models/asked`), counting contacts (`warehouse.months.contacts`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb
import polars as pl

from transforms.texts.spelling import labels
from warehouse.engine import frame_table, query, reconcile, run_model
from warehouse.lake.ledgers import first_days
from warehouse.lake.store import Lake
from warehouse.months.contacts import Contacts, contact_counts
from warehouse.months.plan import Plan

#: Its tables in the schema marts, each of a model of its own.
FUNNEL: Final = ("fct_contact", "survey_funnel")
#: Those that there are only where a tariff is named.
COST: Final = ("fct_survey_cost", "survey_cost")
TABLES: Final = (*FUNNEL, *COST)
#: What people type of contacts, in whatever spelling.
_NAMED: Final = ("programme", "brand", "branch", "channel", "wave")
_AMOUNTS: Final = ("promoter", "passive", "detractor", "unanswered", "setup_fee")


@dataclass(frozen=True)
class Price:
    """A tariff as it is from a day on. Amounts are text: a number of a machine would not hold them."""

    tariff: str
    price_from: date
    currency: str
    vat: str
    charge: str
    promoter: str
    passive: str
    detractor: str
    unanswered: str | None
    setup_fee: str


@dataclass(frozen=True)
class Asked:
    """What nps.yaml says of who was asked."""

    contacts: Contacts
    has_scores: Sequence[bool]
    """Of each of the sources of contacts, whether its files hold answers too."""
    prices: Sequence[Price] = ()
    """Those of all tariffs; none where no source names a tariff."""


def register_asked(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, asked: Asked, now: datetime) -> None:
    """Make what its tables are made of."""
    frame_table(connection, "contact_counts", contact_counts(lake, plan, asked.contacts, now))
    frame_table(connection, "came", first_days(lake, asked.contacts.rules.timezone))
    sources = asked.contacts.sources
    answered_in = asked.contacts.answered_in
    apart = [answered_in[source].source if source in answered_in else None for source in sources]
    asking = {"source": list(sources), "has_scores": list(asked.has_scores), "answered_in": apart}
    types = {"source": pl.String, "has_scores": pl.Boolean, "answered_in": pl.String}
    frame_table(connection, "asking", pl.DataFrame(asking, schema=types))
    derive(connection, asked.prices, plan.declared)


def derive(
    connection: duckdb.DuckDBPyConnection, prices: Sequence[Price], declared: Mapping[str, Collection[str]]
) -> None:
    """From counts to counts under the names that are shown, and to what they are charged for.

    `declared` are names of an attribute that are shown as they stand.
    """
    frame_table(connection, "spelling_of_asked", _spelling(connection, declared))
    run_model(connection, "asked/counts")
    if prices:
        frame_table(connection, "price_as_text", pl.DataFrame([*map(vars, prices)], infer_schema_length=None))
        amounts = ", ".join(f"{name}::decimal(18, 6) as {name}" for name in _AMOUNTS)
        connection.execute(
            f"create or replace temp table price as select * replace ({amounts}) from price_as_text"  # noqa: S608 - our own names
        )
        run_model(connection, "asked/charges")


def _spelling(connection: duckdb.DuckDBPyConnection, declared: Mapping[str, Collection[str]]) -> pl.DataFrame:
    """Every name that contacts give, with that which is shown: the one of answers, else that of most contacts."""
    given = " union all ".join(
        f"select '{name}' as attribute, {name} as spelling, contacts from contact_counts"  # noqa: S608 - our own names
        for name in _NAMED
    )
    as_shown = query(connection, "select attribute, shown_as as spelling from spelling")
    every = query(
        connection,
        f"select attribute, spelling, sum(contacts)::bigint as responses from ({given} "  # noqa: S608 - our own names
        f"union all select attribute, shown_as, 0 from spelling where attribute in {_NAMED}) group by all",
    )
    names = {
        name: {*declared.get(name, ()), *as_shown.filter(pl.col("attribute") == name)["spelling"]} for name in _NAMED
    }
    return labels(every, names).select("attribute", "spelling", "shown_as")


def create_asked(connection: duckdb.DuckDBPyConnection, *, has_prices: bool) -> None:
    """Make its tables, and its part of meta.reconciliation."""
    for table in TABLES if has_prices else FUNNEL:
        run_model(connection, f"asked/{table}")
    run_model(connection, "asked/contact_matches")
    reconcile(connection, "contacts")
    if has_prices:
        run_model(connection, "asked/unpriced_contacts")
        reconcile(connection, "survey_cost")
