"""What is odd about a text that can be read: damage that it brought along from where it was made.

Here: sentences with line numbers. Not here: what cannot be read (`utf8`, `mixture`). Nothing is mended: a text that
looks damaged may be as it should be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipelines.adapters.encodings.lines import line_numbers, whole_lines
from pipelines.adapters.encodings.utf8 import chunks, contradicted, marked, recognised, same_encoding
from pipelines.adapters.encodings.zeros import ZERO
from pipelines.shown import shown

_SHOWN: Final = 5
_LOST: Final = "\ufffd".encode()
LOST: Final = "Characters were lost before the file came here: a replacement character (U+FFFD) stands in {}."
ENCODED_TWICE: Final = (
    "Text seems to have been encoded twice before the file came here (é as Ã©) in {}. It is kept as it stands."
)
_ZEROS: Final = (
    f"Binary zeros stand in {{}}: shown as {ZERO} within a cell, left out at the end of one. Something is wrong where "
    "the file was made."
)
#: What the second byte of a character of UTF-8 is, read in an 8-bit encoding. `Ş` follows `Ă` in Romanian, too.
_LETTERS: Final = sorted(
    {letter for encoding in ("latin-1", "windows-1252", "windows-1250")
     for letter in bytes(range(0x80, 0xC0)).decode(encoding, "ignore")} - {"Ş"}
)  # fmt: skip
_SECOND: Final = b"|".join(letter.encode() for letter in _LETTERS)
#: UTF-8 that was read in such an encoding and encoded again: `Ã±`, `ÄŤ`, `â€™`, `Ĺˇ`. Each pattern starts with one byte,
#: which is quick to look for.
_PATTERNS: Final = (
    (b"\xc3", re.compile(rb"\xc3(?:[\x82-\x85\x90\x91](?:" + _SECOND + rb")|\xa2(?:\xe2\x82\xac|\xc2\x80))")),
    (b"\xc4", re.compile(rb"\xc4[\x82\xb9](?:" + _SECOND + rb")")),
)
#: The same of Windows-1251: what has become of the letters a and e, which every text holds.
_CYRILLIC: Final = ("Р°".encode(), "Рµ".encode())  # noqa: RUF001 - Cyrillic
#: All of it as a pattern over texts.
TWICE_ENCODED: Final = f"[Â-ÅÐÑĂĹ][{''.join(_LETTERS)}]|â[€\u0080]|Р[°µ]"  # noqa: RUF001 - Cyrillic


@dataclass
class _Damage:
    """One sort of damage: how to see it, and the lines found."""

    seen: Callable[[bytes], bool]
    sentence: str
    count: int = 0
    first: list[int] = field(default_factory=list)

    def look(self, piece: bytes, before: int) -> None:
        if not self.seen(piece):
            return
        for number, line in enumerate(piece.split(b"\n"), before + 1):
            if self.seen(line):
                self.count += 1
                if len(self.first) < _SHOWN:
                    self.first.append(number)


def text_notes(original: Path, declared: str | Sequence[str] | None, utf8: Path) -> tuple[str, ...]:
    """Tell what is odd about a file: `original` as it came, `utf8` as `to_utf8` gave it."""
    found = [
        _Damage(
            lambda piece: b"\xef" in piece and _LOST in piece,
            LOST,
        ),
        _Damage(
            _is_twice_encoded,
            ENCODED_TWICE,
        ),
    ]
    zero, where = (ZERO.encode(), utf8) if _is_wide(original, declared) else (b"\0", original)
    zeros = _Damage(lambda piece: zero in piece, _ZEROS)
    if where != utf8:
        _look([zeros], where)
    # Most files are plain ASCII, and lines of those need not be told apart.
    if not all(chunk.isascii() and zero not in chunk for chunk in chunks(utf8)):
        _look(found if where != utf8 else [zeros, *found], utf8)
    said = tuple(each.sentence.format(line_numbers(each.first, each.count)) for each in (zeros, *found) if each.count)
    return (*_contradiction(original, declared), *said)


def looks_damaged(content: bytes) -> bool:
    """Whether `text_notes` may have anything to say of UTF-8."""
    return not content.isascii() and (_LOST in content or _is_twice_encoded(content))


def notes_on_text(original: Path, declared: str | Sequence[str] | None, encoding: str, utf8: Path) -> tuple[str, ...]:
    """Tell all of it: of the `encoding` that a file was read in, and what is odd about its text."""
    return (*encoding_notes(original, declared, encoding), *text_notes(original, declared, utf8))


def encoding_notes(original: Path, declared: str | Sequence[str] | None, encoding: str) -> tuple[str, ...]:
    """Tell what speaks against the encoding that a file was read in: its letters, or those of another one."""
    if isinstance(declared, str) and not marked(original) and (told := contradicted(original, declared)):
        here, there = (", ".join(f"'{shown(pair[at])}'" for pair in told.words) for at in (0, 1))
        note = (
            f"nps.yaml says encoding: {declared}, by which it holds {there}; read as {told.encoding} it holds {here}. If "
            f"that is right, write encoding: {told.encoding}; else all is well."
        )
        return (note,)
    if declared or marked(original) or encoding == "utf-8":
        return ()
    found = recognised(original)
    if found is None or not (found.doubt or found.hint):
        return ()
    if found.hint:
        return (
            f"{found.hint} If a letter is wrong, write encoding: with the right one into nps.yaml, else with this one.",
        )
    advice = f"It was read as {encoding}: write encoding: with the right one into nps.yaml."
    return (f"Its encoding is not certain: {found.doubt}. {advice}",)


def _look(damages: Sequence[_Damage], path: Path) -> None:
    before = 0
    for piece in whole_lines(path, b"\n"):
        for damage in damages:
            damage.look(piece, before)
        before += piece.count(b"\n")


def _is_wide(path: Path, declared: str | Sequence[str] | None) -> bool:
    """Whether its characters are of several bytes each, so that zeros are halves of them."""
    names = [declared] if isinstance(declared, str) else declared or []
    return any(len("a".encode(name)) > 1 for name in (marked(path), *names) if name and name != "utf-8-sig")


def _contradiction(path: Path, declared: str | Sequence[str] | None) -> tuple[str, ...]:
    mark = marked(path)
    names = [declared] if isinstance(declared, str) else declared or []
    if mark is None or not names or any(same_encoding(name, mark) for name in names):
        return ()
    return (f"nps.yaml says {' or '.join(names)}, but the file's byte-order mark says {mark}: it was read as that.",)


def _is_twice_encoded(piece: bytes) -> bool:
    if any(first in piece and pattern.search(piece) is not None for first, pattern in _PATTERNS):
        return True
    return b"\xc2" in piece and any(letter in piece for letter in _CYRILLIC)
