"""What the entry for nps.yaml says of the zone of times, or asks where words and headings do not tell it for certain.

Here: lines and questions about a zone. Not here: columns of zones (`zone_columns`), which words are zones (`dates.zones`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.dates.zones import Zone, places_of, share_a_place, zone_in
from pipelines.sniff.lines import Line
from pipelines.sniff.proposal.zone_columns import zone_column_line
from pipelines.sniff.sniffed import Findings

_GUESSES: Final = 3


def zones_of_several(when: Sequence[DateColumn], known: dict[str, object]) -> list[Line]:
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
    headings = (*when.column.headings, *(when.clock.headings if when.clock else ()))
    return next((zone for name in headings if (zone := zone_in(name))), None)


def zone_lines(when: DateColumn, known: dict[str, object], found: Findings) -> Iterator[Line]:
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
