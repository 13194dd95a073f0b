"""Taking erased people out of what was stored before: their rows, and their names in rows of others.

A file of which a load holds any of it gets another load without, and its record counts their rows as excluded. Then no load
that counts holds them, and every piece that still does goes, or is written anew. A crash leaves whole loads, old ones or
new ones; done again, it goes on there. One process at a time, while no files are taken in.
Not here: rows of files that are yet to be read (`transforms.rows.erased`), who is erased (`pipelines.intake.erasure`).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from transforms.reasons import Reason
from transforms.rows.erased import OWN, Erased, is_own, names_them, of_others
from transforms.tables import FileRecord, RejectedRow, stored_types, types
from warehouse.lake.known_ids import forget
from warehouse.lake.ledgers import current_files, erasure
from warehouse.lake.loads import OF_FILE, is_shared, new_load_id, shared_load
from warehouse.lake.parquet import scan, sink
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES

_REFUSED: Final = "rejected"
_FOUND: Final[Mapping[str, pl.DataType]] = {
    "table": pl.String(),
    "load_id": pl.String(),
    "piece": pl.String(),
    "own": pl.UInt32(),
    "named": pl.UInt32(),
}


def found(lake: Lake, erased: Erased) -> pl.DataFrame:
    """Where rows are their own or name them: `table, load_id, piece`, and how many are their `own` or of others, `named`."""
    parts = [pl.DataFrame(schema=_FOUND), *(_found_in(lake, table, erased) for table in OWN if lake.sizes(table))]
    return pl.concat(parts)


def _found_in(lake: Lake, table: str, erased: Erased) -> pl.DataFrame:
    rows, columns = scan(table, _pieces(lake, table), piece="piece"), _columns(table)
    own = is_own(table, erased, columns)
    told = rows.select("load_id", "piece", own=own, named=~own & names_them(table, erased, columns))
    theirs = told.filter(pl.col("own") | pl.col("named")).group_by("load_id", "piece").agg(pl.col("own", "named").sum())
    by_piece = theirs.with_columns(table=pl.lit(table))
    return by_piece.select(pl.col(name).cast(dtype) for name, dtype in _FOUND.items()).collect(engine="streaming")


def answers_of(lake: Lake, erased: Erased) -> dict[str, list[str]]:
    """By source the ids of all answers that are theirs."""
    if not lake.sizes("staged"):
        return {}
    own = scan("staged", _pieces(lake, "staged")).filter(is_own("staged", erased, _columns("staged")))
    ids = own.select(pl.col("source").cast(pl.String), "response_id").drop_nulls().unique()
    by_source = ids.sort(pl.all()).collect(engine="streaming").group_by("source", maintain_order=True)
    return {str(source): of_source.get_column("response_id").to_list() for (source,), of_source in by_source}


def erase(lake: Lake, erased: Erased, now: datetime) -> pl.DataFrame:
    """Take them out of everything that was stored of files; the records of the files that had anything of them."""
    theirs = found(lake, erased)
    files = current_files(lake).filter(pl.col("load_id").is_in(theirs.get_column("load_id").to_list()))
    records, folders = [], []
    for file in files.iter_rows(named=True):
        record, written = _without(lake, file, theirs.filter(pl.col("load_id") == file["load_id"]), erased, now)
        records.append(record)
        folders += written
    for table in DATA_TABLES:
        lake.commit(table, [folder for name, folder in folders if name == table])
    told = pl.DataFrame(records, schema=types(FileRecord))
    if records:
        lake.append("files", told)
    _purge(lake, erased)
    for source in files.get_column("source").unique():
        forget(lake, source)
    return told


def _without(
    lake: Lake, file: Mapping[str, Any], theirs: pl.DataFrame, erased: Erased, now: datetime
) -> tuple[dict[str, Any], list[tuple[str, Path]]]:
    """The record of a file with another load, without them, and the folders of that in its tables."""
    load_id, source = file["load_id"], file["source"]
    keys = {"source": source, "file_digest": file["file_digest"], "load_id": new_load_id()}
    tables = [table for table in (*OWN, _REFUSED) if _of_load(lake, table, load_id)]
    folders = {table: lake.begin(table, **keys) for table in {*tables, _REFUSED}}
    touched: list[pl.DataFrame] = []
    for table in tables:
        with_them = set(theirs.filter(pl.col("table") == table).get_column("piece"))
        for piece in _of_load(lake, table, load_id):
            to = folders[table] / Path(piece).name
            if is_shared(piece):
                rows = scan(table, [piece], [load_id]).drop("load_id", "source", "file_digest", strict=False)
            elif piece in with_them:
                rows = pl.scan_parquet(piece)
            else:
                _link(Path(piece), to)
                continue
            if table == _REFUSED:
                sink(rows, to).collect()
                continue
            touched.append(_theirs(rows, table, erased, source))
            sink(of_others(rows, table, erased, source), to).collect()
    gone, own = pl.concat(touched), int(theirs.get_column("own").sum())
    if own:
        _add_refused(gone.filter("own"), folders[_REFUSED])
    record = {
        **file, "load_id": keys["load_id"], "accepted": file["accepted"] - own, "excluded": file["excluded"] + own,
        "erasures": [*file["erasures"], *(erasure(month, now) for month in gone.get_column("month").unique().sort())],
    }  # fmt: skip
    return record, list(folders.items())


def _theirs(rows: pl.LazyFrame, table: str, erased: Erased, source: str) -> pl.DataFrame:
    """The rows that are their own, or name them: `source_row, month, own`."""
    columns = rows.collect_schema().names()
    own = is_own(table, erased, columns, source)
    month = pl.col("month") if table == "staged" else pl.lit(None)
    which = rows.filter(own | names_them(table, erased, columns, source))
    return which.select("source_row", month.cast(pl.Date).alias("month"), own=own).collect()


def _add_refused(rows: pl.DataFrame, folder: Path) -> None:
    """Tell rows as excluded in a piece beside the others of the folder."""
    known = {"outcome": pl.lit("excluded"), "reason": pl.lit(Reason.ERASED.value)}
    schema = {name: dtype for name, dtype in stored_types(RejectedRow).items() if name not in ("source", "file_digest")}
    told = [known.get(name, pl.col(name) if name in rows.columns else pl.lit(None)) for name in schema]
    made = rows.lazy().select(
        each.cast(dtype).alias(name) for each, (name, dtype) in zip(told, schema.items(), strict=True)
    )
    sink(made, folder / f"part-{sum(1 for _ in folder.glob('*.parquet'))}.parquet").collect()


def _purge(lake: Lake, erased: Erased) -> None:
    """Delete the loads that count for no file and still hold them, and write anew what such share with others."""
    theirs = found(lake, erased)
    alone = theirs.filter(~pl.col("load_id").str.contains(OF_FILE, literal=True)).select("load_id").unique()
    for table in (*OWN, _REFUSED):
        lake.drop(table, alone)
    shared = theirs.filter(pl.col("load_id").str.contains(OF_FILE, literal=True)).select("table", "piece").unique()
    for table, piece in shared.iter_rows():
        before = Path(piece)
        after = before.with_name(f"part-{uuid.uuid4().hex}.parquet")
        source = next(part for part in reversed(before.parts) if part.startswith("source=")).removeprefix("source=")
        sink(of_others(pl.scan_parquet(before), table, erased, source), after).collect()
        lake.take_up(table, [after], in_place_of=[before])
    for table in (*OWN, _REFUSED):
        # Whatever else lies there belongs to nobody who is at work: no files are taken in.
        lake.clean(table, older_than_hours=0)


def _pieces(lake: Lake, table: str) -> list[str]:
    return [str(path) for path in lake.sizes(table)]


def _columns(table: str) -> list[str]:
    return [*DATA_TABLES[table][0].column_names()]


def _of_load(lake: Lake, table: str, load_id: str) -> list[str]:
    """The pieces of the load of a file, also those that it shares with others."""
    pieces = lake.pieces(table).filter(pl.col("load_id") == shared_load(load_id))
    return [str(lake.root / table / path) for path in pieces.sort("path").get_column("path")]


def _link(piece: Path, to: Path) -> None:
    """Put a piece under another name too, without its bytes twice where the file system allows it."""
    try:
        to.hardlink_to(piece)
        to.touch()  # or `tidy` of another run takes it for an old one that no ledger names
    except OSError:
        to.unlink(missing_ok=True)
        shutil.copyfile(piece, to)
