"""How many employees are in a group that is shown, and what closing a wave costs.

Run as `python -m benchmarks.waves`, which prints both; `docs/privacy.md` has the figures. Here: made-up organisations
whose waves close one by one. Not here: whole nights (`run`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchmarks.machine import description
from examples.population import BRANCHES
from transforms.waves.closing import Closed, close
from warehouse.marts import grouped

_MINIMUM: Final = 5
#: What of a branch's staff is in each department: the five of the demo, and a small one.
_SHARES: Final = (0.30, 0.32, 0.20, 0.10, 0.08, 0.06)
#: Detractors, passives and promoters, before branches and departments differ.
_MOOD: Final = (2.5, 3.5, 4.0)
_SILENT: Final = 0.1


@dataclass(frozen=True)
class Organisation:
    """How many people are asked in each branch and department, and in which region each branch is."""

    says: str
    people: np.ndarray
    regions: list[str]

    def wave(self, seed: int, share: float = 1.0) -> pl.DataFrame:
        """The parts of a wave in which a share of everybody was asked."""
        random = np.random.default_rng(seed)
        rows = []
        for (branch, department), people in np.ndenumerate(self.people):
            answers = int(random.binomial(people, share * (1 - _SILENT)))
            detractors, passives, promoters = random.multinomial(answers, random.dirichlet(_MOOD)).tolist()
            if answers:
                rows.append(
                    (
                        self.regions[branch],
                        f"{branch:03d}",
                        f"{department}",
                        answers,
                        promoters,
                        passives,
                        detractors,
                        0,
                    )
                )
        names = [
            "region",
            "branch",
            "department",
            "responses",
            "promoters",
            "passives",
            "detractors",
            "nonstandard_responses",
        ]
        return pl.DataFrame(rows, schema=names, orient="row")


def reference() -> Organisation:
    """Twelve branches and six departments, with the sizes of the demo."""
    people = np.array([[max(2, int(branch.staff * share)) for share in _SHARES] for branch in BRANCHES])
    return Organisation("12 branches, 6 departments", people, [branch.region for branch in BRANCHES])


def large(branches: int = 200, departments: int = 10) -> Organisation:
    """Many branches, of eight people in each department on average."""
    people = np.random.default_rng(branches).poisson(8, (branches, departments))
    return Organisation(
        f"{branches} branches, {departments} departments", people, [f"R{b % 8}" for b in range(branches)]
    )


def in_groups(parts: pl.DataFrame, closed: Closed, marts: set[str]) -> float:
    """The share of answers that are in a shown group of some tables; the company is none."""
    shown = [group.parts for group in closed.groups if group.mart in marts and len(group.parts) < parts.height]
    inside = sorted(frozenset[int]().union(*shown))
    answers = parts.get_column("responses")
    return int(answers.gather(inside).sum()) / int(answers.sum())


def rows(organisation: Organisation, waves: int, share: float) -> Iterator[str]:
    """A row of the table: medians over waves."""
    tables = grouped()
    pairs = {mart for mart, by in tables.items() if len(by) > 1}
    finer = {mart for mart, by in tables.items() if by != ("region",)}
    shares, seconds = [], []
    for seed in range(waves):
        parts = organisation.wave(seed, share)
        before = time.process_time()
        closed = close(parts, tables, _MINIMUM)
        seconds.append(time.process_time() - before)
        shares.append([in_groups(parts, closed, marts) for marts in ({*tables}, finer, pairs)])
    told = " | ".join(f"{value:.0%}" for value in np.median(shares, axis=0))
    yield f"| {organisation.says} | {waves} | {share:.0%} | {told} | {np.median(seconds):.1f} | {max(seconds):.1f} |"


def main() -> int:
    """Close the waves of all organisations."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--large", type=int, default=3, metavar="WAVES", help="so many waves of the large organisation")
    chosen = parser.parse_args()
    lines = [
        *description(),
        "",
        "| organisation | waves | asked | in a shown group | finer than a region | in a pair | CPU s, median | most |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for organisation, waves, share in (
        (reference(), 4, 1.0), (reference(), 12, 1.0), (reference(), 12, 1 / 3), (large(), chosen.large, 1.0),
    ):  # fmt: skip
        lines += rows(organisation, waves, share)
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
