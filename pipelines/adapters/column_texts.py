"""The text of each cell of a column that nps.yaml names, wherever a file has it: one column, or options of a question.

Here: finding the cells, and what of them is no text. Not here: which heading is meant (`finding`), what is read of a
source (`columns`) or of a list (`lists`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.table import TextTable, column
from pipelines.config.columns import Column
from pipelines.errors import FileRefusedError
from transforms.dimensions import DESCRIBING
from transforms.reasons import Reason
from transforms.scores.texts import ERROR_CELL

_READ_AS_IT_IS: Final = frozenset({"score", "responded_at", "updated_at", "dates.clock"})
#: What only describes answers: without it they count all the same.
_DESCRIBE: Final = frozenset({*DESCRIBING, "manager", "comment", "reason", "language"})


def present(table: TextTable, columns: Mapping[Any, Column], needed: set[str]) -> dict[str, Column]:
    """The columns but for the optional ones that the file is without; those that are `needed` stay, to be refused."""
    return {str(name): wanted for name, wanted in columns.items() if name in needed or not is_absent(table, wanted)}


def texts_of(
    table: TextTable, names: Iterable[str], columns: dict[str, Column], given: Mapping[str, str | pl.Expr]
) -> dict[str, pl.Expr]:
    """The text of each name: of its column where it has one, or else what is `given` for all rows; else NULL."""
    return {
        name: text_of(table, columns[name], name) if name in columns else constant(given.get(name)) for name in names
    }


def constant(value: str | pl.Expr | None) -> pl.Expr:
    """The same text in all rows of a file, or NULL."""
    return value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.String)


def text_of(table: TextTable, wanted: Column, purpose: str) -> pl.Expr:
    """The text of a column; for an expanded question the labels of the options whose cells are filled."""
    found = find_columns(table, wanted, purpose)
    _hold_unsaved(table, found, purpose)
    if len(found) == 1:
        return _cell(table, found[0], purpose)
    chosen = [pl.when(filled(i)).then(pl.lit(table.headings[i].option)) for i in found]
    labels = pl.concat_str(chosen, separator=", ", ignore_nulls=True)
    return pl.when(labels.str.len_bytes() > 0).then(labels)


def text_or_blank(table: TextTable, wanted: Column, purpose: str) -> pl.Expr:
    """The text of a column; NULL where the file is without it, and may be."""
    return pl.lit(None, pl.String) if is_absent(table, wanted) else text_of(table, wanted, purpose)


def _cell(table: TextTable, position: int, purpose: str) -> pl.Expr:
    """The text of one column as far as it is one: an error is a score or date that cannot be read, and else nothing.

    A merged cell of scores is one answer, in the first of the rows that it covers.
    """
    text = pl.col(column(position))
    if purpose == "score" and position in table.covered:
        return pl.when(~pl.col("source_row").is_in(table.covered[position])).then(text)
    is_as_it_is = purpose in _READ_AS_IT_IS or not table.may_hold_errors
    return text if is_as_it_is else pl.when(~text.str.contains(ERROR_CELL)).then(text)


def _hold_unsaved(table: TextTable, positions: Iterable[int], purpose: str) -> None:
    """Raise `FileRefusedError` (formulas_unsaved) where nobody knows what decides which answers count, and how."""
    rows = max((table.unsaved.get(at, 0) for at in positions), default=0)
    if rows and purpose not in _DESCRIBE and not purpose.startswith("extras"):
        raise FileRefusedError(
            Reason.FORMULAS_UNSAVED,
            f"{purpose} is a column of formulas whose results were never saved, in {rows:,} rows: the program that wrote "
            "the file did not work them out. Open it in a spreadsheet program, save it, and put it here again.",
        )


def filled(position: int) -> pl.Expr:
    """Whether anything stands in the cells of a column of the file."""
    return pl.col(column(position)).str.strip_chars().str.len_bytes() > 0


def bare_text(position: int) -> pl.Expr:
    """The text of the cells of a column of the file without space around it; empty where nothing stands."""
    return pl.col(column(position)).str.strip_chars().fill_null("")
