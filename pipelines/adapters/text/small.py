"""Small files of delimited text in which nothing is odd, read many at once: polars costs more for each than their rows.

Here: telling such a file, and the rows of several as one table. What is not plainly sound here is no fault of a file:
it is read by itself (`delimited`), which says what is odd. Not here: which of them belong together
(`pipelines.intake.together`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import polars as pl

from pipelines.adapters.encodings.notes import looks_damaged
from pipelines.adapters.headings import plain_headings
from pipelines.adapters.sheets.excel import SUFFIXES
from pipelines.adapters.table import TextTable, column, without_blank_rows
from pipelines.adapters.text.dialect import DELIMITERS, RARE_DELIMITERS, delimiter_of, is_other_format
from pipelines.config.layouts import Layout
from pipelines.landing.landed import LandedFile, is_compressed

#: Larger files are read by themselves.
SMALL: Final = 1 << 16

_MARK: Final = "\ufeff"
_HINT: Final = "sep="


@dataclass(frozen=True)
class SmallText:
    """A small file of sound records, each as long as the headings."""

    file: LandedFile
    delimiter: str
    headings: tuple[str, ...]
    """As they stand there, none of them blank."""
    body: bytes
    """The lines below the headings, in UTF-8."""
    rows: int
    """How many these are."""

    @property
    def layout(self) -> tuple[object, ...]:
        """What files have in common that can be read as one."""
        return self.delimiter, self.headings


def may_be_small(file: LandedFile, layout: Layout) -> bool:
    """Whether a file is one to be looked at by `small_text`, as far as nps.yaml and its name tell."""
    return (
        (layout.reader == "csv" or (layout.reader == "table" and file.suffix not in SUFFIXES))
        and layout.encoding in (None, "utf-8")
        and (layout.delimiter or "").isascii()
        and layout.header_rows in (None, 1)
        and not layout.skip_rows
        and file.size_bytes <= SMALL
        and not (file.member or file.beside or file.answer or is_compressed(file.path.name))
    )


def small_text(file: LandedFile, layout: Layout) -> SmallText | None:
    """A small file as sound text with one row of headings; None where it is anything else."""
    try:
        content = file.path.read_bytes()
        text = content.decode("utf-8").removeprefix(_MARK)
    except (OSError, UnicodeDecodeError):
        return None
    if len(content) != file.size_bytes or _is_odd(content) or text[: len(_HINT)].lower() == _HINT:
        return None
    lines = list(io.StringIO(text, newline="\n"))
    there = [delimiter for delimiter in DELIMITERS if delimiter in text]
    if layout.delimiter is None and (not there or any(sign in lines[0] for sign in RARE_DELIMITERS)):
        return None
    delimiter = layout.delimiter or (there[0] if len(there) == 1 else delimiter_of(lines))
    records = _records(lines, delimiter)
    if not records or not records[0] or not all(map(str.strip, records[0])):
        return None
    body = "".join(lines[1:])
    return SmallText(file, delimiter, tuple(records[0]), _ended(body).encode("utf-8"), len(records) - 1)


def _is_odd(content: bytes) -> bool:
    """Whether bytes are no text, or such as are told of."""
    has_returns = content.count(b"\r") != content.count(b"\r\n")
    return has_returns or b"\0" in content or is_other_format(content) or looks_damaged(content)


def _records(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The records of lines, the first of them on one line, where all are sound and of one length; else none."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    begins = 0
    try:
        for record in reader:
            spans = reader.line_num - begins > 1
            # A quote that stands within a text is one that polars might see as the beginning of one.
            quotes = "".join(lines[begins : reader.line_num]).count('"')
            if (
                quotes % 2
                or len(record) != len(found[0] if found else record)
                or (spans and _may_swallow(record, delimiter))
            ):
                return []
            found.append(record)
            begins = reader.line_num
            if len(found) == 1 and begins > 1:
                return []
    except csv.Error:
        return []
    return found


def _may_swallow(record: Sequence[str], delimiter: str) -> bool:
    """Whether a cell may hold other rows: a line of it that is not its first holds a delimiter."""
    return any(delimiter in cell[cell.find("\n") :] for cell in record if "\n" in cell)


def _ended(body: str) -> str:
    return body if not body or body.endswith("\n") else body + "\n"


def as_one(texts: Sequence[SmallText]) -> TextTable | None:
    """The rows of files of one layout, with the `file_no` of each, which counts from 0; None where polars sees others."""
    first = texts[0]
    headings = plain_headings([list(first.headings)], 1)
    cells = [column(at) for at in range(len(headings))]
    below = [text for text in texts if text.rows]
    read = pl.scan_csv(
        io.BytesIO(b"".join(text.body for text in below)),
        has_header=False, separator=first.delimiter, infer_schema=False, schema=dict.fromkeys(cells, pl.String()),
        raise_if_empty=False,
    ).collect()  # fmt: skip
    if read.height != sum(text.rows for text in below):
        return None
    rows = read.select(*_numbers(texts), pl.lit(value=False).alias("malformed"), *cells)
    kept = without_blank_rows(rows.lazy(), len(cells)).collect()
    return TextTable(headings, kept.lazy(), len(headings))


def _numbers(texts: Sequence[SmallText]) -> list[pl.Series]:
    """The file and the row of each record: the first below the headings is row 2."""
    rows = pl.Series([text.rows for text in texts], dtype=pl.Int64)
    numbers = pl.int_range(len(texts), dtype=pl.Int64, eager=True).alias("file_no")
    before = pl.Series([0, *accumulate(text.rows for text in texts)][:-1], dtype=pl.Int64)
    spread = pl.DataFrame({"file_no": numbers, "before": before, "rows": rows}).select(
        pl.col("file_no", "before").repeat_by("rows").explode(empty_as_null=False)
    )
    at = pl.int_range(spread.height, dtype=pl.Int64, eager=True)
    return [spread["file_no"], (at - spread["before"] + 2).alias("source_row")]
