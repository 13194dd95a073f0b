"""How ids and times of a file are written: ids that a spreadsheet has shortened, offsets beside months of UTC.

Here: the notes on them. Not here: reading either (`transforms`), what stands in other columns (`marked`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from pipelines.adapters.headings import find_columns, is_absent
from pipelines.adapters.table import TextTable, carefully, column
from pipelines.config.sources import Source
from pipelines.intake.once import OFFSETS

#: What is written in one of these ways is so from the beginning.
_BEGINNING: Final = 20_000
_FILE: Final = "file_no"
_SHORTENED: Final = r"^\s*\d(?:[.,]\d+)?[eE]\+?\d{1,2}\s*$"
#: A time and behind it an offset that is none of UTC.
_OFFSET: Final = r"\d{1,2}:\d{2}.*[+-](?:0?[1-9]|1[0-4]|00?:?[1-9]\d)(?::?\d{2})?\s*$"
_IDS: Final = {"response_id": "answers", "respondent": "answers of several people", "account": "accounts"}


def notes_of_writing(table: TextTable, source: Source, timezone: str) -> Mapping[int, list[str]]:
    """A sentence for each thing that is odd, by the `file_no` of rows; all are of 0 where the rows have none."""
    return carefully(table, lambda each: _by_file(each, source, timezone))


def _by_file(table: TextTable, source: Source, timezone: str) -> Mapping[int, list[str]]:
    wanted = {name: source.columns[name] for name in _IDS if name in source.columns}
    looked_for = dict.fromkeys(wanted, _SHORTENED)
    if timezone == "UTC" and "responded_at" in source.columns:
        wanted["responded_at"], looked_for["responded_at"] = source.columns["responded_at"], _OFFSET
    places = {name: find_columns(table, each, name)[0] for name, each in wanted.items() if not is_absent(table, each)}
    found = {name: pl.col(column(at)).str.contains(looked_for[name]).sum().alias(name) for name, at in places.items()}
    if not found:
        return {}
    rows = table.rows
    if _FILE not in rows.collect_schema().names():
        head = rows.head(_BEGINNING).select(*found.values()).collect()
        found = {name: each for name, each in found.items() if head.item(0, name)}
        rows = rows.with_columns(pl.lit(0).alias(_FILE))
    many = rows.group_by(_FILE).agg(*found.values()).collect() if found else pl.DataFrame()
    return {
        row[_FILE]: [
            _told(name, table.headings[places[name]].label, row[name]) for name in found if row[name]
        ]
        for row in many.iter_rows(named=True)
    }  # fmt: skip


def _told(purpose: str, label: str, rows: int) -> str:
    if purpose == "responded_at":
        return (
            f"In {rows:,} of its rows '{label}' says how far the clock is from UTC, and timezone of nps.yaml is UTC, "
            f"{OFFSETS}. If the company lives by another clock, write it there, such as timezone: Europe/Zagreb."
        )
    return (
        f"In {rows:,} of its rows '{label}' holds an id as a spreadsheet shortens long numbers (3.85E+11): different ids "
        f"are written alike so, and {_IDS[purpose]} are taken for one. Export the file again with that column as text."
    )
