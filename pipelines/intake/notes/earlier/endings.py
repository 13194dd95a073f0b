"""Files of text that end amid a line, as those that were cut off do: files before, or their own rows, say what is missing.

Here: the note on them. Not here: rows with too few cells (`pipelines.adapters.text`), snapshots that shrank (`snapshots`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from pipelines.intake.history import History
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile, is_compressed

_OF_TEXT: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})
#: Copies are made, and broken off, in pieces of so many bytes.
_PIECE: Final = 4096
#: Of two bytes, as a sign may have, one ends a line.
_SIGN: Final = 2
_BEFORE: Final = 3
#: So many bytes of the end are looked at, and so few rows say nothing.
_NEAR_THE_END: Final = 1 << 16
_FEWEST: Final = 10
_DELIMITERS: Final = (b";", b"\t", b"|", b",")


def with_endings(verdicts: Sequence[FileVerdict], history: History) -> list[FileVerdict]:
    """The verdicts with notes on files that may have been cut off; `history` knows those before them."""
    return [replace(each, notes=(*each.notes, *_notes(each, history))) for each in verdicts]


def _notes(verdict: FileVerdict, history: History) -> Iterator[str]:
    file = verdict.file
    if verdict.status != "accepted" or isinstance(file, RefusedFile) or not _is_plain(file):
        return
    if _is_ended(file.path) is not False:
        return
    home = Path(str(file.path).removesuffix(file.relative))
    before = list(islice(history.before(file, verdict.scope), _BEFORE))
    others = [each.path for each in before if Path(each.path).suffix.lower() in _OF_TEXT and each.path != file.known_as]
    ends = [_is_ended(home / path) for path in others]
    if True in ends and False not in ends:
        told = f"while {others[ends.index(True)]} ends with the end of one"
    elif file.size_bytes % _PIECE == 0:
        told = f"and it has {file.size_bytes:,} bytes, a multiple of those in which files are copied"
    elif not (told := _of_last_row(file.path)):
        return
    yield (
        f"It ends amid a line, {told}: it may have been cut off there, and a 1 that stands last may have been a 10. Compare "
        "it with the export, and put the whole file here by the same name; if nothing is missing, all is well."
    )


def _of_last_row(path: Path) -> str:
    """What the last row lacks that all others near the end have; nothing where it looks as they do."""
    *others, last = _last_lines(path)
    if len(others) < _FEWEST or b'"' in last:
        return ""
    delimiter = max(_DELIMITERS, key=others[-1].count)
    cells = {line.count(delimiter) + 1 for line in others}
    if len(cells) != 1 or cells == {1}:
        return ""
    [width], has = cells, last.count(delimiter) + 1
    if has < width:
        return f"its last row, with {has} cells where all near it have {width}"
    end, *ends = (line.rpartition(delimiter)[2].strip() for line in (last, *others))
    if end == b"1" and b"10" in ends:
        return "its last row, with a 1 where others say 10"
    is_shorter = end and len({len(each) for each in ends}) == 1 and len(end) < len(ends[0])
    told = end.decode("utf-8", "replace")
    return f"its last row, whose last cell is shorter than those of all near it ('{told}')" if is_shorter else ""


def _last_lines(path: Path) -> list[bytes]:
    """Lines near the end without the first, which may be one of headings or a piece; the last one is what ends amid it."""
    try:
        with path.open("rb") as content:
            size = content.seek(0, os.SEEK_END)
            content.seek(max(0, size - _NEAR_THE_END))
            lines = content.read().replace(b"\0", b"").replace(b"\r", b"\n").split(b"\n")
    except OSError:
        return [b""]
    return [*[line for line in lines[:-1] if line.strip()][1:], lines[-1]]


def _is_plain(file: LandedFile) -> bool:
    return file.suffix in _OF_TEXT and not file.member and not is_compressed(file.path.name)


def _is_ended(path: Path) -> bool | None:
    """Whether a file ends with the end of a line; None where it is not there any more, or empty."""
    try:
        with path.open("rb") as content:
            size = content.seek(0, os.SEEK_END)
            content.seek(max(0, size - _SIGN))
            last = content.read()
    except OSError:
        return None
    return (b"\n" in last or b"\r" in last) if last else None
