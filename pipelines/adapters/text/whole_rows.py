"""What the columns of a file hold in its whole rows: numbers, dates, ids, few names, or anything.

Here: that, and whether a row is out of place by it. Not here: which rows are no whole rows (`pieces`), what columns mean
(`adapters.columns`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.adapters.table import column
from transforms.scores.texts import is_unanswered

#: How many rows of the beginning, and of the end, tell what columns hold.
_SAMPLE: Final = 1_000
#: So many whole rows tell what a column holds, and so many that it never holds a number.
_FEW: Final = 3
_MANY: Final = 20
_NEARLY_ALL: Final = 0.95
_HARDLY_ANY: Final = 0.01
_NUMBER: Final = r"^[+-]?\d+([.,]\d+)?$"
_DATE: Final = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
_DIGIT: Final = r"\d"
_SPACE: Final = r"\s"


@dataclass(frozen=True)
class Held:
    """What a column holds in whole rows, as far as a piece of text would be out of place in it."""

    numbers: bool = False
    digits: bool = False
    one_word: bool = False
    shapes: frozenset[str] = frozenset()
    no_numbers: bool = False
    few: frozenset[str] = frozenset()
    """All that it holds, where that is little and repeats, such as branches."""

    @property
    def is_telling(self) -> bool:
        """Whether it holds numbers, dates or ids: then a cell that fits speaks for its row."""
        return self.numbers or self.digits

    def fits(self, cell: pl.Expr) -> pl.Expr:
        """Whether cells may stand in it; what is blank or says that nothing was answered may stand anywhere."""
        if self.numbers:
            return _is_blank(cell) | _has(cell, _NUMBER)
        if self.digits:
            parts = [_has(cell, _DIGIT)]
            parts += [~_has(cell, _SPACE)] if self.one_word else []
            parts += [_shape(cell).is_in(sorted(self.shapes))] if self.shapes else []
            return _is_blank(cell) | pl.all_horizontal(parts)
        if self.no_numbers:
            return _is_blank(cell) | ~(_has(cell, _NUMBER) | _has(cell, _DATE))
        return pl.lit(value=True)


def _end(rows: pl.LazyFrame) -> pl.DataFrame:
    """The last rows. Counted from the beginning: polars reads no file from its end whose first row is a short one."""
    count = int(rows.select(pl.len()).collect().item())
    return rows.slice(max(count - _SAMPLE, 0), _SAMPLE).collect()


def held_by(rows: pl.LazyFrame, width: int, *, also_end: bool = False) -> tuple[list[Held], int]:
    """What each column holds, and how many cells a whole row has; rows that end before are short.

    What is missing at the end of a row is NULL. `also_end` looks at the end of the file as well.
    """
    begin = rows.head(_SAMPLE).collect()
    end = _end(rows) if also_end and begin.height == _SAMPLE else begin.clear()
    sound = pl.concat([begin, end]).filter(~pl.col("malformed"))
    reached = [sound.height - sound.get_column(column(i)).null_count() for i in range(width)]
    whole = next((i + 1 for i in reversed(range(width)) if reached[i] >= _FEW), width)
    full = sound.filter(pl.col(column(whole - 1)).is_not_null())
    return [_held(full.get_column(column(i))) for i in range(whole)], whole


def _held(cells: pl.Series) -> Held:
    filled = cells.to_frame("cell").filter(~_is_blank(pl.col("cell"))).get_column("cell").str.strip_chars()
    if filled.len() < _FEW:
        return Held()
    frame = filled.to_frame("cell")

    patterns = {"number": _NUMBER, "digit": _DIGIT, "space": _SPACE, "date": _DATE}
    shares = frame.select(pl.col("cell").str.contains(each).mean().alias(name) for name, each in patterns.items())
    share = shares.row(0, named=True)
    if share["number"] >= _NEARLY_ALL:
        return Held(numbers=True)
    if share["digit"] >= _NEARLY_ALL:
        shapes = frame.select(_shape(pl.col("cell"))).to_series().unique()
        is_few = shapes.len() <= max(_FEW, filled.len() // 5)
        return Held(
            digits=True,
            one_word=share["space"] <= 1 - _NEARLY_ALL,
            shapes=frozenset(shapes) if is_few else frozenset(),
        )
    if filled.len() < _MANY:
        return Held()
    values = filled.unique()
    return Held(
        no_numbers=share["number"] + share["date"] < _HARDLY_ANY,
        few=frozenset(values) if values.len() <= filled.len() // 4 else frozenset(),
    )


def misfit(held: Sequence[Held]) -> pl.Expr:
    """Whether a row has a cell that is not what its column holds."""
    return ~pl.all_horizontal(pl.lit(value=True), *(each.fits(pl.col(column(i))) for i, each in enumerate(held)))


def is_bare(held: Sequence[Held]) -> pl.Expr:
    """Whether a row has nothing where numbers, dates or ids stand."""
    telling = [~_is_blank(pl.col(column(i))) for i, each in enumerate(held) if each.is_telling]
    return ~pl.any_horizontal(telling) if telling else pl.lit(value=False)


def _is_blank(cell: pl.Expr) -> pl.Expr:
    return cell.is_null() | is_unanswered(cell.str.strip_chars())


def _has(cell: pl.Expr, pattern: str) -> pl.Expr:
    return cell.str.strip_chars().str.contains(pattern)


def _shape(cell: pl.Expr) -> pl.Expr:
    """A text without what differs between dates: `9-9-9 9:9`, `a, 9. a 9`."""
    trimmed = cell.str.strip_chars()
    return trimmed.str.replace_all(r"\p{L}+", "a").str.replace_all(r"\d+", "9").str.replace_all(r"\s+", " ")
