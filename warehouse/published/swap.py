"""The published file and those before it: who may write it, how another one takes its place, what it was made from.

Readers of the file that is replaced keep it whole. Here: locks, names and the atomic swap of files. Not here: what is in
them (`warehouse.published.publish`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

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
    inputs, _ = _said_in(database)
    return None if not inputs else str(inputs[0][0])


def published_files(database: Path) -> pl.DataFrame:
    """The files that counted when the published file was made, as far as `meta.files` has them."""
    schema = {**dict.fromkeys(_TEXTS, pl.String()), **dict.fromkeys(_COUNTS, pl.Int64()), "modified_at": pl.Int64()}
    _, rows = _said_in(database)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.from_epoch("modified_at", "us").cast(INSTANT)
    )


_Rows: TypeAlias = list[tuple[object, ...]]
_TEXTS: Final = ("source", "file_digest", "path")
_COUNTS: Final = ("rows_read", "accepted", "unanswered", "excluded", "rejected")


def _said_in(database: Path) -> tuple[_Rows, _Rows]:
    """What the published file says it was made from, and of which files."""
    try:
        is_now = database.stat()
    except OSError:
        return [], []
    return _said(database, (is_now.st_ino, is_now.st_mtime_ns, is_now.st_size))


@lru_cache(maxsize=1)
def _said(database: Path, _is_now: tuple[int, ...]) -> tuple[_Rows, _Rows]:
    """A file is never changed: to open it takes longer than to ask it, and a night asks again and again."""
    files = ", ".join((*_TEXTS, *_COUNTS, "epoch_us(modified_at)"))
    with suppress(duckdb.Error), duckdb.connect(str(database), read_only=True) as connection:
        inputs = _rows(connection, "select inputs from meta.publish")
        return inputs, _rows(connection, f"select {files} from meta.files where status = 'accepted'")  # noqa: S608 - our own names
    return [], []


def _rows(connection: duckdb.DuckDBPyConnection, asked: str) -> _Rows:
    try:
        return connection.execute(asked).fetchall()
    except duckdb.Error:
        return []


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
