"""What is special about the cells of a sheet: merged ones, errors, formulas without results, hidden ones.

Here: from what the XML says (`scan`) to the sheet's cells, and the sentences about it. Not here: rows and headings
(`excel`), which columns a source needs (`adapters.columns`).
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.adapters.sheets.archive import Examined
from pipelines.adapters.sheets.ods import OdsSheet
from pipelines.adapters.sheets.scan import Formulas, SheetScan
from pipelines.adapters.table import column

#: Of rows of a colour: as many are a few, and no more than such a share of all.
_FEWEST_COLOURED: Final = 2
_MOST_COLOURED: Final = 0.1
UNCHECKED_ODS: Final = (
    "Merged cells, formulas whose results were never saved, errors, hidden columns and rows of a colour are looked for in "
    ".xlsx files only: save it as .xlsx to have it checked."
)
UNCHECKED: Final = (
    "Merged cells, formulas whose results were never saved, errors, what is hidden or struck through are looked for in "
    ".xlsx files only: save it as .xlsx to have it checked."
)
#: The errors that the library of values knows; at others it gives up.
_KNOWN_ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})
_NAMED: Final = 3


@dataclass(frozen=True)
class Marks:
    """What is special about the cells of one sheet. Rows count from 0 as in its frame, columns likewise."""

    errors: Mapping[int, Sequence[int]]
    """By column, the rows with an error."""
    unsaved: Mapping[int, Sequence[int]]
    """By column, the rows with a formula whose result was never saved."""
    merged: Mapping[int, Sequence[tuple[int, int]]]
    """By the first column of merged cells, their first and last row, where they are several."""
    hidden: Sequence[int]
    hidden_columns: Sequence[int] = ()
    struck: Sequence[int] = ()
    """Rows with cells that are struck through."""
    coloured: Sequence[Sequence[int]] = ()
    """Rows of which most cells are filled with one colour, for each colour."""
    unchecked: str = ""
    """What was not looked for, as people are told."""
    across: Sequence[tuple[int, int, int, int]] = ()
    """Merged cells of several columns in which something stands: first row and column, last row and column."""


def marks_of(scan: SheetScan, cells: pl.DataFrame, *, computed_on_opening: bool) -> tuple[pl.DataFrame, Marks]:
    """The cells with their errors as text and without results that nobody worked out, and what is special about them."""
    before = _columns_before(scan, cells)
    unsaved = {at - before: rows for at, of in scan.formulas.items() if (rows := _unsaved(of, computed_on_opening))}
    texts = {at - before: rows for at, rows in scan.errors.items()}
    marked = [
        _marked(cells, at, texts.get(at, {}), unsaved.get(at, [])).alias(column(at))
        for at in range(cells.width)
        if at in texts or at in unsaved
    ]
    merged: dict[int, list[tuple[int, int]]] = {}
    across = [span for span in scan.merged if span[3] > span[1] and 0 <= span[1] - before < cells.width]
    for top, left, bottom, _ in scan.merged:
        if top < min(bottom, cells.height) and 0 <= left - before < cells.width:
            merged.setdefault(left - before, []).append((top - 1, min(bottom, cells.height) - 1))
    return cells.with_columns(marked), Marks(
        {at: [row - 1 for rows in of.values() for row in rows] for at, of in texts.items()},
        unsaved,
        {at: sorted(spans) for at, spans in merged.items()},
        [row - 1 for row in scan.hidden],
        [at for at in range(cells.width) if _is_hidden(at + before, scan) and cells[:, at].null_count() < cells.height],
        sorted({row - 1 for row in scan.struck}),
        coloured=[[row - 1 for row in rows] for rows in scan.coloured.values()],
        across=[(top - 1, left - before, bottom - 1, right - before) for top, left, bottom, right in across],
    )


def marks_of_ods(seen: OdsSheet) -> Marks:
    """What is special about the rows of a sheet of an .ods workbook, of which no more was looked at."""
    hidden, struck = ([row - 1 for row in sorted({*rows})] for rows in (seen.hidden, seen.struck))
    return Marks({}, {}, {}, hidden, struck=struck, unchecked=UNCHECKED_ODS)


def with_known_errors(content: bytes, seen: Examined) -> bytes:
    """A workbook in which errors of names that the library of values does not know are called #VALUE!."""
    foreign = {name: scan.error_texts - _KNOWN_ERRORS for name, scan in seen.scans.items()}
    if not any(foreign.values()):
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            part = archive.read(name)
            for text in foreign.get(name.lower(), ()):
                part = part.replace(f">{text}<".encode(), b">#VALUE!<")
            copy.writestr(name, part)
    return out.getvalue()


