"""Dates as China, Japan and Korea write them: `2025年3月5日 14时02分`, `2025/03/05(水) 午後2:02`, `2025. 3. 5 오후 2:02`.

Here: from their way to ours. Not here: years of an emperor (`令和7年`), which are not read; formats (`instants`).
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
    for theirs, ours in _REWRITTEN:
        texts = texts.str.replace_all(theirs, ours)
    return texts.str.strip_chars()
