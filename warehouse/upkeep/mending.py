"""Mending the lake after a loss of power or a damaged disk: what is there is taken up again, what is not is left out.

Nothing is decided here about answers: a load that is gone, or not whole any more, is told by `incomplete` and by
`warehouse.months.plan.stale_months`, and its file is read again or its month built again. Loads that no ledger names do
not count, and of a ledger's rows the last one per key does: so whatever is found on the disk may be taken up, as often
as it is there. Looking costs a stat of every file, and the ends of the files of ledgers; no data are read where nothing
is wrong. Not here: what landing still holds (`pipelines.guards.mending`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from warehouse.lake.durable import is_damage, is_whole
from warehouse.lake.ledgers import ACTIVITY_PREFIX, CLIENTS, DIMENSION_PREFIX, TICKETS, current_files
from warehouse.lake.loads import whole_load
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES, LEDGERS
from warehouse.upkeep.conversion import convert

_LOG = "_delta_log"


def mend(lake: Lake) -> list[str]:
    """Make every table one that can be read, of all that is whole of it. A sentence for each in which something was not."""
    lake.forget()
    found = []
    for table in (*LEDGERS, *DATA_TABLES):
        if (lake.root / table).is_dir():
            was_damaged = _log_mended(lake, table)
            if was_damaged:
                lake.forget()
            lost = _without_broken_pieces(lake, table)
            taken_up = _ledger_taken_up(lake, table) if table in LEDGERS else False
            if was_damaged or lost or taken_up:
                found.append(f"The table {lake.root / table} was damaged, and was mended from what is whole of it.")
    _loads_taken_up(lake)
    return found + convert(lake)


@contextmanager
def damage_told(lake: Lake) -> Iterator[None]:
    """Say of an error of a library which files of the lake are to blame, if any are, and set them aside."""
    try:
        yield
    except (pl.exceptions.PolarsError, duckdb.Error, OSError) as error:
        broken = [file for table in DATA_TABLES for file in lake.sizes(table) if not _can_be_read(file)]
        if broken:
            raise lake.broken(broken) from error
        for ledger in LEDGERS:
            lake.ledger(ledger)  # says so itself where it cannot be read
        raise


def _can_be_read(file: Path) -> bool:
    try:
        pl.scan_parquet(file).select(pl.all().hash().sum()).collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError) as error:
        if not is_damage(error):
            raise
        return False
    return True


def incomplete(lake: Lake) -> pl.DataFrame:
    """The accepted files, as `FileRecord`, whose loads do not hold the rows that the ledger says."""
    return lacking(lake, current_files(lake).filter(pl.col("status") == "accepted"))


def lacking(lake: Lake, files: pl.DataFrame) -> pl.DataFrame:
    """Those of files, as `FileRecord`, whose loads do not hold the rows that the ledger says."""
    is_dimension = pl.col("source").str.starts_with(DIMENSION_PREFIX)
    others = {
        "tickets": pl.col("source") == TICKETS,
        "activity": pl.col("source").str.starts_with(ACTIVITY_PREFIX),
        "clients": pl.col("source") == CLIENTS,
    }
    kept_in = {"staged": ~is_dimension, "members": is_dimension & ~pl.any_horizontal(others.values()), **others}
    parts = [(table, files.filter(which)) for table, which in kept_in.items()]
    # What is of no file is not looked for.
    wanted = [(table, part) for table, part in parts if table == "staged" or part.height]
    kept = pl.col("accepted") + pl.col("voided").fill_null(0)
    found = [_short_of_rows(lake, table, part, kept) for table, part in wanted]
    asked = files.filter(pl.col("contacts") > 0)
    if asked.height:
        short = _short_of_rows(lake, "contacts", asked, pl.col("contacts"))
        found.append(short.join(found[0], on=["source", "file_digest"], how="anti"))
    return pl.concat(found)


def short_of_rejected(lake: Lake, since: datetime) -> pl.DataFrame:
    """The files taken in since then, as `FileRecord`, of which not all refused rows are there any more; their counts are.

    What was replaced is not kept for ever, and landing has it no more.
    """
    files = (
        current_files(lake).drop_nulls("load_id").filter(pl.col("ingested_at") >= since, pl.col("status") != "replaced")
    )
    return _short_of_rows(lake, "rejected", files, pl.col("rejected") + pl.col("excluded"))


def _short_of_rows(lake: Lake, table: str, files: pl.DataFrame, rows: pl.Expr) -> pl.DataFrame:
    """The files whose pieces do not hold their rows; one that several share holds at least those of the ones here."""
    held = lake.pieces(table).group_by(whole="load_id").agg(held=pl.col("rows").sum())
    counted = files.with_columns(whole=whole_load()).join(held, on="whole", how="left", maintain_order="left")
    is_shared, found = pl.col("whole") != pl.col("load_id"), pl.col("held").fill_null(0)
    is_short = pl.when(is_shared).then(found < rows.sum().over("whole")).otherwise(found != rows)
    return counted.filter(is_short.fill_null(value=True)).drop("held", "whole")


def _log_mended(lake: Lake, table: str) -> bool:
    """Make the table's own log readable: without its newest commits where only they are broken, else made anew."""
    log = lake.root / table / _LOG
    if not log.is_dir():
        whole = [] if table == "facts" else _on_disk(lake.root / table)
        if whole:  # else it is the folder of a table that nothing was ever written to
            lake.take_up(table, whole)
        return False
    commits = sorted(log.glob("*.json"))
    if commits and all(commit.stat().st_size for commit in commits) and lake.opens(table):
        return False
    while commits and not _is_commit(commits[-1]):
        commits.pop().unlink()
    if not all(map(_is_commit, commits)) or not lake.opens(table):
        (log / "_last_checkpoint").unlink(missing_ok=True)
        for checkpoint in log.glob("*.checkpoint*.parquet"):
            if not is_whole(checkpoint):
                checkpoint.unlink()
    if not all(map(_is_commit, commits)) or not lake.opens(table):
        shutil.rmtree(log, ignore_errors=True)
        # A month of facts of which only a part is left cannot be told from a whole one: they are all counted again.
        lake.take_up(table, [] if table == "facts" else _on_disk(lake.root / table))
    return True


