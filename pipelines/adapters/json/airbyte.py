"""Raw tables of Airbyte in CSV, Parquet and spreadsheets: a column `_airbyte_data` that holds each record as JSON text.

Here: such a table as that of its records. Not here: the same in JSON (`shapes`), what keys become (`records`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.adapters.json.records import rows_of
from pipelines.adapters.json.shapes import DATA, TIMES
from pipelines.adapters.spool import scanned, spooled
from pipelines.adapters.table import Heading, TextTable, column


def holds_raw_records(table: TextTable) -> bool:
    """Whether a table is one of Airbyte's."""
    return any(heading.text.lower() == DATA for heading in table.headings)


def of_records(table: TextTable, name: str, scratch: Path) -> TextTable:
    """The table of the records that a raw one holds; a row whose data are no JSON object is malformed."""
    headings: dict[str, int] = {}
    rows = spooled(rows_of(name, _records(table), headings), scratch)
    names = [Heading(key) for key in headings]
    return replace(table, headings=names, rows=scanned(rows, len(names)), width=len(names), careful=None)


def _records(table: TextTable) -> Iterator[tuple[int, Any]]:
    names = {heading.text.lower(): column(at) for at, heading in enumerate(table.headings)}
    kept = {name: names[name] for name in (DATA, *TIMES) if name in names}
    try:
        rows = table.rows.select("source_row", **kept).collect()
    except pl.exceptions.ComputeError:
        if table.careful is None:
            raise
        rows = table.careful().rows.select("source_row", **kept).collect()
    for row in rows.sort("source_row").iter_rows(named=True):
        yield row.pop("source_row"), row
