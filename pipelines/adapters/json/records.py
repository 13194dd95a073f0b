"""JSON (an array, an object with a list, JSON Lines) as a table of text.

Here: what the keys of records become. Not here: finding records in a file (`text`), what columns mean
(`adapters.columns`). Nested keys are joined by dots (`person.email`); a list of plain values is one text, `a, b`; a
list of objects is JSON. `source_row` is the number of the record in the file, counted from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.adapters.encodings.cells import notes_on_cells
from pipelines.adapters.encodings.notes import looks_damaged, notes_on_text
from pipelines.adapters.encodings.utf8 import chunks, to_utf8
from pipelines.adapters.json.lines import BROKEN, Number
from pipelines.adapters.json.pages import notes_of_pages
from pipelines.adapters.json.shapes import plain
from pipelines.adapters.json.text import records
from pipelines.adapters.sparse import refuse_many, refuse_sparse
from pipelines.adapters.spool import Row, scanned, spooled
from pipelines.adapters.table import Heading, TextTable, column, rows_where
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.reasons import Reason

_MOST_HEADINGS: Final = 5_000


def read_json(
    file: LandedFile,
    layout: Layout,
    limits: Limits,  # noqa: ARG001 - every kind is read with the same arguments
    scratch: Path,
    *,
    lines: bool = False,
) -> TextTable:
    """Read JSON or JSON Lines (kind json): one row per record, a column for every key that any record has."""
    path, encoding = to_utf8(file.path, layout.encoding, scratch)
    headings: dict[str, int] = {}
    around: dict[str, Any] = {}
    found = records(path, file.name, layout.records, lines=lines, around=around)
    try:
        rows = spooled(rows_of(file.name, enumerate(found, 1), headings), scratch)
    except RecursionError as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.name} is nested too deeply: it is no list of answers."
        ) from error
    if not headings:
        told = f"{file.name} holds no records: each answer must be an object with its keys, such as {{'score': 9}}."
        raise FileRefusedError(Reason.FILE_EMPTY, told)
    here = scanned(rows, len(headings))
    many = here.select(pl.len()).collect().item() if around else 0
    notes = notes_on_text(file.path, layout.encoding, encoding, path)
    if not any(map(looks_damaged, chunks(path))):  # else it is told by its lines
        notes += notes_on_cells(here, [column(i) for i in range(len(headings))], rows)
    filled = pl.any_horizontal(pl.col(column(i)).str.len_bytes() > 0 for i in range(len(headings)))
    return TextTable(
        [Heading(key) for key in headings],
        rows_where(here, pl.col("malformed") | filled),
        len(headings),
        encoding,
        f"{encoding} JSON",
        notes=(*notes, *notes_of_pages(around, many)),
    )


read_json_lines: Final = partial(read_json, lines=True)


def rows_of(name: str, found: Iterable[tuple[int, Any]], headings: dict[str, int]) -> Iterator[Row]:
    """Every record, with its number, as a row; keys that come up for the first time are added to `headings`."""
    filled = 0
    for number, given in found:
        record = plain(given)
        if not isinstance(record, dict) or record is BROKEN:
            yield number, True, []
            continue
        cells: dict[int, str] = {}
        malformed = False
        for key, text in _flat(record):
            at = headings.get(key, -1)
            if at < 0:
                at = headings.setdefault(_sayable(key), len(headings))
            malformed |= at in cells
            cells[at] = text
        filled += len(cells)
        refuse_many(name, len(headings), _MOST_HEADINGS)
        refuse_sparse(name, number, len(headings), filled)
        row = [cells.get(at, "") for at in range(1 + max(cells, default=-1))]
        whole = _encodable(row)
        yield number, malformed or not whole, row if whole else []


def _encodable(row: list[str]) -> bool:
    r"""Whether the row is text: an escape such as \ud83d alone stands for half a character."""
    try:
        "".join(row).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return not any("\0" in cell for cell in row)


def _sayable(key: str) -> str:
    """A key as a heading; what no text can hold is escaped in it."""
    return key.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "␀")


def _flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The keys of a record with their texts, those of objects in it after a dot."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, _text(value)


def _text(value: object) -> str:
    if isinstance(value, list):
        if any(isinstance(each, dict | list) for each in value):
            return as_json(value)
        return ", ".join(text for each in value if (text := _text(each)))
    if isinstance(value, str):
        return value
    return "" if value is None else str(value).lower()


def as_json(value: object) -> str:
    """JSON text of a value whose numbers are `Number`s, as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {as_json(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
