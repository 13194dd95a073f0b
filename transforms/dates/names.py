"""Names in dates (months, weekdays, halves of the day, zones) in any language, as the locale data of Unicode has them.

Here: texts with such names to the same in English and small letters, which polars can read. Not here: formats and
instants (`instants`), dates of which no format is declared (`words`). No list of names stands here: babel has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import chain, product
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import polars as pl
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.units import format_unit

#: Languages in which names are looked for where none is declared.
LANGUAGES: Final = ("en", "pl", "ru", "uk", "hr", "es", "de", "fr")
#: Languages in which they are looked for where a language can be proposed, and none of the others reads all.
PROPOSED: Final = ("it", "pt", "cs", "sk", "tr", "sl", "ro", "hu", "sv", "nl", "sr", "sr_Latn", "bg", "fi", "da", "el",
                   "nb", "et", "lv", "lt")  # fmt: skip
ENGLISH: Final = "en"
#: Where a language is spoken with other abbreviations, or other names.
_ELSEWHERE: Final = {"en": ("GB", "AU", "CA"), "de": ("AT", "CH"), "es": ("MX", "US", "PE"), "fr": ("CA", "CH")}
#: Abbreviations of months that spreadsheets write and the locale data do not have, by language: the month from 0.
_OF_SPREADSHEETS: Final[dict[str, tuple[tuple[int, str], ...]]] = {"de": ((2, "Mrz"), (2, "Mrz."))}

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HALVES: Final = ("am", "pm")

_LENGTHS: Final[tuple[Literal["long", "short"], ...]] = ("long", "short")
_SHORTEST: Final = 3
_LONGEST: Final = 4
_SPACES: Final = r"\s+"
_ORDINAL: Final = r"(\d)(?:st|nd|rd|th|er|º|ª)\b"
_DOTTED_HALF: Final = r"\b([ap])\. ?m\b\.?"
_LETTERS: Final = re.compile(r"[^\W\d_]+")
#: What joins a date and a time, or stands before them; the locale data do not say it.
_JOINING: Final = (
    "at",
    "on",
    "of",
    "the",
    "um",
    "am",
    "den",
    "o",
    "r",
    "в",
    "\u043e",
    "u",
    "a",
    "la",
    "las",
    "del",
    "à",
    "le",
    "às",
    "as",
    "alle",
    "ore",
    "ora",
    "klo",
    "kl",
    "om",
    "godz",
    "saat",
    "ob",
    "v",
)


@dataclass(frozen=True)
class Names:
    """The names of one language, in small letters, and the English ones that stand for them."""

    english: dict[str, str]
    """Each name: an entry of MONTHS, WEEKDAYS or HALVES, or an offset from UTC such as +0100."""
    days_like_months: dict[str, str]
    """Names of weekdays that are also those of months: `mar` in Spanish."""
    words: frozenset[str]
    """What stands between the names in this language: `um`, `Uhr`, `de`."""


def is_language(code: str) -> bool:
    """Whether names are known in a language."""
    try:
        return bool(Locale.parse(code).months["format"]["wide"])
    except (UnknownLocaleError, ValueError, TypeError):
        return False


def in_english(text: pl.Expr, language: str) -> pl.Expr:
    """Texts in small letters, their names in English (`jan`, `mon`, `pm`, `+0100`), without ordinal endings."""
    plain = text.str.normalize("NFC").str.to_lowercase().str.replace_all(_SPACES, " ")
    plain = plain.str.replace_all(_ORDINAL, "${1}").str.replace_all(_DOTTED_HALF, "${1}m")
    for pattern, weekday in _days_like_months(language):
        plain = plain.str.replace(pattern, weekday)
    return plain.str.replace_many(*_names_and_english(language), leftmost=True)


@cache
def _days_like_months(language: str) -> list[tuple[str, str]]:
    """What is put in the place of weekdays that are called like months.

    A weekday stands before the date; where no other month is named, it is none.
    """
    months = "|".join(re.escape(name) for name in months_of(language))
    return [
        (rf"^{re.escape(name)}\.?(,? .*\b(?:{months}).*)$", f"{weekday}${{1}}")
        for name, weekday in names_of(language).days_like_months.items()
    ]


@cache
def _names_and_english(language: str) -> tuple[pl.Expr, pl.Expr]:
    """All names, the longest first, and their English, each as one list."""
    english = names_of(language).english
    longest_first = sorted(english, key=len, reverse=True)
    return pl.lit(pl.Series([longest_first])), pl.lit(pl.Series([[english[name] for name in longest_first]]))


@cache
def months_of(language: str) -> tuple[str, ...]:
    """What months are called in a language, in all spellings."""
    return tuple(name for name, english in names_of(language).english.items() if english in MONTHS)


def names_a_month(word: str) -> bool:
    """Whether a word in small letters is what a month is called in some language: `march` is, `market` is not."""
    return any(names_of(each).english.get(word) in MONTHS for each in (*LANGUAGES, *PROPOSED))


@cache
def names_of(language: str) -> Names:
    """The names of a language, in all its spellings."""
    variants = [Locale.parse(language)]
    variants += [Locale.parse(f"{language}_{territory}") for territory in _ELSEWHERE.get(language, ())]
    written = chain(_written(variants, "months", range(1, 13)), _OF_SPREADSHEETS.get(language, ()))
    months = _spelt(written, MONTHS)
    weekdays = _spelt(_written(variants, "days", range(7)), WEEKDAYS)
    months, weekdays = _with_beginnings(months, weekdays), _with_beginnings(weekdays, months)
    twice = {name: english for name, english in weekdays.items() if name in months and not name.endswith(".")}
    english = {**_zones(variants[0]), **_halves(variants), **weekdays, **months}
    return Names(english, twice, frozenset(_between(variants)))


def _written(variants: Iterable[Locale], kind: str, keys: range) -> Iterator[tuple[int, str]]:
    """Each name and its position, whether it stands alone or in a date."""
    for locale in variants:
        names: Any = getattr(locale, kind)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for position, key in enumerate(keys):
                    name = names.get(context, {}).get(width, {}).get(key)
                    if name:
                        yield position, name


def _spelt(written: Iterable[tuple[int, str]], english: tuple[str, ...]) -> dict[str, str]:
    """With and without the dot of an abbreviation, with and without marks on letters."""
    found: dict[str, str] = {}
    for position, name in written:
        for spelling in {_small(name), _unmarked(_small(name))}:
            bare = spelling.rstrip(".")
            found |= {bare: english[position], f"{bare}.": english[position]}
    return found


def _with_beginnings(names: dict[str, str], others: dict[str, str]) -> dict[str, str]:
    """And the first letters of each, where they mean one thing only."""
    beginnings: dict[str, set[str]] = {}
    for name, english in [*names.items(), *others.items()]:
        for length in range(_SHORTEST, _LONGEST + 1):
            beginnings.setdefault(name.rstrip(".")[:length], set()).add(english)
    found = dict(names)
    for name, english in names.items():
        for length in range(_SHORTEST, _LONGEST + 1):
            short = name[:length].rstrip(".")
            if len(short) == length and beginnings[short] == {english} and short not in others:
                found |= {short: english, f"{short}.": english}
    return found


def _halves(variants: Iterable[Locale]) -> dict[str, str]:
    """Names of the halves of the day, and of its parts as far as they lie in one half."""
    found: dict[str, str] = {}
    for locale in variants:
        for context in locale.day_periods.values():
            for width in ("wide", "abbreviated"):
                for part, name in context.get(width, {}).items():
                    half = {"am": "am", "pm": "pm", "mo": "am", "af": "pm", "ev": "pm"}.get(part[:2])
                    if half:
                        small = re.sub(_DOTTED_HALF, r"\1m", _small(name))
                        found.setdefault(small, half)
                        found.setdefault(small.replace(".", ""), half)
    return found


def _zones(locale: Locale) -> dict[str, str]:
    """Long names of zones that say whether the clocks are set to summer time: `mitteleuropäische normalzeit`."""
    places: dict[str, str] = {}
    for place, zone in get_global("meta_zones").items():
        places.setdefault(zone, place)
    found = {}
    for zone, names in locale.meta_zones.items():
        for season, name in names.get("long", {}).items():
            offset = _offset(places[zone], in_summer=season == "daylight") if zone in places else None
            if offset and season in ("standard", "daylight"):
                found[_small(name)] = offset
    return found


def _offset(place: str, *, in_summer: bool) -> str | None:
    """The distance from UTC of a place, as it was in 2024."""
    try:
        zone = ZoneInfo(place)
    except (KeyError, ValueError):
        return None
    for month in (1, 7):
        at = datetime(2024, month, 1, tzinfo=UTC).astimezone(zone)
        if bool(at.dst()) is in_summer:
            return f"{at:%z}"
    return None


def _between(variants: Iterable[Locale]) -> Iterator[str]:
    """Words in dates and times, as the patterns of a language quote them, and those for years and hours."""
    for locale in variants:
        patterns = [*locale.date_formats.values(), *locale.time_formats.values(), *locale.datetime_skeletons.values()]
        for pattern in patterns:
            for quoted in re.findall(r"'([^']+)'", pattern.pattern):
                yield from _LETTERS.findall(_small(quoted))
        for unit, length in product(("year", "hour"), _LENGTHS):
            for number in (1, 2, 5, 1.5):
                yield from _LETTERS.findall(_small(format_unit(number, f"duration-{unit}", length, locale=locale)))
    yield from _JOINING


def _small(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).lower().split())


def _unmarked(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))
