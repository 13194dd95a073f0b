"""Files of which some words are in one 8-bit encoding and some in another of the same letters: Windows, DOS, Mac, Unix.

Here: recognising them, and saying what to write. Not here: UTF-8 among others, and reading such files (`mixture`).
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import Final

from pipelines.adapters.encodings.alphabets import LANGUAGES, looks_broken, plausibility
from pipelines.adapters.encodings.lines import Lines, whole_lines
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

#: Encodings of the same languages that differ in most letters, so that text of one is no text in the other.
_PAIRS: Final = (
    ("windows-1252", "cp850"), ("windows-1252", "mac-roman"), ("windows-1250", "cp852"), ("windows-1250", "mac-latin2"),
    ("iso-8859-2", "cp852"), ("windows-1251", "cp866"), ("windows-1251", "iso-8859-5"),
    ("windows-1253", "cp737"), ("windows-1254", "cp857"), ("windows-1251", "koi8-r"), ("windows-1250", "iso-8859-2"),
)  # fmt: skip
#: Looked for where a word begins only: within a long word of ASCII each letter would else be tried as a beginning.
_WORD: Final = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
#: Shorter ones are abbreviations, of weekdays and the like: they look like no word in any encoding.
_SHORTEST: Final = 3
#: So many words outside ASCII are looked at in each piece of a file, so many different ones in all; and so many of each
#: encoding prove a mixture.
_MOST_WORDS: Final = 400
_ALTOGETHER: Final = 2_000
_FEWEST: Final = 2
#: How much better it must fit the one, and how well all words together one of the two.
_CLEARLY: Final = 0.25
_EXPLAINED: Final = 0.75


def refuse_two_encodings(path: Path, newline: bytes) -> None:
    """Raise `FileRefusedError` (file_encoding) for a file whose words are half in one encoding and half in another.

    The sentence names lines of both, and what to write.
    """
    words = _words(path, newline)
    mixed = []
    for pair in _PAIRS:
        marks = [[_mark(word, encoding) for encoding in pair] for word in words]
        first = {word for word, (here, there) in zip(words, marks, strict=True) if here - there > _CLEARLY}
        second = {word for word, (here, there) in zip(words, marks, strict=True) if there - here > _CLEARLY}
        explained = sum(map(max, marks)) / len(marks) if marks else 0.0
        if min(len(first), len(second)) >= _FEWEST and explained >= _EXPLAINED:
            mixed.append((explained, pair, first, second))
    if not mixed:
        return
    explained, pair, first, second = max(mixed, key=lambda each: each[0])
    alone = max(sum(_mark(word, encoding) for word in words) / len(words) for encoding in LANGUAGES)
    if alone < explained - _CLEARLY / 2:
        raise _mixed(path, newline, pair, first, second)


def _words(path: Path, newline: bytes) -> list[bytes]:
    """Different words outside ASCII, from all parts of the file."""
    found: dict[bytes, None] = {}
    for piece in whole_lines(path, newline):
        if piece.isascii():
            continue
        words = islice(_WORD.finditer(piece), _MOST_WORDS)
        found.update((word[0], None) for word in words if len(word[0]) >= _SHORTEST)
    return list(found)[:_ALTOGETHER]


def _mark(word: bytes, encoding: str) -> float:
    """How well a word fits an encoding, 0 where it is none in it."""
    try:
        text = word.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    return 0.0 if looks_broken(text) else plausibility(word, encoding)


def _mixed(
    path: Path, newline: bytes, pair: tuple[str, str], first: set[bytes], second: set[bytes]
) -> FileRefusedError:
    lines, both = (Lines(), Lines()), Lines()
    last = 0
    for piece in whole_lines(path, newline):
        found = piece.removesuffix(newline).split(newline)
        for number, line in enumerate(found, last + 1):
            words = set() if line.isascii() else set(_WORD.findall(line))
            held = (bool(words & first), bool(words & second))
            for here, each in zip(held, lines, strict=True):
                if here:
                    each.add(number)
            if all(held):
                both.add(number)
        last += len(found)
    within = f" No setting reads {both} rightly: both stand in each." if both.count else ""
    return FileRefusedError(
        Reason.FILE_ENCODING,
        f"{path.name} mixes encodings: {pair[0]} in {lines[0]}, {pair[1]} in {lines[1]}. Export it again as UTF-8, or write "
        f"encoding: [{pair[0]}, {pair[1]}] into nps.yaml: then each line is read in the one that it looks like.{within}",
        pair,
    )
