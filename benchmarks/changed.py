"""What one changed month of 24 costs a night, beside how much history there is, and how long each mart takes to scan.

Run as `python -m benchmarks.changed --rows 10000000`; `--code FOLDER` measures another version of the code, which lies
there. Each night is a process; processor time, as others may use the machine. `changed.md` has the figures.
Here: late answers of one month. Not here: fresh nights, and answers of the last month (`parts`).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.generate import MONTHS, generate_by_month, generate_late
from benchmarks.machine import description
from benchmarks.measure import Cost, cost_of
from benchmarks.workspace import fresh_workspace, land

_ROOT: Final = Path(__file__).parents[1]
_BRANCHES: Final = 250
_LATE: Final = 1_000
#: The month that late answers are of: in the middle of all.
_MIDDLE: Final = MONTHS // 2
#: So many marts take longest.
_SLOWEST: Final = 5


class _Nights:
    """Nights of a version of the code on one workspace after the other."""

    def __init__(self, scratch: Path, code: Path) -> None:
        self.scratch, self.code, self.home = scratch, code, scratch / "workspace"

    def run(self) -> Cost:
        """One night."""
        left_out = ("NPS_HOME", "NPS_KEY", "DAGSTER_HOME", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment["PYTHONPATH"] = str(self.code)
        command = [sys.executable, "-m", "pipelines.cli.main", "run", "--home", str(self.home)]
        return cost_of(command, log=self.scratch / "night.log", folder=self.code, environment=environment)

    def changed(self, rows: int, months: int, rounds: int) -> Iterator[str]:
        """A row of the table: history of so many months, the last of which are those around the middle one."""
        folder = self.scratch / f"{rows}"
        if not folder.exists():
            generate_by_month(rows, folder, branches=_BRANCHES)
        first = _MIDDLE - months // 2
        fresh_workspace(self.home, {"log": sorted(folder.iterdir())[first : first + months]})
        fresh = self.run()
        nothing = min(self.run().cpu for _ in range(rounds))
        late = []
        for number in range(rounds):
            file = self.scratch / f"late{rows}-{number}.csv"
            generate_late(rows + number * _LATE, file, _MIDDLE, rows=_LATE, branches=_BRANCHES)
            land(self.home, file)
            late.append(self.run().cpu)
            file.unlink()
        answers = f"{rows // MONTHS * months:,}"
        yield f"| {months} | {answers} | {fresh.cpu:.1f} | {nothing:.1f} | {min(late):.1f} | {max(late):.1f} |"


def scans(database: Path) -> Iterator[str]:
    """How long each table and view of the published file takes to read in full: the slowest, and what all take."""
    found = []
    with duckdb.connect(str(database), read_only=True) as connection:
        listed = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name = 'marts' union all "
            "select schema_name || '.' || view_name from duckdb_views() where schema_name = 'bi'"
        ).fetchall()
        for (name,) in listed:
            before = time.process_time()
            [(rows, _)] = connection.execute(f"select count(*), bit_xor(hash(t)) from {name} as t").fetchall()
            found.append((time.process_time() - before, name, rows))
    yield f"All {len(found)} tables and views of marts and bi together take {sum(each[0] for each in found):.2f} CPU s."
    for seconds, name, rows in sorted(found, reverse=True)[:_SLOWEST]:
        yield f"{name}: {rows:,} rows, {seconds:.3f} CPU s"


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="answers of all 24 months")
    parser.add_argument("--months", type=int, nargs="*", default=[6, 12, 24], help="histories, around the middle month")
    parser.add_argument("--rounds", type=int, default=3, help="so many nights with late answers each")
    parser.add_argument("--code", type=Path, default=_ROOT, help="the folder of the code that is measured")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="where to work")
    given = parser.parse_args()
    print(*description(), "", sep="\n")
    print("| months | answers | fresh | nothing to do | a changed month, least | most |\n|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="nps-changed-", dir=given.scratch) as scratch:
        nights = _Nights(Path(scratch), given.code.resolve())
        for months in given.months:
            print(*nights.changed(given.rows, months, given.rounds), sep="\n", flush=True)
        print("", *scans(nights.home / "published" / "nps.duckdb"), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
