"""What the entry for nps.yaml says of how dates are written, or asks: formats, language, calendar, exchanged days.

Here: lines and questions about the writing. Not here: which date it is (`date_lines`), its zone (`date_zones`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.shown import counted
from pipelines.sniff.dates.dates import DateColumn, unread
from pipelines.sniff.lines import Block, Line
from transforms.dates.instants import SERIAL, SERIAL_1904, DateReading


def format_lines(when: Sequence[DateColumn], known: dict[str, object]) -> Iterator[Line]:
    """How dates are written, as far as `known` settings do not say it."""
    first = when[0]
    if len({(tuple(each.formats), each.is_iso) for each in when}) > 1:
        each_of = "; ".join(f"for {each.column.pasted} {each.formats}" for each in when)
        yield Line("formats", [f"? those of the date that is chosen: {each_of}"])
        return
    formats = known.get("formats")
    declared = DateReading(tuple(formats), "UTC") if isinstance(formats, list) else None
    if declared and unread(first.column, declared) <= first.unread:
        return
    if first.is_behind:
        yield Line("formats", [f"? {_behind_question(first)}"])
    elif first.formats == [SERIAL]:
        yield Line("formats", [f"? {_serial_question(first)}"])
    elif declared or first.ambiguous or first.half_swapped or not first.is_iso:
        yield _as_written(first)
    if len(first.languages) > 1:
        yield Line("language", f"? {_language_question(first)}")
    elif first.languages:
        yield Line("language", first.languages[0])
    if first.is_buddhist:
        yield Line("calendar", f"? {_calendar_question(first)}")
    if first.half_swapped:
        yield Line("swapped", f"? {_swapped_question(first)}")


def dates_block(when: Sequence[DateColumn | None]) -> Iterator[Block]:
    """How dates of a file without answers are written, where that has to be said."""
    dates = [each for each in when if each is not None]
    if dates and (lines := list(format_lines(dates, {}))):
        yield Block("dates", lines)


def _as_written(when: DateColumn) -> Line:
    if when.ambiguous:
        return Line("formats", [f"? {_order_question(when)}"])
    return Line("formats", when.formats, _order_proof(when))


def _order_question(when: DateColumn) -> str:
    formats = " or ".join(dict.fromkeys(when.formats))
    if when.year_first:
        return (
            f"is the first or the last of the numbers in {when.column.pasted} the year? They have two digits, and the first "
            f"vary no more than the last. Write {formats}"
        )
    if when.day_first and when.month_first:
        return (
            f"{when.column.pasted} mixes both orders: {when.day_first:,} dates prove day before month, "
            f"{when.month_first:,} month before day. {_of_files(when)}Which is right? {formats}"
        )
    if when.day_first or when.month_first:
        shapes = ", ".join(when.shapes)
        return (
            f"day or month first in {when.column.pasted}? It writes dates in several ways ({shapes}), and those of one way "
            f"prove nothing about those of another. {_of_files(when)}Write one format for each way: {formats}"
        )
    return f"day or month first in {when.column.pasted}? No date has a number above 12 in either place. Write {formats}"


def _of_files(when: DateColumn) -> str:
    return "Files that differ in this need sources of their own. " * (when.in_files > 1)


def _order_proof(when: DateColumn) -> str:
    if when.day_first:
        return f"day before month, by {counted(when.day_first, 'date')}"
    return f"month before day, by {counted(when.month_first, 'date')}" if when.month_first else ""


def _swapped_question(when: DateColumn) -> str:
    return (
        f"all days up to 12 in {when.column.pasted} are written one way ({when.half_swapped:,} dates), and all above 12 "
        "another way, or they are of other months: a spreadsheet of another locale has probably exchanged day and month of "
        "the former. Export the file "
        "again, as text that no spreadsheet has opened. Or write false if the dates are right as they stand, true to turn "
        "back those that are written year first or as numbers of days"
    )


def _serial_question(when: DateColumn) -> str:
    return (
        f"{when.column.pasted} holds numbers. If they are dates as spreadsheets count them, in days since the end of 1899 "
        f"or whatever the workbook itself says, write {SERIAL}; of a text that counts from 1904, {SERIAL_1904}"
    )


def _language_question(when: DateColumn) -> str:
    languages = " or ".join(when.languages)
    return f"the names of months in {when.column.pasted} mean other months in other languages. Write {languages}"


def _calendar_question(when: DateColumn) -> str:
    ahead = "decades" if any("%y" in fmt for fmt in when.formats) else "five centuries"
    return (
        f"the years in {when.column.pasted} are {ahead} ahead. Write buddhist if they are counted as in Thailand, 543 "
        "ahead, or else gregorian"
    )


def _behind_question(when: DateColumn) -> str:
    return (
        f"the years in {when.column.pasted} are centuries behind, as the Persian and the Islamic calendar count them, and "
        "such dates are not read: export the file with dates of our calendar, and begin again. Or write "
        f"{' or '.join(when.formats)} if answers are that old"
    )
