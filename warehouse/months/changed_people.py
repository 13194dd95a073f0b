"""People whose answers are others than when sums were made: theirs alone need be taken out of these and put in anew.

Here: the builds of responses that sums were made from, and who answered otherwise then. Not here: the sums (`people`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from transforms.answers.numbers import Numbers
from transforms.answers.people import repeated
from warehouse.lake.durable import is_whole
from warehouse.lake.ledgers import builds_before, loads_of
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake

_KEY = ["month", "person", "said", "place"]


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
    """The numbers of people who did not give the same answers in both, by what `columns` of cells say of these."""
    before, after = (_said(lake, builds, columns) for builds in (gone, come))
    lost, won = before.join(after, on=_KEY, how="anti"), after.join(before, on=_KEY, how="anti")
    return np.unique(pl.concat([lost.get_column("person"), won.get_column("person")]).to_numpy())


def _is_there(lake: Lake, table: str, builds: pl.DataFrame) -> bool:
    loads = loads_of(builds.filter(pl.col("responses") > 0))
    pieces = lake.pieces(table).join(loads, on=["load_id", "month"], how="semi")
    here = pieces.select("load_id", "month").n_unique() if pieces.height else 0
    return here == loads.height and all(is_whole(lake.root / table / path) for path in pieces.get_column("path"))


def _said(lake: Lake, builds: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """`month, person, said, place` of each answer of a person: a number for what its cell says, its place among theirs."""
    found = [_said_in(lake, builds.filter(pl.col("month") == month), columns) for month in builds.get_column("month")]
    return pl.concat(found) if found else pl.DataFrame(schema=_SCHEMA)


_SCHEMA = {"month": pl.Date(), "person": pl.Int64(), "said": pl.UInt64(), "place": pl.UInt32()}


def _said_in(lake: Lake, build: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    files = [lake.files_of(table, loads_of(build)) for table in ("responses", "cells")]
    if not all(files):
        return pl.DataFrame(schema=_SCHEMA)
    answers = scan("responses", files[0]).select("month", "person", "cell").drop_nulls("person")
    cells = scan("cells", files[1]).select("cell", said=pl.struct(columns).hash())
    rows = answers.join(cells, on="cell", how="left", maintain_order="left").select("month", "person", "said").collect()
    # Most people stand there once: only the others are numbered.
    is_several = rows.get_column("person").is_in(repeated(rows.get_column("person")).implode())
    once = rows.filter(~is_several).with_columns(place=pl.lit(1, pl.UInt32))
    several = rows.filter(is_several).with_columns(place=pl.col("said").cum_count().over("person").cast(pl.UInt32))
    return pl.concat([once, several]).cast(_SCHEMA)  # type: ignore[arg-type]
