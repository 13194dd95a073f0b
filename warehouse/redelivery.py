"""Which files bring answers that were delivered before, found once, when a file is taken in.

So a build of a month need not look for later versions of its answers among all answers that there ever were.
Not here: which version counts (`transforms.responses`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from transforms.responses import repeated
from warehouse.lake import Lake, scan
from warehouse.ledgers import counted_files


@dataclass(frozen=True)
class Redelivery:
    """What a file has in common with others, and with itself."""

    redelivers: bool = False
    """Whether any of its response ids stands elsewhere too: in it, or in another file of its source."""
    moved_months: tuple[date, ...] = ()
    """The months of the versions of those of its answers whose versions lie in different months."""
    moved_with: tuple[str, ...] = ()
    """The digests of the other files of those versions."""


NO_REDELIVERY: Final = Redelivery()


def redeliveries(lake: Lake, source: str, loads: dict[str, str]) -> dict[str, Redelivery]:
    """What the new loads of a source redeliver, by load: `loads` gives the digest of the file of each.

    They are compared with one another and with the files of the source that count.
    """
    counted = counted_files(lake, [source]).filter(~pl.col("file_digest").is_in(list(loads.values())))
    new = _ids(lake, list(loads))
    old = _ids(lake, counted.get_column("load_id").to_list())
    id_hash = pl.col("response_id").hash()
    new_hashes = new.select(id_hash).collect().to_series()
    known = old.filter(id_hash.is_in(new_hashes.implode())).select(id_hash).collect().to_series()
    suspects = pl.concat([known, repeated(new_hashes)]).unique()
    if suspects.is_empty():
        return {}
    rows = pl.concat([new, old]).filter(id_hash.is_in(suspects.implode())).collect()
    digests = dict(counted.select("load_id", "file_digest").iter_rows()) | loads
    has_moved = pl.col("month").n_unique().over("response_id") > 1
    versions = {
        name: pl.when(has_moved).then(pl.col(name).unique().over("response_id", mapping_strategy="join"))
        for name in ("month", "load_id")
    }
    shared = (
        rows.with_columns(rows=pl.len().over("response_id"), months=versions["month"], in_loads=versions["load_id"])
        .filter(pl.col("rows") > 1, pl.col("load_id").is_in(list(loads)))
        .group_by("load_id")
        .agg(pl.col("months", "in_loads").explode().drop_nulls().unique().sort())
    )
    return {
        load: Redelivery(True, tuple(months), tuple(sorted({digests[other] for other in others} - {digests[load]})))
        for load, months, others in shared.select("load_id", "months", "in_loads").iter_rows()
    }


def _ids(lake: Lake, load_ids: Sequence[str]) -> pl.LazyFrame:
    schema = {"load_id": pl.String, "response_id": pl.String, "month": pl.Date}
    paths = lake.files_of("staged", pl.DataFrame({"load_id": load_ids}, schema={"load_id": pl.String}))
    return scan("staged", paths).select(*schema) if paths else pl.LazyFrame(schema=schema)
