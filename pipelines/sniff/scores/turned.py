"""Which way round a scale is, as a heading says it: that 0 means extremely likely, or not to recommend is what it asks.

Here: words beside the ends of a scale, and the question that follows. Not here: which scale it is (`scales`), labels of
answers (`transforms.scores.anchors`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.adapters.words import said
from pipelines.sniff.scores.ranges import fitting, reversed_scale
from transforms.scores.anchors import direction
from transforms.scores.scales import CUTS

_HIGHEST: Final = 10
_LONGEST: Final = 1_000
#: `0 = extremely likely`, `10 is the worst` and `very likely (0)` in a heading; the 10 of `0-10` begins no such words.
_IS: Final = (
    "is|means|ist|heisst|heißt|bedeutet|es|significa|est|signifie|je|znači|to|oznacza|"
    "это|означает|це|означає|è|é|betekent"
)
_END: Final = re.compile(
    rf"(?<!\d[-\u2013\u2014])\b(10|\d) ?(?:[=:(\u2013\u2014-]|(?:{_IS})\b) ?([^\W\d][^\d,;/()=]{{1,60}})"
)
_END_BEHIND: Final = re.compile(r"([^\W\d][^\d,;:?/()=]{1,60}) ?\((10|\d)\)")
#: Without a sign between them: `(0 very likely, 10 not at all)`. Only where both ends are written so.
_END_BARE: Final = re.compile(r"(?<![^(\[,;\u2013\u2014-])\s?\b(10|[01]) ([^\W\d][^\d,;/()=\u2013\u2014-]{1,60})")
_WORDS_OF_AN_END: Final = 6
#: Behind it a heading says what its numbers mean.
_BEFORE_ENDS: Final = re.compile(r"[(\[\d=]")


def turned(headings: Sequence[str]) -> str | None:
    """What a heading says by which low numbers are good answers."""
    if any(said("negated", _BEFORE_ENDS.split(each[:_LONGEST])[0]) for each in headings):
        return "its heading asks how likely people are not to recommend"
    ends = [end for each in headings for end in _ends(each[:_LONGEST])]
    if (0, "worse") in ends or (1, "worse") in ends or (_HIGHEST, "better") in ends:
        return None
    if (0, "better") in ends or (1, "better") in ends:
        return "its heading calls the lowest number the best answer"
    has_both = any(number <= 1 for number, _ in ends)
    return f"its heading calls {_HIGHEST} the worst answer" if has_both and (_HIGHEST, "worse") in ends else None


def other_way(headings: Sequence[str], stated: Sequence[str], numbers: Iterable[int]) -> str:
    """The question whether low numbers are good answers, with the cut points of each scale that it may be.

    `stated` are the scales that a heading states, `numbers` those that were answered.
    """
    named = [number for each in headings for number, _ in _ends(each[:_LONGEST])]
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


def _ends(heading: str) -> Iterator[tuple[int, str | None]]:
    """The numbers beside which a heading has words for an end of the scale, and which end that is."""
    for number, words in _END.findall(heading):
        yield int(number), _end_of(words)
    for words, number in _END_BEHIND.findall(heading):
        yield int(number), _end_of(words)
    bare = _END_BARE.findall(heading)
    for number, words in bare if len({number for number, _ in bare}) > 1 else ():
        yield int(number), _end_of(words)


def _end_of(words: str) -> str | None:
    """Which end words are of: as labels of answers say it, or else as headings do."""
    if way := direction(words):
        return way
    if len(words.split()) > _WORDS_OF_AN_END:
        return None
    return "worse" if said("worst_end", words) else "better" if said("best_end", words) else None
