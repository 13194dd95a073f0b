"""The published file and those before it: who may write it, how another one takes its place, what it was made from.

Readers of the file that is replaced keep it whole. Here: locks, names and the atomic swap of files. Not here: what is in
them (`warehouse.published.publish`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
from filelock import FileLock

from transforms.dates.instants import INSTANT
from warehouse.lake.durable import sync

#: Everybody may read, nobody write.
_READ_ONLY: Final = 0o444


@contextmanager
def only_publisher(folder: Path) -> Iterator[None]:
    """One process at a time builds and swaps; another waits for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".publish.lock"):
        yield


def published_inputs(database: Path) -> str | None:
    """What the published file was made from, as `Publication.inputs`; None where there is no readable file."""
    if not database.is_file():
        return None
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            row = connection.execute("select inputs from meta.publish").fetchone()
    except duckdb.Error:
        return None
    return None if row is None else str(row[0])


def published_files(database: Path) -> pl.DataFrame:
    """The files that counted when the published file was made, as far as `meta.files` has them."""
    texts, counts = ("source", "file_digest", "path"), ("rows_read", "accepted", "unanswered", "excluded", "rejected")
    schema = {**dict.fromkeys(texts, pl.String()), **dict.fromkeys(counts, pl.Int64()), "modified_at": pl.Int64()}
    rows: list[tuple[object, ...]] = []
    if database.is_file():
        names = ", ".join((*texts, *counts, "epoch_us(modified_at)"))
        with suppress(duckdb.Error), duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute(f"select {names} from meta.files where status = 'accepted'").fetchall()  # noqa: S608 - our own names
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.from_epoch("modified_at", "us").cast(INSTANT)
    )


def swap_in(candidate: Path, database: Path, keep: int) -> None:
    """Replace the published file at once; readers of the old one keep it whole. Keeps earlier versions beside it."""
    if _wal(candidate).exists():
        raise RuntimeError(f"{candidate.name} was not closed: its write-ahead log is still there")
    # Most clients open a file to write unless told otherwise, and would lock all others out, or change figures.
    candidate.chmod(_READ_ONLY)
    sync(candidate)
    if database.exists():
        _keep_version(database)
    # A stale log beside the target would be replayed into the new file.
    _wal(database).unlink(missing_ok=True)
    candidate.replace(database)
    sync(database.parent)
    for old in versions_kept(database)[keep:]:
        old.unlink(missing_ok=True)


def versions_kept(database: Path) -> list[Path]:
    """The earlier versions beside the published file, newest first."""
    return sorted((database.parent / "versions").glob("nps.*.duckdb"), reverse=True)


def discard(candidate: Path) -> None:
    """Remove a candidate that is not to be published, and what crashed runs left of theirs."""
    candidate.unlink(missing_ok=True)
    _wal(candidate).unlink(missing_ok=True)


def candidate_path(database: Path) -> Path:
    """Where a candidate is built: beside the published file, on the same file system."""
    return database.parent / ".candidate" / "nps.duckdb"


def _keep_version(database: Path) -> None:
    """A second name for the current file, so that replacing the first one leaves it; a copy where disks know no such."""
    stamp = datetime.fromtimestamp(database.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S%fZ")
    version = database.parent / "versions" / f"nps.{stamp}.duckdb"
    version.parent.mkdir(exist_ok=True)
    version.unlink(missing_ok=True)
    try:
        version.hardlink_to(database)
    except OSError:
        copied = version.with_name(".copied")
        copied.unlink(missing_ok=True)
        shutil.copy2(database, copied)
        copied.replace(version)


def _wal(database: Path) -> Path:
    return database.with_name(database.name + ".wal")
