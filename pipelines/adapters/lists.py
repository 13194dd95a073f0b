"""From the columns of lists, tickets and outcomes to the canonical ones that nps.yaml assigns them to, still as text.

Here: which columns each kind of list has, and which it must have. Not here: those of answers (`columns`), what a value
means (`transforms.rows`).
"""

from __future__ import annotations

from typing import get_args

import polars as pl

from pipelines.adapters.column_texts import present, texts_of
from pipelines.adapters.file_names import values_from_name
from pipelines.adapters.table import TextTable
from pipelines.config.follow_up import TicketColumn, Tickets
from pipelines.config.layouts import MemberColumn
from pipelines.config.outcomes import Activity, ActivityColumn, ClientColumn, ClientList
from pipelines.config.sources import Dimension
from pipelines.landing.landed import LandedFile


def members(table: TextTable, file: LandedFile, dimension: Dimension) -> pl.LazyFrame:
    """Give a dimension's rows every `MemberColumn` as text, with `source_row` and `malformed`.

    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file.
    """
    columns = present(table, dimension.columns, needed=set())
    values = texts_of(table, get_args(MemberColumn), columns, values_from_name(file, dimension))
    return table.rows.select("source_row", "malformed", **values)


def tickets(table: TextTable, file: LandedFile, layout: Tickets) -> pl.LazyFrame:
    """Give a dump's rows every `TicketColumn` as text, with `source_row` and `malformed`.

    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file.
    """
    needed = {"opened_at"} if layout.clients else set()
    columns = present(table, layout.columns, needed={layout.known_by, *needed})
    values = texts_of(table, get_args(TicketColumn), columns, values_from_name(file, layout))
    return table.rows.select("source_row", "malformed", **values)


def activity(table: TextTable, file: LandedFile, layout: Activity) -> pl.LazyFrame:
    """Give a file's rows every `ActivityColumn` as text, with `source_row` and `malformed`.

    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file, unless it is optional.
    """
    columns = present(table, layout.columns, needed={layout.by, "occurred_at", "kind", "activity_id"})
    values = texts_of(table, get_args(ActivityColumn), columns, values_from_name(file, layout))
    return table.rows.select("source_row", "malformed", **values)


def clients(table: TextTable, file: LandedFile, layout: ClientList) -> pl.LazyFrame:
    """Give a list's rows every `ClientColumn` as text, likewise."""
    columns = present(table, layout.columns, needed={layout.by})
    values = texts_of(table, get_args(ClientColumn), columns, values_from_name(file, layout))
    return table.rows.select("source_row", "malformed", **values)
