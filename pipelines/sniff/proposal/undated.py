"""What the entry for nps.yaml asks where no column holds the date of the answer: the period that the answers are of.

Here: lines and questions about it. Not here: finding periods in names (`name_periods`), dates in columns (`date_lines`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.adapters.sheets.excel import SHEET
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.dates.dates import may_count_days, may_count_milliseconds, unread_clock
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.opening.sheets import OtherSheets
from pipelines.sniff.proposal.name_periods import periods_in_names
from pipelines.sniff.sniffed import Findings
from transforms.dates.instants import SERIAL

_GUESSES: Final = 3
#: Periods by which files of a survey are often named.
_OFTEN_NAMED: Final = ("month", "quarter")
_IN_A_NAME: Final = re.compile(r"(?:19|20)\d{2}(?:[-_.]?(?:0[1-9]|1[0-2]))?(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?")


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
    if clocks := [(each, clock) for each in found.columns if (clock := unread_clock(each))]:
        return _of_clock(*clocks[0]) + ("" if found.unread_dates else "; if not")
    if found.unread_dates:
        return _unread_question(found.unread_dates)
    counting = [(each, "days as spreadsheets do", SERIAL) for each in found.columns if may_count_days(each)]
    counting += [
        (each, "milliseconds since 1970", "epoch_ms") for each in found.columns if may_count_milliseconds(each)
    ]
    return f"no column holds dates{_counting(*counting[0]) if counting else ''}"


def _of_clock(column: Seen, clock: str) -> str:
    return (
        f"no column holds dates, but {column.pasted} holds whole numbers that may be {clock}, which nothing here reads: if "
        "they are the times of the answers, have them exported as texts such as 2024-03-31 10:15, or as milliseconds "
        "since 1970, and begin again"
    )


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
