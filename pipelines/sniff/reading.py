"""Opening an unknown file by the house's own adapters, as far as a look at it needs.

Here: what it is, its encoding and delimiter, its rows of headings, its first rows as text. Not here: what the columns
mean. Of big files only the beginning is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from pipelines.adapters.delimited import open_delimited
from pipelines.adapters.detection import detect
from pipelines.adapters.dialect import widest
from pipelines.adapters.digests import DigestCache
from pipelines.adapters.excel import open_sheet
from pipelines.adapters.headings import tidy
from pipelines.adapters.kinds import read
from pipelines.adapters.landing import landed
from pipelines.adapters.surveymonkey import has_two_header_rows
from pipelines.adapters.table import LandedFile, TextTable
from pipelines.config.models import Layout, Limits
from pipelines.errors import UserError
from pipelines.sniff.signatures import Signature, recognised

#: How much of a big text file is looked at, in bytes, and how many rows of any file.
LOOKED_AT: Final = 16 << 20
ROWS_LOOKED_AT: Final = 100_000

_SPREADSHEETS: Final = re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0")
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_SAMPLE: Final = 1 << 14
_NEVER_SURER: Final = 0.99
_HEADER_ROWS_AT_MOST: Final = 3
_SHARE_OF_HEADINGS: Final = 0.5
#: Answers, not headings: an address, a date, a long number.
_ANSWER: Final = re.compile(r"\S+@\S+\.\S+|\d{1,4}([./-])\d{1,2}\1\d{1,4}([ T].*)?|\+?(\d[ ()/-]*){7,}")
_SCORE: Final = re.compile(r"\d|10")
_SCORES_IN_A_ROW: Final = 3


@dataclass(frozen=True)
class Opened:
    """A file as it was recognised, with its first rows."""

    file: LandedFile
    kind: str
    signature: Signature | None
    encoding: str
    confidence: float | None
    """How sure the encoding is, from 0 to 1, which is where the file itself tells; None where a spreadsheet does."""
    delimiter: str | None
    header_rows: int
    kinds_header_rows: int
    """How many rows of headings such files have where nothing is said."""
    sheet: str | None
    sheets: list[str]
    table: TextTable
    rows: pl.DataFrame
    is_whole: bool
    """Whether all of it was looked at."""
    broken: int
    """Rows that cannot be read as rows."""


def open_file(path: Path, scratch: Path, sheet: str | None = None) -> Opened:
    """Open a file, or one sheet of it.

    Copies go to `scratch`, which the caller removes. Raises `UserError` where there is no file, `FileRefusedError` where
    it cannot be read.
    """
    if not path.is_file() and not path.exists():
        raise UserError(f"There is no file {path}.")
    limits = Limits()
    file = landed(path.resolve().parent, path.resolve(), limits, DigestCache(scratch / "digests.json"))
    with file.path.open("rb") as bytes_of:
        head = bytes_of.read(8)
    if _SPREADSHEETS.match(head):
        return _opened_sheet(file, limits, scratch, sheet)
    return _opened_text(_beginning(file, limits, scratch), scratch, is_whole=file.size_bytes <= LOOKED_AT)


def _opened_text(file: LandedFile, scratch: Path, *, is_whole: bool) -> Opened:
    grid = open_delimited(file, Layout(kind="csv", files=[file.path.name]), scratch)
    signature = recognised(grid.first_rows)
    kind = signature.kind if signature else "csv"
    rows_of_headings, usual = _header_rows(kind, grid.first_rows)
    table, rows, broken = _read(file, kind, rows_of_headings if rows_of_headings != usual else None, None, scratch)
    return Opened(
        file=file,
        kind=kind,
        signature=signature,
        encoding=grid.encoding,
        confidence=_confidence(file.path, grid.encoding),
        delimiter=grid.dialect.delimiter,
        header_rows=rows_of_headings,
        kinds_header_rows=usual,
        sheet=None,
        sheets=[],
        table=table,
        rows=rows,
        is_whole=is_whole and rows.height < ROWS_LOOKED_AT,
        broken=broken,
    )


def _opened_sheet(file: LandedFile, limits: Limits, scratch: Path, sheet: str | None) -> Opened:
    grid = open_sheet(file, Layout(kind="excel", files=[file.path.name], sheet=sheet), limits)
    signature = recognised(grid.first_rows)
    kind = signature.kind if signature else "excel"
    rows_of_headings, usual = _header_rows(kind, grid.first_rows)
    table, rows, broken = _read(file, kind, rows_of_headings if rows_of_headings != usual else None, grid.name, scratch)
    return Opened(
        file=file,
        kind=kind,
        signature=signature,
        encoding="utf-8",
        confidence=None,
        delimiter=None,
        header_rows=rows_of_headings,
        kinds_header_rows=usual,
        sheet=grid.name,
        sheets=list(fastexcel.read_excel(file.path.read_bytes()).sheet_names),
        table=table,
        rows=rows,
        is_whole=rows.height < ROWS_LOOKED_AT,
        broken=broken,
    )


def _read(
    file: LandedFile, kind: str, header_rows: int | None, sheet: str | None, scratch: Path
) -> tuple[TextTable, pl.DataFrame, int]:
    """The table of a file, its first sound rows, and how many of the first are broken."""
    layout = Layout.model_validate({"kind": kind, "files": file.path.name, "header_rows": header_rows, "sheet": sheet})
    table = read(file, layout, Limits(), scratch)
    try:
        rows = table.rows.head(ROWS_LOOKED_AT).collect()
    except pl.exceptions.ComputeError:
        if table.careful is None:
            raise
        table = table.careful()
        rows = table.rows.head(ROWS_LOOKED_AT).collect()
    sound = rows.filter(~pl.col("malformed"))
    return table, sound, rows.height - sound.height


def _beginning(file: LandedFile, limits: Limits, scratch: Path) -> LandedFile:
    """The file, or a copy of its beginning where it is big, up to the end of a line."""
    if file.size_bytes <= LOOKED_AT:
        return file
    with file.path.open("rb") as whole:
        beginning = whole.read(LOOKED_AT)
    wide = next((width for mark, width in _WIDE if beginning.startswith(mark)), 1)
    end = max(beginning.rfind(b"\n"), beginning.rfind(b"\r")) + 1
    copy = scratch / file.path.name
    copy.write_bytes(beginning[: end + (-end % wide)] if end else beginning)
    return landed(scratch, copy, limits, DigestCache(scratch / "digests.json"))


#: Byte-order marks of encodings with characters of several bytes.
_WIDE: Final = ((b"\xff\xfe\0\0", 4), (b"\0\0\xfe\xff", 4), (b"\xff\xfe", 2), (b"\xfe\xff", 2))


def _confidence(path: Path, encoding: str) -> float | None:
    """How sure an encoding is: entirely where it is UTF-8 or a mark states it."""
    with path.open("rb") as file:
        beginning = file.read(LOOKED_AT)
    if encoding == "utf-8" or beginning.startswith(_BOMS):
        return 1.0
    lines = b"\n".join(line for line in beginning.splitlines() if not line.isascii())
    found = detect(lines[:_SAMPLE])
    return min(round(found.confidence, 2), _NEVER_SURER) if found and found.encoding == encoding else None


def _header_rows(kind: str, rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How many rows of headings there are, and how many a file of that kind is taken to have."""
    cells = [list(row) for row in rows]
    if kind == "surveymonkey":
        usual = 2 if has_two_header_rows(cells) else 1
        return usual, usual
    return _plain_header_rows(cells), 1


def _plain_header_rows(rows: list[list[str]]) -> int:
    """Titles and the headings themselves, the last of them; 0 where the first row holds answers."""
    width = widest([row for row in rows if any(map(tidy, row))])
    wanted = max(min(2, width), width * _SHARE_OF_HEADINGS)
    titles = next((i for i, row in enumerate(rows) if sum(bool(tidy(cell)) for cell in row) >= wanted), 0)
    if titles == 0 and _holds_answers(rows):
        return 0
    return titles + 1 if titles < _HEADER_ROWS_AT_MOST else 1


def _holds_answers(rows: list[list[str]]) -> bool:
    """Whether the first row is one of answers, as far as shapes tell."""
    first, *below = [[tidy(cell) for cell in row] for row in rows]
    if any(_ANSWER.fullmatch(cell) for cell in first):
        return True
    scores = [i for i, cell in enumerate(first) if _SCORE.fullmatch(cell)]
    return 0 < len(scores) <= _SCORES_IN_A_ROW and all(
        _SCORE.fullmatch(row[i]) for row in below for i in scores if i < len(row) and row[i]
    )
