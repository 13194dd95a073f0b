"""Which columns hold dates, and how they are written.

Here: what is known of a column of dates, and of those that only may be some. Not here: one text (`date_shapes`), day or
month first (`orders`), which date is that of the answer (`answer_dates`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pipelines.adapters.ids import id_heading
from pipelines.adapters.zones import zone_word
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.shapes import shape_of
from pipelines.sniff.dates.date_shapes import is_day_at_end_of_digits, is_day_in_digits, shapes_of
from pipelines.sniff.dates.exchanged import seem_swapped
from pipelines.sniff.dates.orders import FORMATS_AT_MOST, formats_of, is_far_ahead, proofs_of, with_year_first
from transforms.dates.clocks import at_clock
from transforms.dates.instants import EPOCHS, ISO_FORMATS, DateReading, instant, is_zoned
from transforms.dates.names import ENGLISH
from transforms.dates.swapped import out_of_months

_SAMPLE: Final = 200
_MOSTLY: Final = 0.8
_DISTINCT: Final = 20_000
_LONGEST: Final = 80
#: Of other numbers of eight digits one in thirty would be a day.
_MANY_DAYS: Final = 10
#: What has something of a date: a year, three numbers, a number beside a word, or one as long as a day.
_LIKE_A_DATE: Final = re.compile(
    r"(?<!\d)(?:19|20|25)\d{2}(?!\d)|\d\D{1,3}\d+\D{1,3}\d|\d[\W_]{0,3}[^\W\d_]{3}|[^\W\d_]{3}[\W_]{0,3}\d|\d{6}"
)
#: Numbers that count the days from 1998 to 2036, and over how many days those of answers lie.
_DAYS_COUNTED: Final = r"^(?:3[6-9]|4\d)\d{3}(?:[.,]\d+)?$"
_FEW_YEARS: Final = 3_660
#: Milliseconds since 1970 of the days from 2010 to 2033.
#: How many are counted in a day, and days from where they begin until 2000: of none of these are the times another's.
_UNREAD_CLOCKS: Final = (
    ("nanoseconds since 1970", 86_400 * 10**9, 10_957),
    ("ticks of .NET (ten million a second since the year 1)", 86_400 * 10**7, 730_119),
    ("times of Windows (FILETIME, ten million a second since 1601)", 86_400 * 10**7, 145_731),
)
_A_CENTURY: Final = 36_525
_FEW_TIMES: Final = 2
_MILLISECONDS_COUNTED: Final = r"^1(?:2[6-9]|[3-9]\d)\d{10}(?:[.,]\d+)?$"
_BUDDHIST_YEAR: Final = re.compile(r"(?<!\d)2[56]\d{2}(?!\d)")
#: As they are counted in Iran, six centuries behind ours, and by the Islamic calendar.
_YEAR_BEHIND: Final = re.compile(r"(?<!\d)1[34]\d{2}(?!\d)")


@dataclass(frozen=True)
class DateColumn:
    """A column of dates."""

    column: Seen
    formats: list[str]
    """strftime formats, the commonest first; where the order is open, those of both orders."""
    ambiguous: bool
    day_first: int
    """How many dates can only be day before month."""
    month_first: int
    unread: int
    """How many filled cells none of the formats reads."""
    shapes: list[str]
    """What the commonest values look like (`shapes`)."""
    zoned: bool
    is_iso: bool
    """Whether no format needs to be declared."""
    languages: tuple[str, ...] = ()
    """Those in which the names of months may be, where they mean different things in them; else the one, unless English."""
    half_swapped: int = 0
    """How many dates a spreadsheet seems to have taken for others; those that it could not take are written otherwise."""
    is_buddhist: bool = False
    """Whether years are as the Buddhist calendar counts them, or else far ahead."""
    zone_words: tuple[str, ...] = ()
    """Abbreviations of zones behind the times."""
    in_files: int = 1
    """In how many files its dates stand."""
    year_first: bool = False
    """Whether its years have two digits and may stand first, where else the day is."""
    is_behind: bool = False
    """Whether years are centuries behind."""
    clock: Seen | None = None
    """The column of the time of day beside it, of which the formats speak too."""

    @property
    def has_clock(self) -> bool:
        """Whether the time of day is stated."""
        return any("%H" in fmt or "%I" in fmt for fmt in self.formats)

    @property
    def has_bare_clock(self) -> bool:
        """Whether a time of day may be stated without its zone."""
        return any(("%H" in fmt or "%I" in fmt) and not is_zoned(fmt) for fmt in self.formats)

    def reading(self, formats: Sequence[str] | None = None) -> DateReading:
        """How it is read, with these formats if not with its own; the zone is not known here."""
        language = self.languages[0] if self.languages else None
        return DateReading(tuple(formats or self.formats), "UTC", language, is_buddhist=self.is_buddhist)

    @property
    def text(self) -> pl.Expr:
        """What is read in each row of the table: its cell, with the time of day beside it."""
        return at_clock(self.column.cell, self.clock.cell) if self.clock else self.column.cell

    def at(self, formats: Sequence[str] | None = None) -> pl.Expr:
        """The instant of each row of the table, likewise."""
        return instant(self.text, self.reading(formats))


def date_columns(columns: Iterable[Seen]) -> list[DateColumn]:
    """The columns that hold dates, in the order of the file."""
    return [found for column in columns if (found := _dates(column))]


def unread_dates(columns: Iterable[Seen], found: Iterable[DateColumn]) -> list[tuple[Seen, str]]:
    """Columns that seem to hold dates of which no format is known, and what their commonest value looks like."""
    known = {id(each.column) for each in found}
    return [
        (column, shape_of(column.counts[0][0]))
        for column in columns
        if id(column) not in known
        and column.counts
        and not (known and column.are_clocks)
        and (
            says_period(column)
            or (speaks_of_dates(column) and not _is_id(column) and _seems_dated(column))
            or _are_days(column, is_day_at_end_of_digits)
        )
    ]


def may_count_days(column: Seen) -> bool:
    """Whether all values may be days as spreadsheets count them, of a few years, though no heading speaks of dates."""
    if not column.filled or column.rows_like(_DAYS_COUNTED) < column.filled:
        return False
    days = [float(text.replace(",", ".")) for text, _ in column.counts]
    return len(days) > 1 and max(days) - min(days) <= _FEW_YEARS


def may_count_milliseconds(column: Seen) -> bool:
    """Whether all values may be milliseconds since 1970, of a few years, though no heading speaks of dates."""
    if not column.filled or column.rows_like(_MILLISECONDS_COUNTED) < column.filled:
        return False
    days = [float(text.replace(",", ".")) / 86_400_000 for text, _ in column.counts]
    return len(days) > 1 and 1 < max(days) - min(days) <= _FEW_YEARS


def unread_clock(column: Seen) -> str | None:
    """What numbers of 18 and 19 digits may count, of a few years, that no format reads; None where they are none such."""
    if _is_id(column) or len(column.counts) < _FEW_TIMES or column.rows_like(r"^\d{18,19}$") < column.filled:
        return None
    numbers = [int(text) for text, _ in column.counts]
    for said, a_day, until_2000 in _UNREAD_CLOCKS:
        first, last = (each // a_day - until_2000 for each in (min(numbers), max(numbers)))
        if 0 <= first <= last <= _A_CENTURY and 1 < last - first <= _FEW_YEARS:
            return said
    return None


def speaks_of_dates(column: Seen) -> bool:
    """Whether a heading speaks of a date."""
    return column.speaks_of("date", "answered_at", "updated_at")


def says_period(column: Seen) -> bool:
    """Whether a heading is nothing but a word for a period: `Month`, `Reporting period`."""
    return column.is_called("period_named")


def _is_id(column: Seen) -> bool:
    """Whether a heading says that ids stand there: `Submission ID`."""
    found = id_heading(*column.headings)
    return found is not None and found.is_said and found.is_sure


def _seems_dated(column: Seen) -> bool:
    tried = column.counts[:_SAMPLE]
    alike = sum(1 for text, _ in tried if len(text) <= _LONGEST and _LIKE_A_DATE.search(text))
    return alike >= _MOSTLY * len(tried)


def _are_days(column: Seen, is_day: Callable[[str], bool]) -> bool:
    """Whether so many different texts are digits of a day, in no month alone, that they are no other numbers."""
    texts = [text for text, _ in column.counts]
    return len(texts) >= _MANY_DAYS and all(map(is_day, texts)) and len({text[2:6] for text in texts}) > 1


def _dates(column: Seen) -> DateColumn | None:
    texts = column.counts[:_DISTINCT]
    if column.are_clocks:
        return None
    compact = speaks_of_dates(column) or _are_days(column, is_day_in_digits)
    tried = shapes_of([text for text, _ in texts[:_SAMPLE]], compact=compact)
    if not texts or sum(fmt is not None for fmt in tried.formats) < _MOSTLY * len(tried.formats):
        return None
    whole = shapes_of([text for text, _ in texts], compact=compact) if len(texts) > _SAMPLE else tried
    counted = zip(whole.texts, (count for _, count in texts), whole.formats, strict=True)
    dated = [(text, count, fmt) for text, count, fmt in counted if fmt]
    ahead = sum(bool(_BUDDHIST_YEAR.search(text)) or is_far_ahead(text, fmt) for text, _, fmt in dated)
    is_buddhist = ahead >= _MOSTLY * len(dated)
    proofs = proofs_of(dated)
    formats, ambiguous = formats_of(dated, proofs)
    by_year = with_year_first(dated)
    formats += [each for each in by_year if each not in formats]
    languages = languages_of(column, whole.languages, formats)
    reading = DateReading(tuple(formats), "UTC", languages[0] if languages else None, is_buddhist=is_buddhist)
    left = unread(column, reading)
    return DateColumn(
        column,
        formats,
        ambiguous or bool(by_year),
        sum(first for first, _ in proofs.values()),
        sum(second for _, second in proofs.values()),
        left,
        list(dict.fromkeys(shape_of(text) for text, _ in texts[:_SAMPLE]))[:FORMATS_AT_MOST],
        any(is_zoned(fmt) or fmt in EPOCHS for fmt in formats),
        (not left and {*formats} <= {*ISO_FORMATS}) or unread(column, DateReading(ISO_FORMATS, "UTC")) == 0,
        languages,
        seem_swapped(dated) or (0 if ambiguous or by_year else out_of_months(_days(column, reading))),
        is_buddhist,
        tuple(sorted({word for text, _, _ in dated if (word := zone_word(text))})),
        year_first=bool(by_year),
        is_behind=sum(bool(_YEAR_BEHIND.search(text)) for text, _, _ in dated) >= _MOSTLY * len(dated),
    )


def languages_of(column: Seen, possible: Sequence[str], formats: Sequence[str]) -> tuple[str, ...]:
    """The languages that a person must choose from, or the one to be declared; none for English."""
    readings: dict[str, tuple[object, ...]] = {}
    for language in possible:
        read = instant(pl.col("text"), DateReading(tuple(formats), "UTC", language))
        readings.setdefault(language, tuple(column.texts.select(read).to_series().to_list()))
    fewest = min((read.count(None) for read in readings.values()), default=0)
    different = dict.fromkeys(read for read in readings.values() if read.count(None) == fewest)
    if len(different) > 1:
        return tuple(next(each for each in readings if readings[each] == read) for read in different)
    best = [each for each, read in readings.items() if read.count(None) == fewest]
    return () if ENGLISH in best else tuple(best[:1])


def _days(column: Seen, reading: DateReading) -> dict[date, int]:
    """How many cells are of each day."""
    read = instant(pl.col("text"), reading).dt.date().alias("day")
    days = column.texts.lazy().group_by(read).agg(pl.col("count").sum()).drop_nulls("day").collect()
    return dict(days.iter_rows())


def unread(column: Seen, reading: DateReading) -> int:
    """How many cells are not read, as cleaning reads them."""
    read = instant(pl.col("text"), reading)
    return int(column.texts.filter(read.is_null()).get_column("count").sum())
