"""Whether day or month comes first: concluded only from numbers above 12, and only for dates written as those are.

Here: proofs of the order, and the formats that follow. Not here: the shape of a text (`date_shapes`), dates of which the
order was exchanged (`exchanged`).
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
