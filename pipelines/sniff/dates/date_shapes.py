"""How each text of a column is written as a date: its format, and in which language.

Here: one text at a time, and the languages that read most of them. Not here: what a column's formats are together
(`dates`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pipelines.adapters.zones import zone_word
from transforms.dates.instants import SERIAL, tidied
from transforms.dates.names import LANGUAGES, MONTHS, PROPOSED, in_english, months_of, names_of
from transforms.dates.words import word_format
from transforms.scores.texts import written

_CLOCK: Final = (
    r"(?:(?P<gap>T| |, )(?P<hour>\d{1,2})(?P<colon>[:.h])\d{2}(?P<seconds>(?P=colon)\d{2})?(?P<fraction>\.\d+)?"
    r"(?P<half> ?[AaPp][Mm])?)?"
)
_ZONE: Final = r"(?P<zone> ?(?:Z|[+-]\d{2}(?::?\d{2})?|UTC|GMT(?:[+-]\d{1,2}(?::?\d{2})?)?))?"
_NUMBERS: Final = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<sep>\. |[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{1,4}})(?P<dot>\.?){_CLOCK}{_ZONE}"
)
_MONTH: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH_NAME: Final = rf"(?i:(?P<month>{_MONTH})[a-z]*)"
_NAMED: Final = (
    (
        re.compile(rf"(?P<day>\d{{1,2}})(?P<s1>[ -]){_MONTH_NAME}(?P<s2>,? |-)(?P<year>\d{{4}}){_CLOCK}{_ZONE}"),
        "%d{s1}{m}{s2}%Y",
    ),
    (
        re.compile(rf"{_MONTH_NAME}(?P<s1> )(?P<day>\d{{1,2}})(?P<s2>,? )(?P<year>\d{{4}}){_CLOCK}{_ZONE}"),
        "{m}{s1}%d{s2}%Y",
    ),
)
_COMPACT: Final = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?P<clock>(?P<gap>[T_ ]?)(?:[01]\d|2[0-3])[0-5]\d(?P<seconds>[0-5]\d(?P<fraction>\.\d{1,9})?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2}| (?:GMT|UTC))?)?"
)
_YEAR_LAST: Final = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")
#: Seconds, milliseconds and microseconds since 1970, from 2001 to 2033; days of a spreadsheet from 1982 to 2064; days of a
#: week, and of a year.
_COUNTED: Final = (
    (re.compile(r"1\d{9}(?:[.,]\d{1,9})?"), "%s"),
    (re.compile(r"1\d{12}(?:[.,]\d{1,9})?"), "epoch_ms"),
    (re.compile(r"1\d{15}(?:[.,]\d{1,9})?"), "epoch_us"),
    (re.compile(r"[345]\d{4}(?:[.,]\d+)?"), SERIAL),
    (re.compile(r"20\d\d-W[0-5]\d-[1-7]"), "%G-W%V-%u"),
    (re.compile(r"20\d\d-[0-3]\d\d"), "%Y-%j"),
)
#: A date in words has two numbers at least, the day and the year: to look for names in all languages is dear.
_IN_WORDS: Final = re.compile(r"\d\D+\d")
_IN_NUMBERS: Final = re.compile(r"\d(\. |[./-])\d{1,2}\1\d")
_WORD: Final = re.compile(r"[^\W\d_]+")
_YEAR_DIGITS: Final = 4
_MONTHS: Final = 12
#: Where the usual languages read so many, no other one is looked for.
_NEARLY_ALL: Final = 0.9


@dataclass(frozen=True)
class Shapes:
    """How the texts of a column are written."""

    formats: list[str | None]
    """Of each text, {1} and {2} for what may be day and month; None where it is no date."""
    texts: Sequence[str]
    """The texts without what nobody sees or means."""
    languages: tuple[str, ...] = ()
    """Those that read most of what has names in it, as many as read the same texts; none where no names are."""


def shapes_of(texts: Sequence[str], *, compact: bool) -> Shapes:
    """The formats of texts. `compact`: whether a heading speaks of a date, without which plain numbers are none."""
    bare = pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(written(pl.col("text"))).to_series()
    if not bare.str.contains(r"\d").any():
        return Shapes([None] * len(texts), bare.to_list())
    texts = tidied(bare).to_list()
    plain = [_plain_shape(text, compact=compact) for text in texts]
    is_left = [fmt is None and _IN_WORDS.search(text) is not None for text, fmt in zip(texts, plain, strict=True)]
    left = [text for text, is_asked in zip(texts, is_left, strict=True) if is_asked]
    if not left:
        return Shapes(plain, texts)
    read = {language: _in_language(left, language) for language in LANGUAGES if _may_name_dates(left, language)}
    most = _most(read)
    if most < _NEARLY_ALL * len(left):
        others = {language: _in_language(left, language) for language in PROPOSED if _may_name_dates(left, language)}
        if _most(others) > most:
            read, most = others, _most(others)
    if not most:
        return Shapes(plain, texts)
    best = tuple(each for each, formats in read.items() if sum(fmt is not None for fmt in formats) == most)
    of_left = iter(read[best[0]])
    formats = [next(of_left) if is_asked else fmt for fmt, is_asked in zip(plain, is_left, strict=True)]
    return Shapes(formats, texts, best)


def _most(read: Mapping[str, Sequence[str | None]]) -> int:
    """How many texts the language reads that reads most."""
    return max((sum(fmt is not None for fmt in formats) for formats in read.values()), default=0)


def _may_name_dates(texts: Sequence[str], language: str) -> bool:
    """Whether a month of the language, or three numbers of a date, stand in any text: to read them is far dearer.

    Names that are no words by themselves, such as those with a number, may stand in any.
    """
    words = {word for text in texts for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())}
    names = {*MONTHS, *(name.rstrip(".") for name in months_of(language))}
    return not names.isdisjoint(words) or any(map(_IN_NUMBERS.search, texts)) or not all(map(_WORD.fullmatch, names))


def is_day_in_digits(text: str) -> bool:
    """Whether a text is nothing but the digits of a day, perhaps of a time too: `20240131`, `20240131101500`."""
    return _COMPACT.fullmatch(text) is not None and is_day(text[:4], text[4:6], text[6:8])


def is_day_at_end_of_digits(text: str) -> bool:
    """The same with the year last: `31012024`."""
    found = _YEAR_LAST.fullmatch(text)
    return found is not None and (is_day(found[3], found[2], found[1]) or is_day(found[3], found[1], found[2]))


def is_day(year: str, month: str, day: str) -> bool:
    """Whether there is such a day."""
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def day_and_month(text: str) -> tuple[int, int, bool] | None:
    """The two numbers of a text that may be day and month, and whether the first of them can only be the month."""
    found = re.search(r"(\d{1,4})(\. |[./-])(\d{1,2})\2(\d{1,4})(?!\d)", text)
    if not found:
        return None
    year_first = len(found[1]) == _YEAR_DIGITS
    return (int(found[3]), int(found[4]), True) if year_first else (int(found[1]), int(found[3]), False)


def _in_language(texts: Sequence[str], language: str) -> list[str | None]:
    zones = [zone_word(text) for text in texts]
    bare = [text.removesuffix(f" {zone}") for text, zone in zip(texts, zones, strict=True)]
    english = pl.DataFrame({"text": bare}).select(in_english(pl.col("text"), language)).to_series()
    words = names_of(language).words
    return [_with_zone(word_format(text, words), zone) for text, zone in zip(english, zones, strict=True)]


def _with_zone(fmt: str | None, zone: str | None) -> str | None:
    """A format with the abbreviation behind it, which is that of a zone only behind a time."""
    if zone is None:
        return fmt
    return f"{fmt} {zone}" if fmt and ("%H" in fmt or "%I" in fmt) else None


def _plain_shape(text: str, *, compact: bool) -> str | None:
    word = zone_word(text)
    if word:
        return _with_zone(_plain_shape(text.removesuffix(f" {word}"), compact=compact), word)
    numbers = _NUMBERS.fullmatch(text)
    if numbers:
        return _numeric(numbers)
    for pattern, fmt in _NAMED:
        named = pattern.fullmatch(text)
        if named:
            return _named(text, named, fmt)
    if not compact:
        return None
    if found := _COMPACT.fullmatch(text):
        return _compact(found)
    return next((fmt for pattern, fmt in _COUNTED if pattern.fullmatch(text)), None)


def _compact(found: re.Match[str]) -> str:
    if found["clock"] is None:
        return "%Y%m%d"
    seconds, fraction = "%S" if found["seconds"] else "", "%.f" if found["fraction"] else ""
    return f"%Y%m%d{found['gap']}%H%M{seconds}{fraction}{_zone(found)}"


def _named(text: str, found: re.Match[str], fmt: str) -> str | None:
    name = re.findall(r"[^\W\d_]+", text)[0]
    english = names_of("en").english
    if name.lower() not in english:
        return None
    month = "%b" if len(name) == 3 else "%B"  # noqa: PLR2004 - Jan or January
    return fmt.format(s1=found["s1"], s2=found["s2"], m=month) + _clock(found)


def _numeric(found: re.Match[str]) -> str | None:
    """The format of a date in numbers."""
    if found["zone"] and found["hour"] is None:
        return None
    sep, ending = found["sep"], found["dot"] + _clock(found)
    if len(found["a"]) == _YEAR_DIGITS:
        return f"%Y{sep}%m{sep}%d{ending}" if int(found["b"]) <= _MONTHS else None
    low, high = sorted((int(found["a"]), int(found["b"])))
    if len(found["a"]) > 2 or low > _MONTHS or not 1 <= high <= 31 or low < 1:  # noqa: PLR2004 - digits and days
        return None
    year = {2: "%y", 4: "%Y"}.get(len(found["c"]))
    return f"{{1}}{sep}{{2}}{sep}{year}{ending}" if year else None


def _clock(found: re.Match[str]) -> str:
    if found["hour"] is None:
        return _zone(found)
    fraction = "%.f" if found["fraction"] else ""
    colon, half = found["colon"], found["half"] or ""
    seconds = f"{colon}%S" if found["seconds"] else ""
    hours = f"%I{colon}%M" if half else f"%H{colon}%M"
    clock = f"{hours}{seconds}{fraction}{' ' if half.startswith(' ') else ''}{'%p' if half else ''}"
    return f"{found['gap']}{clock}{_zone(found)}"


def _zone(found: re.Match[str]) -> str:
    zone: str = found["zone"] or ""
    gap = " " if zone.startswith(" ") else ""
    word = zone.strip()
    if not word:
        return ""
    return f"{gap}{'%z' if word[:1].isalpha() and word != 'Z' else '%#z'}"
