"""What the entry for nps.yaml says of the zone of times, or asks where words, headings and columns do not tell it.

Here: lines and questions about a zone, and columns that say it, or are a clock beside days. Not here: which words are zones
(`adapters.zones`). Times are read in one zone for all rows, so that a column of several is always asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.adapters.zones import Zone, is_abbreviation, places_of, share_a_place, zone_in
from pipelines.shown import counted
from pipelines.sniff.columns.facts import Counts, Seen, in_all
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Line
from pipelines.sniff.sniffed import Findings

_GUESSES: Final = 3
_DISTANCE: Final = re.compile(r"[+\u2212-](?:0\d|1[0-4]):?(?:00|15|30|45)")
#: Zones of nothing but a distance to UTC.
_OFFSET: Final = "Etc/"
_MOST: Final = 100
_SHOWN: Final = 3
_NEARLY: Final = 0.9


def zones_of_several(when: Sequence[DateColumn], known: dict[str, object]) -> list[Line]:
    """What is asked where one of several dates is chosen, and the headings of some say their zone: `completed_at_utc`."""
    zones = [_zone_said(each) for each in when]
    if "timezone" in known or len({zone.said if zone else "" for zone in zones}) == 1:
        return []
    told = "; ".join(
        f"{zone.name or zone.said} for {each.column.pasted}" for each, zone in zip(when, zones, strict=True) if zone
    )
    return [Line("timezone", f"? that of the date that is chosen: {told}. If another one is, take this line out")]


def _zone_said(when: DateColumn) -> Zone | None:
    """The zone that a heading of a date says."""
    headings = (*when.column.headings, *(when.clock.headings if when.clock else ()))
    return next((zone for name in headings if (zone := zone_in(name))), None)


def zone_lines(when: DateColumn, known: dict[str, object], found: Findings) -> Iterator[Line]:
    """A date without a time is that of its place, whatever zone is named."""
    if "timezone" in known or not when.has_clock:
        return
    zone = _zone_said(when)
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


def zone_column_line(found: Findings) -> Line | None:
    """What such a column says of the zone; None where there is none."""
    return next((_column_line(seen, counts) for seen, counts in _of_zones(found)), None)


def clock_beside_days(found: Findings, days: Seen) -> Line | None:
    """A comment where days stand beside times of a zone that is named: each answer counts on the day of that zone."""
    for seen in found.columns:
        zone = _clocks_zone(found, seen, days) if seen.are_clocks else None
        if zone:
            return Line(
                "",
                None,
                f"{seen.shown} is not read, and each answer counts on its day by the clock of {zone}: near midnight "
                "that is another one than by `timezone` of nps.yaml. If it is the time of the answer, name it below dates "
                "(clock), and its zone (timezone)",
            )
    return None


def _clocks_zone(found: Findings, clock: Seen, days: Seen) -> str | None:
    """What says the zone of a clock beside days: the heading of either, or a column that says the same in all rows."""
    texts = [*clock.headings, *days.headings]
    texts += [text for _, counts in _of_zones(found) if len(counts) == 1 for text, _ in counts]
    return next((zone.said for text in texts if (zone := zone_in(text))), None)


def _of_zones(found: Findings) -> Iterator[tuple[Seen, Counts]]:
    """The columns of zones, with what stands there in all files."""
    for seen in found.columns:
        counts = in_all(seen, (other.columns for other in found.beside)).counts
        if _is_of_zones(seen, counts):
            yield seen, counts


def _is_of_zones(seen: Seen, counts: Counts) -> bool:
    if seen.position is None or not 0 < len(counts) <= _MOST:
        return False
    zones = sum(count for text, count in counts if _is_zone(text))
    return seen.speaks_of("zone_named") or zones >= _NEARLY * sum(count for _, count in counts)


def _is_zone(text: str) -> bool:
    return zone_in(text) is not None or _DISTANCE.fullmatch(text) is not None or is_abbreviation(text)


def _column_line(seen: Seen, commonest: Counts) -> Line:
    only = zone_in(commonest[0][0]) if len(commonest) == 1 else None
    if only and only.name and not only.name.startswith(_OFFSET):
        return Line("timezone", only.name, f"{seen.shown} says so in each row")
    if only and only.name:
        return Line(
            "timezone",
            f"? {seen.pasted} says {commonest[0][0]!r} in {counted(commonest[0][1], 'row')}, all that there are: are times "
            f"by that clock, or by another one, such as UTC, to which that is to be added? Write {only.name} for the one, "
            "UTC for the other, or the place, such as Europe/Zagreb, whose clock changes in summer",
        )
    told = ", ".join(f"{text!r} in {counted(count, 'row')}" for text, count in commonest[:_SHOWN])
    more = f" and {len(commonest) - _SHOWN:,} more" if len(commonest) > _SHOWN else ""
    return Line(
        "timezone",
        f"? {seen.pasted} says {told}{more}, but times are read in one zone for all rows: near midnight, answers would be "
        "of another day or month. If all times are of one zone whatever stands there, write it, such as Europe/Zagreb; if "
        "each is of the zone of its row, export times with their zone (2024-01-31T23:30:00+01:00) and begin again, or copy "
        "this entry for each zone, with where and its timezone",
    )
