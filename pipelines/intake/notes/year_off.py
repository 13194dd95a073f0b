"""Answers dated a year off, as is written in January out of habit: all of a later file, or a few amid the others.

Here: the note on them. Not here: months that are years away from all others (`pipelines.report.leaps`), months that the
name of a file says (`named_months`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.history import Earlier
from pipelines.shown import counted
from warehouse.tally import Tally

_YEAR: Final = 12
#: No answers in so many months between: what is older is no part of one stretch of time.
_APART: Final = 6
_FEW: Final = 0.1
_SEVERAL: Final = 3


def a_year_off(source: Source, tally: Tally, before: Sequence[Earlier]) -> Iterator[str]:
    """What people should know of a file whose answers, or some of them, would go on with the others a year later."""
    if "responded_at" not in source.columns or not tally.months:
        return
    months = sorted(map(_number, tally.months))
    earlier = sorted({_number(month) for each in before for month in each.months})
    if earlier and (way := _all_off(months, earlier)):
        yield (
            f"All of its answers are of {_shown(months)}, a year {way} than would follow {_month(earlier[-1])}, the last "
            "month of the files before it, and none of these is near. If the year is wrong, mend it in the file, and put it "
            "here by the same name; else all is well."
        )
        return
    many = {_number(month): rows for month, rows in tally.by_month}
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
    if months[-1] < earlier[0] - _APART and first <= months[-1] + _YEAR - earlier[-1] <= last:
        return "earlier"
    if (
        earlier[-1] - 1 in earlier
        and months[0] > earlier[-1] + _APART
        and first <= months[0] - _YEAR - earlier[-1] <= last
    ):
        return "later"
    return ""


def _is_off(month: int, many: dict[int, int]) -> bool:
    """Whether a year after a month there are many more answers, and none in the months between."""
    between = [each for each in many if month + 1 < each < month + _YEAR - 1]
    return many.get(month + _YEAR, 0) > many[month] and not between and month + 1 not in many


def _number(month: date) -> int:
    return month.year * _YEAR + month.month - 1


def _month(number: int) -> str:
    return f"{number // _YEAR}-{number % _YEAR + 1:02}"


def _shown(months: Sequence[int]) -> str:
    return _month(months[0]) if len(months) == 1 else f"{_month(months[0])} to {_month(months[-1])}"
