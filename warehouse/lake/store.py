"""The lake: the only module that knows that tables are Delta tables in folders.

Data are immutable *loads*: a load is written as Parquet by polars or DuckDB straight into the table's folder and becomes
part of the table by one Delta commit. A load counts only when a *ledger* says so; ledgers are only appended to, and the
last row per key counts. So a crash leaves nothing half, and two writers at once leave nothing double.
Not here: which tables there are (`warehouse.lake.tables`), rows of their pieces (`warehouse.lake.parquet`), or which
load counts (`warehouse.lake.ledgers`).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from transforms.dates.instants import INSTANT
from transforms.tables import stored_types, types
from warehouse.lake.durable import (
    added,
    commits,
    is_damage,
    is_whole,
    refuse_closed,
    refuse_unwritable,
    write_through,
)
from warehouse.lake.errors import DamagedError
from warehouse.lake.loads import OF_FILE, SEVERAL, month_of_piece, shared_load, whole_load
from warehouse.lake.opened import OpenedTables
from warehouse.lake.tables import DATA_TABLES, LEDGERS, naming, schema_of

#: A ledger of so many pieces is worth compacting.
MANY_PIECES: Final = 50
#: A log of so many commits after its last checkpoint is worth another one.
MANY_COMMITS: Final = 30
_DROPPED_AT_ONCE = 200
_OF_PIECES: Final = {"rows": pl.Int64(), "written_at": INSTANT}


class Lake:
    """The tables under one folder; what was read of them is remembered until they change."""

    def __init__(self, root: Path) -> None:
        """Nothing is opened or made until it is needed."""
        self.root = root
        self._opened = OpenedTables(root)
        self._ledgers: dict[str, tuple[frozenset[Path], pl.DataFrame]] = {}

    def begin(self, table: str, **keys: str) -> Path:
        """A new folder for the Parquet files of a load. They are no part of the table before `commit`.

        `keys` are the load's values of the columns that name folders; the files need not hold them.
        """
        folder = self.folder_of(table, **keys)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def folder_of(self, table: str, **keys: str) -> Path:
        """Where the Parquet files of a load are."""
        if OF_FILE in keys.get("load_id", ""):
            keys = {**keys, "file_digest": SEVERAL, "load_id": shared_load(keys["load_id"])}
        return self.root.joinpath(table, *(f"{key}={keys[key]}" for key in DATA_TABLES[table][1] if key in keys))

    def commit(self, table: str, folders: Iterable[Path]) -> None:
        """Make the Parquet files in folders part of the table, all in one transaction."""
        self.take_up(table, [file for folder in folders for file in sorted(folder.rglob("*.parquet"))])

    def take_up(self, table: str, files: Sequence[Path], in_place_of: Sequence[Path] = ()) -> None:
        """Make whole Parquet files in the table's folder part of it; make it, too, where it is not there.

        Those `in_place_of` which they stand are no part of it any more, in the same moment.
        """
        if not files:
            return
        opened, version = self._open(table), self.mark(table)
        root = self.root if opened is None else self.root / table
        # A commit must not outlive what it names.
        write_through(files, root)
        keys = DATA_TABLES[table][1] if table in DATA_TABLES else ()
        new = [self._added(file, table, keys) for file in files]
        if opened is None:
            with self._first(table, or_else=lambda: self.take_up(table, files, in_place_of)) as where:
                create_table_with_add_actions(where, schema_of(table), new, partition_by=list(keys))
        else:
            gone = [self._gone(file, table) for file in in_place_of]
            # What is taken out may be gone then: nothing is put in its place twice.
            with self._next(table, version, or_else=None if gone else lambda: self.take_up(table, files)):
                opened.create_write_transaction([*new, *gone], "append", schema_of(table), list(keys))
        write_through(commits(self.root / table, version), root)

    def files_of(self, table: str, loads: pl.DataFrame, months: Sequence[date] | None = None) -> list[str]:
        """The Parquet files of the loads: `loads` has `load_id`, and `month` for tables that are kept by month.

        With `months` those of staged answers that are of other months alone are left out. Pieces that the loads share with
        others hold the rows of those too.
        """
        if loads.is_empty():
            return []
        wanted = loads.select(naming(table)).with_columns(whole_load()).unique()
        kept = self.pieces(table).join(wanted, on=naming(table), how="semi")
        if months is not None:
            kept = kept.filter(month_of_piece().is_in(list(months)).fill_null(value=True))
        folder = self.root / table
        files = [folder / path for path in kept.sort("path").get_column("path")]
        broken = [file for file in files if not is_whole(file)]
        if broken:
            raise self.broken(broken)
        return [str(file) for file in files]

    def pieces(self, table: str) -> pl.DataFrame:
        """One row per Parquet file of the table: `load_id`, perhaps `month`, `path`, `rows`, `written_at`."""
        return self.remembered(table, "pieces", lambda: self._pieces(table))

    def _pieces(self, table: str) -> pl.DataFrame:
        names = naming(table)
        delta = self._open(table)
        if delta is None or not delta.file_uris():
            months = {"month": pl.Date()} if "month" in names else {}
            return pl.DataFrame(schema={"load_id": pl.String(), **months, "path": pl.String(), **_OF_PIECES})
        actions = pl.DataFrame(delta.get_add_actions(flatten=True))
        return actions.select(
            *(pl.col(f"partition.{name}").alias(name) for name in names),
            "path",
            rows=pl.col("num_records").cast(pl.Int64),
            written_at=pl.from_epoch("modification_time", time_unit="ms").dt.replace_time_zone("UTC").cast(INSTANT),
        )

    def rows_of_files(self) -> int:
        """How many rows were read from files, whether they count or not."""
        read = [table for table, (_, keys) in DATA_TABLES.items() if "file_digest" in keys]
        return sum(int(self.pieces(table).get_column("rows").sum()) for table in read)

    def sizes(self, table: str) -> dict[Path, int]:
        """The Parquet files of a table or ledger, each with the size that it was written with."""
        delta = self._open(table)
        if delta is None or not delta.file_uris():
            return {}
        # The paths that the table tells, not its addresses: those write a space in a folder's name as %20.
        actions = pl.DataFrame(delta.get_add_actions(flatten=True)).select("path", "size_bytes")
        folder = self.root / table
        return {folder / path: size for path, size in actions.iter_rows()}

    def opens(self, table: str) -> bool:
        """Whether there is a log of the table that can be read, all of it."""
        try:
            delta = self._opened.table(table)
            return delta is not None and delta.get_add_actions() is not None
        except DeltaError as error:
            if not is_damage(error):
                raise
            return False

    def forget_missing(self, table: str) -> None:
        """Take the Parquet files out of a table that are not there any more."""
        delta = self._open(table)
        if delta is not None:
            delta.repair()

    def drop(self, table: str, loads: pl.DataFrame, *, at_once: bool = False) -> None:
        """Take loads, or months of loads, out of the table. Their Parquet files go at the next `clean`, or `at_once`."""
        delta = self._open(table)
        if delta is None or loads.is_empty():
            return
        gone = self.pieces(table).join(loads, on=naming(table), how="semi") if at_once else pl.DataFrame({"path": []})
        for named in loads.select(naming(table)).unique().iter_slices(_DROPPED_AT_ONCE):
            alternatives = [
                " and ".join(f"{name} = '{value}'" for name, value in row.items())
                for row in named.iter_rows(named=True)
            ]
            delta.delete(" or ".join(f"({each})" for each in alternatives))
        for file in gone.get_column("path"):
            (self.root / table / file).unlink(missing_ok=True)

    def append(self, ledger: str, rows: pl.DataFrame) -> None:
        """Add rows to a ledger in one transaction, numbered after all that are there."""
        table, version = self._open(ledger), self.mark(ledger)
        declared = LEDGERS[ledger]
        # To judge each cast too, as a rule of its own, would take three times as long.
        valid = declared.validate(declared.cast(rows.with_columns(sequence=pl.lit(version + 1))))
        stored = valid.select(declared.column_names()).cast({pl.Enum: pl.String})
        if table is None:
            with self._first(ledger, or_else=lambda: self.append(ledger, rows)) as where:
                write_deltalake(where, stored, mode="error")
        else:
            refuse_unwritable(self.root / ledger)
            with self._next(ledger, version, or_else=lambda: self.append(ledger, rows)):
                write_deltalake(table, stored, mode="append", schema_mode="merge")
        made = commits(self.root / ledger, version)
        write_through([*added(self.root / ledger, made), *made], self.root if table is None else self.root / ledger)

    def mark(self, table: str) -> int:
        """The last version of a table: whatever is appended to a ledger from now on has a greater `sequence`."""
        delta = self._open(table)
        return -1 if delta is None else delta.version()

    def moment(self, table: str) -> tuple[str, int]:
        """Which table it is and its `mark`: another one, or an earlier mark, says that something else lies there now."""
        delta = self._open(table)
        return ("", -1) if delta is None else (str(delta.metadata().id), delta.version())

    def compact(self, ledger: str) -> bool:
        """Join the pieces of a ledger where there are many; say whether there were.

        Others may append meanwhile, but only one process at a time may compact: two at once would keep each row twice.
        """
        delta = self._open(ledger)
        if delta is None or len(delta.file_uris()) < MANY_PIECES:
            return False
        delta.optimize.compact()
        return True

    def sum_up(self, table: str) -> bool:
        """Sum up the log of a table in a checkpoint where many commits are not in one; say whether there were.

        Who opens the table reads the commits after it one by one.
        """
        delta = self._open(table)
        if delta is None:
            return False
        if delta.version() - _summed_up(self.root / table / "_delta_log" / "_last_checkpoint") < MANY_COMMITS:
            return False
        delta.create_checkpoint()
        return True

    def ledger(self, name: str) -> pl.DataFrame:
        """All rows of a ledger; their order is the caller's business.

        In rows that were written before a column was declared, it is NULL, or empty where it holds lists.
        """
        return self.remembered(name, "rows", lambda: self._ledger(name))

    def _ledger(self, name: str) -> pl.DataFrame:
        """What was read of it before is not read again, as long as its pieces are still there."""
        pieces = frozenset(self.sizes(name))
        before, rows = self._ledgers.get(name, (frozenset(), None))
        if rows is not None and before <= pieces:
            rows = pl.concat([rows, self.rows_of(name, sorted(pieces - before))])
        else:
            rows = self.rows_of(name, sorted(pieces))
        self._ledgers[name] = pieces, rows
        return rows

    def remembered(self, table: str, what: str, find: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What `find` makes of a table or ledger, and of nothing else: found once, kept until the table changes."""
        try:
            return self._opened.remembered(table, what, find)
        except DeltaError as error:
            if not is_damage(error):
                raise
            raise self._damaged(table, error) from error

    def forget(self) -> None:
        """Read everything anew: the lake was mended by hand."""
        self._opened.forget()
        self._ledgers.clear()

    def rows_of(self, name: str, pieces: Sequence[Path]) -> pl.DataFrame:
        """The rows of some pieces of a ledger."""
        try:
            return _read(name, pieces)
        except (pl.exceptions.PolarsError, OSError) as error:
            if not is_damage(error):
                raise
            _set_aside([piece for piece in pieces if not _can_be_read(name, piece)])
            raise self._damaged(name, error) from error

    def versions(self) -> dict[str, int]:
        """The version of every table that there is: what a publication was made from."""
        opened = {name: self._open(name) for name in (*DATA_TABLES, *LEDGERS)}
        return {name: table.version() for name, table in opened.items() if table is not None}

    def clean(self, table: str, *, older_than_hours: int) -> None:
        """Delete Parquet files that are no part of the table (any more), or never became one, and older than this.

        Folders in which nothing is left go the next time that something is deleted, when they are as old.
        """
        delta = self._open(table)
        if delta is None:
            return
        look, delete = (
            partial(delta.vacuum, older_than_hours, dry_run=dry, enforce_retention_duration=False, full=True)
            for dry in (True, False)
        )
        if look():
            delete()
            _delete_empty_folders(self.root / table, older_than_hours)

    def _open(self, table: str) -> DeltaTable | None:
        try:
            opened = self._opened.table(table)
        except DeltaError as error:
            if not is_damage(error):
                raise
            raise self._damaged(table, error) from error
        if opened is None:
            refuse_closed(self.root / table)
        return opened

    def broken(self, files: Sequence[Path]) -> DamagedError:
        """The error about files of data that cannot be read. They are set aside: the next night finds them missing."""
        _set_aside(files)
        others = f" and {len(files) - 1} more are" if files[1:] else " is"
        return DamagedError(
            f"The file {files[0]}{others} damaged. Type nps run: what was there is made anew from the files of landing."
        )

    def _damaged(self, table: str, error: Exception) -> DamagedError:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        return DamagedError(
            f"The table {self.root / table} is damaged ({first_line}). Type nps run: it is mended from what is "
            f"whole of it and from the files of landing. If it says this again, move all of {self.root} but waves away "
            "and type nps run: all is built anew."
        )

    @contextmanager
    def _first(self, table: str, or_else: Callable[[], None]) -> Iterator[str]:
        """Make a table with what is first in it, in one commit; `or_else` is done where another process was faster."""
        where = self.root / table
        where.mkdir(parents=True, exist_ok=True)
        refuse_unwritable(where)
        try:
            yield str(where)
        except DeltaError:
            if self._open(table) is None:
                raise
            or_else()

    @contextmanager
    def _next(self, table: str, since: int, or_else: Callable[[], None] | None) -> Iterator[None]:
        """Commit to what a table was `since`; `or_else` is done where that is refused.

        So it is where another process gave it a column meanwhile, or made it too, at the same moment as a third one.
        """
        try:
            yield
        except CommitFailedError:
            if or_else is None or self.mark(table) == since:
                raise
            or_else()

    def _added(self, file: Path, table: str, keys: tuple[str, ...]) -> AddAction:
        inside = file.relative_to(self.root / table)
        values = dict(part.split("=", 1) for part in inside.parts[:-1])
        stat = file.stat()
        return AddAction(
            path=inside.as_posix(),
            size=stat.st_size,
            partition_values={key: values[key] for key in keys},
            modification_time=stat.st_mtime_ns // 1_000_000,
            data_change=True,
            stats=json.dumps({"numRecords": pl.scan_parquet(file).select(pl.len()).collect().item()}),
        )

    def _gone(self, file: Path, table: str) -> RemoveAction:
        inside = file.relative_to(self.root / table)
        now = time.time_ns() // 1_000_000
        return RemoveAction(inside.as_posix(), data_change=True, deletion_timestamp=now)


