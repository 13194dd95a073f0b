"""The question whether a scale is the other way round, where its heading says that low numbers are good answers.

Here: that question, with the cut points. Not here: what a heading says of its ends (`adapters.scale_ends`), which scale
it is (`scales`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.adapters.scale_ends import ends_in
from pipelines.sniff.scores.ranges import fitting, reversed_scale
from transforms.scores.scales import CUTS

_HIGHEST: Final = 10


def other_way(headings: Sequence[str], stated: Sequence[str], numbers: Iterable[int]) -> str:
    """The question whether low numbers are good answers, with the cut points of each scale that it may be.

    `stated` are the scales that a heading states, `numbers` those that were answered.
    """
    named = [number for each in headings for number, _ in ends_in(each)]
    seen = [*named, *(number for number in numbers if 0 <= number <= _HIGHEST)]
    known = [name for name in stated if name in CUTS]
    if not known and seen:
        known = [name for name in fitting(min(seen), max(seen)) if _ends_there(name, named)]
    names = known or ["0-10"]
    ways = " or ".join(f"{reversed_scale(name)}{f' (of {name})' * (len(names) > 1)}" for name in names)
    return (
        f"is it the other way round than usual? If so, declare scales: {ways} and write reversed; if not, write "
        f"{' or '.join(names)}"
    )


def _ends_there(name: str, named: Sequence[int]) -> bool:
    """Whether a scale up to 10 begins and ends with the numbers that a heading names, as far as it names any."""
    cuts = CUTS[name]
    lowest, highest = min(named, default=cuts.lowest), max(named, default=cuts.highest)
    begins = lowest > 1 or cuts.lowest == lowest
    return cuts.highest <= _HIGHEST and begins and (highest <= 1 or cuts.highest == highest)
