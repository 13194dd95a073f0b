"""How a delimited file is put together: its delimiter, and what stands before its first row.

Here: finding that out from the beginning of the file, and refusing what is no delimited text at all. Not here: reading
the rows (`delimited`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from pipelines.adapters.table import widest
from pipelines.adapters.text.no_cells import refuse_fixed_width, refuse_sql
from pipelines.adapters.text.records import Record, records
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

#: In the order of preference where the evidence is equal.
DELIMITERS: Final = (",", ";", "\t", "|")
#: Signs that hosts and databases put between cells, since hardly any text holds them: one of them is taken where nearly
#: all records have it equally often, and no usual one does as much.
RARE_DELIMITERS: Final = ("^", "~", "\x01", "\x1e", "\x1f", "§", "¦", "¬", "¤")
_NAMES: Final = {
    "\t": "tabs",
    ",": "commas",
    ";": "semicolons",
    "|": "bars",
    " ": "spaces",
    "\x01": "the control sign U+0001",
    "\x1e": "the control sign U+001E",
    "\x1f": "the control sign U+001F",
}
_NEARLY_ALL: Final = 0.95
_FEWEST_CELLS: Final = 3
#: Excel's own hint, which it hides when it opens the file.
_EXCEL_HINT: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_SAMPLE: Final = 1 << 17
_LONGEST_LINE: Final = 1 << 22
#: Headings of a thousand questions, in three rows, are longer than the sample.
_LINES: Final = 12
#: How many rows are looked at before a file is read.
FIRST_ROWS: Final = 25

_COMPRESSED: Final = (
    re.compile(rb"\x1f\x8b|\x28\xb5\x2f\xfd|BZh|\xfd7zXZ"),
    "compressed: unpack it, or give it a name that ends in .gz, .zst or .zip, as it is",
)
_ARCHIVE: Final = (
    re.compile(rb"(?s).{257}ustar|7z\xbc\xaf|Rar!\x1a"),
    "an archive of a kind that is not read: unpack it, or pack its files as .zip",
)
#: So much of a file says what it is: an archive of tapes says it behind the name of its first file.
_HEAD: Final = 512
_MARKUP: Final = "a web page or XML: open it in a spreadsheet program and save it as .xlsx, or export it as CSV"
_OTHER_FORMATS: Final = (
    (re.compile(rb"PK\x03\x04"), "a spreadsheet or another zip archive: declare kind: excel, or export it as CSV"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old spreadsheet (.xls): declare kind: excel, or export it as CSV"),
    _COMPRESSED,
    _ARCHIVE,
    (re.compile(rb"PAR1"), "a Parquet file: declare kind: parquet"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*\{|\{\s*\")"), "JSON: declare kind: json"),
    (re.compile(rb"%PDF-"), "a PDF document: export the answers as CSV"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|head|meta|body|style|!--)", re.IGNORECASE), _MARKUP),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<[a-z][\w:.-]{0,99}(\s[^<>]{0,999})?>\s*<[a-z]", re.IGNORECASE), _MARKUP),
)


@dataclass(frozen=True)
class Dialect:
    """A delimiter, and how many lines and rows stand before the first row that holds anything."""

    delimiter: str
    lines_before: int
    first_row_number: int

    @property
    def description(self) -> str:
        """The delimiter in words."""
        return f"separated by {delimiter_in_words(self.delimiter)}"


def delimiter_in_words(delimiter: str) -> str:
    """What a delimiter is called."""
    return _NAMES.get(delimiter, repr(delimiter))


def refuse_other_formats(path: Path) -> None:
    """Raise `FileRefusedError` (file_unreadable) for a file that says itself that it is something else."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    _refuse(head, path.name, _OTHER_FORMATS)


def refuse_packed(head: bytes, name: str) -> None:
    """Raise `FileRefusedError` (file_unreadable) where the first bytes of a file say that it is packed."""
    _refuse(head, name, [_COMPRESSED, _ARCHIVE])


def _refuse(head: bytes, name: str, formats: Iterable[tuple[re.Pattern[bytes], str]]) -> None:
    for signature, what in formats:
        if signature.match(head):
            raise FileRefusedError(Reason.FILE_UNREADABLE, f"{name} is {what}.")


