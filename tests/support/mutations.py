"""Every way in which a good file becomes a bad one: the same few exports, each broken in a few dozen ways.

Here: exports that are sound, and functions from bytes to broken bytes. Not here: any expectation.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import xlsxwriter
import zstandard

ROWS = 40
HEADINGS = ("id", "score", "date", "branch", "comment")

Break = Callable[[bytes], bytes]
"""From a sound file to a broken one."""


@dataclass(frozen=True)
class Export:
    """A sound file, and what nps.yaml says of its source."""

    suffix: str
    content: bytes
    kind: str = "csv"
    settings: dict[str, Any] = field(default_factory=dict)
    is_text: bool = True
    encoding: str = "utf-8"


def rows() -> list[tuple[str, str, str, str, str]]:
    """Forty answers, with what real ones have: blanks, quotes, breaks and letters of several languages."""
    comments = ("", "dobro", 'said "no"', "first, second", "line one\nline two", "čekao sam", "¿qué tal?")
    return [
        (f"r{n}", str(n % 11), f"2025-0{n % 6 + 1}-{n % 27 + 1:02}", f"B{n % 3}", comments[n % len(comments)])
        for n in range(ROWS)
    ]


def text(delimiter: str = ",", line_end: str = "\n", headings: list[tuple[str, ...]] | None = None) -> str:
    """The answers as delimited text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerows(headings or [HEADINGS])
    writer.writerows(rows())
    return out.getvalue()


def records() -> list[dict[str, str]]:
    """The answers as objects."""
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows()]


def sheet() -> bytes:
    """The answers as a spreadsheet."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        cells = book.add_worksheet("answers")
        for number, row in enumerate([HEADINGS, *rows()]):
            cells.write_row(number, 0, row)
    return packed.getvalue()


def parquet() -> bytes:
    """The answers as Parquet."""
    packed = io.BytesIO()
    pl.DataFrame(records()).write_parquet(packed)
    return packed.getvalue()


def archive(**members: bytes) -> bytes:
    """A zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def surveymonkey() -> str:
    """The answers with two rows of headings."""
    below = ("", "Response", "", "Response", "Open-Ended Response")
    return text(headings=[("Respondent ID", "score", "End Date", "branch", "comment"), below])


def qualtrics() -> str:
    """The answers with three rows of headings."""
    names = ("ResponseId", "Q1", "RecordedDate", "Q2", "Q3")
    imported = tuple(json.dumps({"ImportId": name, "timeZone": "UTC"}) for name in names)
    return text(headings=[names, ("Response ID", "score", "Recorded", "branch", "comment"), imported])


PLAIN = {"columns": {"response_id": "id", "score": "score", "responded_at": "date", "branch": "branch"}}
MONKEY = {
    "columns": {"response_id": "Respondent ID", "score": "score", "responded_at": "End Date", "comment": "comment"}
}
QUALTRICS = {"columns": {"response_id": "ResponseId", "score": "Q1", "responded_at": "RecordedDate", "branch": "Q2"}}

EXPORTS = {
    "commas": Export("csv", text().encode(), settings=PLAIN),
    "semicolons": Export("txt", text(";", "\r\n").encode("utf-8-sig"), settings=PLAIN),
    "tabs": Export("tsv", text("\t").encode("utf-16"), settings=PLAIN, encoding="utf-16"),
    "western": Export("csv", text("|").encode("cp1252", "replace"), settings=PLAIN, encoding="cp1252"),
    "monkey": Export("csv", surveymonkey().encode(), "surveymonkey", MONKEY),
    "qualtrics": Export("csv", qualtrics().encode(), "qualtrics", QUALTRICS),
    "sheets": Export("xlsx", sheet(), "excel", PLAIN, is_text=False),
    "array": Export("json", json.dumps(records(), ensure_ascii=False, indent=1).encode(), "json", PLAIN),
    "lines": Export("jsonl", "\n".join(map(json.dumps, records())).encode(), "jsonl", PLAIN),
    "parquet": Export("parquet", parquet(), "parquet", PLAIN, is_text=False),
    "gzip": Export("csv.gz", gzip.compress(text().encode(), mtime=0), settings=PLAIN, is_text=False),
    "zstd": Export("csv.zst", zstandard.compress(text().encode()), settings=PLAIN, is_text=False),
    "zip": Export("zip", archive(a_csv=text().encode()), settings=PLAIN, is_text=False),
}


