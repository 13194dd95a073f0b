"""What newer rules made of a file that was in already: its rows as they counted before, held against those of now.

Here: two loads of one file, row by row. Not here: which files are read again (`pipelines.intake`), what is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from transforms.dimensions import TYPED
from transforms.tables import StagedAnswer, stored_types
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake

#: What decides where, and for whom, an answer counts; and what people call it.
_FIGURES: Final = {
    "score": "score",
    "responded_at": "date",
    "survey": "survey",
    "respondent_key": "respondent",
    "account_key": "account",
    **{name: name for name in TYPED},
    "weight": "weight",
}


@dataclass(frozen=True)
class Was:
    """A load that counted before."""

    load_id: str
    accepted: int
    surveys: Sequence[str]


@dataclass(frozen=True)
class Changes:
    """How many rows of a file changed."""

    rows: int
    """All of these, each once."""
    gone: int
    """Answers before, and none now."""
    come: int
    """Answers now, and none before."""
    other: Mapping[str, int]
    """Answers before and now, by what of them is another."""


def changes(lake: Lake, before: Was, new: Path, surveys: Sequence[str]) -> Changes | None:
    """The answers of a load held against those in the folder of another, by their rows in the file.

    `surveys` are those of the other load. None where the load does not hold so many answers as were accepted: some are
    lost, and nobody knows what they were.
    """
    files = lake.files_of("staged", pl.DataFrame({"load_id": [before.load_id]}))
    if not files:
        return None
    now = sorted(map(str, new.rglob("*.parquet")))
    was = _rows(files, before.surveys, before.load_id)
    both = was.join(_rows(now, surveys), on="source_row", how="full", suffix="_now")
    counted = both.select(_height=pl.col("there").sum(), **_counts()).collect().row(0, named=True)
    if counted.pop("_height") != before.accepted:
        return None
    rows, gone, come = (counted.pop(name) for name in ("_rows", "_gone", "_come"))
    return Changes(rows, gone, come, {_FIGURES[column]: found for column, found in counted.items() if found})


def _rows(files: Sequence[str], surveys: Sequence[str], load_id: str | None = None) -> pl.LazyFrame:
    rows = scan("staged", files) if files else pl.LazyFrame(schema=stored_types(StagedAnswer))
    if load_id is not None:
        rows = rows.filter(pl.col("load_id") == load_id)
    one = surveys[0] if len(surveys) == 1 else None
    known = rows.with_columns(pl.col("survey").fill_null(pl.lit(one, pl.String)), pl.col("weight").fill_null(1.0))
    return known.select("source_row", *_FIGURES, there=pl.lit(value=True))


def _counts() -> dict[str, pl.Expr]:
    was, is_now = pl.col("there").is_not_null(), pl.col("there_now").is_not_null()
    other = {column: was & is_now & pl.col(column).ne_missing(pl.col(f"{column}_now")) for column in _FIGURES}
    gone, come = was & ~is_now, is_now & ~was
    found = {"_rows": pl.any_horizontal(gone, come, *other.values()), "_gone": gone, "_come": come, **other}
    return {name: told.sum() for name, told in found.items()}
