"""Every filled row of every file is accounted for, as readers that are not ours count the rows.

They are `csv`, `openpyxl`, `json` and `xml`.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from pipelines.errors import FileRefusedError
from tests.support import cases, real
from tests.support.arrived import judged, source
from tests.support.laws import some_of
from tests.support.scenario import land, taken_in, workspace
from tests.support.scenario import source as source_of

FOLDERS = (cases.OWN, cases.BESIDE_THE_REPOSITORY, real.BESIDE_THE_REPOSITORY)
KINDS = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".ssv"), "csv"), ".xlsx": "excel", ".json": "json", ".xml": "qualtrics",
}  # fmt: skip
#: No answers stand in these.
NO_ANSWERS = {"data/oracles.json", "data/surveymonkey/details.json"}
MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: How many rows of headings a file has, where it is not one.
HEADINGS = {"data/encodings/mixedGLB.csv": 3}
#: Its mark says UTF-32 and is none: nobody else reads it at all.
ODD = "data/salesforce/csvtext_BOM_UTF32LE.csv"
PARTS = ("accepted", "unanswered", "excluded", "rejected")


def files() -> dict[str, Path]:
    """Every table among the cases and the real files, by a name of its own."""
    found = ((folder, path) for folder in FOLDERS for path in sorted(folder.rglob("*")) if path.suffix in KINDS)
    return {f"{folder.name}/{path.relative_to(folder).as_posix()}": path for folder, path in found}


FILES = {name: path for name, path in files().items() if name not in {ODD, *NO_ANSWERS}}
#: So many bytes are read as part of a workspace too.
SMALL = 1 << 11


@pytest.mark.parametrize("name", some_of(FILES))
def test_what_becomes_of_a_file_is_said_of_each_filled_row_once(name: str, tmp_path: Path) -> None:
    path = FILES[name]
    of = source({"score": 1}, kind=KINDS[path.suffix])
    try:
        rows = judged(path, of, tmp_path)
    except FileRefusedError as error:
        pytest.skip(f"refused as {error.reason}")
    assert rows.height == answers_of(name)
    assert rows.get_column("source_row").n_unique() == rows.height
    assert set(rows.get_column("outcome").cast(str)) <= set(PARTS)


def test_the_ledger_says_of_each_filled_row_what_became_of_each_of_its_answers(tmp_path: Path) -> None:
    answers = 2
    names = {f"s{at}": name for at, name in enumerate(FILES) if FILES[name].stat().st_size <= SMALL}
    home = workspace(
        tmp_path / "home", {"sources": {key: feed(key, FILES[name], answers) for key, name in names.items()}}
    )
    for key, name in names.items():
        land(home, f"{key}/x{FILES[name].suffix}", FILES[name])
    read: dict[str, list[int]] = {}
    for found in taken_in(home).values():
        if found["status"] != "refused":
            assert found["rows_read"] == sum(found[part] for part in PARTS)
            read.setdefault(names[found["source"]], []).append(found["rows_read"])
    assert read == {name: [answers_of(name)] * answers for name in read}
    assert len(read) > len(names) // 2


def feed(key: str, path: Path, answers: int) -> dict[str, Any]:
    """A source of one file, whose first columns hold an answer each."""
    told = {f"a{at}": {"columns": {"score": at}} for at in range(1, answers + 1)}
    columns = {"answers": told, "columns": {}}
    return source_of(key, kind=KINDS[path.suffix], defaults={"responded_at": 2024}, max_reject_share=1, **columns)


def answers_of(name: str) -> int:
    path = FILES[name]
    if path.suffix == ".json":
        document = json.loads(path.read_text("utf-8"))
        return len(document.get("items") or document["data"])
    if path.suffix == ".xml":
        return len(ET.parse(path).getroot())  # noqa: S314 - a file of ours
    return sum(1 for row in rows_of(path) if any(cell.strip() for cell in row)) - HEADINGS.get(name, 1)


def rows_of(path: Path) -> Iterator[list[str]]:
    return sheet_rows(path) if path.suffix == ".xlsx" else text_rows(path)


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