def cut(share: float) -> Break:
    """The first part of a file only."""
    return lambda content: content[: int(len(content) * share)]


def flipped(seed: int, times: int = 3) -> Break:
    """A few bits turned over."""

    def flip(content: bytes) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - noise, no secret
        changed = bytearray(content)
        for _ in range(times):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        return bytes(changed)

    return flip


def noise(content: bytes) -> bytes:
    """As many bytes as the file has, none of them its own."""
    return random.Random(len(content)).randbytes(len(content))  # noqa: S311 - noise, no secret


ANY: dict[str, Break] = {
    "cut at 1 percent": cut(0.01),
    "cut at a third": cut(0.33),
    "cut at two thirds": cut(0.66),
    "cut at 99 percent": cut(0.99),
    "one bit flipped": flipped(1, 1),
    "bits flipped": flipped(2),
    "more bits flipped": flipped(3, 30),
    "many bits flipped": flipped(4, 300),
    "noise": noise,
    "noise behind": lambda content: content + noise(content),
    "noise in front": lambda content: noise(content)[:64] + content,
    "zeros in the middle": lambda content: content[: len(content) // 2] + bytes(64) + content[len(content) // 2 + 64 :],
    "zeros behind": lambda content: content + bytes(4096),
    "twice": lambda content: content + content,
    "its end first": lambda content: content[len(content) // 2 :] + content[: len(content) // 2],
}

LINES: dict[str, Callable[[list[str]], list[str]]] = {
    "headings again in the middle": lambda lines: [*lines[:20], lines[0], *lines[20:]],
    "no headings": lambda lines: lines[3:],
    "headings alone": lambda lines: lines[:1],
    "headings in other words": lambda lines: [lines[0].upper()[::-1], *lines[1:]],
    "a quote that is not closed": lambda lines: [*lines[:10], '"' + lines[10], *lines[11:]],
    "a stray quote in a row": lambda lines: [*lines[:10], lines[10].replace("2025", '20"25'), *lines[11:]],
    "a cell of a million": lambda lines: [*lines[:10], lines[10] + "x" * 1_000_000, *lines[11:]],
    "a thousand cells more": lambda lines: [*lines[:10], lines[10] + ",;\t|" * 1_000, *lines[11:]],
    "half of the rows cut short": lambda lines: [line[: len(line) // (1 + n % 2)] for n, line in enumerate(lines)],
    "blank lines between": lambda lines: [each for line in lines for each in (line, "", "   ")],
    "rows upside down": lambda lines: [lines[0], *reversed(lines[1:])],
    "other line ends": lambda lines: [line + "\r" for line in lines],
    "no scores": lambda lines: [lines[0], *(line.replace(",", ",,", 1) for line in lines[1:])],
    "control characters": lambda lines: [line.replace("B", "\x1b[31m\x07") for line in lines],
    "a formula": lambda lines: [line.replace("r1", "=cmd|' /C calc'!A0") for line in lines],
    "no line ends": lambda lines: [" ".join(lines)],
}


def broken(export: Export) -> Iterator[tuple[str, bytes]]:
    """Every broken variant of an export, by what was done to it."""
    for name, do in ANY.items():
        yield name, do(export.content)
    if export.is_text:
        lines = export.content.decode(export.encoding).split("\n")
        for name, change in LINES.items():
            yield name, "\n".join(change(list(lines))).encode(export.encoding, "replace")
        yield "in another encoding", export.content.decode(export.encoding).encode("utf-16-le", "replace")
