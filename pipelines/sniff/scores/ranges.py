"""Scales as they are told: what a heading states of its own, and what a question offers, with its cut points.

Here: `1 to 7` in a heading, `1-7 (promoters 6-7, passives 5)` in a question. Not here: which scale answers prove
(`scales`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.adapters.words import plain
from transforms.scores.scales import CUTS, CutPoints

_TO: Final = "to|through|do|до|по|bis|a|al|à|hasta|und|and|et|i|и|y|e|та|і"  # noqa: RUF001 - Cyrillic words
_DASH: Final = r"[-\u2010-\u2015\u2212/:~]|\.{2,3}|\u2026"
_LOW: Final = r"(?<![\w.,/:-])([01])"
#: A number that is not the beginning of a date, a share or a longer number.
_HIGH: Final = r"(\d{1,3})(?![\w%]|[.,/:-]\d)"
_STATED: Final = (
    re.compile(rf"{_LOW} ?(?:\([^()]{{1,60}}\))? ?(?:{_DASH}|(?:{_TO})\b) ?{_HIGH}"),
    # `1 = poor, 5 = excellent`
    re.compile(rf"{_LOW} ?= ?[^\d=]{{1,60}}{_HIGH}(?= ?=)"),
)
#: Underscores and brackets part them too, where it is one of the usual scales.
_USUAL: Final = re.compile(
    r"\b([01]) (?:to |do |до |по |bis |a |al |und |and |et |i |и |y |hasta |through )?(10|100|5|7)\b"
)
_LEAST: Final = 2
_MOST: Final = 100


def stated_scales(headings: Sequence[str]) -> list[str]:
    """The scales that headings state, such as `1-7`, each once."""
    return list(dict.fromkeys(found for heading in headings for found in _stated(heading)))


def _stated(heading: str) -> Iterator[str]:
    text = " ".join(unicodedata.normalize("NFKC", heading).casefold().split())
    for pattern in _STATED:
        yield from (f"{low}-{high}" for low, high in pattern.findall(text) if _LEAST <= int(high) <= _MOST)
    yield from (f"{low}-{high}" for low, high in _USUAL.findall(plain(heading)))


def fitting(lowest: int, highest: int) -> list[str]:
    """The known scales on which such answers may have been given."""
    return [name for name, cuts in CUTS.items() if cuts.lowest <= lowest and highest <= cuts.highest]


def offered(names: Sequence[str]) -> str:
    """Scales to choose from, with their cut points."""
    return " or ".join(with_cuts(name) for name in names)


def with_cuts(name: str) -> str:
    """A known scale with its cut points: `1-7 (promoters 6-7, passives 5)`; any other is to be declared."""
    if name in CUTS:
        cuts = CUTS[name]
        return f"{name} (promoters {_span(cuts.promoter_from, cuts.highest)}, passives {_passives(cuts)})"
    lowest, highest = name.split("-")
    return (
        f"a scale of your own, such as scales: {{own: {{lowest: {lowest}, highest: {highest}, promoter_from: ..., "
        "passive_from: ...}}, by its name"
    )


def reversed_scale(name: str) -> str:
    """How the scale is declared that is a known one the other way round, so that its lowest number is the best answer."""
    cuts = CUTS[name]
    ends = cuts.lowest + cuts.highest
    return (
        f"{{reversed: {{lowest: {cuts.highest}, highest: {cuts.lowest}, promoter_from: {ends - cuts.promoter_from}, "
        f"passive_from: {ends - cuts.passive_from}}}}}"
    )


def _passives(cuts: CutPoints) -> str:
    return _span(cuts.passive_from, cuts.promoter_from - 1)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
