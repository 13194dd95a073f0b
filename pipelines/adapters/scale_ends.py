"""What a heading says of the ends of a scale: that 0 means extremely likely, or not to recommend is what it asks.

Here: words beside the ends of a scale. Not here: what sniff asks about them (`sniff.scores.turned`), the note of a night
(`intake.notes.columns.misread`), labels of answers (`transforms.scores.anchors`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.adapters.words import said
from transforms.scores.anchors import direction

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
    ends = [end for each in headings for end in ends_in(each)]
    if (0, "worse") in ends or (1, "worse") in ends or (_HIGHEST, "better") in ends:
        return None
    if (0, "better") in ends or (1, "better") in ends:
        return "its heading calls the lowest number the best answer"
    has_both = any(number <= 1 for number, _ in ends)
    return f"its heading calls {_HIGHEST} the worst answer" if has_both and (_HIGHEST, "worse") in ends else None


def ends_in(heading: str) -> Iterator[tuple[int, str | None]]:
    """The numbers beside which a heading has words for an end of the scale, and which end that is."""
    heading = heading[:_LONGEST]
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
