"""How many answers of some files would not count if a column were taken for the answer's id, or for who answered.

Here: the rows of files that look the same, put together, and the two rules of `transforms.answers.responses` tried on them.
Not here: which columns are tried (`identity`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines.sniff.columns.facts import Seen
from transforms.rows.ids import NOBODY
from transforms.texts.identity import MASKED, same_identifier

if TYPE_CHECKING:
    from pipelines.sniff.dates.dates import DateColumn
    from pipelines.sniff.scores.scores import ScoreColumn

#: The business timezone is not known yet: an instant may fall on either side of midnight.
_ZONES: Final = ("-14h", "0h", "14h")
#: Stands for the month of what is not read: all of it may be one month.
_NOT_READ: Final = date(1, 1, 1)


@dataclass(frozen=True)
class Answers:
    """The rows of one or more files in which something was answered."""

    rows: pl.DataFrame
    """The cells as `c0`, `c1`, ..., with `_file`, `_row`, and a column of months for each way to read the dates."""
    months: tuple[str, ...]
    """What the columns of months are called; none where no dates are known."""
    told_by: tuple[Seen, ...]
    """The score and the date, by which one answer is told from another."""
    is_snapshot: bool
    """Whether the newest file counts alone; then these are the answers of one file."""
    are_all: bool
    """Whether the files were looked at to their ends."""

    @property
    def total(self) -> int:
        """How many there are."""
        return self.rows.height

    @property
    def files(self) -> int:
        """In how many files."""
        return self.rows.get_column("_file").n_unique()

    def without(self, ids: Seen) -> int:
        """How many have no id."""
        return int(self.rows.select(_id(ids).is_null().sum()).item())

    def counts_rows(self, ids: Seen) -> bool:
        """Whether it is the number of the row, which begins anew in each file; totals may stand below the last one."""
        number = ids.cell.cast(pl.Int64, strict=False) - pl.col("_row").cast(pl.Int64)
        last = pl.col("_row").filter(number.is_not_null()).max()
        none = (number.is_null() & (pl.col("_row") < last).fill_null(value=True)).any()
        first = self.rows.group_by("_file").agg(least=number.min(), most=number.max(), none=none)
        return not first.filter(
            pl.any_horizontal("none", pl.col("most") != pl.col("least"), pl.col("least") > 1)
        ).height

    def go_together(self, ids: Seen, others: Seen) -> bool:
        """Whether two columns tell the same answers apart."""
        both = self.rows.select(a=_id(ids), b=_id(others))
        return both.unique().height == both.get_column("a").n_unique() == both.get_column("b").n_unique()

    def redelivered(self, ids: Seen) -> int:
        """How many share an id with a later row, and so would not count."""
        known = self._with(ids)
        return known.height - _first(known, "_id").height

    def other_answers(self, ids: Seen) -> int:
        """How many of these differ from that later row in both score and date: hardly the same answer."""
        if not self.told_by:
            return 0
        differs = pl.all_horizontal(seen.cell != seen.cell.last().over("_id") for seen in self.told_by)
        return int(self._with(ids).select(differs.sum()).item())

    def go_back(self, ids: Seen, version: Seen) -> int:
        """Of how many ids the last row is of a lower version than another one."""
        number = version.cell.cast(pl.Int64, strict=False)
        of_ids = self._with(ids).group_by("_id").agg(last=number.last(), most=number.max())
        return of_ids.filter(pl.col("last") < pl.col("most")).height

    def answered_again(self, person: Seen, ids: Seen | None) -> int:
        """How many would not count if each person counts once a month; where no date can be read, once.

        `ids` hold the answer's id: of the same answer only the last delivery is left to count.
        """
        left = _first(self._with(ids), "_id") if ids else self.rows
        known = left.with_columns(_person=_id(person)).filter(pl.col("_person").is_not_null())
        keys = [["_person", month] for month in self.months] or [["_person"]]
        counted = [known.drop_nulls(key) for key in keys]
        return max(rows.height - _first(rows, *key).height for rows, key in zip(counted, keys, strict=True))

    def _with(self, ids: Seen) -> pl.DataFrame:
        return self.rows.with_columns(_id=_id(ids)).filter(pl.col("_id").is_not_null())


def answers_in(
    tables: Sequence[pl.DataFrame],
    score: ScoreColumn | None,
    dates: Sequence[DateColumn],
    *,
    is_snapshot: bool,
    are_all: bool,
) -> Answers:
    """The answers of files that have the same columns; the same row in two files is one.

    Of files that are each the whole survey, those of the fullest.
    """
    tables = [max(tables, key=lambda table: table.height)] if is_snapshot else tables
    numbered = [table.with_row_index("_row").with_columns(_file=pl.lit(i)) for i, table in enumerate(tables)]
    rows = pl.concat(numbered, how="diagonal_relaxed")
    if len(tables) > 1:
        rows = _once(rows)
    asked = score.column if score and score.column.position is not None else None
    if asked:
        rows = rows.filter(asked.is_answered)
    months = {f"_month_{i}": month for i, month in enumerate(each for when in dates for each in _months(when))}
    told_by = [*([asked] if asked else []), *(each.column for each in dates[:1] if each.column.position is not None)]
    return Answers(rows.with_columns(**months), tuple(months), tuple(told_by), is_snapshot, are_all)


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """A row that stands in several files counts once; equal rows of one file are different answers."""
    cells = [name for name in rows.columns if name not in ("_row", "_file", "source_row", "malformed")]
    hashed = rows.with_columns(_cells=pl.struct(cells).hash())
    numbered = hashed.with_columns(_nth=pl.int_range(pl.len()).over("_file", "_cells"))
    return numbered.unique(["_cells", "_nth"], keep="last", maintain_order=True).drop("_cells", "_nth")


def _months(when: DateColumn) -> Iterator[pl.Expr]:
    """The months of a date in every way that it may be read: either order where that is open, either side of midnight."""
    if when.column.position is None:
        return
    orders = [when.formats, when.formats[::-1]] if when.ambiguous else [when.formats]
    for formats in orders:
        at = when.at(formats)
        for zone in _ZONES if when.zoned else _ZONES[1:2]:
            month = at.dt.offset_by(zone).dt.truncate("1mo").dt.date()
            yield pl.coalesce(month, pl.when(when.column.cell != "").then(pl.lit(_NOT_READ)))


def _first(rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    return rows.unique(list(key), keep="last", maintain_order=True)


def _id(seen: Seen) -> pl.Expr:
    """An identifier as `transforms.texts.identity` normalises it, NULL where there is none."""
    normal = same_identifier(seen.cell)
    small = normal.str.to_lowercase()
    return pl.when(~small.is_in(NOBODY) & ~small.str.contains(MASKED)).then(normal)