def is_other_format(head: bytes) -> bool:
    """Whether the first bytes of a file say that it is something else."""
    return any(signature.match(head) for signature, _ in _OTHER_FORMATS)


def delimiter_of(lines: list[str]) -> str:
    """The delimiter for which most speaks in the lines of a whole file."""
    return _read(lines, None)[0]


def detect_dialect(path: Path, declared: str | None, name: str = "") -> tuple[Dialect, list[list[str]]]:
    """Find a UTF-8 file's dialect and its first rows, which begin with the first one that holds anything.

    `name` is what messages call it, where `path` is a copy.

    The delimiter is the declared one, or that under which the most records have the same and the largest width.
    Raises `FileRefusedError` (file_unreadable, file_empty).
    """
    name = name or path.name
    lines = _first_lines(path, name)
    hint = _EXCEL_HINT.fullmatch(lines[0]) if lines else None
    sample = lines[1:] if hint else lines
    refuse_sql(sample, name)
    given = declared or (hint[1] if hint else None)
    delimiter, found = _read(sample, given)
    if given is None and consistency(found) < 1:
        refuse_fixed_width(sample, name)
    before = list(takewhile(lambda record: record.blank, found))
    if len(before) == len(found):
        raise FileRefusedError(Reason.FILE_EMPTY, f"{name} holds nothing but delimiters and empty lines.")
    lines_before = sum(record.lines for record in before) + (1 if hint else 0)
    rows = [record.cells for record in found[len(before) :][:FIRST_ROWS]]
    return Dialect(delimiter, lines_before, len(before) + 1), rows


def _first_lines(path: Path, name: str) -> list[str]:
    """The whole lines at the beginning of a file, as far as a sample reaches, but a few at least."""
    lines: list[str] = []
    size = 0
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        while (size < _SAMPLE or len(lines) < _LINES) and (line := file.readline(_LONGEST_LINE)):
            size += len(line)
            if len(line) == _LONGEST_LINE:
                raise FileRefusedError(
                    Reason.FILE_UNREADABLE, f"{name} has no line ends where one would expect them: it is no table."
                )
            lines.append(line)
    return lines


def _read(lines: list[str], delimiter: str | None) -> tuple[str, list[Record]]:
    """The records of lines under a delimiter, or else under the one for which most speaks, which is given too."""
    if delimiter is not None:
        return delimiter, list(records(lines, delimiter))
    # Nothing speaks for one that occurs nowhere; reading with care what it would make of the lines takes milliseconds.
    there = {each: list(records(lines, each)) for each in DELIMITERS if any(each in line for line in lines)}
    best = max(DELIMITERS, key=lambda each: consistency(there.get(each, [])))
    if rare := _rare(lines, consistency(there.get(best, []))):
        return rare
    return best, there[best] if best in there else list(records(lines, best))


def _rare(lines: list[str], usual: float) -> tuple[str, list[Record]] | None:
    """The rare delimiter that nearly all records have equally often, and its records, where more speaks for it."""
    for each in RARE_DELIMITERS:
        if sum(each in line for line in lines) < _NEARLY_ALL * sum(map(bool, map(str.strip, lines))):
            continue
        found = list(records(lines, each))
        widths = [len(record.cells) for record in found if not record.blank]
        width = max(widths, key=widths.count, default=0)
        is_whole = usual < 1 or widths[0] == width
        enough = max(usual, _NEARLY_ALL * math.log2(max(width, 1)))
        if len(found) > 1 and width >= _FEWEST_CELLS and is_whole and consistency(found) > enough:
            return each, found
    return None


def consistency(everything: list[Record]) -> float:
    """How much speaks for a delimiter: the share of records that have the most common width, times its logarithm."""
    found = [record for record in everything if not record.blank]
    if not found:
        return float(any(len(record.cells) > 1 for record in everything))
    width = widest(record.cells for record in found)
    agreeing = sum(1 for record in found if _agrees(record, width))
    return agreeing / len(found) * math.log2(width)


def _agrees(record: Record, width: int) -> bool:
    return len(record.cells) == width and not record.broken
