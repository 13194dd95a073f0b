"""A first look at all records of a delimited file, to see how much care it must be read with.

Here: whether they are sound, as long as the headings, and on one line each. Not here: reading them (`delimited`), what is
wrong with them (`records`, `pieces`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from pipelines.adapters.encodings.utf8 import chunks

#: Every text of `transforms.score_texts.ERROR_CELL` has one of them.
_OF_ERRORS: Final = (b"#", b"Err:")


@dataclass(frozen=True)
class Seen:
    """What the records of a file are like."""

    is_sound: bool
    """No record is broken or longer than the headings; False also where short ones must be looked at one by one."""
    may_be_short: bool = False
    """Records may have fewer cells than the headings."""
    may_be_swallowed: bool = False
    """Records may span several lines."""
    may_hold_errors: bool = True
    """Cells may be what a spreadsheet shows in place of a result."""


def seen_by_records(path: Path, delimiter: str, width: int, skip: int) -> Seen:
    """Look at every record of a UTF-8 file after its first `skip` lines."""
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
    is_open = may_hold_errors = False
    last = b""
    for chunk in chunks(path):
        signs = np.frombuffer(chunk, np.uint8)
        quotes, *counted = (np.flatnonzero(signs == ord(sign)) for sign in ('"', delimiter, "\n"))
        ends = [len(chunk)] * ((is_open + len(quotes)) % 2)
        opened = np.concatenate([[0] * is_open, quotes, ends], dtype=np.int64, casting="unsafe")
        inside = [int(np.diff(np.searchsorted(at, opened))[::2].sum()) for at in counted]
        is_open = (is_open + len(quotes)) % 2 == 1
        delimiters += len(counted[0]) - inside[0]
        lines += len(counted[1])
        within += inside[1]
        may_hold_errors |= any(sign in last + chunk for sign in _OF_ERRORS)
        last = chunk[-3:]
    unended = last[-1:] not in (b"", b"\n")
    is_full = delimiters == (width - 1) * (lines - within + unended)
    return Seen(not is_open, not is_full, within > 0, may_hold_errors)
