"""The parts of the benchmark: which programmes run on what. Each function is one round of a part.

Files are made in the first round and used again in those that follow; nothing but the programmes themselves is timed.
Not here: starting and noting (`bench`), the rows (`generate`), workspaces (`workspace`), bounds (`bounds`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench
from benchmarks.findings import (
    FEW_TINY_FILES,
    FILES,
    MILLION,
    ROWS_OF_A_FILE,
    ROWS_OF_A_SOURCE,
    SOURCES,
    TEN,
    TINY_FILES,
)
from benchmarks.measure import Cost
from benchmarks.workspace import cut, fresh_workspace, lake_files, land

#: The scripts hold all rows in memory; and more rows than these come as a file of each month.
SCRIPTS_UP_TO: Final = 10 * MILLION
ONE_FILE_UP_TO: Final = 30 * MILLION
FIRST_MONTH, LAST_MONTH = "2024-07", "2026-06"
#: Starts are quick, and what little they take varies most.
STARTS: Final = 3

_SCRIPTS: Final = {"pandas": "facts.csv", "polars": "facts.csv", "duckdb": "facts.duckdb"}
_IMPORTS: Final = {
    "imports": "import dagster, great_expectations, polars, duckdb, deltalake",
    "engines": "import polars, duckdb, deltalake",
}
_CHUNK: Final = 1 << 24


def scripts(bench: Bench, sizes: Sequence[int]) -> None:
    """What others would write instead, on every size."""
    for rows in sizes:
        if rows <= ONE_FILE_UP_TO:
            [file] = _log(bench, rows)
            bench.note("bare", rows, bench.start("benchmarks.bare_duckdb", file))
        if rows <= SCRIPTS_UP_TO:
            _facts(bench, rows, file)


def _facts(bench: Bench, rows: int, file: Path) -> None:
    for name, result in _SCRIPTS.items():
        bench.note(name, rows, bench.start(f"benchmarks.{name}_script", file, bench.scratch / result))
        bench.findings.counted[rows, name] = bench.said()


def nights(bench: Bench, sizes: Sequence[int]) -> None:
    """A fresh night, one with late rows, an idle one, and a backfill, on every size."""
    for rows in sizes:
        fresh_workspace(bench.home, {"log": _log(bench, rows)})
        bench.note("night", rows, bench.nps("run"))
        bench.findings.counted[rows, "night"] = bench.published()
        land(bench.home, _generated(bench, rows, "late.csv", "--extra"))
        bench.note("late", rows, bench.nps("run"))
        bench.note("idle", rows, bench.nps("run"))
        bench.note("backfill", rows, bench.nps("backfill", FIRST_MONTH, LAST_MONTH))


def starts(bench: Bench, _sizes: Sequence[int]) -> None:
    """What a night costs before its first row: against the imports alone."""
    for _ in range(STARTS):
        for name, statement in _IMPORTS.items():
            bench.note(name, 1, bench.python("-c", statement))
        _ten_rows(bench)
        bench.note("idle", TEN, bench.nps("run"))


def sources(bench: Bench, _sizes: Sequence[int]) -> None:
    """Many small sources, against one with ten rows."""
    _ten_rows(bench)
    [file] = _log(bench, SOURCES * ROWS_OF_A_SOURCE)
    pieces = cut(file, ROWS_OF_A_SOURCE, bench.scratch / "sources")
    fresh_workspace(bench.home, {f"log_{number}": [piece] for number, piece in enumerate(pieces)})
    bench.note("sources", SOURCES, bench.nps("run"))


def files(bench: Bench, _sizes: Sequence[int]) -> None:
    """Many small files, against one with the same rows."""
    rows = FILES * ROWS_OF_A_FILE
    [file] = _log(bench, rows)
    bench.note("night", rows, _fresh_night(bench, [file]))
    bench.findings.counted[rows, "night"] = bench.published()
    bench.note("files", FILES, _fresh_night(bench, cut(file, ROWS_OF_A_FILE, bench.scratch / "files")))
    bench.findings.counted[rows, "files"] = bench.published()


def tiny(bench: Bench, _sizes: Sequence[int]) -> None:
    """Files of one row, very many and few, and one more on top of each."""
    [file] = _log(bench, TINY_FILES + 1)
    *pieces, one_more = cut(file, 1, bench.scratch / "tiny")
    few = pieces[:: TINY_FILES // FEW_TINY_FILES]  # of the same months
    for several in (few, pieces):
        number = len(several)
        bench.note("tiny", number, _fresh_night(bench, several))
        bench.findings.lake_files["tiny", number] = lake_files(bench.home)
        land(bench.home, one_more)
        bench.note("one more", number, bench.nps("run"))


def warm(bench: Bench) -> None:
    """Run every programme once, untimed, so that what it imports is compiled."""
    for statement in _IMPORTS.values():
        bench.python("-c", statement)
    [file] = _log(bench, TEN)
    bench.start("benchmarks.bare_duckdb", file)
    for name, result in _SCRIPTS.items():
        bench.start(f"benchmarks.{name}_script", file, bench.scratch / result)
    _fresh_night(bench, [file])
    bench.nps("run")


PARTS: Final[dict[str, Callable[[Bench, Sequence[int]], None]]] = {
    "scripts": scripts, "nights": nights, "starts": starts, "sources": sources, "files": files, "tiny": tiny
}  # fmt: skip


def _ten_rows(bench: Bench) -> None:
    bench.note("night", TEN, _fresh_night(bench, _log(bench, TEN)))


def _fresh_night(bench: Bench, landed: Sequence[Path]) -> Cost:
    fresh_workspace(bench.home, {"log": landed})
    return bench.nps("run")


def _log(bench: Bench, rows: int) -> list[Path]:
    """The log of a size, as it lands: one file, or a file of each month."""
    if rows <= ONE_FILE_UP_TO:
        return [_generated(bench, rows, "log.csv")]
    return sorted(_generated(bench, rows, "months", "--by-month").iterdir())


def _generated(bench: Bench, rows: int, name: str, *how: str) -> Path:
    """What is generated of a size; made once, and read once: the first programme shall not pay for the disk."""
    path = bench.scratch / f"{rows}_{name}"
    if not path.exists():
        bench.start("benchmarks.generate", rows, path, *how)
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            with file.open("rb") as content:
                while content.read(_CHUNK):
                    pass
    return path
