"""How many answers of some files would not count if a column were taken for the answer's id, or for who answered.

Here: the rows of files that look the same, put together, and the two rules of `transforms.responses` tried on them.
Not here: which columns are tried (`identity`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines.adapters.table import column
from pipelines.sniff.facts import Seen
from transforms.dates import DateReading, instant
from transforms.scores import UNANSWERED
from transforms.staged import NOBODY

if TYPE_CHECKING:
    from pipelines.sniff.dates import DateColumn
    from pipelines.sniff.scores import ScoreColumn

#: The business timezone is not known yet: an instant may fall on either side of midnight.
_ZONES: Final = ("-14h", "0h", "14h")


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
    """Whether the newest file counts alone."""
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
        """Whether it is the number of the row, which begins anew in each file."""
        number = _text(ids).cast(pl.Int64, strict=False) - pl.col("_row").cast(pl.Int64)
        first = self.rows.group_by("_file").agg(least=number.min(), most=number.max(), none=number.null_count())
        return not first.filter(
            pl.any_horizontal("none", pl.col("most") != pl.col("least"), pl.col("least") > 1)
        ).height

    def go_together(self, ids: Seen, others: Seen) -> bool:
        """Whether two columns tell the same answers apart."""
        both = self.rows.select(a=_id(ids), b=_id(others))
        return both.unique().height == both.get_column("a").n_unique() == both.get_column("b").n_unique()

    def redelivered(self, ids: Seen) -> int:
        """How many share an id with a later row, and so would not count."""
        return sum(part.height - _first(part, "_id").height for part in self._with(ids))

    def other_answers(self, ids: Seen) -> int:
        """How many of these differ from that later row in both score and date: hardly the same answer."""
        if not self.told_by:
            return 0
        differs = pl.all_horizontal(_text(seen) != _text(seen).last().over("_id") for seen in self.told_by)
        return sum(int(part.select(differs.sum()).item()) for part in self._with(ids))

    def answered_again(self, person: Seen, ids: Seen | None) -> int:
        """How many would not count if each person counts once a month; where no date can be read, once.

        `ids` hold the answer's id: of the same answer only the last delivery is left to count.
        """
        parts = [_first(part, "_id") for part in self._with(ids)] if ids else list(self._parts())
        return sum(self._again(part, person) for part in parts)

    def _again(self, part: pl.DataFrame, person: Seen) -> int:
        known = part.with_columns(_person=_id(person)).filter(pl.col("_person").is_not_null())
        keys = [["_person", month] for month in self.months] or [["_person"]]
        counted = [known.drop_nulls(key) for key in keys]
        return max(rows.height - _first(rows, *key).height for rows, key in zip(counted, keys, strict=True))

    def _with(self, ids: Seen) -> Iterator[pl.DataFrame]:
        return (part.with_columns(_id=_id(ids)).filter(pl.col("_id").is_not_null()) for part in self._parts())

    def _parts(self) -> Iterator[pl.DataFrame]:
        """All rows, or of snapshots those of each file."""
        yield from self.rows.partition_by("_file") if self.is_snapshot else [self.rows]


def answers_in(
    tables: Sequence[pl.DataFrame],
    score: ScoreColumn | None,
    dates: Sequence[DateColumn],
    *,
    is_snapshot: bool,
    are_all: bool,
) -> Answers:
    """The answers of files that have the same columns, from old to new; the same row in two files is one."""
    numbered = [table.with_row_index("_row").with_columns(_file=pl.lit(i)) for i, table in enumerate(tables)]
    rows = pl.concat(numbered, how="diagonal_relaxed")
    if len(tables) > 1 and not is_snapshot:
        rows = _once(rows)
    asked = score.column if score and score.column.position is not None else None
    if asked:
        rows = rows.filter(~_text(asked).str.to_lowercase().is_in(UNANSWERED))
    months = {f"_month_{i}": month for i, month in enumerate(each for date in dates for each in _months(date))}
    told_by = [*([asked] if asked else []), *(date.column for date in dates[:1] if date.column.position is not None)]
    return Answers(rows.with_columns(**months), tuple(months), tuple(told_by), is_snapshot, are_all)


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """A row that stands in several files counts once; equal rows of one file are different answers."""
    cells = [name for name in rows.columns if name not in ("_row", "_file", "source_row", "malformed")]
    hashed = rows.with_columns(_cells=pl.struct(cells).hash())
    numbered = hashed.with_columns(_nth=pl.int_range(pl.len()).over("_file", "_cells"))
    return numbered.unique(["_cells", "_nth"], keep="last", maintain_order=True).drop("_cells", "_nth")


def _months(date: DateColumn) -> Iterator[pl.Expr]:
    """The months of a date in every way that it may be read: either order where that is open, either side of midnight."""
    if date.column.position is None:
        return
    orders = [date.formats, date.formats[::-1]] if date.ambiguous else [date.formats]
    for formats in orders:
        at = instant(_text(date.column), DateReading(tuple(formats), "UTC"))
        yield from (at.dt.offset_by(zone).dt.truncate("1mo") for zone in (_ZONES if date.zoned else _ZONES[1:2]))


def _first(rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    return rows.unique(list(key), keep="last", maintain_order=True)


def _text(seen: Seen) -> pl.Expr:
    return pl.col(column(seen.position or 0)).fill_null("").str.strip_chars()


def _id(seen: Seen) -> pl.Expr:
    """An identifier as `transforms.identity` normalises it, NULL where there is none."""
    normal = _text(seen).str.strip_prefix("'").str.to_lowercase()
    return pl.when(~normal.is_in(NOBODY)).then(normal)