def _delete_empty_folders(folder: Path, older_than_hours: int) -> None:
    """Those to which nobody has written for so long; each load has folders of its own."""
    for path, _, _ in os.walk(folder, topdown=False):
        is_old = os.stat(path).st_mtime <= time.time() - older_than_hours * 3600  # noqa: PTH116 - of thousands
        if is_old:
            with suppress(OSError):  # most are not empty
                os.rmdir(path)  # noqa: PTH106 - likewise


def _summed_up(last: Path) -> int:
    """The last commit that is in a checkpoint; -1 where there is none, or where a disk has garbled what says so."""
    if not last.is_file():
        return -1
    try:
        return int(json.loads(last.read_bytes())["version"])
    except (ValueError, TypeError, KeyError):
        return -1


def _read(ledger: str, pieces: Sequence[Path]) -> pl.DataFrame:
    schema = types(LEDGERS[ledger])
    if not pieces:
        return pl.DataFrame(schema=schema)
    rows = pl.scan_parquet(
        list(pieces),
        schema=stored_types(LEDGERS[ledger]),
        glob=False,
        missing_columns="insert",
        extra_columns="ignore",
    )
    return rows.select(_declared(column, dtype) for column, dtype in schema.items()).collect()


def _can_be_read(ledger: str, piece: Path) -> bool:
    try:
        _read(ledger, [piece])
    except (pl.exceptions.PolarsError, OSError) as error:
        return not is_damage(error)
    return True


def _set_aside(files: Sequence[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.rename(file.with_name(f"{file.name}.damaged"))


def _declared(column: str, dtype: pl.DataType) -> pl.Expr:
    stored = pl.col(column).fill_null([]) if isinstance(dtype, pl.List) else pl.col(column)
    return stored.cast(dtype)
