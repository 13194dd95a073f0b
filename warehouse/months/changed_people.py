"""People whose answers are others than when sums were made: theirs alone need be taken out of these and put in anew.

Here: the builds of responses that sums were made from, and who answered otherwise then. Not here: the sums (`people`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from transforms.answers.numbers import Marks, Numbers
from transforms.answers.people import repeated
from warehouse.lake.durable import is_whole
from warehouse.lake.ledgers import builds_before, loads_of
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.pairs import people_in


def builds_then(lake: Lake, sequence: int | None, now: pl.DataFrame) -> pl.DataFrame | None:
    """The builds of responses that counted before a record of the ledger; None where any of them is gone.

    Those of the same inputs as one that counts `now` hold the same answers, and are left out for it.
    """
    if sequence is None:
        return None
    then, same = builds_before(lake, "responses", sequence), ["month", "inputs"]
    others = then.join(now, on=same, how="anti")
    if not all(_is_there(lake, table, others) for table in ("responses", "cells")):
        return None
    return pl.concat([now.join(then, on=same, how="semi"), others]).sort("month")


def not_the_same(then: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The builds of then that count no more, and those that came."""
    by = ["month", "load_id"]
    return then.join(now, on=by, how="anti"), now.join(then, on=by, how="anti")


def changed_people(lake: Lake, gone: pl.DataFrame, come: pl.DataFrame, columns: Sequence[str]) -> Numbers:
    """The numbers of people who did not give the same answers in both, by what `columns` of cells say of these; in order."""
    months = pl.concat([gone, come]).get_column("month").unique()
    found = [
        _changed_in(*(_said(lake, side.filter(month=month), columns) for side in (gone, come))) for month in months
    ]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _changed_in(*sides: tuple[Numbers, Numbers]) -> Numbers:
    """The people of whom one side says what the other does not."""
    said = np.concatenate([numbers for _, numbers in sides])
    said.sort()
    # On either side each number stands once.
    is_twice = said[1:] == said[:-1]
    is_lone = np.ones(len(said), np.bool_)
    is_lone[1:] &= ~is_twice
    is_lone[:-1] &= ~is_twice
    lone = said[is_lone]
    marks = Marks.of(len(lone), [lone])
    return np.concatenate([person[marks.places(numbers, lone)] for person, numbers in sides])


def _said(lake: Lake, builds: pl.DataFrame, columns: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The people of the answers of a month, and a number of each: of who says what, at which place among theirs."""
    answers, cells = (lake.files_of(table, loads_of(builds)) for table in ("responses", "cells"))
    person, cell = people_in(answers)
    if not len(person):
        return person, person
    told = scan("cells", cells).select("cell", said=pl.struct(columns).hash().reinterpret(signed=True)).collect()
    of_cells = np.zeros(1 + told["cell"].to_numpy().max(), np.int64)
    of_cells[told["cell"].to_numpy()] = told["said"].to_numpy()
    # Both are as good as random, and what is too large begins anew.
    said = person + of_cells[cell]
    several = repeated(pl.Series(person))
    if several.len():
        at = Marks.of(several.len(), [several.to_numpy()]).places(person, np.sort(several.to_numpy()))
        place = pl.Series(person[at]).to_frame("person").select(pl.col("person").cum_count().over("person"))
        said[at] += _APART * place.to_series().to_numpy().astype(np.int64)
    return person, said


#: Tells apart what a person says at one place and at the next.
_APART: Final = 0x1E3779B97F4A7C15


def _is_there(lake: Lake, table: str, builds: pl.DataFrame) -> bool:
    loads = loads_of(builds.filter(pl.col("responses") > 0))
    pieces = lake.pieces(table).join(loads, on=["load_id", "month"], how="semi")
    here = pieces.select("load_id", "month").n_unique() if pieces.height else 0
    return here == loads.height and all(is_whole(lake.root / table / path) for path in pieces.get_column("path"))
