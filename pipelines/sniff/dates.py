"""Which columns hold dates, how they are written, and whether day or month comes first.

Here: the shape of each value, formats that read them all, proofs of the order. Not here: which date is that of the
answer (`roles`). The order of day and month is concluded only from numbers above 12.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.adapters.words import said
from pipelines.sniff.facts import Seen
from pipelines.sniff.shapes import shape_of
from transforms.dates import EPOCHS, ISO_FORMATS, DateReading, instant, is_zoned

_CLOCK: Final = (
    r"(?:(?P<gap>T| |, )(?P<hour>\d{1,2}):\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d+)?(?P<half> ?[AaPp][Mm])?)?"
)
_ZONE: Final = r"(?P<zone> ?(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT[+-]\d{1,2}(?::?\d{2})?))?"
_NUMBERS: Final = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{1,4}})(?P<dot>\.?){_CLOCK}{_ZONE}"
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
_COMPACT: Final = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
#: Seconds and milliseconds since 1970, from 2001 to 2033.
_COUNTED: Final = ((re.compile(r"1\d{9}"), "%s"), (re.compile(r"1\d{12}"), "epoch_ms"))
_YEAR_DIGITS: Final = 4
_MONTHS: Final = 12
_SAMPLE: Final = 200
_MOSTLY: Final = 0.8
_DISTINCT: Final = 20_000
_FORMATS_AT_MOST: Final = 6


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
    """What the commonest values look like, every digit a 9, every letter but those of months and the like an x."""
    zoned: bool
    is_iso: bool
    """Whether no format needs to be declared."""

    @property
    def has_clock(self) -> bool:
        """Whether the time of day is stated."""
        return any("%H" in fmt or "%I" in fmt for fmt in self.formats)


def date_columns(columns: Iterable[Seen]) -> list[DateColumn]:
    """The columns that hold dates, in the order of the file."""
    return [found for column in columns if (found := _dates(column))]


def _dates(column: Seen) -> DateColumn | None:
    texts = column.counts[:_DISTINCT]
    tried = texts[:_SAMPLE]
    compact = any(said(topic, *column.headings) for topic in ("date", "answered_at", "updated_at"))
    if not tried or sum(1 for text, _ in tried if _shape(text, compact=compact)) < _MOSTLY * len(tried):
        return None
    shapes: Counter[str] = Counter()
    proofs = [0, 0]
    for text, count in texts:
        shape = _shape(text, compact=compact)
        if shape:
            shapes[shape] += count
            _prove(text, count, proofs)
    day_first, month_first = proofs
    turned = any("{1}" in shape for shape in shapes)
    orders = [("%d", "%m")] * (day_first > 0 or month_first == 0) + [("%m", "%d")] * (month_first > 0 or day_first == 0)
    formats = [fmt for first, second in orders for fmt in _formats(shapes, first, second)]
    formats = list(dict.fromkeys(formats))
    return DateColumn(
        column,
        formats,
        turned and len(orders) > 1,
        day_first,
        month_first,
        unread(column, formats),
        list(dict.fromkeys(shape_of(text) for text, _ in texts[:_SAMPLE]))[:_FORMATS_AT_MOST],
        any(is_zoned(fmt) or fmt in EPOCHS for fmt in formats),
        unread(column, ISO_FORMATS) == 0,
    )


def _formats(shapes: Counter[str], first: str, second: str) -> list[str]:
    return [shape.replace("{1}", first).replace("{2}", second) for shape, _ in shapes.most_common(_FORMATS_AT_MOST)]


def unread(column: Seen, formats: Sequence[str]) -> int:
    """How many cells the formats do not read, as cleaning reads them."""
    read = instant(pl.col("text"), DateReading(tuple(formats), "UTC"))
    return int(column.texts.filter(read.is_null()).get_column("count").sum())


def _shape(text: str, *, compact: bool) -> str | None:
    """The format of one value, {1} and {2} for what may be day and month; None where it is no date.

    `compact`: whether a heading speaks of a date, without which plain numbers are none.
    """
    numbers = _NUMBERS.fullmatch(text)
    if numbers:
        return _numeric(numbers)
    for pattern, fmt in _NAMED:
        named = pattern.fullmatch(text)
        if named:
            month = "%b" if len(re.findall(r"[^\W\d_]+", text)[0]) == 3 else "%B"  # noqa: PLR2004 - Jan or January
            return fmt.format(s1=named["s1"], s2=named["s2"], m=month) + _clock(named)
    if not compact:
        return None
    counted = next((fmt for pattern, fmt in _COUNTED if pattern.fullmatch(text)), None)
    return "%Y%m%d" if _COMPACT.fullmatch(text) else counted


def _numeric(found: re.Match[str]) -> str | None:
    """The format of a date in numbers."""
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
    seconds = ":%S" if found["seconds"] else ""
    half = found["half"]
    clock = f"%I:%M{seconds}{fraction}{' ' if half.startswith(' ') else ''}%p" if half else f"%H:%M{seconds}{fraction}"
    return f"{found['gap']}{clock}{_zone(found)}"


def _zone(found: re.Match[str]) -> str:
    zone: str = found["zone"] or ""
    gap = " " if zone.startswith(" ") else ""
    word = zone.strip()
    if not word:
        return ""
    return f"{gap}{'%z' if word[:1].isalpha() and word != 'Z' else '%#z'}"


def _prove(text: str, count: int, proofs: list[int]) -> None:
    found = _NUMBERS.fullmatch(text)
    if found and len(found["a"]) < _YEAR_DIGITS:
        proofs[0] += count if int(found["a"]) > _MONTHS else 0
        proofs[1] += count if int(found["b"]) > _MONTHS else 0
