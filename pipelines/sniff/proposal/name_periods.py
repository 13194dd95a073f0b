"""Months, days, quarters and years that stand in the names of files alone.

Here: how all names of a source spell theirs, and what is asked of it where no column holds dates. Not here: names that
spell none, and other questions about dates (`undated`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.config.patterns import groups_in
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.dates.dates import languages_of
from pipelines.sniff.lines import Block, Line
from transforms.dates.instants import DateReading, instant
from transforms.dates.names import ENGLISH, LANGUAGES, PROPOSED
from transforms.dates.periods import PERIOD

_YEAR: Final = r"(?:19|20)\d{2}"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_QUARTER: Final = r"[QqKkTt][1-4]"
_NAME: Final = r"\p{L}{3,}"
_BETWEEN: Final = ("-", "_", ".", " ", "")
_MONTHS: Final = 12
_PARTED: Final = re.compile(r"[-_. ]")
_SHOWN: Final = 3
_NOT_SO: Final = {
    "day": "If it is the day of the export, answers may be of the month before: then",
    "month": "If it is not theirs, such as the month of the export,",
    "quarter": "Each counts in the first month of its quarter; where that will not do,",
    "year": "Each counts in January of its year; where that will not do,",
}


@dataclass(frozen=True)
class NamePeriods:
    """How the names of all files of a source spell a period."""

    kind: str
    """`day`, `month`, `quarter` or `year`."""
    pattern: str
    """What finds it, as `file_name` of nps.yaml."""
    formats: Sequence[str]
    """What reads it, where that has to be declared."""
    languages: Sequence[str]
    """Of names of months: the one to be declared, or those to choose from; none for English."""
    said: Sequence[tuple[str, str]]
    """Each file, and what its name says."""

    def lines(self, why: str) -> Iterator[Line | Block]:
        """The question, with the pattern to paste, and how the period is read; `why` says why it is asked."""
        told = ", ".join(f"{text} in {name}" for name, text in self.said[:_SHOWN])
        more = f" and {len(self.said) - _SHOWN:,} more" if len(self.said) > _SHOWN else ""
        yield Line(
            "file_name",
            f"? {why}. Names of files say a {self.kind}: {told}{more}. If each answer is of the {self.kind} in the name "
            f"of its file, write '{self.pattern}'; a file whose name says none is refused then. {_NOT_SO[self.kind]} write "
            "in place of this line defaults: {responded_at: when they were answered}, such as 2018 or 2018-06, which dates "
            "all files alike",
        )
        formats: list[Line | Block] = [Line("formats", list(self.formats))] if self.formats else []
        if len(self.languages) > 1:
            asked = f"? names of months in names of files mean other months in other languages: {told}. Write "
            formats.append(Line("language", asked + " or ".join(self.languages)))
        elif self.languages:
            formats.append(Line("language", self.languages[0]))
        if formats:
            yield Block("dates", formats)


def periods_in_names(names: Sequence[str]) -> NamePeriods | None:
    """How all names spell one period each, the finest that they do; None where they do not, or not alike."""
    if not all(re.search(_YEAR, name) for name in names):
        return None
    for kind, core, fmt in _spellings():
        pattern = _bounded(core)
        texts = [text for name in names if (text := _only(pattern, name))]
        if (
            len(texts) == len(names)
            and _is_clear(kind, fmt, texts)
            and (languages := _languages(texts, fmt)) is not None
        ):
            formats = [] if kind == "year" or fmt in {"%Y-%m", "%Y%m"} else [fmt]
            return NamePeriods(kind, pattern, formats, languages, list(zip(names, texts, strict=True)))
    return None


def _spellings() -> Iterator[tuple[str, str, str]]:
    """Kinds of periods with patterns and formats."""
    for at in _BETWEEN:
        gap = re.escape(at) if at == "." else at
        yield "day", f"{_YEAR}{gap}{_MONTH}{gap}{_DAY}", f"%Y{at}%m{at}%d"
        yield "day", f"{_DAY}{gap}{_MONTH}{gap}{_YEAR}", f"%d{at}%m{at}%Y"
    for at in _BETWEEN:
        gap = re.escape(at) if at == "." else at
        yield "month", f"{_YEAR}{gap}{_MONTH}", f"%Y{at}%m"
        yield "month", f"{_MONTH}{gap}{_YEAR}", f"%m{at}%Y"
        yield "month", f"{_NAME}{gap}{_YEAR}", f"%b{at}%Y"
        yield "month", f"{_YEAR}{gap}{_NAME}", f"%Y{at}%b"
        yield "quarter", f"{_YEAR}{gap}{_QUARTER}", PERIOD
        yield "quarter", f"{_QUARTER}{gap}{_YEAR}", PERIOD
    yield "year", _YEAR, "%Y"


def _bounded(core: str) -> str:
    """The pattern of a whole word; a letter may stand beside a number."""
    before = r"(?:^|[^\d])" if not core.startswith(_NAME) else r"(?:^|[^\p{L}])"
    after = r"(?:[^\d]|$)" if not core.endswith(_NAME) else r"(?:[^\p{L}]|$)"
    return f"{before}(?P<responded_at>{core}){after}"


def _only(pattern: str, name: str) -> str | None:
    """What a name says, where it says one thing, and no number beside it is of the same date."""
    text = (groups_in(pattern, name) or {}).get("responded_at")
    if not text or groups_in(pattern, name.replace(text, "|", 1)) is not None:
        return None
    [between] = _PARTED.findall(text)[:1] or [""]
    before, _, after = name.partition(text)
    is_longer = between and (
        re.search(rf"\d{re.escape(between)}$", before) or re.match(rf"{re.escape(between)}\d", after)
    )
    return None if is_longer else text


def _is_clear(kind: str, fmt: str, texts: Sequence[str]) -> bool:
    """Whether no other reading is as likely: of days and months below 13, of years that are those of months."""
    if kind == "year":
        return len(set(texts)) == len(texts)
    return kind != "day" or fmt.startswith("%Y") or any(int(text[:2]) > _MONTHS for text in texts)


def _languages(texts: Sequence[str], fmt: str) -> Sequence[str] | None:
    """The languages in which all texts are such dates, as they are declared; None where they are none."""
    if fmt == "%Y":
        return ()
    column = Seen("file_name", (), tuple((text, 1) for text in dict.fromkeys(texts)), len(texts))
    for languages in (LANGUAGES, PROPOSED) if "%b" in fmt else ((ENGLISH,),):
        if possible := [each for each in languages if _reads_all(column, DateReading((fmt,), "UTC", each))]:
            return languages_of(column, possible, [fmt])
    return None


def _reads_all(column: Seen, reading: DateReading) -> bool:
    return bool(column.texts.select(instant(pl.col("text"), reading).is_not_null().all()).item())
