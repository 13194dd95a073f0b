"""When an answer was given: declared formats and zones to an instant, and the instant to its business month.

Here: text to UTC instant, instant to month. Not here: other ways to count years and days, or to write a zone
(`calendars`), dates in words (`words`), which date is plausible (`transforms.rows.staged`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from transforms.dates.calendars import as_in_the_west, from_serial, gregorian, turned_back, with_offset
from transforms.dates.names import ENGLISH, LANGUAGES, in_english, names_of
from transforms.dates.periods import PERIOD, declared_start, first_of_month, is_of_month, period_day
from transforms.dates.words import spells_month, word_format
from transforms.scores.texts import written

#: The type of every instant.
INSTANT: Final = pl.Datetime("us", "UTC")

#: Unambiguous formats that need no declaration. Day-month order is never guessed.
ISO_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M%#z",
    "%Y-%m-%dT%H:%M%#z",
)

#: Formats of numbers that count from the beginning of 1970, UTC, and how many microseconds their unit has.
EPOCHS: Final = {"%s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
#: Stands among formats for days since 1899-12-30, with the time as their fraction: dates as spreadsheets keep them.
SERIAL: Final = "excel"
#: The same since 1904-01-01, as spreadsheets of old Macs count.
SERIAL_1904: Final = "excel_1904"
#: Stands among formats for dates whose month is a word, however they are put together: `Wed 3 Jan 2024 10:05`.
WORDS: Final = "words"
#: What is tried where no format is declared.
UNDECLARED: Final = (*ISO_FORMATS, WORDS)

#: A reading outside is none: `%Y` reads the two digits of 31/12/24 as the year 24, and no later format would be tried.
_CALENDAR: Final = (datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
_EARLIEST, _LATEST = ((end - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for end in _CALENDAR)
#: What polars knows in English only.
_NAMES: Final = ("%A", "%a", "%B", "%b", "%h", "%p", "%P")
_A_DATE_IN_WORDS: Final = r"^[^\n]{0,99}(?:\d[^\n]{0,50}\p{L}{3}|\p{L}{3}[^\n]{0,50}\d)[^\n]{0,99}$"

_DIRECTIVE: Final = re.compile(r"%[.:#\d]*[A-Za-z%]")
_WORD: Final = re.compile(r"[^\W\d_TZh]")
_MOST_MICROSECONDS: Final = 10**17
_WITH_FRACTION: Final = r"^(?<whole>1\d{8,15})[.,](?<fraction>\d{1,9})$"
_OFFSET = re.compile(r"%[:#]*z|%[.\d]*[A-Za-z]\s?Z$")
#: A clock of 24 hours with the half of the day behind it all the same: `14:05:00 PM`, `00:05 AM`.
HALF_SAID_TWICE: Final = (
    r"(^|[ T])(?:(00?(?::\d\d){1,2}(?:\.\d+)?) ?[Aa]|((?:1[3-9]|2[0-3])(?::\d\d){1,2}(?:\.\d+)?) ?[Pp])\.?[Mm]\b\.?"
)
#: Stands for any sign but digits and those between them.
_WORD_IN_IT: Final = "word"
_OF_NUMBERS: Final = r"^[0-9 :./+-]*$"
#: What makes no difference in a date: kinds of spaces, a comma before the fraction, a zone said twice (Java: `+01:00[Europe/
#: Zagreb]`); and how databases and programmes put together what others write otherwise: Oracle `03-JAN-25 09.05.07.123 AM`,
#: SQL Server `09:05:07:123AM`, DB2 `2025-01-03-09.05.07.123456`, SAS `03JAN2025:09:05:07`, Java `Fri Jan 03 09:05:07 CET
#: 2025`, .NET `/Date(1735895107123)/`, Access `#2025-01-03#`, and Danes `3/1-2025`.
#: Each with a sign without which it changes nothing: to make an engine of a pattern takes longer than to look for a sign.
_TIDYING: Final = (
    ("", r"[\s\u00a0\u2007\u202f]+", " "),
    (",", r"(:\d\d),(\d{1,9})\b", "${1}.${2}"),
    ("(", r"([+-]\d\d:?\d\d) ?\([^()]*\)$", "${1}"),
    ("[", r"(Z|[+-]\d\d:?\d\d)\[[^\[\]]+\]$", "${1}"),
    (_WORD_IN_IT, r"(:\d\d(?:\.\d{1,9})?(?: ?[AaPp][Mm])? ?[+-]\d\d:?\d\d) [A-Z]{3,5}$", "${1}"),
    (
        _WORD_IN_IT,
        r"^(\d{1,2}-\p{L}{3,5}\.?-(?:\d{4}|\d\d) \d{1,2})\.(\d\d)\.(\d\d)\b",
        "${1}:${2}:${3}",
    ),
    (":", r"(\d:\d\d:\d\d):(\d{3})( ?[AaPp][Mm])?$", "${1}.${2}${3}"),
    (".", r"^(\d{4}-\d\d-\d\d)-(\d\d)\.(\d\d)\.(\d\d)\b", "${1} ${2}:${3}:${4}"),
    (_WORD_IN_IT, r"^(\d{1,2})(\p{L}{3})(\d{4}|\d\d):(\d\d:\d\d)", "${1} ${2} ${3} ${4}"),
    (
        _WORD_IN_IT,
        r"^(\p{L}{3} \p{L}{3} \d{1,2}) (\d\d:\d\d:\d\d) ([A-Z]{3,5}|[+-]\d\d:?\d\d) ([12]\d{3})$",
        "${1} ${4} ${2} ${3}",
    ),
    ("(", r"^\\?/Date\((\d+)(?:[+-]\d{4})?\)\\?/$", "${1}"),
    ("#", r"^#(.+)#$", "${1}"),
    ("/", r"^(\d{1,2})/(\d{1,2})-(\d{4}|\d\d)\b", "${1}/${2}/${3}"),
)
#: Points at the end, which a format may state.
_ENDING: Final = (r"[ .,;]+$", "")


@dataclass(frozen=True)
class DateReading:
    """How the dates of a source are written: formats, tried in this order, and the zone of its clocks.

    Formats are those of strftime; `%s`, `epoch_ms` and `epoch_us` read numbers of seconds, milliseconds and microseconds
    since 1970, `SERIAL` and `SERIAL_1904` days as spreadsheets count them, `WORDS` dates in words, `PERIOD` quarters, weeks
    and years. One with a month and no day reads the first of that month.
    """

    formats: tuple[str, ...]
    timezone: str
    language: str | None = None
    """In which the names of months and weekdays are; if none, English, and for `WORDS` any in which they are clear."""
    is_buddhist: bool = False
    """Whether years are counted 543 ahead of ours."""
    is_swapped: bool = False
    """Whether day and month of the dates that a spreadsheet has read (`is_typed`) were exchanged."""


def is_zoned(fmt: str) -> bool:
    """Whether a format reads an offset from the text itself, or ends with the Z that means UTC."""
    return _OFFSET.search(fmt.replace("%%", "")) is not None


def is_typed(fmt: str) -> bool:
    """Whether a spreadsheet writes the dates so that it has understood: the year first, or a number of days."""
    return fmt in (SERIAL, SERIAL_1904) or (fmt.startswith(("%Y-%m-%d", "%Y/%m/%d", "%F")) and not is_zoned(fmt))


def instant(text: pl.Expr, reading: DateReading) -> pl.Expr:
    """The instant that a text states, as Datetime[us, UTC]; NULL where no declared format reads it.

    Formats are tried in their order, each on what those before could not read. A local time that happens twice (clocks
    set back) is the first of the two; one that never happens (clocks set forward) is read an hour later, as the clock on
    the wall would show it.
    """
    return text.map_batches(lambda texts: _read(texts, reading)[0], return_dtype=INSTANT, is_elementwise=True)


def instant_and_format(text: pl.Expr, reading: DateReading) -> pl.Expr:
    """The same as the field `at` of a struct, and as its field `by` the format that read it."""

    def read(texts: pl.Series) -> pl.Series:
        by = pl.Series("by", [None], dtype=pl.String).new_from_index(0, len(texts))
        at, reader = _read(texts, reading, by)
        return pl.DataFrame({"at": at, "by": reader}).to_struct(texts.name)

    as_struct = pl.Struct({"at": INSTANT, "by": pl.String})
    return text.map_batches(read, return_dtype=as_struct, is_elementwise=True)


def _read(texts: pl.Series, reading: DateReading, by: pl.Series | None = None) -> tuple[pl.Series, pl.Series | None]:
    """What the formats read, and in `by`, if that is given, which of them did."""
    if reading.is_buddhist:
        texts = _step(texts, gregorian(pl.first()))
    nothing = pl.Series(texts.name, [None], dtype=INSTANT).new_from_index(0, len(texts))
    found, by = _try(texts, nothing, by, reading)
    if found.null_count() == texts.null_count():
        return found, by
    left = _unread(texts, found)
    plain = tidied(_step(left, written(pl.first()))).str.replace(*_ENDING)
    changed = _step_two(plain, left, pl.when(pl.first() != pl.last()).then(pl.first()))
    return (found, by) if changed.null_count() == len(changed) else _try(changed, found, by, reading)


def tidied(texts: pl.Series) -> pl.Series:
    """Texts without what makes no difference in a date."""
    has_words, together = not texts.str.contains(_OF_NUMBERS).all(), texts.str.join(" ").item()
    plain = pl.first()
    for sign, odd, usual in _TIDYING:
        if has_words if sign == _WORD_IN_IT else sign in together:
            plain = plain.str.replace_all(odd, usual)
    tidy = _step(texts, plain)
    return as_in_the_west(tidy).str.replace_all(HALF_SAID_TWICE, "${1}${2}${3}") if has_words else tidy


def _try(
    texts: pl.Series, found: pl.Series, by: pl.Series | None, reading: DateReading
) -> tuple[pl.Series, pl.Series | None]:
    """What was found before, and what each format reads of the rest."""
    left = texts
    for number, fmt in enumerate(reading.formats):
        parsed = _parsed(left, fmt, reading)
        if by is not None:
            by = by.zip_with(parsed.is_null(), pl.Series([fmt]).new_from_index(0, len(texts)))
        found = parsed if found.null_count() == len(found) else found.zip_with(found.is_not_null(), parsed)
        if found.null_count() == texts.null_count() or number == len(reading.formats) - 1:
            break
        if found.null_count() < len(found):
            left = _unread(texts, found)
    return found, by


def _unread(texts: pl.Series, found: pl.Series) -> pl.Series:
    return _step_two(texts, found, pl.when(pl.last().is_null()).then(pl.first()))


def _parsed(texts: pl.Series, fmt: str, reading: DateReading) -> pl.Series:
    """What one format reads."""
    if fmt == WORDS:
        return _in_words(texts, reading)
    if fmt == PERIOD or not _has_names(fmt):
        return _by_format(texts, fmt, reading)
    if reading.language not in (None, ENGLISH):
        return _by_format(_step(texts, in_english(pl.first(), str(reading.language))), _in_small(fmt), reading)
    found = _by_format(texts, fmt, reading)
    if found.null_count() == texts.null_count():
        return found
    left = _step(_unread(texts, found), in_english(pl.first(), ENGLISH))
    return found.zip_with(found.is_not_null(), _by_format(left, _in_small(fmt), reading))


def _by_format(texts: pl.Series, fmt: str, reading: DateReading) -> pl.Series:
    """Step by step: an expression that names another twice would compute it twice."""
    stated = _step(texts, _stated(pl.first(), fmt))
    if reading.is_swapped and is_typed(fmt):
        stated = _step(stated, turned_back(pl.first()))
    at = stated if stated.dtype == INSTANT else _utc(stated, reading.timezone)
    counted = at.to_physical()
    lowest, highest = counted.min(), counted.max()
    is_dated = isinstance(lowest, int) and isinstance(highest, int) and _EARLIEST <= lowest <= highest <= _LATEST
    return at if is_dated else _step(at, _dated(pl.first()))


def _in_words(texts: pl.Series, reading: DateReading) -> pl.Series:
    """What is read of dates in words: in each language that may be meant, and all of them must read the same."""
    found = pl.Series(texts.name, [None], dtype=INSTANT).new_from_index(0, len(texts))
    candidates = _step(texts, pl.when(pl.first().str.contains(_A_DATE_IN_WORDS)).then(pl.first()))
    if candidates.null_count() == len(candidates):
        return found
    clash = pl.Series([False]).new_from_index(0, len(texts))
    for language in [reading.language] if reading.language else LANGUAGES:
        read = _in_language(candidates, language, reading)
        clash = clash | (found != read).fill_null(value=False)
        found = found.zip_with(found.is_not_null(), read)
    return _step_two(found, clash, pl.when(~pl.last()).then(pl.first()))


def _in_language(texts: pl.Series, language: str, reading: DateReading) -> pl.Series:
    english = _step(texts, in_english(pl.first(), language))
    words = names_of(language).words
    masks = english.str.replace_all(r"\d", "1").unique().drop_nulls().sort()
    formats = dict.fromkeys(fmt for mask in masks if (fmt := word_format(mask, words)) and spells_month(fmt))
    found = pl.Series(texts.name, [None], dtype=INSTANT).new_from_index(0, len(texts))
    for fmt in formats:
        found = found.zip_with(found.is_not_null(), _by_format(_unread(english, found), fmt, reading))
    return found


def _step(series: pl.Series, expression: pl.Expr) -> pl.Series:
    return series.to_frame().select(expression).to_series()


def _step_two(first: pl.Series, last: pl.Series, expression: pl.Expr) -> pl.Series:
    return pl.DataFrame([first.alias("first"), last.alias("last")]).select(expression).to_series().alias(first.name)


def _has_names(fmt: str) -> bool:
    """Whether a format holds names, or words such as `Uhr`, which may be written large or small."""
    return any(name in fmt for name in _NAMES) or _WORD.search(_DIRECTIVE.sub(" ", fmt)) is not None


def _in_small(fmt: str) -> str:
    """A format as `in_english` writes the texts: small letters, no dots after names, one space where there are several."""
    small = re.sub(r"(%[.:#\d]*[A-Za-z%])|([^%]+)", lambda part: part[1] or part[2].lower(), fmt)
    return " ".join(re.sub(r"(%[AaBbh])\.", r"\1", small).split())


def _stated(text: pl.Expr, fmt: str) -> pl.Expr:
    """What the text itself states: an instant, or a local time."""
    if fmt in EPOCHS:
        return _since_1970(text.str.strip_chars(), EPOCHS[fmt])
    if fmt in (SERIAL, SERIAL_1904):
        return from_serial(text, since_1904=fmt == SERIAL_1904)
    if is_zoned(fmt):
        return with_offset(text).str.to_datetime(fmt, time_unit="us", time_zone="UTC", strict=False, cache=False)
    has_clock = any(part in fmt for part in ("%H", "%I", "%T", "%R", "%X", "%k", "%l"))
    if has_clock:
        return text.str.to_datetime(fmt, time_unit="us", strict=False, cache=False)
    return _day(text, fmt).cast(pl.Datetime("us"))


def _since_1970(text: pl.Expr, unit: int) -> pl.Expr:
    """What a number of units of so many microseconds counts; programs write it with a fraction too: `1709280000.0`."""
    whole = text.cast(pl.Int64, strict=False)
    parts = pl.when(whole.is_null()).then(text).str.extract_groups(_WITH_FRACTION).struct
    counted = pl.coalesce(whole, parts.field("whole").cast(pl.Int64, strict=False))
    fraction = ("0." + parts.field("fraction")).cast(pl.Float64, strict=False).fill_null(0.0)
    # What is far from any date would not fit into microseconds.
    within = pl.when(counted.abs() < _MOST_MICROSECONDS // unit).then(counted)
    return (within * unit + (fraction * unit).round().cast(pl.Int64)).cast(INSTANT)


def _day(text: pl.Expr, fmt: str) -> pl.Expr:
    """The day that the text states, or on which the period counts that it states."""
    if fmt == PERIOD:
        return period_day(text)
    return first_of_month(text, fmt) if is_of_month(fmt) else text.str.to_date(fmt, strict=False)


def _dated(at: pl.Expr) -> pl.Expr:
    return pl.when(at.is_between(*_CALENDAR)).then(at)


def to_utc(local: pl.Expr, timezone: str) -> pl.Expr:
    """Local wall-clock times of a zone (Datetime[us]) as UTC instants."""
    return local.map_batches(lambda times: _utc(times, timezone), return_dtype=INSTANT, is_elementwise=True)


def _utc(local: pl.Series, timezone: str) -> pl.Series:
    if timezone == "UTC":
        return local.dt.replace_time_zone("UTC")
    zoned = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    if zoned.null_count() > local.null_count():
        later = local.dt.offset_by("1h").dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
        zoned = zoned.zip_with(zoned.is_not_null(), later)
    return zoned.dt.convert_time_zone("UTC")


def period_start(text: pl.Expr, timezone: str) -> pl.Expr:
    """The first instant of a declared period (`2018`, `2018-Q3`, `2018-06`), as UTC; NULL where the text is none."""
    return _dated(to_utc(declared_start(text), timezone))


def business_month(at: pl.Expr, timezone: str) -> pl.Expr:
    """First day of the month of an instant, in the business timezone, as Date."""
    return at.dt.convert_time_zone(timezone).dt.date().dt.truncate("1mo")


def start_of_day(day: date, timezone: str) -> datetime:
    """The first instant of a day in a zone, as UTC."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
