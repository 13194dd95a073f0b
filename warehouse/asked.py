"""Asking, in the published file: who was asked, how far it came, what it cost.

Here: the order in which its tables are made, and only where nps.yaml says that a source has contacts.
Not here: what they mean (`models/asked`), counting contacts (`warehouse.contacts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb
import polars as pl

from warehouse.contacts import Contacts, contact_counts
from warehouse.engine import frame_table, reconcile, run_model
from warehouse.lake import Lake
from warehouse.plan import Plan

#: Its tables in the schema marts, each of a model of its own.
FUNNEL: Final = ("fct_contact", "survey_funnel")
#: Those that there are only where a tariff is named.
COST: Final = ("fct_survey_cost", "survey_cost")
TABLES: Final = (*FUNNEL, *COST)
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
    sources = asked.contacts.sources
    apart = [asked.contacts.answered_in.get(source) for source in sources]
    asking = {"source": list(sources), "has_scores": list(asked.has_scores), "answered_in": apart}
    types = {"source": pl.String, "has_scores": pl.Boolean, "answered_in": pl.String}
    frame_table(connection, "asking", pl.DataFrame(asking, schema=types))
    derive(connection, asked.prices)


def derive(connection: duckdb.DuckDBPyConnection, prices: Sequence[Price]) -> None:
    """From counts to counts under the names that are shown, and to what they are charged for."""
    run_model(connection, "asked/counts")
    if prices:
        frame_table(connection, "price_as_text", pl.DataFrame([*map(vars, prices)], infer_schema_length=None))
        amounts = ", ".join(f"{name}::decimal(18, 6) as {name}" for name in _AMOUNTS)
        connection.execute(
            f"create or replace temp table price as select * replace ({amounts}) from price_as_text"  # noqa: S608 - our own names
        )
        run_model(connection, "asked/charges")


def create_asked(connection: duckdb.DuckDBPyConnection, *, has_prices: bool) -> None:
    """Make its tables, and its part of meta.reconciliation."""
    for table in TABLES if has_prices else FUNNEL:
        run_model(connection, f"asked/{table}")
    run_model(connection, "asked/contact_matches")
    reconcile(connection, "contacts")
    if has_prices:
        run_model(connection, "asked/unpriced_contacts")
        reconcile(connection, "survey_cost")
