"""A file whose answers are of other months than its name says, while those of files beside it are of theirs.

Here: the note on it. Not here: names that date answers (`file_name` of nps.yaml), days of answers (`days`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.history import Earlier
from transforms.date_names import LANGUAGES, PROPOSED, names_of
from warehouse.tally import Tally

#: Such a share of answers of other months is no late answer.
_SHARE: Final = 0.1
#: Answers that came a month later or earlier than those of other files are nothing odd.
_NEAR: Final = 1
#: The last answers of a file that is named after the day of its export may be so many months older.
_FIRST: Final = -2
_SHOWN: Final = 3
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR: Final = r"(?<!\d)(?P<year>20\d\d)"
_MONTH: Final = r"(?P<month>0[1-9]|1[0-2])"
_NAME: Final = rf"(?<![a-z])(?P<name>(?:{'|'.join(_MONTHS)})[a-z]*)"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_SPELT: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}(?P<gap>[-_. ]?){_MONTH}(?:(?P=gap){_DAY})?(?!\d)",
        rf"(?<!\d)(?:{_DAY}(?P<gap>[-_. ])|){_MONTH}[-_. ](?P<year>20\d\d)(?!\d)",
        rf"{_YEAR}[-_. ]?{_NAME}(?![a-z])",
        rf"{_NAME}[-_. ]?(?P<year>20\d\d)(?!\d)",
    )
)


def of_other_months(source: Source, path: str, tally: Tally, others: Sequence[Earlier]) -> Iterator[str]:
    """What people should know of a file whose dates say other months than its name does; `others` lie beside it."""
    named = month_of_name(path)
    if named is None or "responded_at" not in source.columns or "responded_at" in source.file_name_groups:
        return
    alike = [each for each in others if (away := _away(each)) and _FIRST <= max(away) <= _NEAR]
    if not alike:
        return
    spans = [(min(away), max(away)) for each in alike if (away := _away(each))]
    held = Counter(month for each in alike for month in each.months)
    # Each export holds all answers so far, or most of them do.
    known = {month for month, files in held.items() if source.delivery == "snapshot" or 1 < files > len(alike) / 2}
    odd = {
        month: rows for month, rows in tally.by_month if month not in known and _is_odd(_number(month) - named, spans)
    }
    rows = sum(odd.values())
    if rows and rows >= _SHARE * tally.accepted:
        months = [f"{month:%Y-%m}" for month in sorted(odd)]
        told = ", ".join(months[:_SHOWN]) + (" …" if len(months) > _SHOWN else "")
        are = "is" if rows == 1 else "are"
        yield (
            f"{rows:,} of its {tally.accepted:,} answers {are} of {told}, though its name says {_text(named)}, and those of "
            f"{alike[0].path} are of the months that its name says. If day and month changed places, or the year is wrong, "
            "mend the file; if they are of those months, all is well."
        )


def month_of_name(path: str) -> int | None:
    """The month that a file's own name says, as months since year 0; None where it says none, or several."""
    name = path.rpartition("/")[2].lower()
    found = {month for pattern in _SPELT for match in pattern.finditer(name) if (month := _read(match)) is not None}
    return found.pop() if len(found) == 1 else None


def _read(match: re.Match[str]) -> int | None:
    said = match.groupdict()
    if not said.get("month") and not _is_month(said["name"]):
        return None
    month = int(said["month"]) if said.get("month") else _MONTHS.index(said["name"][:3]) + 1
    return 12 * int(said["year"]) + month - 1


def _is_month(word: str) -> bool:
    """Whether a whole word is the name of a month in some language: `march` is, `market` is not."""
    return any(names_of(each).english.get(word) in _MONTHS for each in (*LANGUAGES, *PROPOSED))


def _away(file: Earlier) -> list[int]:
    """How many months after its name's those of a file's answers are."""
    named = month_of_name(file.path)
    return [] if named is None else [_number(month) - named for month in file.months]


def _is_odd(away: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether most files have no answers so far from their names."""
    near = sum(1 for first, last in spans if first - _NEAR <= away <= last + _NEAR)
    return 2 * near < len(spans)


def _number(month: date) -> int:
    return 12 * month.year + month.month - 1


def _text(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"
