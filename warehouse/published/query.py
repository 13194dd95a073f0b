"""Asking the published file, as any reader does: read-only, closed to the outside, and bounded in time and memory.

Here: which statements are answered, and their answers as frames. Not here: how an answer looks (`pipelines.cli.show`).
A file that is open read-only can still be written over by COPY, which opens it by its path: so only a SELECT is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Timer
from typing import Final

import duckdb
import polars as pl

#: In this order: nothing can be opened, and then nothing can be set, any more. What does not fit into memory would be spilt
#: beside the published file.
_CLOSED: Final = (
    "set timezone = 'UTC'; set temp_directory = ''; set autoinstall_known_extensions = false; "
    "set enable_external_access = false; set lock_configuration = true"
)
_WHOLE: Final = frozenset(
    {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint", "double", "float",
     "decimal", "boolean", "varchar", "enum"}
)  # fmt: skip
_DATED: Final = frozenset(
    {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
)
_NESTED: Final = frozenset({"list", "struct", "array"})
#: Whole numbers of 128 bits. DuckDB hands them over as fractions, which lose digits.
_WIDE: Final[dict[str, pl.DataType]] = {"hugeint": pl.Int128(), "uhugeint": pl.UInt128()}
_EXPLAIN: Final = "explain"


class QueryError(Exception):
    """A query that is not answered: what is wrong with it, in our words or in DuckDB's own."""


class UnopenedError(QueryError):
    """The published file itself cannot be opened: it is damaged, or closed to us."""


@dataclass(frozen=True)
class Bounds:
    """What one query may cost."""

    seconds: float = 60
    memory_mb: int = 1_500
    rows: int = 1_000_000


#: Gives the rows of one SELECT.
Ask = Callable[[str], pl.DataFrame]


def ask(database: Path, sql: str, bounds: Bounds | None = None) -> pl.DataFrame:
    """The rows of one SELECT on the published file, or the plan of one, as `asking` gives them. Raises `QueryError`."""
    with asking(database, bounds) as asked:
        return asked(sql)


@contextmanager
def asking(database: Path, bounds: Bounds | None = None, *, dates: bool = True) -> Iterator[Ask]:
    """Ask several questions, all about one publication, whatever is published while they are asked. Raises `QueryError`.

    Numbers, texts and truth values stay what they are, alone or nested; dates and timestamps too unless `dates` is false:
    Python knows none before the year 1 or at infinity. Everything else comes as the text that DuckDB writes for it.
    """
    bounds = bounds or Bounds()
    with _opened(database, bounds) as connection:
        try:
            connection.execute(_CLOSED)
        except duckdb.Error as error:
            raise QueryError(str(error).strip()) from error
        yield partial(_asked, connection, bounds=bounds, dates=dates)


def _asked(connection: duckdb.DuckDBPyConnection, sql: str, *, bounds: Bounds, dates: bool) -> pl.DataFrame:
    if not _is_text(sql):
        raise QueryError("What was asked is no text: it holds bytes that are no letters of UTF-8.")
    try:
        _refuse_all_but_select(connection, sql)
        with _interrupted_after(connection, bounds.seconds):
            return _answer(connection, sql, bounds, dates=dates)
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        raise QueryError(str(error).strip()) from error


def _is_text(sql: str) -> bool:
    try:
        sql.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _opened(database: Path, bounds: Bounds) -> duckdb.DuckDBPyConnection:
    """The published file, read-only. Raises `UnopenedError`."""
    memory = {"memory_limit": f"{bounds.memory_mb}MB"}
    try:
        return duckdb.connect(str(database), read_only=True, config=dict(memory))
    except duckdb.Error as error:
        first_line = next(iter(str(error).splitlines()), "")
        raise UnopenedError(f"The published file {database} cannot be read: {first_line}") from error


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, bounds: Bounds, *, dates: bool) -> pl.DataFrame:
    asked = connection.sql(sql)
    kept = [_is_kept(dtype, dates=dates) for dtype in asked.types]
    columns = ", ".join(f"#{at}{'' if keep else '::varchar'} as c{at}" for at, keep in enumerate(kept, start=1))
    rows = pl.DataFrame(asked.limit(bounds.rows + 1).project(columns))
    if rows.height > bounds.rows:
        raise QueryError(
            f"The answer has more than {bounds.rows:,} rows. Ask for fewer: with where, group by or limit."
        )
    wide = [
        pl.col(f"c{at}").cast(_WIDE[dtype.id]) for at, dtype in enumerate(asked.types, start=1) if dtype.id in _WIDE
    ]
    return rows.with_columns(wide).rename(dict(zip(rows.columns, _unlike(asked.columns), strict=True)))


def _refuse_all_but_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    kinds = [statement.type.name for statement in statements]
    if kinds == ["EXPLAIN"]:
        _refuse_all_but_select(connection, _explained(sql))
    elif kinds == ["CREATE", "SELECT"] and not statements[0].query:
        raise QueryError(
            "PIVOT without its values needs two statements. Name them: pivot ... on branch in ('Split', 'Zagreb') using ..."
        )
    elif len(kinds) > 1:
        raise QueryError(f"One statement at a time: these are {len(kinds)}.")
    elif kinds != ["SELECT"]:
        what = _what(kinds[0], sql) if kinds else "nothing"
        raise QueryError(
            f"Only statements that read are answered, and this is {what}. One looks like: from marts.nps_overall"
        )


def _what(kind: str, sql: str) -> str:
    """What a statement is called; by its first word where DuckDB has no name for its kind."""
    return kind.replace("_", " ") if kind.isascii() and kind[0].isalpha() else sql.split(maxsplit=1)[0].upper()


def _explained(sql: str) -> str:
    """What stands behind EXPLAIN. With ANALYZE or options that is no statement, and is refused as none."""
    first, _ = duckdb.tokenize(sql)[0]
    statement = sql.encode("utf-8")[first + len(_EXPLAIN) :].decode("utf-8").strip()
    if statement.casefold().startswith(("analyze", "analyse", "(")):
        raise QueryError(
            "EXPLAIN shows the plan of a query that reads; ANALYZE, which runs it, and options are not taken."
        )
    return statement


@contextmanager
def _interrupted_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    late = Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = Timer(seconds, stop)
    timer.start()
    try:
        yield
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        if not late.is_set():
            raise
        raise QueryError(
            f"No answer within {seconds:g} seconds. Ask for less, or allow more with --seconds."
        ) from error
    finally:
        timer.cancel()


def _is_kept(dtype: duckdb.sqltypes.DuckDBPyType, *, dates: bool) -> bool:
    if dtype.id in _NESTED:
        inner = [(name, child) for name, child in dtype.children if isinstance(child, duckdb.sqltypes.DuckDBPyType)]
        # A struct whose fields have no names of their own would lose all but one of them.
        return len({name for name, _ in inner}) == len(inner) and all(
            _is_kept(child, dates=dates) for _, child in inner
        )
    return dtype.id in _WHOLE or (dates and dtype.id in _DATED)


def _unlike(names: list[str]) -> list[str]:
    """Names of columns, those that repeat with a number."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in range(2, len(names) + 2))
        found.append(name if name not in found else next(each for each in numbered if each not in found))
    return found
