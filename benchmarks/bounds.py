"""What must hold of the figures, and whether it does.

Each bound is a ratio of two figures of one run, or a figure that does not depend on the machine. Not here: the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.findings import FEW_TINY_FILES, FILES, MILLION, ROWS_OF_A_FILE, SOURCES, TEN, TINY_FILES, Findings

Figure = tuple[str, int]
"""A programme and its size."""


@dataclass(frozen=True)
class Bound:
    """What is held against what, the most that it may be, and what it should better be."""

    claim: str
    found: Callable[[Findings], float | None]
    most: float
    goal: float | None = None
    shown: str = "{:.2f} times"


def _times(of: Figure, against: Figure) -> Callable[[Findings], float | None]:
    """Wall time against wall time."""

    def found(findings: Findings) -> float | None:
        one, other = findings.of(*of), findings.of(*against)
        return one.wall / other.wall if one and other else None

    return found


def _peak(of: Figure) -> Callable[[Findings], float | None]:
    def found(findings: Findings) -> float | None:
        cost = findings.of(*of)
        return cost.peak_mib / 1024 if cost else None

    return found


def _cpu_of_each(of: Figure) -> Callable[[Findings], float | None]:
    """Milliseconds of processor of each file, the start of the night included."""

    def found(findings: Findings) -> float | None:
        cost = findings.of(*of)
        return 1000 * cost.cpu / of[1] if cost else None

    return found


def _lake_files_of_each(of: Figure) -> Callable[[Findings], float | None]:
    def found(findings: Findings) -> float | None:
        files = findings.lake_files.get(of)
        return None if files is None else files / of[1]

    return found


_ONE, _TEN, _THIRTY, _HUNDRED = MILLION, 10 * MILLION, 30 * MILLION, 100 * MILLION
_ONE_FILE = ("night", FILES * ROWS_OF_A_FILE)
_TINY = ("tiny", TINY_FILES)
_GIB, _MS, _NUMBER = "{:.2f} GiB", "{:.2f} ms", "{:.3f}"

BOUNDS: Final = (
    Bound("10,000,000 rows, against bare DuckDB", _times(("night", _TEN), ("bare", _TEN)), 6.5, 5.5),
    Bound("their peak", _peak(("night", _TEN)), 1.5, shown=_GIB),
    Bound("the same, against the polars script of the facts alone", _times(("night", _TEN), ("polars", _TEN)), 2.4, 2),
    Bound("30,000,000 rows, against 10,000,000", _times(("night", _THIRTY), ("night", _TEN)), 3.1),
    Bound("their peak", _peak(("night", _THIRTY)), 2, shown=_GIB),
    Bound(
        "100,000 rows on top of 10,000,000, against on top of 1,000,000", _times(("late", _TEN), ("late", _ONE)), 1.1
    ),
    Bound("on top of 100,000,000, against the same", _times(("late", _HUNDRED), ("late", _ONE)), 1.3),
    Bound("ten rows, against importing what a night needs", _times(("night", TEN), ("imports", 1)), 1.15, 0.9),
    Bound("an idle night, against importing polars, duckdb, deltalake", _times(("idle", TEN), ("engines", 1)), 4, 2.5),
    Bound(f"{SOURCES} sources, against one of ten rows", _times(("sources", SOURCES), ("night", TEN)), 4, 3),
    Bound(f"{FILES} files, against one with the same rows", _times(("files", FILES), _ONE_FILE), 2.5, 2),
    Bound(f"{TINY_FILES:,} files of one row: processor time of each", _cpu_of_each(_TINY), 5, shown=_MS),
    Bound("files in the lake of each", _lake_files_of_each(_TINY), 0.03, shown=_NUMBER),
    Bound(
        f"one more on top of {TINY_FILES:,}, against on top of {FEW_TINY_FILES}",
        _times(("one more", TINY_FILES), ("one more", FEW_TINY_FILES)),
        1.3,
    ),
    Bound("backfill of 24 months, against the fresh night", _times(("backfill", _TEN), ("night", _TEN)), 0.75),
)
