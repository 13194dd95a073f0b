"""What contacts cost a night: answers alone, and as many contacts beside them, in turns.

Run as `python -m benchmarks.contacts --rows 10000000`. Each night is a process on a fresh workspace; `contacts.md` has
the figures. Here: a list of invitations in a source of its own, matched with the answers of another. Not here: what an
answer costs (`parts`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench
from benchmarks.findings import Findings
from benchmarks.generate import generate, generate_contacts
from benchmarks.machine import description
from benchmarks.measure import Cost, middle
from benchmarks.workspace import add_contacts, fresh_workspace, land, remove

_ROUNDS: Final = 3
_MIB_IN_GIB: Final = 1024


def turns(bench: Bench, rows: int, rounds: int) -> Iterator[tuple[Cost, Cost]]:
    """The costs of a night without contacts and of one with them, round after round."""
    answers, contacts = bench.scratch / "answers.csv", bench.scratch / "contacts.csv"
    generate(rows, answers)
    generate_contacts(answers, contacts)
    for _ in range(rounds):
        fresh_workspace(bench.home, {"log": [answers]})
        without = bench.nps("run")
        fresh_workspace(bench.home, {"log": [answers]})
        add_contacts(bench.home, "letters", of="log")
        land(bench.home, contacts, source="letters")
        yield without, bench.nps("run")
        remove(bench.home)


def _row(what: str, cost: Cost) -> str:
    return f"| {what} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_mib / _MIB_IN_GIB:.2f} |"


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="answers, and as many contacts")
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="where to work")
    given = parser.parse_args()
    print(*description(), "", "| night of | wall s | CPU s | peak GiB |\n|---|--:|--:|--:|", sep="\n", flush=True)
    found = []
    with tempfile.TemporaryDirectory(prefix="nps-contacts-", dir=given.scratch) as scratch:
        for pair in turns(Bench(Path(scratch), Findings()), given.rows, given.rounds):
            found.append(pair)
            for what, cost in zip(("answers", "answers and contacts"), pair, strict=True):
                print(_row(f"{given.rows:,} {what}", cost), flush=True)
    without, beside = (middle(costs) for costs in zip(*found, strict=True))
    wall, cpu = beside.wall / without.wall, beside.cpu / without.cpu
    print(f"\nMedians: {wall:.2f} times by the clock, {cpu:.2f} of processor time.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
