"""Opening an unknown file by the house's own adapters, as far as a look at it needs.

Here: its kind, encoding and delimiter, its rows of headings, its first rows as text. Not here: what sort of bytes it
holds (`content`), what the columns mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.encodings.utf8 import marked, to_utf8
from pipelines.adapters.encodings.utf8 import recognised as recognised_encoding
from pipelines.adapters.headings import tidy, title_rows
from pipelines.adapters.json.lines import LARGEST
from pipelines.adapters.json.shapes import list_in_a_line
from pipelines.adapters.kinds import read
from pipelines.adapters.qualtrics.export import heading_rows
from pipelines.adapters.sheets.excel import SUFFIXES, SheetGrid, open_sheet
from pipelines.adapters.sheets.workbook import open_workbook
from pipelines.adapters.surveymonkey.companions import with_details
from pipelines.adapters.surveymonkey.export import has_two_header_rows
from pipelines.adapters.table import Grid, TextTable, column
from pipelines.adapters.text.delimited import open_delimited
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.landing.digests import DigestCache
from pipelines.landing.landed import LandedFile
from pipelines.shown import counted
from pipelines.sniff.opening.content import Content, content_of
from pipelines.sniff.opening.heading_rows import rows_of_headings
from pipelines.sniff.opening.signatures import Signature, recognised
from pipelines.sniff.opening.totals import without_totals

#: How many rows of any file are looked at.
ROWS_LOOKED_AT: Final = 100_000

_NEVER_SURER: Final = 0.99
_LITTLE: Final = 1 << 10
#: What a layout names where one file is given: a file's own name may be no pattern, such as `export_10:05.csv`.
_ANY: Final = "*"
#: Answers, not headings: an address, a date, a long number.
_ANSWER: Final = re.compile(
    r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+|\d{1,4}([./-])\d{1,2}\1\d{1,4}([ T].*)?|\+?(\d[ ()/-]*){7,}"
)
_SCORE: Final = re.compile(r"\d|10")
_SCORES_IN_A_ROW: Final = 3


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What is known of a file before its rows are read."""

    kind: str
    signature: Signature | None = None
    encoding: str = "utf-8"
    declared: list[str] = field(default_factory=list)
    """The encodings that a person says it is in."""
    confidence: float | None = None
    """How sure the encoding is, from 0 to 1, which is where the file itself tells; None where it is no text."""
    doubt: str = ""
    """What speaks for which encoding, where its letters do not settle it."""
    hint: str = ""
    """The words that settle it, where they are few."""
    delimiter: str | None = None
    header_rows: int = 0
    """Rows of headings, titles above them not counted; 0 where there are none."""
    kinds_header_rows: int = 0
    """How many rows of headings such files have where nothing is said."""
    skip_rows: int = 0
    """Rows above them that have to be declared."""
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    records: str | None = None
    """Where records stand in JSON, if that has to be declared."""


@dataclass(frozen=True, kw_only=True)
class Opened(Shape):
    """A file as it was recognised, with its first rows."""

    file: LandedFile
    table: TextTable
    rows: pl.DataFrame
    is_whole: bool
    """Whether all of it was looked at."""
    broken: int
    """Rows that cannot be read as rows."""
    notes: tuple[str, ...]
    members: tuple[str, ...] = ()
    """Of an archive of several endings, the pattern of the one that was looked at."""


def open_file(path: Path, scratch: Path, sheet: str | None = None, encodings: Sequence[str] = ()) -> Opened:
    """Open a file, or one sheet of it; `encodings` are those that a text is declared in.

    Copies go to `scratch`, which the caller removes. Raises `UserError` where there is no file, `FileRefusedError` where
    it cannot be read.
    """
    content = content_of(path, scratch, encodings)
    if content.format == "sheet":
        return _opened(content, _shape_of_sheet(content.file, sheet), scratch)
    if content.format == "text":
        return _opened(content, _shape_of_text(content.file, scratch, list(encodings)), scratch)
    kind = "qualtrics" if content.format == "xml" else content.format
    declared = list(encodings) if content.format in ("json", "jsonl") else []
    records = _records(content, scratch, declared) if content.format == "json" else None
    opened = _opened(content, Shape(kind=kind, declared=declared, records=records), scratch)
    if content.format in ("json", "jsonl") and not declared:
        confidence, doubt, hint = _detected(content.file.path, opened.encoding)
        opened = replace(opened, confidence=confidence, doubt=doubt, hint=hint)
    return _recognised_by_headings(opened, content, scratch)


def _records(content: Content, scratch: Path, declared: Sequence[str]) -> str | None:
    """Where the records of a file of JSON stand that is one line, and would be read as one record."""
    copy, _ = to_utf8(content.file.path, list(declared) or None, scratch)
    with copy.open(encoding="utf-8-sig") as text:
        first, rest = text.readline(LARGEST), text.read(_LITTLE)
    return None if rest.strip() else list_in_a_line(first)


def _shape_of_text(file: LandedFile, scratch: Path, declared: list[str]) -> Shape:
    layout = Layout(kind="csv", files=[_ANY], encoding=declared or None)
    grid = open_delimited(file, layout, scratch)
    shape = _recognised(grid, "csv", misnamed=file.suffix in SUFFIXES)
    confidence, doubt, hint = (None, "", "") if declared else _detected(file.path, grid.encoding)
    read = replace(shape, encoding=grid.encoding, declared=declared, delimiter=grid.dialect.delimiter)
    return replace(_skipping(read, grid.dialect.first_row_number), confidence=confidence, doubt=doubt, hint=hint)


