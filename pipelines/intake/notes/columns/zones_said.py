"""Zones that a file names beside times, and that nps.yaml does not: `Submitted (UTC)`, a column `Timezone`.

Sniff takes or asks for them; who writes nps.yaml by hand is asked nothing, and the times are read as those of the company.
Here: the notes on them. Not here: which words are zones (`adapters.zones`), times that state their own offset (`written`), a
column of zones that is new (`blanked`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.table import TextTable, carefully
from pipelines.adapters.words import named
from pipelines.adapters.zones import Zone, is_abbreviation, zone_in
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.marked import free_columns, kept, numbered
from pipelines.intake.once import NO_ZONE
from pipelines.shown import in_quotes

#: A time of day that is no midnight, and a zone behind it.
_CLOCK: Final = r"\d{1,2}[:.h]\d{2}"
_MIDNIGHT: Final = r"\b0?0[:.h]00(?:[:.]00)?(?:[.,]0+)?$"
_OWN_ZONE: Final = r"(?:Z|[+-]\d{2}:?\d{2}|\b[A-Z]{3,5}|\))$"
_SHOWN: Final = 3


def zones_said(table: TextTable, source: Source, timezone: str) -> Mapping[int, list[str]]:
    """A sentence for each such zone, by the `file_no` of rows; all are of 0 where the rows have none."""
    wanted = source.columns.get("responded_at")
    if wanted is None or is_absent(table, wanted) or source.dates.timezone or table.timezone:
        return {}
    clock = source.dates.clock
    beside = [] if clock is None or is_absent(table, clock) else find_columns(table, clock, "clock")
    dates = [*find_columns(table, wanted, "responded_at"), *beside]
    headings = [(at, zone) for at in dates for name in table.headings[at].names if (zone := zone_in(name))]
    columns = [
        at for at in free_columns(table, source) if any(named("zone_named", each) for each in table.headings[at].names)
    ]
    if not columns and all(_is_clock_of(zone, timezone) for _, zone in headings):
        return {}
    return carefully(table, lambda each: _by_file(each, source, dates, (headings[:1], columns[:1], timezone)))


Named = tuple[Sequence[tuple[int, Zone]], Sequence[int], str]
"""The zone that a heading names, with its column; a column of zones; the company's zone."""


def _by_file(table: TextTable, source: Source, dates: Sequence[int], zones: Named) -> Mapping[int, list[str]]:
    headings, columns, timezone = zones
    times = bare_text(dates[-1])
    is_bare = times.str.contains(_CLOCK) & ~times.str.contains(_MIDNIGHT) & ~times.str.contains(_OWN_ZONE)
    are_several = "file_no" in table.rows.collect_schema().names()
    rows = numbered((table.rows if are_several else table.beginning.lazy()).filter(*kept(table, source)))
    said = [bare_text(at).alias("zone") for at in columns] or [pl.lit("").alias("zone")]
    found = rows.filter(is_bare).select("file_no", *said).unique().sort("file_no", "zone").collect()
    told: dict[int, list[str]] = {}
    for (number,), texts in found.group_by("file_no", maintain_order=True):
        names = [text for text in texts.get_column("zone") if text]
        notes = [*_of_headings(table, headings, timezone), *_of_column(table, columns, names, timezone)]
        if notes:
            told[int(str(number))] = notes[:1]
    return told


def _of_headings(table: TextTable, headings: Sequence[tuple[int, Zone]], timezone: str) -> Iterator[str]:
    for at, zone in headings:
        if not _is_clock_of(zone, timezone):
            yield (
                f"{in_quotes(table.headings[at].label)} says {zone.said}, and nps.yaml names no zone for it: its {NO_ZONE} "
                f"{timezone}, and answers of the first and last hours of a month may count in another. If the heading is "
                f"right, write timezone: {zone.name or 'with its place'} below dates; if not, timezone: {timezone}."
            )


def _of_column(table: TextTable, columns: Sequence[int], names: Sequence[str], timezone: str) -> Iterator[str]:
    zones = [zone_in(name) or (Zone(name, None) if is_abbreviation(name) else None) for name in names]
    if all(zone is None or _is_clock_of(zone, timezone) for zone in zones):
        return
    label = in_quotes(table.headings[columns[0]].label)
    more = " …" if len(names) > _SHOWN else ""
    yield (
        f"{label} says {', '.join(map(in_quotes, names[:_SHOWN]))}{more}, and nps.yaml "
        f"names no zone: all {NO_ZONE} {timezone}, and answers of the first and last hours of a month may count in another. "
        "If each is of the zone of its row, export times with their offsets (2025-03-31T23:30:00+02:00); if all are of one "
        "zone, write it as timezone below dates."
    )


def _is_clock_of(zone: Zone, timezone: str) -> bool:
    """Whether clocks of a zone show what those of the company do, in winter and summer, or are called as these are."""
    moments = [datetime(2024, month, 1, tzinfo=UTC).astimezone(ZoneInfo(timezone)) for month in (1, 7)]
    if zone.name is None:
        return zone.said in {at.tzname() for at in moments}
    return all(at.utcoffset() == at.astimezone(ZoneInfo(zone.name)).utcoffset() for at in moments)
