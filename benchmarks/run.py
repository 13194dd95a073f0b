"""Bare DuckDB, a pandas script and whole nights of the warehouse, side by side in one run.

Here: the order of things, and what is started. Not here: the rows (`generate`), the measuring (`measure`), the page
(`report`). Run as `python -m benchmarks.run`; nothing but the programmes themselves is timed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.machine import description
from benchmarks.measure import Cost, FailedCommandError, cost_of
from benchmarks.report import PROGRAMMES, Findings, page
from benchmarks.workspace import fresh_workspace, land, remove

SIZES: Final = (1_000_000, 10_000_000)
ROUNDS: Final = 3
TEN: Final = 10
RESULTS: Final = Path(__file__).with_name("results.md")

_ROOT: Final = Path(__file__).parents[1]
_CHUNK: Final = 1 << 24
#: Settings of the user's shell that would send the night to another workspace or give it another key.
_NOT_HANDED_ON: Final = ("NPS_HOME", "NPS_KEY", "DAGSTER_HOME")


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark: where it works, which programmes it compares, and what it found."""

    scratch: Path
    programmes: str
    findings: Findings

    @property
    def home(self) -> Path:
        """The workspace of the nights."""
        return self.scratch / "workspace"

    def csv(self, rows: int, kind: str = "log") -> Path:
        """The generated file of a size."""
        return self.scratch / f"{kind}_{rows}.csv"

    def start(self, module: str, *arguments: object) -> Cost:
        """Run one of our modules as a whole process."""
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
        command = [sys.executable, "-m", module, *map(str, arguments)]
        return cost_of(command, log=self._log, folder=_ROOT, environment=environment)

    def said(self) -> str:
        """What the last process printed."""
        return self._log.read_text("utf-8").strip()

    @property
    def _log(self) -> Path:
        return self.scratch / "output.log"

    def note(self, programme: str, rows: int, cost: Cost) -> None:
        """Keep a figure and show it."""
        self.findings.add(programme, rows, cost)
        print(
            f"{rows:>12,} rows  ({programme}) {PROGRAMMES[programme]:<40} {cost.wall:8.2f} s {cost.peak_mib:8,.0f} MiB"
        )


def compare(bench: Bench, sizes: Sequence[int], rounds: int) -> None:
    """Every programme on every size, in rounds: a b c a b c, so that a slow minute of the machine hits all of them."""
    for rows in sizes:
        _prepare(bench, rows)
        for _ in range(rounds):
            _round(bench, rows)
        for file in (bench.csv(rows), bench.csv(rows, "late")):
            file.unlink()
    if "e" in bench.programmes:
        bench.start("benchmarks.generate", TEN, bench.csv(TEN))
        for _ in range(rounds):
            fresh_workspace(bench.home, bench.csv(TEN))
            bench.note("e", TEN, _night(bench))
    remove(bench.home)


def _prepare(bench: Bench, rows: int) -> None:
    """Write the rows, and read them once: the first programme shall not pay for the disk."""
    bench.start("benchmarks.generate", rows, bench.csv(rows))
    bench.start("benchmarks.generate", rows, bench.csv(rows, "late"), "--extra")
    with bench.csv(rows).open("rb") as file:
        while file.read(_CHUNK):
            pass


def _round(bench: Bench, rows: int) -> None:
    counted = ""
    if "a" in bench.programmes:
        bench.note("a", rows, bench.start("benchmarks.bare_duckdb", bench.csv(rows)))
    if "b" in bench.programmes:
        bench.note("b", rows, bench.start("benchmarks.pandas_script", bench.csv(rows), bench.scratch / "facts.csv"))
        counted = bench.said()
    if "c" in bench.programmes:
        fresh_workspace(bench.home, bench.csv(rows))
        bench.note("c", rows, _night(bench))
        _agree(bench, rows, counted)
    if {"c", "d"} <= set(bench.programmes):
        land(bench.home, bench.csv(rows, "late"))
        bench.note("d", rows, _night(bench))
    if {"c", "f"} <= set(bench.programmes):
        bench.note("f", rows, _night(bench))


def _night(bench: Bench) -> Cost:
    return bench.start("pipelines.cli.main", "run", "--home", bench.home)


def _agree(bench: Bench, rows: int, counted: str) -> None:
    """The night must have published what the script counted: a fast wrong answer is none."""
    bench.start("benchmarks.published", bench.home / "published" / "nps.duckdb")
    published = bench.said()
    if counted and published != counted:
        bench.findings.disagreements.append(
            f"on {rows:,} rows `nps run` published {published} (answers, promoters, detractors); the script: {counted}."
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of rows")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--programmes", default="".join(PROGRAMMES), help="which of them, such as ab; d and f need c")
    parser.add_argument("--scratch", type=Path, help="a folder with room for 4 GB; a temporary one if not given")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the page that is written")
    return parser.parse_args()


def main() -> int:
    """Measure, write the page, and say where it is; 1 where a programme failed or the programmes do not agree."""
    given = _arguments()
    if given.scratch:
        given.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nps-bench-", dir=given.scratch) as scratch:
        bench = Bench(Path(scratch), given.programmes, Findings())
        try:
            compare(bench, sorted(given.sizes), given.rounds)
        except FailedCommandError as error:
            print(error, file=sys.stderr)
            return 1
    given.results.write_text(page(bench.findings, description()), "utf-8")
    print(f"Written to {given.results}")
    return 1 if bench.findings.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
