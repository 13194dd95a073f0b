"""What the entry for nps.yaml says of dates: which one is that of the answer, how it is written, in which zone.

Here: lines and questions about dates. Not here: finding dates (`dates`, `answer_dates`), the rest of the entry (`entry`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.sheets.excel import SHEET
from pipelines.adapters.table import column
from pipelines.shown import counted
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.dates.answer_dates import alike, is_other_event, updated_at
from pipelines.sniff.dates.dates import DateColumn, may_count_days, may_count_milliseconds, unread
from pipelines.sniff.dates.zones import Zone, places_of, share_a_place, zone_in
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.opening.sheets import OtherSheets
from pipelines.sniff.proposal.name_periods import periods_in_names
from pipelines.sniff.proposal.zone_columns import clock_beside_days, zone_column_line
from pipelines.sniff.sniffed import Findings
from transforms.dates.instants import SERIAL, SERIAL_1904, DateReading, instant
from transforms.dates.periods import PERIOD, is_of_month

_GUESSES: Final = 3
#: Two dates of one row are of other days where somebody answers over midnight.
_SELDOM: Final = 0.01
#: Periods by which files of a survey are often named.
_OFTEN_NAMED: Final = ("month", "quarter")
_NO_ZONE: Final = "No zone is stated: the clock is read as that of `timezone` of nps.yaml."
_SOME_ZONES: Final = "Some times state their zone, and others do not: these are read as of `timezone` of nps.yaml."
_MONTHS: Final = "months: each answer counts on the first day of its own"
_SAY_SO: Final = "If it is another one, say so under dates, such as timezone: Europe/Zagreb"
_IN_A_NAME: Final = re.compile(r"(?:19|20)\d{2}(?:[-_.]?(?:0[1-9]|1[0-2]))?(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?")


def answer_dates(found: Findings) -> list[DateColumn]:
    """The dates that may be those of the answer: none, one, or several where nothing tells which.

    A change is none: it may be of any later month.
    """
    known = found.signature.as_source().column("responded_at", found.names) if found.signature else None
    possible = [each for each in found.dates if each.column.name == known or not is_other_event(each)]
    if not possible:
        return []
    if possible[0].column.name == known:
        return possible[:1]
    first, *others = alike(found.dates)
    different = [each for each in others if _are_of_other_days(found, first, each)]
    # `_submission_time` is in UTC, and does not say so; `end` beside it does.
    zoned = next((each for each in others if each.zoned and each not in different and each.has_clock), None)
    return [zoned if zoned and first.has_bare_clock and not first.zoned else first, *different]


def _are_of_other_days(found: Findings, *dates: DateColumn) -> bool:
    """Whether it makes a difference which of two dates is that of the answer: in some rows they are of different days."""
    places = [each.column.position for each in dates]
    if any(place is None for place in places) or any(each.ambiguous for each in dates):
        return True
    texts = found.opened.rows.select(column(place or 0) for place in places)
    days = [
        text.to_frame("text").select(instant(pl.col("text").str.strip_chars(), each.reading()).dt.date()).to_series()
        for text, each in zip(texts, dates, strict=True)
    ]
    is_other = (days[0] != days[1]).drop_nulls()
    return not len(is_other) or is_other.sum() > _SELDOM * len(is_other)


def column_lines(when: Sequence[DateColumn], dates: Sequence[DateColumn]) -> Iterator[Line]:
    """The columns of dates."""
    if not when:
        return
    first = when[0]
    if len(when) > 1:
        yield Line("responded_at", f"? {_which_of(when)}")
        return
    if first.formats == [PERIOD]:
        yield Line("responded_at", f"? {_period_of(first)}")
        return
    told = [_MONTHS] if is_of_month(first.formats[0]) else []
    if first.column.blank:
        told.append(f"{counted(first.column.blank, 'row')} without a date: rejected where answered")
    if first.unread and not first.ambiguous:
        told.append(f"{counted(first.unread, 'row')} with something else than a date: rejected where answered")
    yield Line("responded_at", first.column.name, "; ".join(told))
    updated = updated_at(dates)
    if updated and updated is not first and updated.formats == first.formats:
        yield Line("updated_at", updated.column.name)


def dates_lines(when: Sequence[DateColumn], found: Findings) -> Iterator[Line | Block]:
    """The block `dates`, as far as one is needed."""
    if not when:
        return
    known = found.signature.settings.get("dates", {}) if found.signature else {}
    lines = [*format_lines(when, known), *(_zones_of_several(when, known) or _zone_lines(when[0], known, found))]
    if lines:
        yield Block("dates", lines)
    has_zone = "timezone" in known or found.opened.table.timezone or any(line.key == "timezone" for line in lines)
    if when[0].has_bare_clock and not has_zone:
        yield Line("", None, f"{_SOME_ZONES if when[0].zoned else _NO_ZONE} {_SAY_SO}")
    if not when[0].has_clock and (line := clock_beside_days(found)):
        yield line


def period_lines(found: Findings) -> Iterator[Line | Block]:
    """What is asked where no column holds the date of the answer."""
    names = [each.opened.file.name for each in (found, *found.beside)]
    declared = found.signature.settings.get("file_name") if found.signature else None
    in_names = None if declared else periods_in_names(names)
    if in_names and (found.beside or in_names.kind in _OFTEN_NAMED):
        yield from in_names.lines(_why_no_date(found))
    else:
        yield Block("defaults", [Line("responded_at", _period_question(found))])


def _period_question(found: Findings) -> str:
    """The question about one period for all files."""
    named = _IN_A_NAME.search(found.opened.file.name)
    hint = f" The file's name says {named[0]}." if named else ""
    several = f"It dates all {1 + len(found.beside)} files alike" if found.beside else "It dates all files alike"
    if found.sheets and not found.beside:
        several = (
            f"It dates all sheets that are read alike: if each is of its own month, {_by_sheet(found.sheets)}. So it dates "
            "all files"
        )
    asked = (
        f"when was it answered? Write a year, month or day, such as 2018 or 2018-06.{hint} {several}, and later ones too: "
        "if each is of its own month, begin again with names that say so, such as nps_2024-01.csv"
    )
    return f"? {_why_no_date(found)}{'.' if found.unread_dates or found.dates else ':'} {_if_not(found)}{asked}"


def _by_sheet(sheets: OtherSheets) -> str:
    """How each sheet gets the month, day or year in its name, where all are called so."""
    names = [sheets.chosen, *sheets.alike]
    if not sheets.alike:
        return "give each a source of its own"
    periods = periods_in_names(names)
    if periods is None or len(periods.languages) > 1 or any(text != name for name, text in periods.said):
        return f"give each a source of its own, or call them 2024-01 and so on and read that by responded_at: {SHEET}"
    undeclared = "%Y" if periods.kind == "year" else "%Y-%m" if "-" in names[0] else "%Y%m"
    language = [f"language: {each}" for each in periods.languages]
    how = f", below dates {', '.join([f'formats: {list(periods.formats) or [undeclared]}', *language])}"
    named = f"as their names say ({names[0]}, {names[1]})"
    return f"{named}, take defaults out and write below columns responded_at: {SHEET}{how}"


def _if_not(found: Findings) -> str:
    return "If not: " if found.dates or found.unread_dates else ""


def _why_no_date(found: Findings) -> str:
    if found.dates:
        names = ", ".join(f"{each.column.pasted}" for each in found.dates[:_GUESSES])
        return (
            f"the dates that it holds seem to be of something else: {names}. Answers may be of other months than these. "
            f"If one is of the answer, name it under columns (responded_at) with dates.formats "
            f"{found.dates[0].formats}, and take this line out"
        )
    if found.unread_dates:
        return _unread_question(found.unread_dates)
    counting = [(each, "days as spreadsheets do", SERIAL) for each in found.columns if may_count_days(each)]
    counting += [
        (each, "milliseconds since 1970", "epoch_ms") for each in found.columns if may_count_milliseconds(each)
    ]
    return f"no column holds dates{_counting(*counting[0]) if counting else ''}"


def _counting(column: Seen, units: str, fmt: str) -> str:
    return (
        f", but {column.pasted} holds whole numbers that may count {units}: if they are the times of the answers, name it "
        f"under columns (responded_at) with dates.formats ['{fmt}'], and take this line out; if not"
    )


def _unread_question(columns: Sequence[tuple[Seen, str]]) -> str:
    told = ", ".join(f"{column.pasted} (like {shape})" for column, shape in columns[:_GUESSES])
    return (
        f"dates stand in a shape that is not understood in {told}. If they are of the answer, name the column under columns "
        "(responded_at), write their format as strftime has it under dates.formats, such as '%d.%m.%Y %H:%M', and take "
        "this line out; months in words are %B, and their language stands beside the formats: {formats: ['%d %B %Y'], "
        "language: it}. Where day, month and year stand in columns of their own, or the year nowhere, write them into one, "
        "such as 2024-03-31 or 2024-03, and begin again"
    )


def _period_of(when: DateColumn) -> str:
    return (
        f"{when.column.pasted} says no month or day ({', '.join(when.shapes)}). A quarter or year counts in its first "
        "month, a week in the month of its Thursday: of finer periods than these no figure is right then. If that will do, "
        "write its heading"
    )


def _which_of(when: Sequence[DateColumn]) -> str:
    names = ", ".join(f"{each.column.pasted}" for each in when)
    return f"{len(when)} columns may say when it was answered: {names}. Write the one of the client's answer"


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
        yield _formats(first)
    if len(first.languages) > 1:
        yield Line("language", f"? {_language_question(first)}")
    elif first.languages:
        yield Line("language", first.languages[0])
    if first.is_buddhist:
        yield Line("calendar", f"? {_calendar_question(first)}")
    if first.half_swapped:
        yield Line("swapped", f"? {_swapped_question(first)}")


def _formats(when: DateColumn) -> Line:
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


def _zones_of_several(when: Sequence[DateColumn], known: dict[str, object]) -> list[Line]:
    """What is asked where one of several dates is chosen, and the headings of some say their zone: `completed_at_utc`."""
    zones = [_zone_of(each) for each in when]
    if "timezone" in known or len({zone.said if zone else "" for zone in zones}) == 1:
        return []
    told = "; ".join(
        f"{zone.name or zone.said} for {each.column.pasted}" for each, zone in zip(when, zones, strict=True) if zone
    )
    return [Line("timezone", f"? that of the date that is chosen: {told}. If another one is, take this line out")]


def _zone_of(when: DateColumn) -> Zone | None:
    """The zone that a heading of a date says."""
    return next((zone for name in when.column.headings if (zone := zone_in(name))), None)


def _zone_lines(when: DateColumn, known: dict[str, object], found: Findings) -> Iterator[Line]:
    """A date without a time is that of its place, whatever zone is named."""
    if "timezone" in known or not when.has_clock:
        return
    zone = _zone_of(when)
    if when.zone_words and not share_a_place(when.zone_words):
        yield Line("timezone", f"? {_several_zones(when)}")
    elif when.zone_words:
        yield Line("timezone", f"? {_zone_question(f'the times of {when.column.shown!r} say', when.zone_words)}")
    elif zone and zone.name:
        yield Line("timezone", zone.name, f"the heading says {_said(zone)}")
    elif zone and not when.zoned:
        yield Line("timezone", f"? {_zone_question('the heading of the date says', [zone.said])}")
    elif when.has_bare_clock and (line := zone_column_line(found)):
        yield line


def _said(zone: Zone) -> str:
    return "so" if zone.said == zone.name else zone.said


def _several_zones(when: DateColumn) -> str:
    return (
        f"the times of {when.column.shown!r} are those of several places ({', '.join(when.zone_words)}), and dates.timezone "
        "reads all of them as those of one. Export them in UTC or with their offsets, such as +01:00, and begin again; or "
        "write the place of most, such as Europe/Berlin, if hours make no difference"
    )


def _zone_question(what: str, words: Sequence[str]) -> str:
    places = list(dict.fromkeys(place for word in words for place in places_of(word)))
    likely = f", such as {' or '.join(places[:_GUESSES])}" if places else ", such as Europe/Zagreb"
    return f"{what} {', '.join(words)}, which is no zone for certain. Write its place{likely}"