def filled(cells: pl.DataFrame, marks: Marks, first: int) -> tuple[pl.DataFrame, dict[int, list[int]]]:
    """The cells with what stands in merged ones in each row that they cover, from a row on; and which cells those are.

    A cell that holds something keeps it. Merged cells that begin above the first row are headings.
    """
    copies: list[pl.Series] = []
    covered: dict[int, list[int]] = {}
    for at, spans in marks.merged.items():
        texts, done = cells.get_column(column(at)).to_list(), first - 1
        for top, bottom in spans:
            for row in range(max(top, done) + 1, bottom + 1) if top >= first and texts[top] else ():
                if texts[row] is None:
                    texts[row] = texts[top]
                    covered.setdefault(at, []).append(row)
            done = max(done, bottom)
        copies.append(pl.Series(column(at), texts, pl.String))
    return cells.with_columns(copies), covered


def notes_on(marks: Marks, rows: Sequence[int], names: Sequence[str]) -> Iterator[str]:
    """Sentences about the rows that hold something, which are in order; `names` are those of the columns."""
    there = frozenset(rows)
    for what, marked in (("an error in place of a value", marks.errors), (_UNSAVED, marks.unsaved)):
        counted = [(at, sum(row in there for row in found)) for at, found in sorted(marked.items())]
        told = [f"{count:,} of {names[at]}" for at, count in counted if count and 0 <= at < len(names)]
        if told:
            yield f"Cells with {what}: {_among(told)}."
    hidden = sum(row in there for row in marks.hidden)
    if hidden:
        yield (
            f"{hidden:,} of its rows are hidden, as by a filter: they are read like all others. Delete them in the file if "
            "they should not count."
        )
    struck = sum(row in there for row in marks.struck)
    if struck:
        yield (
            f"{struck:,} of its rows have cells that are struck through, or a part of them: they are read like all others. "
            "Delete them in the file if they should not count."
        )
    of_colours = [sum(row in there for row in found) for found in marks.coloured]
    few = sum(count for count in of_colours if _FEWEST_COLOURED <= count <= _MOST_COLOURED * len(rows))
    if few:
        yield (
            f"{few:,} of its rows are filled with a colour that few others have: they are read like all others. Delete them "
            "in the file if the colour says that they should not count."
        )
    if marks.unchecked:
        yield marks.unchecked
    if marks.hidden_columns:
        yield from _on_hidden_columns([at for at in marks.hidden_columns if at < len(names)], names)
    yield from _on_cells_across(marks, rows, names)


def _on_hidden_columns(hidden: Sequence[int], names: Sequence[str]) -> Iterator[str]:
    if hidden:
        told = _among([names[at] for at in hidden])
        yield f"Hidden columns: {told}. They are read like all others: look whether they hold what nps.yaml takes from them."


def _on_cells_across(marks: Marks, rows: Sequence[int], names: Sequence[str]) -> Iterator[str]:
    """Merged cells that hold one value for several columns: which of them it answers is not known."""
    spans: dict[tuple[int, int], int] = {}
    for top, left, bottom, right in marks.across:
        last = min(right, len(names) - 1)
        count = bisect_right(rows, bottom) - bisect_left(rows, top)
        if count and last > left:
            spans[left, last] = spans.get((left, last), 0) + count
    told = [f"{count:,} rows from {names[one]} to {names[last]}" for (one, last), count in sorted(spans.items())]
    if told:
        yield (
            f"Merged cells hold one value for several columns: {_among(told, 'such places')}. It is read in the first of "
            "these, and the others as blank."
        )


_UNSAVED: Final = (
    "a formula whose result was never saved, read as blank (open the file in a spreadsheet program and save it, "
    "to have it)"
)


def _among(told: Sequence[str], what: str = "columns") -> str:
    more = len(told) - _NAMED
    return ", ".join(told[:_NAMED]) + (f" and {more:,} more {what}" if more > 0 else "")


def _columns_before(scan: SheetScan, cells: pl.DataFrame) -> int:
    """How many columns the library left out on the left, and one: its frame begins with the first that is filled."""
    return min(scan.filled, default=1) if cells.width else 1


def _is_hidden(number: int, scan: SheetScan) -> bool:
    return any(first <= number <= last for first, last in scan.hidden_columns)


def _unsaved(of: Formulas, computed_on_opening: bool) -> list[int]:
    """The rows, from 0, whose results nobody worked out: none is there, or all are the 0 that stands for none."""
    rows = [*of.without, *(of.zero if computed_on_opening and not of.with_others else ())]
    return sorted(row - 1 for row in rows)


def _marked(cells: pl.DataFrame, at: int, errors: Mapping[str, Iterable[int]], unsaved: Sequence[int]) -> pl.Series:
    texts: list[str | None] = cells.get_column(column(at)).to_list()
    for text, rows in errors.items():
        for row in rows:
            if row <= len(texts):
                texts[row - 1] = text
    for row in unsaved:
        if row < len(texts):
            texts[row] = None
    return pl.Series(texts, dtype=pl.String)
