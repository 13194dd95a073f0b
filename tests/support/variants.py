"""The same answers, written out in every way in which people export them.

Here: answers as plain values, and a way to write them: encoding, delimiter, line end, decimal sign, dates, packing and
format. Not here: any expectation.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
import xlsxwriter
import zstandard

Format = Literal["delimited", "xlsx", "json", "jsonl", "parquet"]
Packing = Literal["", "gz", "zst", "zip"]

HEADINGS: Final = ("Answer", "Score", "When", "Office", "Weight", "Remarks")


@dataclass(frozen=True)
class Answer:
    """One answer, as it is meant."""

    id: str
    score: int
    at: datetime
    branch: str
    weight: float
    comment: str


@dataclass(frozen=True)
class Way:
    """A way to write answers out."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    decimal: str = "."
    whole: str = ""
    """What stands behind a whole score: `.0` where a program thinks that scores are fractions."""
    dates: str = "%Y-%m-%d %H:%M:%S"
    packing: Packing = ""
    format: Format = "delimited"
    columns: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    """The order of the columns."""
    declared: bool = True
    """Whether nps.yaml says the encoding and the delimiter, or they are to be found out."""

    def __str__(self) -> str:
        """As a test's name: what differs from the plainest way."""
        plain = Way()
        return " ".join(repr(value) for name, value in vars(self).items() if value != getattr(plain, name)) or "plain"

    @property
    def settings(self) -> dict[str, Any]:
        """What nps.yaml says of files that are written like this."""
        kinds = {"delimited": "csv", "xlsx": "excel"}
        names = dict(
            zip(("response_id", "score", "responded_at", "branch", "weight", "comment"), HEADINGS, strict=True)
        )
        settings: dict[str, Any] = {"columns": names, "kind": kinds.get(self.format, self.format)}
        if self.dates != Way.dates:
            settings["dates"] = {"formats": [self.dates]}
        if self.declared and self.format == "delimited":
            settings |= {"encoding": self.encoding, "delimiter": self.delimiter}
        return settings


def rows_of(answers: Sequence[Answer], way: Way) -> list[list[str]]:
    """The headings and the answers, all as text."""
    table = [list(HEADINGS)]
    for each in answers:
        weight = str(each.weight).replace(".", way.decimal)
        score = str(each.score) + way.whole.replace(".", way.decimal)
        table.append([each.id, score, each.at.strftime(way.dates), each.branch, weight, each.comment])
    return [[row[i] for i in way.columns] for row in table]


def written(answers: Sequence[Answer], way: Way, folder: Path) -> Path:
    """A file with the answers."""
    name, content = _content(rows_of(answers, way), way)
    if way.packing:
        name, content = f"{name}.{way.packing}", _packed(name, content, way.packing)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def _content(rows: list[list[str]], way: Way) -> tuple[str, bytes]:
    if way.format == "delimited":
        return "answers.csv", _delimited(rows, way)
    if way.format == "xlsx":
        return "answers.xlsx", _sheet(rows)
    headings, *below = rows
    records = [dict(zip(headings, row, strict=True)) for row in below]
    if way.format == "parquet":
        packed = io.BytesIO()
        pl.DataFrame(records, schema=dict.fromkeys(headings, pl.String)).write_parquet(packed)
        return "answers.parquet", packed.getvalue()
    if way.format == "jsonl":
        lines = "".join(json.dumps(record, ensure_ascii=False) + way.line_end for record in records)
        return "answers.jsonl", lines.encode(way.encoding)
    return "answers.json", json.dumps({"answers": records}, ensure_ascii=False).encode(way.encoding)


def _delimited(rows: list[list[str]], way: Way) -> bytes:
    out = io.StringIO(newline="")
    # Python leaves a cell with a line feed bare where lines end otherwise: a file that nobody could read.
    quoting: Literal[0, 1] = csv.QUOTE_ALL if way.line_end == "\r" else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=way.delimiter, lineterminator=way.line_end, quoting=quoting).writerows(rows)
    return out.getvalue().encode(way.encoding)


def _sheet(rows: list[list[str]]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        cells = book.add_worksheet()
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                cells.write_string(number, position, cell)
    return packed.getvalue()


def _packed(name: str, content: bytes, packing: Packing) -> bytes:
    if packing == "gz":
        return gzip.compress(content, mtime=0)
    if packing == "zst":
        return zstandard.compress(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, content)
    return packed.getvalue()
