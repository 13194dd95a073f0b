"""What is odd about the columns of lists, tickets and of what clients did: dates half-swapped, rows marked as none.

Of answers a file is held for the one, and the other is advised about (`marked`). Here: the notes on both where no answer
stands. Not here: what such files lack beside earlier ones (`blanked`), odd counts of rows (`rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.row_marks import MOST_STATES, ticks
from pipelines.adapters.table import TextTable, carefully
from pipelines.config.follow_up import Tickets
from pipelines.config.models import Config
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Dimension
from pipelines.intake.drift import wanted_columns
from pipelines.intake.notes.columns.struck import is_deleted
from pipelines.intake.once import MARKED
from pipelines.recipes.rows import date_reading
from pipelines.shown import counted, in_quotes
from transforms.dates.instants import DateReading, instant_and_format
from transforms.dates.swapped import may_be_swapped, seem_swapped, zeros

OtherFeed = Activity | ClientList | Dimension | Tickets
_DATES: Final = ("occurred_at", "known_until", "opened_at", "first_contact_at", "closed_at", "first_seen", "valid_from")
#: Tests and deleted rows of lists are harmless: nobody answers of them.
_COUNTED: Final = (Activity, Tickets)


def odd_columns(table: TextTable, layout: OtherFeed, config: Config) -> list[str]:
    """A sentence for each thing that is odd."""
    reading = date_reading(layout.dates, table, config.timezone)
    return carefully(table, lambda each: [*_swapped(each, layout, reading), *_marked(each, layout)])


def _swapped(table: TextTable, layout: OtherFeed, reading: DateReading) -> Iterator[str]:
    if layout.dates.swapped is not None or not may_be_swapped(reading.formats):
        return
    for purpose, wanted in wanted_columns(layout):
        if purpose not in _DATES or is_absent(table, wanted):
            continue
        at = find_columns(table, wanted, purpose)[0]
        text = bare_text(at)
        read = instant_and_format(text, reading)
        dates = table.rows.select(by=read.struct.field("by"), at=read.struct.field("at"), zeros=zeros(text))
        day = pl.col("at").dt.convert_time_zone(reading.timezone).dt.date()
        found = dates.drop_nulls("at").group_by("by", day=day, style="zeros").agg(pl.len()).collect()
        if many := seem_swapped(found.rows()):
            yield (
                f"In {counted(many, 'row')} day and month of {in_quotes(table.headings[at].label)} seem to have changed "
                "places, as where a spreadsheet of another locale took days up to 12 for dates. They are read as they "
                "stand. Export the file again, as text that no spreadsheet has opened, or write below dates swapped: true, "
                "which turns those back that are written year first or as numbers of days; swapped: false if they are right."
            )


def _marked(table: TextTable, layout: OtherFeed) -> Iterator[str]:
    if not isinstance(layout, _COUNTED):
        return
    used = {at for purpose, wanted in wanted_columns(layout) if not is_absent(table, wanted)
            for at in find_columns(table, wanted, purpose)}  # fmt: skip
    for at, heading in enumerate(table.headings):
        if at in used or not heading.text:
            continue
        counts = table.rows.select(text=bare_text(at)).group_by("text").agg(pl.len())
        if is_deleted(heading.names):
            texts = dict(counts.collect().iter_rows())
            marks = [text for text in texts if text] if "" in texts else []
        else:
            texts = dict(counts.head(MOST_STATES + 1).collect().iter_rows()) if ticks(heading.names, ["1"]) else {}
            marks = ticks(heading.names, [text for text in texts if text])
        rows = sum(texts[text] for text in marks)
        if rows:
            yield (
                f"{counted(rows, 'row')} are marked in {in_quotes(heading.text)}, a column {MARKED}. If they are tests or "
                "were deleted, put the file here without them, by the same name; if they count, all is well."
            )
