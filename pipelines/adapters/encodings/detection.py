"""Which 8-bit encoding a text was written in, where nothing declares it.

Here: the decision between two opinions, that of letters (`alphabets`) and that of statistics (`second_opinion`), and what
differs between them. Not here: reading or rewriting files (`utf8`).
Where both give the same text it is settled. Letters alone were wrong for `Győr` (in Windows-1252 `Gyõr`, as Portuguese
has it), statistics alone for `señor`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from pipelines.adapters.encodings.alphabets import LANGUAGES, NO_EVIDENCE, plausibility, word_marks
from pipelines.adapters.encodings.second_opinion import second_opinion

_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_UTF8_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CERTAIN_ENOUGH: Final = 0.75
_ONE_OPINION: Final = 0.5
#: Where letters prefer one encoding by so much, and statistics have it so near their first, it is settled too.
_CLEARLY: Final = 0.03
_NEARLY: Final = 0.8
#: What most programs wrote before UTF-8.
_USUAL: Final = frozenset(
    {"windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "iso-8859-2"}
)
#: What hardly any export is in must fit better by so much: Mac Cyrillic differs from Windows-1251 in a few letters only.
_RARELY_WRITTEN: Final = frozenset(
    {"mac-cyrillic", "mac-latin2", "iso-8859-4", "iso-8859-5", "iso-8859-7", "koi8-u", "cp737", "cp775", "cp857"}
)
_RARE: Final = 0.05
_SHOWN: Final = 3
#: So few letters in different words prove nothing, and marks below this neither: docs/faults.md has what was measured.
_FEW: Final = 16
_WELL: Final = 0.9
_FEW_SHOWN: Final = 5
#: Of a declared encoding the letters make so much less sense than of another one, of which they make at least so much.
_CLEARLY_WORSE: Final = 0.05
_MAKES_SENSE: Final = 0.8
_HALF: Final = 0.5
_BYTES: Final = bytes(range(256))


@dataclass(frozen=True)
class Detected:
    """An encoding, by a name that Python knows, and how much of the evidence speaks for it, 0 to 1."""

    encoding: str
    confidence: float
    other: str | None = None
    """Another encoding that it may be, in which the text is a different one."""
    is_settled: bool = True
    """Whether both opinions give the same text."""
    words: tuple[tuple[str, str], ...] = ()
    """Some words that differ: in this encoding, and in the other one if there is one."""
    seen: tuple[str, ...] = ()
    """Some of the words that settle it, where they are so few or fit so badly that a person should read them."""

    @property
    def hint(self) -> str:
        """What a person should look at though it is settled, as a sentence; empty where nothing."""
        shown = ", ".join(f"'{word}'" for word in self.seen)
        return f"Little tells its encoding: read as {self.encoding} it holds {shown}." if shown else ""

    @property
    def doubt(self) -> str:
        """What speaks for which encoding, as the beginning of a sentence; empty where it is settled."""
        if self.is_settled:
            return ""
        if self.other is None:
            shown = ", ".join(f"'{word}'" for word, _ in self.words)
            return f"it looks like {self.encoding}{f' ({shown})' if shown else ''}, but nothing confirms it"
        here = ", ".join(f"'{word}'" for word, _ in self.words)
        there = ", ".join(f"'{word}'" for _, word in self.words)
        return f"read as {self.encoding} it holds {here}, read as {self.other} {there}"


def detect(sample: bytes) -> Detected | None:
    """Find the encoding that the bytes outside ASCII speak for; None where no encoding makes sense of them.

    `sample` is text that is not UTF-8, best only the lines that hold such bytes.
    """
    marks = {encoding: plausibility(sample, encoding) for encoding in LANGUAGES}
    first = max(marks, key=lambda each: marks[each] - (_RARE if each in _RARELY_WRITTEN else 0.0))
    opinions = second_opinion(sample)
    second = next(iter(opinions), None)
    if marks[first] < _CERTAIN_ENOUGH:
        return _doubtful(sample, second, None, _ONE_OPINION) if second else None
    if second is None:
        return _doubtful(sample, first, None, marks[first])
    clearly = marks[first] - marks.get(second, 0.0) > _CLEARLY and first in _USUAL
    nearly = opinions.get(first, 0.0) > _NEARLY * opinions[second]
    if sample.decode(first) == sample.decode(second) or (clearly and nearly and marks[first] > NO_EVIDENCE):
        return Detected(first, marks[first], seen=_to_look_at(sample, first, marks[first]))
    # Where the letters say as much for either, or nothing at all, statistics decide; not for what hardly anybody writes.
    says_more = marks[first] > NO_EVIDENCE and (marks[first] > marks.get(second, 0.0) or second not in _USUAL)
    chosen, other = (first, second) if says_more else (second, first)
    return _doubtful(sample, chosen, other, min(marks[first], _CERTAIN_ENOUGH))


def speaks_against(sample: bytes, declared: str) -> Detected | None:
    """Which encoding the letters clearly speak for, where a declared one, of a byte for each letter, gives other words."""
    if len(_BYTES.decode(declared, "replace")) != len(_BYTES) or utf8_share(sample) > _HALF:
        return None
    found = detect(sample)
    is_clear = found is not None and found.is_settled and found.confidence >= _MAKES_SENSE
    if found is None or not is_clear or word_marks(sample, declared) > found.confidence - _CLEARLY_WORSE:
        return None
    words = _words(sample, found.encoding, declared)
    differ = any(here != there and here.isalpha() for pair in words for here, there in zip(*pair, strict=False))
    return replace(found, other=declared, words=words) if differ else None


def _doubtful(sample: bytes, encoding: str, other: str | None, confidence: float) -> Detected:
    return Detected(encoding, confidence, other, is_settled=False, words=_words(sample, encoding, other or encoding))


def _to_look_at(sample: bytes, encoding: str, mark: float) -> tuple[str, ...]:
    """Some words of a text that has few outside ASCII, or whose words fit badly."""
    words = {word for word in _WORD.findall(sample) if not word.isascii()}
    if sum(len(_NOT_ASCII.findall(word)) for word in words) > _FEW and mark >= _WELL:
        return ()
    return tuple(word for word, _ in _words(sample, encoding, encoding, _FEW_SHOWN))


def _words(sample: bytes, here: str, there: str, most: int = _SHOWN) -> tuple[tuple[str, str], ...]:
    """The words that differ, the most frequent first.

    A capitalised one that stands there once may be somebody's name: of such only the letters outside ASCII are given.
    """
    found: Counter[tuple[str, str]] = Counter()
    for line in re.split(rb"[\r\n{}]+", sample):
        for piece in dict.fromkeys(each for each in _WORD.findall(line) if not each.isascii()):
            pair = (piece.decode(here, "replace"), piece.decode(there, "replace"))
            if here == there or pair[0] != pair[1]:
                found[pair] += 1
    shown = [pair for pair, count in found.most_common() if count > 1 or pair[0][:1].islower()]
    pairs = shown or [(_letters(a), _letters(b)) for a, b in found]
    return tuple(dict.fromkeys(pairs))[:most]


def _letters(word: str) -> str:
    return "".join(letter for letter in word if not letter.isascii())


def utf8_share(sample: bytes) -> float:
    """Measure which share of the bytes outside ASCII are whole UTF-8 characters: much of it means a damaged file."""
    outside = len(_NOT_ASCII.findall(sample))
    return sum(len(sequence) for sequence in _UTF8_SEQUENCE.findall(sample)) / outside if outside else 1.0
