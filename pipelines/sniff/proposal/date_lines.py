"""What the entry for nps.yaml says of dates: which one is that of the answer, and what must be known to read it.

Here: choosing it, and its column. Not here: finding dates (`dates`), how they are written (`date_formats`), in which zone
(`date_zones`), or what is asked where there is none (`undated`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.shown import counted
from pipelines.sniff.dates.answer_dates import alike, is_other_event, updated_at
from pipelines.sniff.dates.clocks import with_clock
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.proposal.date_formats import format_lines
from pipelines.sniff.proposal.date_zones import clock_beside_days, zone_lines, zones_of_several
from pipelines.sniff.sniffed import Findings
from transforms.dates.periods import PERIOD, is_of_month

#: Two dates of one row are of other days where somebody answers over midnight.
_SELDOM: Final = 0.01
_NO_ZONE: Final = "No zone is stated: the clock is read as that of `timezone` of nps.yaml."
_SOME_ZONES: Final = "Some times state their zone, and others do not: these are read as of `timezone` of nps.yaml."
_MONTHS: Final = "months: each answer counts on the first day of its own"
_SAY_SO: Final = "If it is another one, say so under dates, such as timezone: Europe/Zagreb"


def answer_dates(found: Findings) -> list[DateColumn]:
    """The dates that may be those of the answer: none, one, or several where nothing tells which.

    A change is none: it may be of any later month.
    """
    known = found.known("responded_at")
    possible = [each for each in found.dates if each.column.name == known or not is_other_event(each)]
    if not possible:
        return []
    if possible[0].column.name == known:
        return [_with_clock(possible[0], found)]
    first, *others = alike(found.dates)
    different = [each for each in others if _are_of_other_days(found, first, each)]
    # `_submission_time` is in UTC, and does not say so; `end` beside it does.
    zoned = next((each for each in others if each.zoned and each not in different and each.has_clock), None)
    chosen = zoned if zoned and first.has_bare_clock and not first.zoned else first
    return [chosen, *different] if different else [_with_clock(chosen, found)]


def _with_clock(day: DateColumn, found: Findings) -> DateColumn:
    return with_clock(day, found.columns, [other.columns for other in found.beside])


def _are_of_other_days(found: Findings, *dates: DateColumn) -> bool:
    """Whether it makes a difference which of two dates is that of the answer: in some rows they are of different days."""
    if any(each.column.position is None or each.ambiguous for each in dates):
        return True
    one, other = (each.at().dt.date() for each in dates)
    is_other = found.opened.rows.select(one != other).to_series().drop_nulls()
    return not len(is_other) or is_other.sum() > _SELDOM * len(is_other)


def column_lines(when: Sequence[DateColumn], found: Findings) -> Iterator[Line]:
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
    if (
        [first] == found.dates
        and first.column.is_called("sent_named")
        and first.column.name != found.known("responded_at")
    ):
        yield Line("responded_at", f"? {_what_was_sent(first)}")
        return
    told = [_MONTHS] if is_of_month(first.formats[0]) else []
    if first.column.blank:
        told.append(f"{counted(first.column.blank, 'row')} without a date: rejected where answered")
    if first.unread and not first.ambiguous:
        told.append(f"{counted(first.unread, 'row')} with something else than a date: rejected where answered")
    yield Line("responded_at", first.column.name, "; ".join(told))
    updated = updated_at(found.dates)
    if updated and updated is not first and updated.formats == first.formats:
        yield Line("updated_at", updated.column.name)


def dates_lines(when: Sequence[DateColumn], found: Findings) -> Iterator[Line | Block]:
    """The block `dates`, as far as one is needed."""
    if not when:
        return
    known = found.signature.settings.get("dates", {}) if found.signature else {}
    lines = [Line("clock", when[0].clock.name, "the time of day")] if when[0].clock else []
    lines += [*format_lines(when, known), *(zones_of_several(when, known) or zone_lines(when[0], known, found))]
    if lines:
        yield Block("dates", lines)
    has_zone = "timezone" in known or found.opened.table.timezone or any(line.key == "timezone" for line in lines)
    if when[0].has_bare_clock and not has_zone:
        yield Line("", None, f"{_SOME_ZONES if when[0].zoned else _NO_ZONE} {_SAY_SO}")
    if not when[0].has_clock and (line := clock_beside_days(found, when[0].column)):
        yield line


def _period_of(when: DateColumn) -> str:
    return (
        f"{when.column.pasted} says no month or day ({', '.join(when.shapes)}). A quarter or year counts in its first "
        "month, a week in the month of its Thursday: of finer periods than these no figure is right then. If that will do, "
        "write its heading"
    )


def _what_was_sent(when: DateColumn) -> str:
    return (
        f"what was sent then, the answer or the letter that asked for it? If it was the answer, write {when.column.pasted}; "
        "else answers are of other months than these: take this line out, and write below defaults when they were given"
    )


def _which_of(when: Sequence[DateColumn]) -> str:
    names = ", ".join(f"{each.column.pasted}" for each in when)
    return f"{len(when)} columns may say when it was answered: {names}. Write the one of the client's answer"
