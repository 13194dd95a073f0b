"""What others would write instead and whole nights of the warehouse, side by side in one run.

Here: what is asked for, and the rounds. Not here: what a part does (`parts`), and the page (`report`). Run as
`python -m benchmarks.run`; a part alone, such as `--parts starts`, takes a few minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench
from benchmarks.findings import SIZES, Findings
from benchmarks.machine import description
from benchmarks.measure import FailedCommandError
from benchmarks.parts import PARTS, warm
from benchmarks.report import page

ROUNDS: Final = 3
RESULTS: Final = Path(__file__).with_name("results.md")


def measure(bench: Bench, given: argparse.Namespace) -> None:
    """All parts in rounds, so that a slow minute of the machine hits all of them. A part that failed is left out then."""
    warm(bench)
    parts = list(given.parts)
    for _ in range(given.rounds):
        for name in list(parts):
            try:
                PARTS[name](bench, sorted(given.sizes))
            except FailedCommandError as error:
                print(error, file=sys.stderr)
                bench.findings.failures.append(f"the part `{name}` failed: {error}")
                parts.remove(name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", choices=PARTS, nargs="+", default=list(PARTS), help="those to run; all if not given")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(SIZES), help="rows of scripts and nights, such as 30000000"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--scratch", type=Path, help="a folder with room for 200 bytes a row; a temporary one if not given"
    )
    parser.add_argument(
        "--results", type=Path, help="the page; benchmarks/results.md if all parts run, else only shown"
    )
    return parser.parse_args()


def main() -> int:
    """Measure and show the page; 1 where a programme failed or the programmes do not agree."""
    given = _arguments()
    if given.scratch:
        given.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nps-bench-", dir=given.scratch) as scratch:
        bench = Bench(Path(scratch), Findings())
        measure(bench, given)
    text = page(bench.findings, description())
    print(text)
    if results := given.results or (RESULTS if set(given.parts) == set(PARTS) else None):
        results.write_text(text, "utf-8")
        print(f"Written to {results}")
    return 1 if any(bench.findings.wrong()) else 0


if __name__ == "__main__":
    sys.exit(main())
