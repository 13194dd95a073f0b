"""Texts that were damaged before they came into a workbook, a Parquet file or escapes of JSON: told as those of text are."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.adapters.test_encoding import TEXTS
from tests.adapters.test_excel import ods, text_cell, workbook
from tests.support.arrived import table_of

Write = Callable[[Path, Sequence[str]], Path]


def as_xlsx(folder: Path, texts: Sequence[str]) -> Path:
    rows = ["why", *texts]
    return workbook(folder / "x.xlsx", lambda book: book.add_worksheet().write_column(0, 0, rows) and None)


def as_ods(folder: Path, texts: Sequence[str]) -> Path:
    rows = "".join(f"<table:table-row>{text_cell(text)}</table:table-row>" for text in ["why", *texts])
    return ods(folder / "x.ods", rows)


def as_parquet(folder: Path, texts: Sequence[str]) -> Path:
    pl.DataFrame({"score": range(len(texts)), "why": texts}).write_parquet(folder / "x.parquet")
    return folder / "x.parquet"


def as_json(folder: Path, texts: Sequence[str]) -> Path:
    (folder / "x.json").write_text(json.dumps([{"why": text} for text in texts]), "utf-8")
    return folder / "x.json"


def notes(path: Path) -> list[str]:
    kind = {".xlsx": "excel", ".ods": "excel"}.get(path.suffix, path.suffix[1:])
    table = table_of(path, path.parent / "scratch", kind=kind)
    return [note for note in table.notes if "before the file came here" in note]


WAYS = [as_xlsx, as_ods, as_parquet, as_json]


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize(
    ("text", "through"),
    [
        ("España, señor", "windows-1252"),
        ("łódź", "windows-1250"),
        ("čekanje", "latin-1"),
        ("Спасибо за все", "windows-1251"),
    ],
)
def test_text_that_was_encoded_twice_is_told_with_its_rows(
    write: Write, text: str, through: str, tmp_path: Path
) -> None:
    [said] = notes(write(tmp_path, ["good", text.encode().decode(through), "so", text.encode().decode(through)]))
    first = 3 if write in (as_xlsx, as_ods) else 2
    assert f"encoded twice before the file came here (é as Ã©) in row {first} and 1 row below" in said


@pytest.mark.parametrize("write", WAYS)
def test_characters_lost_before_are_told(write: Write, tmp_path: Path) -> None:
    [said] = notes(write(tmp_path, ["good", "se\ufffdor"]))
    assert "U+FFFD) stands in row" in said


@pytest.mark.parametrize("write", WAYS)
def test_sound_texts_of_any_language_get_no_notes(write: Write, tmp_path: Path) -> None:
    assert notes(write(tmp_path, [text for _, text in TEXTS.values()])) == []
