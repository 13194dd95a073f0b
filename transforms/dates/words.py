"""Dates in words, such as `Mittwoch, 3. Januar 2024 um 10:05 Uhr`: the strftime format of one text.

Here: a text whose names are English already (`names.in_english`), part by part. Not here: reading it (`instants`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from transforms.dates.names import HALVES, MONTHS, WEEKDAYS

_ZONE: Final = r"(?P<zone>(?:(?:gmt|utc) ?[+-]\d{1,2}(?::?\d\d)?|[+-]\d\d(?::?\d\d)?|\b(?:gmt|utc)|(?<=\d)z)$)|"
_PART: Final = (
    r"(?P<numeric>\d{1,4}(?P<sep>\. |[./-])\d{1,2}(?P=sep)\d{1,4}(?!\d))"
    r"|(?P<clock>\d{1,2}(?P<colon>[:h])\d\d(?P<seconds>(?P=colon)\d\d(?P<fraction>[.,]\d{1,9})?)?(?!\d))"
    r"|(?P<dotted>(?:(?<=[^\W\d_] )|(?<=[^\W\d_]\. )|(?<= \d{4} ))\d{1,2}\.\d\d(?!\d))"
    r"|(?P<number>\d{1,4}(?!\d))"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<gap>[\s.,/()-]+)"
)
#: Without a clock there is no zone: the end of 03-jan-24 is a year.
_DAY: Final = re.compile(r"(?P<zone>(?!))|" + _PART)
_TIME: Final = re.compile(_ZONE + _PART)
_DOTTED_TIME: Final = re.compile(r"\d{1,2}\.\d\d\.\d\d")
_MONTHS: Final = 12
_DAYS: Final = 31
#: No date is longer, and over a text without end the look for one would take as long.
_LONGEST: Final = 120
_YEAR_DIGITS: Final = 4
_DATED: Final = ("{1}", "%Y", "%y", "%d", "%B")
#: `am 3. Januar`: at the beginning it is no half of the day.
_GERMAN_ON: Final = "am"


def word_format(text: str, words: Collection[str]) -> str | None:
    """The format of a date in small letters and English names; None where it is none.

    `words` may stand between its parts. Where day and month are numbers, {1} and {2} stand for them.
    """
    if len(text) > _LONGEST:
        return None
    found: list[str] = []
    position = 0
    for part in (_TIME if ":" in text else _DAY).finditer(text):
        directive = _directive(part, found, words) if part.start() == position else None
        if directive is None:
            return None
        found.append(directive)
        position = part.end()
    is_date = {"%Y", "%y"} & set(found) and "%B" in found and "%d" in found
    complete = is_date or any(each.startswith(("{1}", "%Y-", "%Y/", "%Y.")) for each in found)
    return _with_half_days(found) if complete and position == len(text) else None


def spells_month(fmt: str) -> bool:
    """Whether a format spells the month out, so that it cannot be taken for the day."""
    return any(name in fmt for name in ("%B", "%b", "%h"))


def _directive(part: re.Match[str], before: list[str], words: Collection[str]) -> str | None:
    """What a part is in a format, after those before it."""
    text = part[0]
    if part["zone"]:
        return _zone(part["zone"], before)
    if part["numeric"]:
        return _in_numbers(part, before)
    if part["clock"]:
        seconds = f"{part['colon']}%S" if part["seconds"] else ""
        return f"%H{part['colon']}%M{seconds}" + ("%.f" if part["fraction"] else "")
    if part["dotted"]:
        return "%H.%M" if _has_year(before) else None
    if part["number"]:
        return _number(text, before)
    return _word(text, before, words) if part["word"] else text


def _zone(text: str, before: list[str]) -> str | None:
    """A zone behind a time; a day alone has none that could be read."""
    if not any(hour in each for each in before for hour in ("%H", "%I")):
        return None
    return "%#z" if text == "z" or text[0] in "+-" else "%z"


def _has_year(before: list[str]) -> bool:
    return any(year in each for each in before for year in ("%Y", "%y"))


def _in_numbers(part: re.Match[str], before: list[str]) -> str | None:
    """The format of three numbers: a date, or after one in words (or a word) a time whose parts have dots between them."""
    sep = part["sep"]
    first, second, third = part[0].split(sep)
    # Two dates are the first and the last of a span.
    if any(each.startswith(_DATED) for each in before):
        is_told = part.string[: part.start()].rstrip(" .")[-1:].isalpha() or "%B" in before
        in_full = any("%Y" in each for each in before)
        return "%H.%M.%S" if in_full and is_told and _DOTTED_TIME.fullmatch(part[0]) else None
    if part.string[: part.start()][-1:].isalpha():  # of an emperor: R6.3.1
        return None
    if len(first) == _YEAR_DIGITS:
        return f"%Y{sep}%m{sep}%d" if int(second) <= _MONTHS else None
    low, high = sorted((int(first), int(second)))
    year = {2: "%y", 4: "%Y"}.get(len(third))
    fits = len(first) <= 2 and 1 <= low <= _MONTHS and high <= _DAYS  # noqa: PLR2004 - digits
    return f"{{1}}{sep}{{2}}{sep}{year}" if year and fits else None


def _number(text: str, before: list[str]) -> str | None:
    if len(text) == _YEAR_DIGITS:
        return None if "%Y" in before else "%Y"
    if "%d" not in before and int(text) <= _DAYS:
        return "%d"
    return "%y" if len(text) == 2 and "%B" in before and not {"%Y", "%y"} & set(before) else None  # noqa: PLR2004


def _word(text: str, before: list[str], words: Collection[str]) -> str | None:
    for names, directive in ((MONTHS, "%B"), (WEEKDAYS, "%A"), (HALVES, "%p")):
        if text in names and (text != _GERMAN_ON or before):
            return None if directive in before else directive
    return text if text in words else None


def _with_half_days(parts: list[str]) -> str:
    """Hours before am or pm count to 12."""
    return "".join(part.replace("%H", "%I") if "%p" in parts else part for part in parts)
