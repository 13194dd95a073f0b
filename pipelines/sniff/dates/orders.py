"""Which of the numbers of a date is the day, the month or the year: concluded only from what no other reading allows.

Here: proofs of the order, the formats that follow, years of two digits that may stand first (`24-01-17`) or lie decades
ahead (`17/1/67`). Not here: the shape of a text (`date_shapes`), dates of which the order was exchanged (`exchanged`), what
is asked (`proposal.date_formats`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.sniff.dates.date_shapes import day_and_month
from transforms.dates.instants import WORDS

Dated = Sequence[tuple[str, int, str]]
"""Texts that are dates, how often each stands there, and its format."""

_DATE_PART: Final = re.compile(r"\{1\}(?:\. |[./-])\{2\}(?:\. |[./-])%[yY]")
_MONTHS: Final = 12
#: So many formats are proposed; of more, where months are words, any words.
FORMATS_AT_MOST: Final = 6
_WRITTEN: Final = re.compile(r"(?:\{1\}|%d)(?P<one>[^%{]+)(?P<month>\{2\}|%[bB])(?P<two>[^%{]+)%y")
_TEXT: Final = re.compile(
    r"(?<!\d)(?P<first>\d{1,2})(?:\. |[./ -])(?P<month>\d{1,2}|[^\W\d_]+)\.?(?:,? |[./-])(?P<last>\d{2})(?![\d:])"
)
_DAYS: Final = 31
#: 2050 to 2069, of which nobody has answers, or 2007 to 2026 in Thailand.
_AHEAD: Final = range(50, 70)


def proofs_of(dated: Dated) -> dict[str, tuple[int, int]]:
    """For each way to write the day in numbers how many dates have their day first for certain, and their month."""
    proofs: dict[str, tuple[int, int]] = {}
    for text, count, fmt in dated:
        part, numbers = _DATE_PART.search(fmt), day_and_month(text)
        if part and numbers:
            before = proofs.get(part[0], (0, 0))
            proofs[part[0]] = (
                before[0] + count * (numbers[0] > _MONTHS), before[1] + count * (numbers[1] > _MONTHS),
            )  # fmt: skip
    return proofs


def formats_of(dated: Dated, proofs: dict[str, tuple[int, int]]) -> tuple[list[str], bool]:
    """The formats that read a column, and whether an order of day and month is open among them."""
    shapes: Counter[str] = Counter()
    for _, count, fmt in dated:
        shapes[fmt] += count
    orders = {part: _orders(first, second) for part, (first, second) in proofs.items()}
    commonest = [shape for shape, _ in shapes.most_common(FORMATS_AT_MOST)]
    formats = []
    for place in (0, 1):  # all formats of one order, then those of the other
        for shape in commonest:
            part = _DATE_PART.search(shape)
            known = orders[part[0]] if part else [("", "")]
            if place < len(known):
                formats.append(shape.replace("{1}", known[place][0]).replace("{2}", known[place][1]))
    if len(shapes) > FORMATS_AT_MOST and any("%B" in shape for shape in shapes):
        formats.append(WORDS)
    return list(dict.fromkeys(formats)), any(len(each) > 1 for each in orders.values())


def _orders(day_first: int, month_first: int) -> list[tuple[str, str]]:
    return [("%d", "%m")] * (day_first > 0 or month_first == 0) + [("%m", "%d")] * (month_first > 0 or day_first == 0)


def is_far_ahead(text: str, fmt: str) -> bool:
    """Whether the year of a date has two digits and lies decades ahead."""
    found = _TEXT.search(text) if _WRITTEN.search(fmt) else None
    return found is not None and int(found["last"]) in _AHEAD


def with_year_first(dated: Dated) -> list[str]:
    """The formats with the year first of texts, counts and formats that have it last, where it may as well be first.

    Days vary more than years do: where the first numbers vary less than the last ones, either may be the year.
    """
    texts: dict[str, list[str]] = {}
    for text, _, fmt in dated:
        if _WRITTEN.search(fmt):
            texts.setdefault(fmt, []).append(text)
    return [_WRITTEN.sub(_turned, fmt) for fmt, written in texts.items() if _may_be_first(written)]


def _turned(found: re.Match[str]) -> str:
    month = "%m" if found["month"] == "{2}" else found["month"]
    return f"%y{found['one']}{month}{found['two']}%d"


def _may_be_first(texts: Sequence[str]) -> bool:
    found = [_TEXT.search(text) for text in texts]
    if not all(each is not None and _is_year_month_day(each) for each in found):
        return False
    first, last = ({int(each[part]) for each in found if each} for part in ("first", "last"))
    reach = max(first) - min(first), max(last) - min(last)
    return first != last and len(first) <= len(last) and reach[0] <= reach[1]


def _is_year_month_day(found: re.Match[str]) -> bool:
    month = found["month"]
    is_month = not month.isdecimal() or 1 <= int(month) <= _MONTHS
    return len(found["first"]) == len(found["last"]) and is_month and 1 <= int(found["last"]) <= _DAYS
