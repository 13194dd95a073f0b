"""Every filled row of every file is accounted for, as readers that are not ours count the rows: `csv` and `openpyxl`."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipelines.errors import FileRefusedError
from tests import cases, real
from tests.arrived import judged, source

FOLDERS = (cases.OWN, cases.BESIDE_THE_REPOSITORY, real.BESIDE_THE_REPOSITORY)
TEXTS, SHEETS = (".csv", ".tsv", ".txt"), (".xlsx",)
MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: How many rows of headings a file has, where it is not one.
HEADINGS = {"data/encodings/mixedGLB.csv": 3}
#: Its mark says UTF-32 and is none: nobody else reads it at all.
ODD = "data/salesforce/csvtext_BOM_UTF32LE.csv"
PARTS = ("accepted", "unanswered", "excluded", "rejected")


def files() -> dict[str, Path]:
    """Every table among the cases and the real files, by a name of its own."""
    found = (
        (folder, path) for folder in FOLDERS for path in sorted(folder.rglob("*")) if path.suffix in (*TEXTS, *SHEETS)
    )
    return {f"{folder.name}/{path.relative_to(folder).as_posix()}": path for folder, path in found}


FILES = {name: path for name, path in files().items() if name != ODD}


@pytest.mark.parametrize("name", FILES)
def test_what_becomes_of_a_file_is_said_of_each_filled_row_once(name: str, tmp_path: Path) -> None:
    path = FILES[name]
    of = source({"score": 1}, kind="csv" if path.suffix in TEXTS else "excel")
    try:
        rows = judged(path, of, tmp_path)
    except FileRefusedError as error:
        pytest.skip(f"refused as {error.reason}")
    filled = sum(1 for row in rows_of(path) if any(cell.strip() for cell in row))
    assert rows.height == filled - HEADINGS.get(name, 1)
    assert rows.get_column("source_row").n_unique() == rows.height
    assert set(rows.get_column("outcome").cast(str)) <= set(PARTS)


def rows_of(path: Path) -> Iterator[list[str]]:
    return sheet_rows(path) if path.suffix in SHEETS else text_rows(path)


def text_rows(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    marked = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(marked)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    first = text.splitlines()[0]
    csv.field_size_limit(1 << 30)
    return csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=first.count))


def sheet_rows(path: Path) -> Iterator[list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in row]
