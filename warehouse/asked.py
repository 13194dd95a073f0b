"""Asking, in the published file: who was asked, how far it came, what it cost.

Here: the order in which its tables are made, and only where nps.yaml says that a source has contacts.
Not here: what they mean (`models/asked`), counting contacts (`warehouse.contacts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb
import polars as pl

from warehouse.contacts import Contacts, contact_counts
from warehouse.engine import frame_table, run_model
from warehouse.lake import Lake
from warehouse.plan import Plan

#: Its tables in the schema marts, each of a model of its own.
FUNNEL: Final = ("fct_contact", "survey_funnel")
TABLES: Final = FUNNEL


@dataclass(frozen=True)
class Asked:
    """What nps.yaml says of who was asked."""

    contacts: Contacts
    has_scores: Sequence[bool]
    """Of each of the sources of contacts, whether its files hold answers too."""


def register_asked(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, asked: Asked, now: datetime) -> None:
    """Make what its tables are made of."""
    frame_table(connection, "contact_counts", contact_counts(lake, plan, asked.contacts, now))
    asking = {"source": list(asked.contacts.sources), "has_scores": list(asked.has_scores)}
    frame_table(connection, "asking", pl.DataFrame(asking, schema={"source": pl.String, "has_scores": pl.Boolean}))
    run_model(connection, "asked/counts")


def create_asked(connection: duckdb.DuckDBPyConnection) -> None:
    """Make its tables, and its part of meta.reconciliation."""
    for table in TABLES:
        run_model(connection, f"asked/{table}")
    run_model(connection, "asked/reconciliation")