def _is_commit(file: Path) -> bool:
    try:
        lines = file.read_text("utf-8").splitlines()
        return bool(lines) and all(isinstance(json.loads(line), dict) for line in lines)
    except ValueError:
        return False


def _without_broken_pieces(lake: Lake, table: str) -> bool:
    """Leave out the files that are missing or have another size than when they were written."""
    sizes = lake.sizes(table)
    broken = [
        path for path, size in sizes.items() if not _has_size(path, size) or (table in LEDGERS and not is_whole(path))
    ]
    for path in broken:
        path.unlink(missing_ok=True)
    if broken and table == "facts":
        parts = [dict(part.split("=", 1) for part in path.relative_to(lake.root / table).parts[:-1]) for path in broken]
        lake.drop(table, pl.DataFrame(parts, schema={"load_id": pl.String, "month": pl.String}))
    if broken:
        lake.forget_missing(table)
    return bool(broken)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError as error:
        if not is_damage(error):
            raise
        return False


def _ledger_taken_up(lake: Lake, ledger: str) -> bool:
    """Take up again what was written to a ledger and is no part of it: the commit that named it was lost."""
    known = set(lake.sizes(ledger))
    others = [file for file in _on_disk(lake.root / ledger) if file not in known]
    if not others:
        return False
    here = lake.ledger(ledger)
    plain = [name for name, dtype in here.schema.items() if not isinstance(dtype, pl.List)]

    def is_new(files: list[Path]) -> bool:
        return not lake.rows_of(ledger, files).join(here, on=plain, how="anti", nulls_equal=True).is_empty()

    # Usually they are what was made one: all are looked at in one go.
    missing = [file for file in others if is_new([file])] if is_new(others) else []
    lake.take_up(ledger, missing)
    return bool(missing)


def _loads_taken_up(lake: Lake) -> None:
    """Take up again the loads that the ledger of files names and that are no part of their tables, but lie there."""
    short = pl.concat([incomplete(lake), short_of_rejected(lake, datetime.min.replace(tzinfo=UTC))])
    named = short.unique(["source", "file_digest"], maintain_order=True).select("source", "file_digest", "load_id")
    for table, (_, keys) in DATA_TABLES.items():
        if "file_digest" not in keys:
            continue
        folders = {lake.folder_of(table, **row): None for row in named.iter_rows(named=True) if row["load_id"]}
        known = set(lake.sizes(table)) if folders else set()
        lake.take_up(table, [file for folder in folders for file in _on_disk(folder) if file not in known])


def _on_disk(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*.parquet")) if _LOG not in file.parts and is_whole(file)]
