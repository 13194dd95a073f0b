"""Answers that nobody gave, though many gave those beside them: as where answers of a shorter scale were multiplied.

Here: which they are, and words for that. Not here: what is asked or told of it (`pipelines.sniff.scores`,
`pipelines.intake.notes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

_BEST: Final = 10
#: So many of them are no habit of those who answer.
_SEVERAL: Final = 3
#: At least such a part of the rarer of two answers is usually given in between.
_BETWEEN: Final = 0.25
#: That nobody gave any of so many that were to be expected, happens by chance in less than one of 100,000.
_EXPECTED: Final = 12


def never_given(answers: Mapping[int, int]) -> list[int]:
    """The answers on 0-10 that are missing between others, by no chance; `answers` are how many there are of each."""
    given = sorted(answer for answer, many in answers.items() if many)
    missing = {
        between: _BETWEEN * min(answers[low], answers[high])
        for low, high in pairwise(given)
        for between in range(low + 1, high)
    }
    return (
        [*missing]
        if max(given, default=0) == _BEST and len(missing) >= _SEVERAL and sum(missing.values()) >= _EXPECTED
        else []
    )


def any_of(answers: Sequence[int]) -> str:
    """`1, 4 or 9`."""
    *first, last = map(str, answers)
    return f"{', '.join(first)} or {last}" if first else last


def own_scale(lowest: int) -> str:
    """The lines that declare a scale of such answers."""
    cuts = "promoter_from: its lowest promoter, passive_from: its lowest passive"
    return f"scales: {{own: {{lowest: {lowest}, highest: {_BEST}, {cuts}}}}}"
