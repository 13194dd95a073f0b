"""Answers that nobody gave, though many gave those beside them: as where answers of a shorter scale were multiplied.

Here: which they are, and words for that. Not here: what is asked or told of it (`pipelines.sniff.scores`,
`pipelines.intake.notes`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

_BEST: Final = 10
#: So many of them are no habit of those who answer.
_SEVERAL: Final = 3
#: At least such a part of the rarer of two answers is usually given in between.
_BETWEEN: Final = 0.25
#: That nobody gave any of so many that were to be expected, happens by chance in less than one of 100,000.
_EXPECTED: Final = 12
#: Scales that are multiplied have so many points, and become whole numbers in one of these ways.
_POINTS: Final = range(3, 8)
_WHOLE: Final[tuple[Callable[[float], int], ...]] = (
    round,
    math.floor,
    math.ceil,
    lambda number: math.floor(number + 0.5),
)


def never_given(answers: Mapping[int, int]) -> list[int]:
    """The answers on 0-10 that are missing between others, by no chance; `answers` are how many there are of each."""
    given = sorted(answer for answer, many in answers.items() if many)
    missing = {
        between: _BETWEEN * min(answers[low], answers[high])
        for low, high in pairwise(given)
        for between in range(low + 1, high)
    }
    is_many = len(missing) >= _SEVERAL and sum(missing.values()) >= _EXPECTED
    return [*missing] if is_many and _are_multiplied(given) else []


def _are_multiplied(given: Sequence[int]) -> bool:
    """Whether answers are all of a shorter scale from the lowest of them on: 1-5 as 0, 3, 5, 8, 10, say."""
    return any(
        [*given] == sorted({number for point in points if (number := whole(point)) >= given[0]})
        for points in _multiplied_scales()
        for whole in _WHOLE
    )


def _multiplied_scales() -> Iterator[list[float]]:
    """The points of shorter scales on 0-10: from 0 on, from 1 on, and multiplied as they are."""
    for points in _POINTS:
        steps = points - 1
        yield [_BEST * step / steps for step in range(points)]
        yield [1 + (_BEST - 1) * step / steps for step in range(points)]
        yield [_BEST * (step + 1) / points for step in range(points)]


def any_of(answers: Sequence[int]) -> str:
    """`1, 4 or 9`."""
    *first, last = map(str, answers)
    return f"{', '.join(first)} or {last}" if first else last


def own_scale(lowest: int) -> str:
    """The lines that declare a scale of such answers."""
    cuts = "promoter_from: its lowest promoter, passive_from: its lowest passive"
    return f"scales: {{own: {{lowest: {lowest}, highest: {_BEST}, {cuts}}}}}"
