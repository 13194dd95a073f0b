"""What a single setting may hold, where a plain text or number is not enough: zones, months, patterns, schedules.

Here: one value at a time. Not here: which settings there are and how they fit together (`layouts`, `sources`, `models`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Final
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from pipelines.config.patterns import check_pattern
from transforms.dates.instants import EPOCHS, SERIAL, SERIAL_1904, WORDS
from transforms.dates.names import is_language
from transforms.dates.periods import PERIOD

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_PERIOD = re.compile(r"\d{4}(-?[Qq][1-4]|-?(0[1-9]|1[0-2])|-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?")
#: Folders, locks and tables are called so: a file system bears 255 bytes, of which it is a part.
NAME: Final = "^[a-z][a-z0-9_]{0,63}$"
#: What a name must be like, for sentences.
NAME_RULE: Final = "use lower-case letters, digits and _, starting with a letter, no more than 64"
#: What polars reads of a date's text.
_DIRECTIVE = re.compile(r"%([-_0]?[aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVvwWxXyYzZ%+]|\.?[369]?f|:{1,3}z|#z)")
_YEARS = ("%Y", "%y", "%F", "%D", "%x", "%c", "%+", "%s", "%G", "%C")
_CRON_FIELD = re.compile(r"(\*|(\d+|[A-Za-z]{3})(-(\d+|[A-Za-z]{3}))?)(/[1-9]\d*)?(,[0-9A-Za-z*/-]+)*")
#: Minute, hour, day of the month, month, day of the week.
_CRON_HIGHEST = (59, 23, 31, 12, 7)


def is_name(text: str) -> bool:
    """Whether a text can be the name of a source or an answer: it becomes part of names in Dagster and of folders."""
    return re.fullmatch(NAME, text) is not None


@cache
def timezones() -> frozenset[str]:
    """The names of all IANA time zones. They are gathered from folders, which takes as long as all else of a nps.yaml."""
    return frozenset(available_timezones())


def _known_timezone(name: str) -> str:
    if name not in timezones():
        raise ValueError(f"{name!r} is no IANA time zone; one looks like Europe/Zagreb or UTC")
    return name


def _inside_workspace(pattern: str) -> str:
    if pattern.startswith(("/", "\\")) or ".." in pattern.replace("\\", "/").split("/") or ":" in pattern:
        raise ValueError(f"{pattern!r} must be a path inside the workspace, such as landing/shops/*.csv")
    return pattern


def _valid_month(month: str) -> str:
    if not _MONTH.fullmatch(month):
        raise ValueError(f"{month!r} is no month; one is written 2025-01")
    return month


def _valid_cron(cron: str) -> str:
    fields = cron.split()
    numbers = [[int(number) for number in re.findall(r"\d+", field)] for field in fields]
    if len(fields) != len(_CRON_HIGHEST) or not all(
        _CRON_FIELD.fullmatch(field) and all(number <= highest for number in found)
        for field, found, highest in zip(fields, numbers, _CRON_HIGHEST, strict=True)
    ):
        raise ValueError(f"{cron!r} is no cron schedule; one looks like '0 2 * * *': at 2:00 every night")
    return cron


#: Directives of the hours of a whole day.
_HOURS_OF_24: Final = ("%H", "%k", "%T", "%R", "%X")


def _valid_date_format(text: str) -> str:
    if text in (*EPOCHS, SERIAL, SERIAL_1904, WORDS, PERIOD):
        return text
    if "%" not in text or "%" in _DIRECTIVE.sub("", text):
        raise ValueError(f"{text!r} is no date format; one looks like '%d.%m.%Y %H:%M'")
    if not any(year in text for year in _YEARS):
        raise ValueError(f"{text!r} reads no date, for it has no year: %Y, or %y where it has two digits")
    if "%Z" in text:
        raise ValueError(f"{text!r}: the name of a zone (%Z) says too little; give dates.timezone, or %z for an offset")
    has_half = "%p" in text or "%P" in text
    if has_half != any(hour in text for hour in ("%I", "%l")) or (
        has_half and any(each in text for each in _HOURS_OF_24)
    ):
        raise ValueError(
            f"{text!r} reads no time: %p, the half of the day, goes with %I, the hours up to 12; those up to 24 are %H "
            "without it"
        )
    return text


def _known_language(code: str) -> str:
    if not is_language(code):
        raise ValueError(f"{code!r} is no language whose names of months are known; one looks like de or hr")
    return code


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float | date) else value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Timezone = Annotated[str, AfterValidator(_known_timezone)]
Month = Annotated[str, AfterValidator(_valid_month), Field(json_schema_extra={"pattern": f"^{_MONTH.pattern}$"})]
DateFormat = Annotated[str, AfterValidator(_valid_date_format)]
Language = Annotated[str, AfterValidator(_known_language)]
Cron = Annotated[str, AfterValidator(_valid_cron)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
FilePattern = Annotated[str, AfterValidator(_inside_workspace), Field(min_length=1)]
#: One pattern or a list of them.
FilePatterns = Annotated[
    list[FilePattern],
    Field(min_length=1),
    BeforeValidator(_as_list, json_schema_input_type=FilePattern | Annotated[list[FilePattern], Field(min_length=1)]),
]
#: YAML reads 2018 as a number; it is meant as it is written.
Text = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | float)]
Share = Annotated[float, Field(ge=0, le=1)]


def is_period(text: str) -> bool:
    """Whether a text is a period that whole files may be dated with: 2018, 2018-Q3, 2018-06 or a day."""
    return _PERIOD.fullmatch(text) is not None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word for which a misspelt one may stand, as the end of a sentence; nothing where none is like it."""
    alike = get_close_matches(word, [each for each in known if each != word], n=1)
    return f"; did you mean {alike[0]}?" if alike else ""


def as_written(value: object) -> str:
    """A value of nps.yaml as it stands there, not as Python writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return "what is blank" if value is None else f"{value!r}"
