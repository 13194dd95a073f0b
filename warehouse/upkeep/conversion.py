"""Lakes of earlier versions become such as this one writes: loads are written anew from what they hold, landing is not read.

Earlier each answer said its metric and scale, and a load of answers was one piece of all months. Now the file's record says
what holds for all of it, and a big load has a piece for each month. Verdicts, load ids and pseudonyms stay, and so do all
figures. A crash leaves each load as it was or as it is to be, and records that say nothing yet: the next time goes on there.
Not here: how loads are written when they are new (`warehouse.intake.staging`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from filelock import FileLock

from transforms.tables import FileRecord, StagedAnswer, types
from warehouse.intake.staging import BY_MONTH_FROM
from warehouse.lake.durable import is_whole
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_files
from warehouse.lake.loads import month_of_piece
from warehouse.lake.parquet import months_of, scan, sink
from warehouse.lake.store import Lake

_CONSTANTS = ("metric", "scale")


def convert(lake: Lake) -> list[str]:
    """Convert what is of an earlier version; a sentence where there was anything."""
    if _earlier(lake).is_empty():
        return []
    with FileLock(lake.root / ".conversion.lock"):
        files = _earlier(lake)
        pieces = lake.pieces("staged").filter(month_of_piece().is_null())
        by_load: dict[str, list[Path]] = {}
        for load_id, path in pieces.select("load_id", "path").iter_rows():
            by_load.setdefault(load_id, []).append(lake.root / "staged" / path)
        records = [
            {**file, **constants}
            for file in files.iter_rows(named=True)
            if (constants := _converted(lake, by_load.get(file["load_id"], []), file)) is not None
        ]
        if records:
            lake.append("files", pl.DataFrame(records, schema=types(FileRecord)))
    answers = sum(int(str(record["accepted"])) for record in records)
    says = (
        f"The lake was written by an earlier version: {answers:,} answers of {len(records):,} files were put in order for "
        "this one. No figure changes, and no file was read again."
    )
    return [says] if records else []


def _earlier(lake: Lake) -> pl.DataFrame:
    """The files whose answers count, or may again, and whose records do not say what their answers are."""
    return current_files(lake).filter(
        pl.col("status").is_in(["accepted", "withdrawn"]),
        ~pl.col("source").str.starts_with(DIMENSION_PREFIX),
        pl.col("metric").is_null() & pl.col("load_id").is_not_null() & (pl.col("accepted") > 0),
    )


def _converted(lake: Lake, pieces: list[Path], file: dict[str, object]) -> dict[str, object] | None:
    """What the rows of a load say of all of its file; the load itself is by month afterwards, if it is big.

    None where its pieces are gone or damaged, which mending tells.
    """
    try:
        rows = pl.scan_parquet(pieces) if pieces and all(map(is_whole, pieces)) else None
        first = None if rows is None else rows.select(_CONSTANTS).head(1).collect()
    except pl.exceptions.PolarsError:
        return None
    if rows is None or first is None or first.is_empty():
        return None
    if int(str(file["size_bytes"])) >= BY_MONTH_FROM:
        _rewrite(lake, pieces, one_survey=len(list(file["surveys"])) == 1)  # type: ignore[call-overload]
    return first.row(0, named=True)


def _rewrite(lake: Lake, pieces: list[Path], *, one_survey: bool) -> None:
    folder = pieces[0].parent
    for left in set(folder.glob("*.parquet")).difference(pieces):
        left.unlink()  # of an attempt that crashed
    rows = pl.scan_parquet(pieces)
    filled = rows.select(pl.all().null_count() < pl.len()).collect(engine="streaming").row(0, named=True)
    told = {"source", "file_digest", *(["survey"] if one_survey else [])}
    kept = [name for name in StagedAnswer.column_names() if filled.get(name) and name not in told]
    sink(scan("staged", list(map(str, pieces))).select(kept), months_of(folder)).collect()
    written = sorted(set(folder.glob("*.parquet")).difference(pieces))
    lake.take_up("staged", written, in_place_of=pieces)
    for piece in pieces:
        piece.unlink()
