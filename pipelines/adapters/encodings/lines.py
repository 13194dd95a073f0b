"""Lines of bytes: pieces of a file that end where one does, and the numbers of some, in words.

Not here: what the bytes are (`detection`, `mixture`, `utf8`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LONGEST_LINE: Final = 16 << 20
_CHUNK: Final = 1 << 20
_SHOWN: Final = 5


@dataclass
class Lines:
    """Some of a file's lines: how many, and the numbers of the first."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        """Count a line."""
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(number)

    def __str__(self) -> str:
        """The lines in words."""
        return line_numbers(self.first, self.count)


def whole_lines(path: Path, newline: bytes, start: int = 0) -> Iterator[bytes]:
    """Large pieces of a file that end where a line does, unless a line is longer than any should be."""
    rest = b""
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(_CHUNK):
            head, end, tail = chunk.rpartition(newline)
            if end or len(rest) > LONGEST_LINE:
                yield rest + head + end
                rest = tail
            else:
                rest += chunk
    if rest:
        yield rest


def line_numbers(first: Sequence[int], count: int) -> str:
    """Lines in words: `line 3`, `lines 3, 4, 7 and 12 more`."""
    more = f" and {count - len(first):,} more" if count > len(first) else ""
    return f"line{'s' if count > 1 else ''} {', '.join(f'{number:,}' for number in first)}{more}"
