"""Qualtrics exports (CSV, TSV, XLSX and XML), as a table of text.

Here: their rows of headings, and the zone that they state. Not here: reading cells (`delimited`, `excel`,
`xml`), which answers are previews or incomplete (`pipelines/kinds/qualtrics.yaml`).
A column has a name (`Q5`), the question's text and an ImportId (`QID12`); nps.yaml may use any of them. In the legacy
layout the metadata are called `V1`, `V2`, ... and their names stand in the second row.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.adapters.headings import columns_of, plain_table, same_name
from pipelines.adapters.qualtrics.xml import xml_to_csv
from pipelines.adapters.sheets.excel import SUFFIXES, open_sheet
from pipelines.adapters.table import Grid, Heading, TextTable
from pipelines.adapters.text.delimited import open_delimited
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.config.values import timezones
from pipelines.landing.landed import LandedFile

_XML: Final = re.compile(rb"[\xef\xbb\xbf\xfe\xff\0\s]*<")
_IMPORT_ID: Final = '"ImportId"'
#: Names of metadata that differ by more than case between the exports with headings and XML, which has ImportIds only.
_OTHER_NAMES: Final = {
    "_recordId": "ResponseId", "duration": "Duration (in seconds)", "externalDataReference": "ExternalReference",
}  # fmt: skip
#: Dates of every layout, by the name above them: a row in which they hold no digit is one of headings.
_STAMPS: Final = frozenset({"startdate", "enddate", "recordeddate"})
_LEGACY: Final = re.compile(r"V\d+")
_MOST_ROWS: Final = 3


def read_qualtrics(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read an export (kind qualtrics): one row per response, columns by name, question text or ImportId."""
    grid = _opened(file, layout, limits, scratch)
    header_rows = heading_rows(grid.first_rows) if layout.header_rows is None else layout.header_rows
    if header_rows == 0:
        return plain_table(grid, layout)
    rows = grid.first_rows[:header_rows]
    table = grid.table(qualtrics_headings(rows), header_rows)
    zone = stated_zone(rows)
    if zone is None or zone in timezones():
        return table.saying(timezone=zone)
    return table.saying(
        notes=("The file states a time zone that is not known here: declare the right one as dates.timezone.",)
    )


def heading_rows(rows: list[list[str]]) -> int:
    """Count the rows of headings: to that of ImportIds, or as far as texts stand where the dates should be."""
    for number, row in enumerate(rows[:_MOST_ROWS], 1):
        if any(_IMPORT_ID in cell for cell in row):
            return number
    if _LEGACY.fullmatch(rows[0][0].strip("\ufeff ")):
        return min(2, len(rows))
    dates = [i for i, cell in enumerate(rows[0]) if same_name(cell) in _STAMPS]
    if len(rows) > 1 and any(len(rows[1]) > i and rows[1][i] and not re.search(r"\d", rows[1][i]) for i in dates):
        return 2
    return 1


def qualtrics_headings(rows: list[list[str]]) -> list[Heading]:
    """Name the columns by their first row; question texts and ImportIds are other names."""
    headings = []
    for name, *below in columns_of(rows):
        others = [str(_import(text).get("ImportId", "")) or text for text in below]
        others += [_OTHER_NAMES[each] for each in (name, *others) if each in _OTHER_NAMES]
        headings.append(Heading(name, other_names=tuple(each for each in dict.fromkeys(others) if each != name)))
    return headings


def stated_zone(rows: list[list[str]]) -> str | None:
    """The zone of the dates, by its IANA name, as the row of ImportIds states it."""
    zones = (_import(cell).get("timeZone") for row in rows for cell in row)
    found = next((str(zone) for zone in zones if zone), None)
    return "UTC" if found == "Z" else found


def _import(cell: str) -> dict[str, object]:
    if _IMPORT_ID not in cell:
        return {}
    try:
        found = json.loads(cell)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _opened(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> Grid:
    with file.path.open("rb") as opened:
        is_xml = _XML.match(opened.read(64)) is not None
    if is_xml:
        copy = xml_to_csv(file.path, scratch)
        return open_delimited(replace(file, path=copy), Layout(kind="csv", files="x", delimiter=","), scratch)
    if file.suffix in SUFFIXES:
        return open_sheet(file, layout, limits, _is_export)
    return open_delimited(file, layout, scratch)


def _is_export(grid: Grid) -> bool:
    return any(_IMPORT_ID in cell for row in grid.first_rows[:_MOST_ROWS] for cell in row)