def _shape_of_sheet(file: LandedFile, sheet: str | None) -> Shape:
    grid = open_sheet(file, Layout(kind="excel", files=[_ANY], sheet=sheet), Limits())
    shape = _recognised(grid, "excel", misnamed=file.suffix not in SUFFIXES)
    sheets = [each.name for each in open_workbook(file.path, None, Limits())]
    first = grid.first_row_number if isinstance(grid, SheetGrid) else 1
    return replace(_skipping(shape, first), sheet=grid.name, sheets=sheets)


def _recognised(grid: Grid, plain: str, *, misnamed: bool) -> Shape:
    """Kind and signature, how many rows of headings there are, how many such files usually have, and titles above.

    `misnamed` says that the file's name tells another format than it has: kinds that go by the name cannot read it.
    """
    signature = None if misnamed else recognised(grid.first_rows)
    titles = 0 if signature else title_rows(grid.first_rows)
    rows = grid.first_rows[titles:]
    if titles and not misnamed:
        signature = recognised(rows)
    kind = signature.kind if signature else plain
    usual = {"surveymonkey": 1 + has_two_header_rows(rows), "qualtrics": heading_rows(rows)}.get(kind, 1)
    count = 0 if kind == plain and _holds_answers(rows) else max(usual, rows_of_headings(rows))
    return Shape(kind=kind, signature=signature, header_rows=count, kinds_header_rows=usual, skip_rows=titles)


def _skipping(shape: Shape, first_row: int) -> Shape:
    """The shape with the rows above its headings, where these are declared: nobody looks for titles then."""
    is_declared = shape.skip_rows and shape.header_rows != shape.kinds_header_rows
    return replace(shape, skip_rows=shape.skip_rows + first_row - 1 if is_declared else 0)


def _opened(content: Content, shape: Shape, scratch: Path) -> Opened:
    """The table of a file, and its first sound rows."""
    table, rows = _read(content.file, shape, scratch)
    sound = rows.filter(~pl.col("malformed"))
    answers = sound.filter(~_repeat_headings(table)) if any(each.text for each in table.headings) else sound
    again = sound.height - answers.height
    answers = without_totals(answers)
    repeated = (f"{counted(again, 'row')} with its headings again, as if files stood one below another.",) * (again > 0)
    return Opened(
        **{**vars(shape), "encoding": shape.encoding if shape.delimiter else table.encoding},
        file=content.file,
        table=table,
        rows=answers,
        is_whole=content.is_whole and rows.height < ROWS_LOOKED_AT,
        broken=rows.height - sound.height,
        notes=(*content.notes, *table.notes, *repeated),
        members=content.members,
    )


def _repeat_headings(table: TextTable) -> pl.Expr:
    """Whether rows say in each column what its heading says."""
    texts = {column(number): heading.text for number, heading in enumerate(table.headings) if heading.text}
    same = [pl.col(name).str.strip_chars() == text.strip() for name, text in texts.items()]
    return pl.all_horizontal(same).fill_null(value=False)


def _read(file: LandedFile, shape: Shape, scratch: Path) -> tuple[TextTable, pl.DataFrame]:
    header_rows = shape.header_rows if shape.header_rows != shape.kinds_header_rows else None
    settings = {
        "kind": shape.kind,
        "files": _ANY,
        "header_rows": header_rows,
        "sheet": shape.sheet,
        "records": shape.records,
    }
    layout = Layout.model_validate(
        {**settings, "encoding": shape.declared or None, "skip_rows": shape.skip_rows or None}
    )
    table = read(file, layout, Limits(), scratch)
    try:
        return table, table.rows.head(ROWS_LOOKED_AT).collect()
    except pl.exceptions.ComputeError:
        if table.careful is None:
            raise
        table = table.careful()
        return table, table.rows.head(ROWS_LOOKED_AT).collect()


def _recognised_by_headings(opened: Opened, content: Content, scratch: Path) -> Opened:
    """The same file, read as what its headings say that it is."""
    signature = recognised([[heading.text for heading in opened.table.headings]])
    if signature is None or signature.kind == opened.kind:
        return replace(opened, signature=signature)
    completed = replace(content, file=_with_details(content.file, signature.kind, scratch))
    return _opened(completed, Shape(kind=signature.kind, signature=signature, declared=opened.declared), scratch)


def _with_details(file: LandedFile, kind: str, scratch: Path) -> LandedFile:
    """The file with those that it cannot be read without, where they lie beside it."""
    folder = file.path.parent
    placed = replace(file, relative=f"{folder.name}/{file.name}")
    layout = Layout.model_validate({"kind": kind, "files": _ANY})
    return next(
        (
            found
            for found in with_details([placed], folder.parent, layout, Limits(), DigestCache(scratch / "details.json"))
            if isinstance(found, LandedFile)
        ),
        file,
    )


def _detected(path: Path, encoding: str) -> tuple[float | None, str, str]:
    """How sure an encoding is, entirely where it is UTF-8 or a mark states it, what speaks for another, what to look at."""
    if encoding == "utf-8" or marked(path):
        return 1.0, "", ""
    found = recognised_encoding(path)
    if found is None or found.encoding != encoding:
        return None, "", ""
    return min(round(found.confidence, 2), _NEVER_SURER), found.doubt, found.hint


def _holds_answers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is one of answers, as far as shapes tell."""
    first, *below = [[tidy(cell) for cell in row] for row in rows]
    if any(_ANSWER.fullmatch(cell) for cell in first):
        return True
    scores = [i for i, cell in enumerate(first) if _SCORE.fullmatch(cell)]
    return 0 < len(scores) <= _SCORES_IN_A_ROW and all(
        _SCORE.fullmatch(row[i]) for row in below for i in scores if i < len(row) and row[i]
    )
