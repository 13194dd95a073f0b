"""A file whose answers are of other months than they should: than its name says, or a year off, as in January out of habit.

Here: the notes on them. Not here: names that date answers (`file_name` of nps.yaml), days of answers (`days`), months that
are years away from all others (`pipelines.report.notes.odd_figures`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.history import Earlier
from pipelines.shown import counted
from transforms.dates.names import MONTHS, names_a_month
from transforms.dates.periods import month_after, month_number
from warehouse.intake.tally import Tally

#: Such a share of answers of other months is no late answer.
_SHARE: Final = 0.1
#: Answers that came a month later or earlier than those of other files are nothing odd.
_NEAR: Final = 1
#: The last answers of a file that is named after the day of its export may be so many months older.
_FIRST: Final = -2
_SHOWN: Final = 3
_TWELVE: Final = 12
#: No answers in so many months between: what is older is no part of one stretch of time.
_APART: Final = 6
_FEW: Final = 0.1
_SEVERAL: Final = 3
#: With a time of day, dates of one day may be of the day after, too.
MOST_DAYS: Final = 2
_YEAR: Final = r"(?<!\d)(?P<year>20\d\d)"
_MONTH: Final = r"(?P<month>0[1-9]|1[0-2])"
_NAME: Final = rf"(?<![a-z])(?P<name>(?:{'|'.join(MONTHS)})[a-z]*)"
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
    known |= {month for each in alike if _goes_on_from(each, tally, named) for month in each.months}
    odd = {
        month: rows
        for month, rows in tally.by_month
        if month not in known and _is_odd(month_number(month) - named, spans)
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


def _goes_on_from(other: Earlier, tally: Tally, named: int) -> bool:
    """Whether a file holds all months of another, more answers, and nothing but the months from there to its name's."""
    first = month_number(min(other.months))
    is_whole = {*other.months} <= {*tally.months} and other.accepted < tally.accepted
    return is_whole and all(first <= month_number(month) <= named for month in tally.months)


def month_of_name(path: str) -> int | None:
    """The month that a file's own name says, as months since year 0; None where it says none, or several."""
    name = path.rpartition("/")[2].lower()
    found = {month for pattern in _SPELT for match in pattern.finditer(name) if (month := _read(match)) is not None}
    return found.pop() if len(found) == 1 else None


def _read(match: re.Match[str]) -> int | None:
    said = match.groupdict()
    if not said.get("month") and not names_a_month(said["name"]):
        return None
    month = int(said["month"]) if said.get("month") else MONTHS.index(said["name"][:3]) + 1
    return _TWELVE * int(said["year"]) + month - 1


def _away(file: Earlier) -> list[int]:
    """How many months after its name's those of a file's answers are."""
    named = month_of_name(file.path)
    return [] if named is None else [month_number(month) - named for month in file.months]


def _is_odd(away: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether most files have no answers so far from their names."""
    near = sum(1 for first, last in spans if first - _NEAR <= away <= last + _NEAR)
    return 2 * near < len(spans)


def may_be_exchanged(source: Source, tally: Tally, before: Sequence[Earlier]) -> bool:
    """Whether dates with day and month as numbers are of months that do not go on with the file before."""
    if "responded_at" not in source.columns or not source.days_are_numbered or tally.days > MOST_DAYS:
        return False
    # One answer or two are always of one day.
    if tally.accepted < _SEVERAL or not before or not before[0].months:
        return False
    near = _following(max(before[0].months))
    return sum(rows for month, rows in tally.by_month if month in near) <= tally.accepted / _SEVERAL


def exchanged_days(tally: Tally, before: Earlier, day: int) -> Iterator[str]:
    """What people should know of a file that is of one `day` of its months, where that is the month to come."""
    meant = next((month for month in _following(max(before.months)) if month.month == day), None)
    if meant is None or {month.year for month in tally.months} != {meant.year}:
        return
    read = ", ".join(f"{month.replace(day=day)}" for month in tally.months[:_SHOWN])
    more = " …" if tally.months[_SHOWN:] else ""
    yield (
        f"Its answers are of {read}{more}, and those of {before.path}, the file before it, end in "
        f"{max(before.months):%Y-%m}: read the other way round, they are of {meant:%Y-%m}. If it writes day and month in "
        "another order than dates.formats of nps.yaml, take it back (nps withdraw) and export it as before; if its answers "
        "came late, all is well."
    )


def _following(last: date) -> tuple[date, date]:
    """A month and the next one."""
    return last, month_after(last)


def a_year_off(source: Source, tally: Tally, before: Sequence[Earlier]) -> Iterator[str]:
    """What people should know of a file whose answers, or some of them, would go on with the others a year later."""
    if "responded_at" not in source.columns or not tally.months:
        return
    months = sorted(map(month_number, tally.months))
    earlier = sorted({month_number(month) for each in before for month in each.months})
    if earlier and (way := _all_off(months, earlier)):
        yield (
            f"All of its answers are of {_shown(months)}, a year {way} than would follow {_text(earlier[-1])}, the last "
            "month of the files before it, and none of these is near. If the year is wrong, mend it in the file, and put it "
            "here by the same name; else all is well."
        )
        return
    many = {month_number(month): rows for month, rows in tally.by_month}
    odd = [month for month in months if _is_off(month, many)]
    rows = sum(many[month] for month in odd)
    if odd and _SEVERAL <= rows <= _FEW * tally.accepted:
        yield (
            f"{counted(rows, 'answer')} of {_shown(odd)} stand in it, a year before the others, with none in the months "
            "between. If their year is wrong, mend it in the file, and put it here by the same name; else all is well."
        )


def _all_off(months: Sequence[int], earlier: Sequence[int]) -> str:
    # Of one month alone, or waves of a year each, the same month is that of another year.
    first, last = (0, 1) if earlier[-1] - 1 in earlier else (1, 1)
    if months[-1] < earlier[0] - _APART and first <= months[-1] + _TWELVE - earlier[-1] <= last:
        return "earlier"
    if (
        earlier[-1] - 1 in earlier
        and months[0] > earlier[-1] + _APART
        and first <= months[0] - _TWELVE - earlier[-1] <= last
    ):
        return "later"
    return ""


def _is_off(month: int, many: dict[int, int]) -> bool:
    """Whether a year after a month there are many more answers, and none in the months between."""
    between = [each for each in many if month + 1 < each < month + _TWELVE - 1]
    return many.get(month + _TWELVE, 0) > many[month] and not between and month + 1 not in many


def _shown(months: Sequence[int]) -> str:
    return _text(months[0]) if len(months) == 1 else f"{_text(months[0])} to {_text(months[-1])}"


def _text(number: int) -> str:
    return f"{number // _TWELVE}-{number % _TWELVE + 1:02}"
