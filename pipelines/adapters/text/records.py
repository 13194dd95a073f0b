"""Delimited text record by record, slowly and with care: every line of the file ends up in exactly one record.

Here: where a record starts and ends, what its cells are, and whether it can be trusted. Not here: what a table is
(`delimited`), nor encodings (`encodings.utf8`).
The csv module reads an unclosed quote as one cell that runs to the end of the file; here the damage stays in its line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells, how many lines of the file it spans, and whether its quotes are broken."""

    cells: list[str]
    lines: int
    broken: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it: an empty line, or delimiters only."""
        return not any(self.cells)


#: Stands for a CR within a line, at which the csv module would stop; from Unicode's private use area.
_CR: Final = "\ue00d"


class _Lines:
    """Lines that can be put back, and which of them the record at hand was made of."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        if line.find("\r", 0, -2) >= 0:
            line = line[:-2].replace("\r", _CR) + line[-2:]
        self.taken.append(line)
        return line

    @property
    def replaying(self) -> bool:
        """Whether the next line was once part of a record that turned out to be broken."""
        return bool(self._again)

    def put_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))


def records(lines: Iterable[str], delimiter: str, width: int | None = None) -> Iterator[Record]:
    r"""Yield every record of delimited text, in order; `lines` end in `\n`, `width` counts the columns, if known.

    A line with wrong but paired quotes is taken literally where that gives exactly `width` cells (`"So." Really.` in
    a file without quoting); otherwise it is one broken record, and reading goes on with the line after it.
    """
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    stray_quote = re.compile(rf'(?:^|{re.escape(delimiter)})[^"{re.escape(delimiter)}\r\n]+"', re.MULTILINE)
    while True:
        source.taken = []
        suspect = source.replaying
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            first, *rest = source.taken
            source.put_back(rest)
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            yield _literal(first, delimiter, width, alone=not rest and not suspect)
        else:
            broken = suspect and stray_quote.search("".join(source.taken)) is not None
            yield Record(_with_cr(cells), len(source.taken), broken)


def file_records(path: Path, delimiter: str, width: int | None = None, skip: int = 0) -> Iterator[Record]:
    """Read the records of a UTF-8 file, with or without byte-order mark, after its first `skip` lines."""
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        yield from records(islice(lines, skip, None), delimiter, width)


def _with_cr(cells: list[str]) -> list[str]:
    return [cell.replace(_CR, "\r") for cell in cells] if any(_CR in cell for cell in cells) else cells


def _literal(line: str, delimiter: str, width: int | None, *, alone: bool) -> Record:
    cells = _with_cr(line.rstrip("\r\n").split(delimiter))
    return Record(cells, 1, broken=not alone or len(cells) != width or line.count('"') % 2 == 1)
