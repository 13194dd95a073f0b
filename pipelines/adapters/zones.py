"""Which zone a heading or the times themselves name.

Here: names and distances of zones in texts. Not here: which column is the date (`sniff.dates`), reading it
(`transforms.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global

from pipelines.adapters.words import said
from pipelines.config.values import timezones
from transforms.dates.names import LANGUAGES

_PLACE: Final = re.compile(r"[A-Za-z_]+/[A-Za-z_+/-]+\d*")
_FROM_GREENWICH: Final = re.compile(
    r"(?<![A-Za-z])(?:UTC|GMT)\s*(?P<sign>[+\u2212-])\s*(?P<hours>\d{1,2})(?::?(?P<rest>\d\d))?(?!\d)", re.IGNORECASE
)
#: Also within `SubmittedUtc` and `utcDate`.
_GREENWICH: Final = re.compile(
    r"(?<![A-Za-z])(?i:UTC|GMT)(?![A-Za-z])|(?<=[a-z])(?:U[Tt][Cc]|G[Mm][Tt])(?![a-z])|\b(?i:UTC|GMT)(?=[A-Z][a-z])"
    r"|[(\[]\s*Z\s*[)\]]|\b(?i:Zulu(?: time)?)\b"
)
#: `(+01:00)`, `+0100`
_DISTANCE: Final = re.compile(r"(?<![\w:+\u2212-])(?P<sign>[+\u2212-])(?P<hours>\d\d):?(?P<rest>\d\d)(?![\w:])")
#: Of a heading, as far as a zone may stand in it.
_LONGEST: Final = 1_000
_ABBREVIATION: Final = re.compile(r"[^\W\d_]{2,5}")
_NONE: Final = frozenset({"UTC", "GMT", "AM", "PM"})
_IN_BRACKETS: Final = re.compile(r"[(\[]\s*([^\W\d_a-z]{2,5})\s*[)\]]")
#: Zones of North America without saying whether it is summer there.
_AMERICAN: Final = frozenset({"ET", "CT", "MT", "PT"})
#: What may stand without brackets: no word of a language, and no name of anything else.
_AT_AN_END: Final = re.compile(
    r"[_ .,-]((?:[ECMP][SD]|CES?|EES?|A[EW]S|AED|NZ[SD]|BS|JS|KS|HK|SG|SAS)T|MES?Z|MSK)$", re.IGNORECASE
)
_FURTHEST: Final = 14
_SEVERAL: Final = 2
#: Between a time and its zone may stand which half of the day it is, in any language: `3:36:27 nachm. MEZ`.
_BEHIND: Final = re.compile(r"\d(?: ?[^\W\d_]{1,15}(?:(?:\.?[ \u202f\xa0]|\.)[^\W\d_]{1,15})?\.?)? ([^\W\d_]{2,5})$")


@dataclass(frozen=True)
class Zone:
    """What a text says of the zone of clocks."""

    said: str
    """As it stands there."""
    name: str | None
    """The IANA name; None where several places call their time so, or none does."""


def zone_in(heading: str) -> Zone | None:
    """The zone that a heading names: `(UTC)`, `(GMT+2)`, `Europe/Zagreb`, `[EST]`."""
    for place in _PLACE.findall(heading[:_LONGEST]):
        if place in timezones():
            return Zone(place, place)
    if distance := _FROM_GREENWICH.search(heading) or _DISTANCE.search(heading[:_LONGEST]):
        hours, rest = int(distance["hours"]), int(distance["rest"] or 0)
        # The names of Etc count westwards.
        sign = "-" if distance["sign"] == "+" else "+"
        whole = f"Etc/GMT{sign}{hours}" if hours else "UTC"
        return Zone(distance[0], whole if not rest and hours < _FURTHEST else None)
    if (found := _GREENWICH.search(heading)) or said("universal_time", heading):
        return Zone(found[0] if found else heading, "UTC")
    short = next((each for each in _IN_BRACKETS.findall(heading) if each in _abbreviations() | _AMERICAN), None)
    at_end = _AT_AN_END.search(heading[:_LONGEST].strip())
    words = short or (at_end[1].upper() if at_end else said("zone_words", heading))
    return Zone(words, None) if words else None


def zone_word(text: str) -> str | None:
    """The abbreviation of a zone behind a time, such as EST; none that counts from Greenwich."""
    found = _BEHIND.search(text)
    return found[1] if found and found[1] in _abbreviations() else None


def is_abbreviation(text: str) -> bool:
    """Whether a text is the short name of a zone: `CET`, `UTC`."""
    return text in {"UTC", "GMT"} or (_ABBREVIATION.fullmatch(text) is not None and text in _abbreviations())


def places_of(abbreviation: str) -> list[str]:
    """Places, one for each distance from UTC, that call their time so."""
    found: dict[object, str] = {}
    zones = get_global("windows_zone_mapping")
    # Eastern Standard Time is first of all that of New York, not of all who have the same clocks in winter.
    by_initials = sorted(zones, key=lambda name: "".join(word[0] for word in name.split()) != abbreviation)
    for place in dict.fromkeys(zones[name] for name in by_initials):
        for at in _moments(place):
            if at.tzname() == abbreviation:
                found.setdefault(at.utcoffset(), place)
    return list(found.values())


def share_a_place(abbreviations: Sequence[str]) -> bool:
    """Whether one place may call its times all of these, in summer and winter; what no place says is not known."""
    said = {place: {at.tzname() for at in _moments(place)} for place in get_global("windows_zone_mapping").values()}
    known = set(abbreviations) & set().union(*said.values())
    return len(known) < _SEVERAL or any(known <= names for names in said.values())


@cache
def _abbreviations() -> frozenset[str]:
    """All short names of zones in the locale data and the zone database, but for UTC and GMT."""
    names = {str(at.tzname()) for place in timezones() for at in _moments(place)}
    for language in LANGUAGES:
        for zone in Locale.parse(language).meta_zones.values():
            names |= {str(name) for name in zone.get("short", {}).values()}
    return frozenset(name for name in names if _ABBREVIATION.fullmatch(name) and name.isupper()) - _NONE


def _moments(place: str) -> list[datetime]:
    try:
        zone = ZoneInfo(place)
    except (KeyError, ValueError):
        return []
    return [datetime(2024, month, 1, tzinfo=UTC).astimezone(zone) for month in (1, 7)]
