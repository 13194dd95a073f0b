"""A first look at all records of a delimited file, to see how much care it must be read with.

Here: whether they are sound, as long as the headings, and on one line each. Not here: reading them (`delimited`), what is
wrong with them (`records`, `pieces`).
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.adapters.encodings.utf8 import chunks

#: Every text of `transforms.scores.texts.ERROR_CELL` has one of them.
_OF_ERRORS: Final = (b"#", b"Err:")

Bits = npt.NDArray[np.uint64]
_LAST: Final = np.uint64(63)
_STEPS: Final = tuple(np.uint64(step) for step in (1, 2, 4, 8, 16, 32))


@dataclass(frozen=True)
class Seen:
    """What the records of a file are like."""

    is_sound: bool
    """No record is broken or longer than the headings, and no quote stands amid a cell; False also where short records
    must be looked at one by one."""
    may_be_short: bool = False
    """Records may have fewer cells than the headings."""
    may_be_swallowed: bool = False
    """Records may span several lines."""
    may_hold_errors: bool = True
    """Cells may be what a spreadsheet shows in place of a result."""


def seen_by_records(path: Path, delimiter: str, width: int, skip: int) -> Seen:
    """Look at every record of a UTF-8 file after its first `skip` lines."""
    if _has_stray_quotes(path, delimiter):
        return Seen(is_sound=False)
    spans = False
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        reader = csv.reader(islice(lines, skip, None), delimiter=delimiter, strict=True)
        records = 0
        try:
            for records, cells in enumerate(reader, 1):  # noqa: B007 - counted
                if len(cells) != width and any(cells):
                    return Seen(is_sound=False)
        except csv.Error:
            return Seen(is_sound=False)
        spans = reader.line_num > records
    return Seen(is_sound=True, may_be_swallowed=spans)


def seen_by_counts(path: Path, delimiter: str, width: int) -> Seen:
    """Count the delimiters and line ends of a big file, within quotes and without.

    With no record longer than the headings (which polars would not read), the delimiters outside of quotes are as many as
    there should be only if no record is short.
    """
    delimiters = lines = within = 0
    is_open = may_hold_errors = is_stray = False
    last = b""
    for chunk in chunks(path):
        quotes, *counted = (_places(chunk, sign) for sign in ('"', delimiter, "\n"))
        inside = _inside(quotes, is_open=is_open)
        is_stray = is_stray or _are_stray(quotes & inside, (quotes, *counted), _start(chunk, last, delimiter))
        is_open = bool(inside[-1] >> _LAST)
        delimiters += _number(counted[0] & ~inside)
        lines += _number(counted[1])
        within += _number(counted[1] & inside)
        may_hold_errors = may_hold_errors or _may_hold_errors(last + chunk)
        last = chunk[-3:]
    unended = last[-1:] not in (b"", b"\n")
    is_full = delimiters == (width - 1) * (lines - within + unended)
    return Seen(not is_open and not is_stray, not is_full, within > 0, may_hold_errors)


def _has_stray_quotes(path: Path, delimiter: str) -> bool:
    is_open = False
    last = b""
    for chunk in chunks(path):
        if is_open or b'"' in chunk:
            quotes = _places(chunk, '"')
            inside = _inside(quotes, is_open=is_open)
            before = (quotes, _places(chunk, delimiter), _places(chunk, "\n"))
            if _are_stray(quotes & inside, before, _start(chunk, last, delimiter)):
                return True
            is_open = bool(inside[-1] >> _LAST)
        last = chunk[-3:]
    return False


def _are_stray(opening: Bits, before: tuple[Bits, ...], start: int) -> bool:
    """Whether a quote opens amid a cell, as in `5" screen`: one that follows no delimiter, end of a line or quote.

    polars counts it as an opening one, though it reads the cell as it stands: it then fails or takes records together,
    and not always, but by which columns are asked for.
    """
    may_open = np.bitwise_or.reduce(before)
    carried = np.concatenate([np.array([start], np.uint64), may_open[:-1] >> _LAST])
    return bool((opening & ~((may_open << _STEPS[0]) | carried)).any())


def _start(chunk: bytes, last: bytes, delimiter: str) -> int:
    """The first byte of a chunk at which a cell may begin, as a bit: the first of all, or that after the mark of UTF-8."""
    if not last and chunk.startswith(BOM_UTF8):
        return 1 << len(BOM_UTF8)
    return int(last[-1:] in b'"\n' + delimiter.encode())


def _may_hold_errors(text: bytes) -> bool:
    # One byte is found many times as fast as several.
    return any(sign[:1] in text and sign in text for sign in _OF_ERRORS)


def _places(chunk: bytes, sign: str) -> Bits:
    """Where a sign stands: a bit for each byte, the first one the lowest of the first number."""
    packed = np.packbits(np.frombuffer(chunk, np.uint8) == ord(sign), bitorder="little")
    return np.pad(packed, (0, -len(packed) % 8)).view("<u8")


def _inside(quotes: Bits, *, is_open: bool) -> Bits:
    """Which bytes stand within quotes: those with an odd number of them before, the opening ones among them.

    All bytes of a number are told of at once, by exclusive or with itself moved on by 1, 2, 4 ... bytes.
    """
    inside = quotes.copy()
    for step in _STEPS:
        inside ^= inside << step
    turns = (inside >> _LAST).astype(np.bool_)
    begins_open = np.logical_xor.accumulate(np.concatenate([[is_open], turns[:-1]]))
    return np.where(begins_open, ~inside, inside)


def _number(places: Bits) -> int:
    return int(np.bitwise_count(places).sum(dtype=np.int64))
