"""How groups are named in what is published: cells of answers under the names that are shown.

Not here: which name is shown of several spellings (`transforms.texts.spelling`), which groups there are (`warehouse.marts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from transforms.dimensions import ABSENT, CARRIED, FURTHER, KEYS, UNKNOWN, column_of
from warehouse.marts import Mart, scores

_TODAY: Final = {"month": pl.Date, "branch": pl.String, "branch_now": pl.String, "region_now": pl.String}


@dataclass(frozen=True)
class Names:
    """How groups are named, and which programmes are the headline's."""

    spelling: pl.DataFrame
    """`attribute, spelling, shown_as`."""
    headline: Sequence[str]
    apart: Sequence[str] = ()
    """The dimensions that facts leave out, and answers have."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """What those who serve are shown by, by their pseudonyms."""
    today: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_TODAY))
    """`month, branch, branch_now, region_now`: what the branches of the answers of a month are today."""

    @property
    def marts(self) -> list[Mart]:
        """The marts that tell of people."""
        return [mart for mart in scores(self.apart) if mart.metric == "nps"]


def shown_cells(cells: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Cells with the names that are shown."""
    cells = _with_apart(cells, names)
    named = (*CARRIED, *_apart_of(cells, names))
    other = names.spelling.filter(pl.col("spelling") != pl.col("shown_as"))
    by_name = {str(name): rows for (name,), rows in other.partition_by("attribute", as_dict=True).items()}
    shown = [
        pl.col(name).replace(by_name[name]["spelling"], by_name[name]["shown_as"]) if name in by_name else pl.col(name)
        for name in named
    ]
    cells = cells.with_columns(
        each.fill_null(ABSENT.get(name, UNKNOWN)) for name, each in zip(named, shown, strict=True)
    )
    today = names.today.drop("month").unique()
    return cells.with_columns(
        branch_now=pl.col("branch").replace(today["branch"], today["branch_now"]),
        region_now=pl.col("branch").replace_strict(today["branch"], today["region_now"], default=UNKNOWN),
    )


def are_named(cells: pl.DataFrame, names: Names) -> bool:
    """Whether each spelling in cells is one of those that are known to be shown as any."""
    cells = _with_apart(cells, names)
    spelled = names.spelling.select("attribute", "spelling")
    for (name,), known in spelled.partition_by("attribute", as_dict=True).items():
        if name in cells.columns and not cells[name].drop_nulls().unique().is_in(known["spelling"].implode()).all():
            return False
    return True


def _apart_of(cells: pl.DataFrame, names: Names) -> list[str]:
    return [name for name in names.apart if column_of(name) in cells.columns]


def _with_apart(cells: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Cells with a column for each dimension that facts leave out."""
    said = _apart_of(cells, names)
    further = [name for name in said if column_of(name) == FURTHER]
    cells = cells.with_columns(pl.col(FURTHER).str.json_path_match(f"$.{name}").alias(name) for name in further)
    keyed = [name for name in said if name in KEYS]
    return cells.with_columns(
        pl.col(column_of(name)).replace_strict(names.codes, default=None).alias(name) for name in keyed
    )
