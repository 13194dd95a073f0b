"""The shape of answers on 0-10: how many there are of each, of a part held against the others.

A shape is eleven numbers. Here: whether a part is turned around, stands at one answer, or says but one thing. Not here:
answers that nobody gave (`never_given`), which parts are looked at, what is asked or noted of them (`pipelines`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log, sqrt
from typing import Final

import polars as pl

from transforms.scores.scales import PROMOTER_FROM

#: So many answers of a part, and of the others, have a shape.
FEWEST: Final = 40
HIGHEST: Final = 10
#: How much likelier the answers of the part must be in the mirror.
_LIKELIER: Final = log(1e9)
#: How far two samples of the same shape are apart, in standard deviations of chi-square.
_NEAR: Final = 3.0
_FEWEST_SHARED: Final = 5
#: Where a question may stand before anybody answers, in such a share of a part, and so many times those beside it.
_STARTS: Final = (0, 5)
_SHARE: Final = 0.2
_TIMES: Final = 3
#: So many answers that are all alike, or stand at one, are no chance where it does that in less than one of a million.
_ENOUGH: Final = 20
_HARDLY: Final = log(1e-6)


def shapes_of(rows: pl.DataFrame) -> dict[str, list[int]]:
    """The shapes of rows with a `number` from 0 to 10, by their `name`, the largest first; rows without are of none."""
    found: dict[str, list[int]] = {}
    for name, number, answers in rows.drop_nulls().group_by("name", "number").len().iter_rows():
        found.setdefault(str(name), [0] * (HIGHEST + 1))[number] = answers
    return dict(sorted(found.items(), key=lambda each: (-sum(each[1]), each[0])))


def together(shapes: Iterable[Sequence[int]]) -> list[int]:
    """The shape of all of them."""
    return [sum(answers) for answers in zip([0] * (HIGHEST + 1), *shapes, strict=True)]


def without(every: Sequence[int], part: Sequence[int]) -> list[int]:
    """The shape of the others."""
    return [whole - own for whole, own in zip(every, part, strict=True)]


def is_turned(part: Sequence[int], others: Sequence[int]) -> bool:
    """Whether a part is like the others in the mirror, and hardly as it is: unhappy clients have a shape of their own."""
    if min(sum(part), sum(others)) < FEWEST:
        return False
    lowest = 0 if others[0] or part[0] else 1
    mirrored = part[lowest:][::-1]
    own, beside = part[lowest:], others[lowest:]
    whole = sum(beside) + len(beside)
    shares = [(count + 1) / whole for count in beside]
    likelier = sum(
        (in_mirror - as_it_is) * log(share) for in_mirror, as_it_is, share in zip(mirrored, own, shares, strict=True)
    )
    return likelier > _LIKELIER and _are_alike(mirrored, beside)


def stands_at(part: Sequence[int], others: Sequence[int]) -> int | None:
    """The answer at which a part stands: far more frequent than of the others, which it is like otherwise; None if none.

    An unhappy part has more of all low answers.
    """
    answers, beside = sum(part), sum(others)
    if answers < _ENOUGH or beside < FEWEST:
        return None
    for start in _STARTS:
        share, usual = part[start] / answers, (others[start] + 1) / (beside + 1)
        neighbours = [part[near] for near in (start - 1, start + 1) if near >= 0]
        is_high = share >= _SHARE and share >= _TIMES * usual and part[start] >= _TIMES * max(neighbours)
        if not is_high or answers * _divergence(share, usual) < _LIKELIER:
            continue
        rest, of_others = ([*of[:start], 0, *of[start + 1 :]] for of in (part, others))
        if _are_alike(rest, of_others):
            return start
    return None


def all_alike(part: Sequence[int], others: Sequence[int]) -> tuple[int, int] | None:
    """The lowest and the highest answer of a part of one answer, or of promoters alone, where that is no chance."""
    given = [number for number, count in enumerate(part) if count]
    answers, beside = sum(part), sum(others)
    if answers < _ENOUGH or beside < FEWEST or not (len(given) == 1 or given[0] >= PROMOTER_FROM):
        return None
    share = sum(others[given[0] : given[-1] + 1]) / beside
    is_so = share == 0 or answers * log(share) < _HARDLY
    return (given[0], given[-1]) if is_so else None


def _divergence(share: float, usual: float) -> float:
    """How surprising each answer of a part is in which one has that share (Kullback and Leibler)."""
    rest = (1 - share) * log((1 - share) / (1 - usual)) if share < 1 else 0
    return share * log(share / usual) + rest


def _are_alike(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two samples may be of one shape, by chi-square; numbers that hardly anybody gave count together."""
    often = [(a, b) for a, b in zip(one, other, strict=True) if a + b >= _FEWEST_SHARED]
    seldom = [(a, b) for a, b in zip(one, other, strict=True) if a + b < _FEWEST_SHARED]
    cells = [*often, (sum(a for a, _ in seldom), sum(b for _, b in seldom))]
    total, first = sum(one) + sum(other), sum(one)
    apart = 0.0
    for a, b in cells:
        if a + b:
            for seen, of in ((a, first), (b, total - first)):
                expected = (a + b) * of / total
                apart += (seen - expected) ** 2 / expected
    freedom = max(sum(1 for a, b in cells if a + b) - 1, 1)
    return apart <= freedom + _NEAR * sqrt(2 * freedom)
