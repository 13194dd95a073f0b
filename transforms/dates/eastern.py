"""Dates as China, Japan and Korea write them: `2025年3月5日 14時02分`, `令和7年3月5日`, `2025. 3. 5 오후 2:02`.

Here: from their way to ours. Not here: years of an era by its letter alone (`R7.3.5`, which may be a version), which are not
read; formats (`instants`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

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
