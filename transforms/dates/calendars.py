"""How others count years and days, and write dates and zones: from their way to ours.

Buddhist years, days of spreadsheets, offsets behind a stamp; dates as China, Japan and Korea write them: `2025年3月5日
14时02分`, `令和7年3月5日`, `2025. 3. 5 오후 2:02`. Not here: years of an era by its letter alone (`R7.3.5`, which may be a
version), which are not read; formats and instants (`instants`), whether a source counts so, which it declares.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

#: Spreadsheets of old Macs count days since 1904-01-01, so many days later than the others.
_DAYS_TO_1904: Final = 1_462
_SERIAL_TEXT = r"^\d{2,7}([.,]\d+)?$"
#: From 1 March 1900 on, for spreadsheets know a 29 February 1900, to the end of 9999.
_SERIALS: Final = (61, 2_958_466)
_MONTHS: Final = 12
#: How a zone may stand at the end of a stamp, and how %z reads it: `GMT`, `GMT+4`, `UTC-3`, `GMT+5:30`, `+4:00`,
#: `GMT+0200 (CEST)`.
_ZONES: Final = (
    (r"([+-]\d\d:?\d\d)\s*\([^()]*\)$", "${1}"),
    (r"(?i)(?:GMT|UTC)$", "+00:00"),
    (r"(?i)(?:GMT|UTC)\s*([+-]\d{1,2})$", "${1}:00"),
    (r"(?i)(?:GMT|UTC)\s*([+-]\d{1,2}:?\d\d)$", "${1}"),
    (r"([+-])(\d:\d\d)$", "${1}0${2}"),
)
#: Years of the Buddhist calendar, 543 ahead: those from 1900 to 2156.
_BUDDHIST: Final = r"^(.*?)\b(2[4-6]\d\d)\b(.*)$"
_BUDDHIST_AHEAD: Final = 543
#: The same years of two digits, where they stand behind the day and the month: 67 for 2567.
_SHORT_BUDDHIST: Final = r"^(\D*\d{1,2}(?:\. |[./ -])(?:\d{1,2}|\p{L}+)\.?(?:,? |[./-]))(\d\d)(|[^\d:].*)$"
#: What dates of China, Japan and Korea hold, and how its parts become ours.
_SIGNS: Final = "[年년월时時点點시분午오曜요週周]|星期|[(（][月火水木金土日一二三四五六월화수목금토일][)）]"  # noqa: RUF001 - their brackets
_DAY: Final = "日일号號"
_OF_WEEK: Final = (
    "[(（][月火水木金土日一二三四五六월화수목금토일][)）]"  # noqa: RUF001 - their brackets
    "|(?:星期|周|週)[一二三四五六日天]|[月火水木金土日]曜日|[월화수목금토일]요일"
)
_OF_ERA: Final = r"^(?:中華)?(令和|平成|民國|民国) ?(\d{1,3}|元)(年.*)$"
#: The years before the first one of each.
_BEFORE: Final = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_REWRITTEN: Final = (
    (rf"(\d{{4}})[年년] ?(\d{{1,2}})[月월] ?(\d{{1,2}})[{_DAY}] ?", "${1}-${2}-${3} "),
    (r"^(\d{4})[年년] ?(\d{1,2})[月월]$", "${1}-${2}"),
    (rf"(\d) ?(?:{_OF_WEEK}) ?", "${1} "),
    (r"(\d{1,2})[时時点點시] ?(\d{1,2})[分분] ?(\d{1,2})[秒초]", "${1}:${2}:${3}"),
    (r"(\d{1,2})[时時点點시] ?(\d{1,2})[分분]", "${1}:${2}"),
    (r"(下午|午後|오후) ?00?:", "${1} 12:"),
    (r"(?:上午|午前|오전) ?(\d{1,2}:\d\d(?::\d\d)?)", " ${1} AM"),
    (r"(?:下午|午後|오후) ?(\d{1,2}:\d\d(?::\d\d)?)", " ${1} PM"),
    (r" {2,}", " "),
)


def gregorian(text: pl.Expr) -> pl.Expr:
    """Texts with years of the Buddhist calendar with ours in their places; NULL where there is none."""
    year = text.str.extract(_BUDDHIST, 2).cast(pl.Int32, strict=False) - _BUDDHIST_AHEAD
    whole = pl.concat_str(text.str.extract(_BUDDHIST, 1), year.cast(pl.String), text.str.extract(_BUDDHIST, 3))
    short = (text.str.extract(_SHORT_BUDDHIST, 2).cast(pl.Int32, strict=False) + 2500 - _BUDDHIST_AHEAD) % 100
    padded = short.cast(pl.String).str.zfill(2)
    return pl.coalesce(
        whole, pl.concat_str(text.str.extract(_SHORT_BUDDHIST, 1), padded, text.str.extract(_SHORT_BUDDHIST, 3))
    )


def turned_back(local: pl.Expr) -> pl.Expr:
    """Times whose day and month are exchanged; NULL where they cannot be."""
    day, month = local.dt.day(), local.dt.month()
    turned = local.dt.offset_by(pl.format("{}mo", day.cast(pl.Int32) - month.cast(pl.Int32)))
    return pl.when(day <= _MONTHS).then(turned.dt.replace(day=month))


def from_serial(text: pl.Expr, *, since_1904: bool) -> pl.Expr:
    """The local time that a number of days states, to the second."""
    written = pl.when(text.str.contains(_SERIAL_TEXT)).then(text.str.replace(",", ".", literal=True))
    days = written.cast(pl.Float64, strict=False) + (_DAYS_TO_1904 if since_1904 else 0)
    known = pl.when(days.is_between(*_SERIALS, closed="left")).then(days)
    return pl.lit(datetime(1899, 12, 30)) + pl.duration(seconds=(known * 86_400).round().cast(pl.Int64))  # noqa: DTZ001 - local


def with_offset(text: pl.Expr) -> pl.Expr:
    """Stamps with the zone at their end as `%z` reads it."""
    for suffix, offset in _ZONES:
        text = text.str.replace(suffix, offset)
    return text


def as_in_the_west(texts: pl.Series) -> pl.Series:
    """Texts with the numbers of such dates put together as elsewhere; all others as they are."""
    if not texts.str.contains(_SIGNS).any():
        return texts
    texts = _with_common_years(texts)
    for theirs, ours in _REWRITTEN:
        texts = texts.str.replace_all(theirs, ours)
    return texts.str.strip_chars()


def _with_common_years(texts: pl.Series) -> pl.Series:
    """Texts with our years in the place of those of an era, of which the first is called 元."""
    era, year, rest = texts.str.extract_groups(_OF_ERA).struct.unnest()
    first = era.replace_strict(_BEFORE, default=None, return_dtype=pl.Int32)
    ours = (first + year.replace("元", "1").cast(pl.Int32, strict=False)).cast(pl.String) + rest
    return ours.zip_with(ours.is_not_null(), texts)
