"""The benchmark's figures as a page for people.

Here: tables, ratios and the bounds that they are held against. Not here: measuring (`measure`) and running (`run`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.measure import Cost, middle

PROGRAMMES = {
    "a": "bare DuckDB: read, filter, count",
    "b": "pandas script: the facts alone",
    "c": "`nps run` on a fresh workspace",
    "d": "`nps run` when 100,000 rows have come",
    "e": "`nps run` on a workspace of 10 rows",
    "f": "`nps run` when nothing has come",
}
_PREFACE = """\
Written by `make bench`. Each figure is the median of {rounds} rounds; a round runs every programme once, one after the
other, each as a whole process. The CSV is about 93 bytes a row and lies in the page cache. Believe the ratios: the
seconds are those of this machine."""
MOST_TIMES_BARE = 8.0
MOST_MIB = 2048.0
MOST_GROWTH = 1.3


@dataclass
class Findings:
    """The costs of every round, by programme and number of rows; and where programmes did not agree."""

    costs: dict[tuple[str, int], list[Cost]] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)

    def add(self, programme: str, rows: int, cost: Cost) -> None:
        """Note one round."""
        self.costs.setdefault((programme, rows), []).append(cost)

    def of(self, programme: str, rows: int) -> Cost | None:
        """The median round; None where the programme did not run."""
        costs = self.costs.get((programme, rows))
        return middle(costs) if costs else None


def page(findings: Findings, machine: Sequence[str]) -> str:
    """Everything, as Markdown."""
    sizes = sorted({rows for programme, rows in findings.costs if programme in "abcd"})
    rounds = max((len(costs) for costs in findings.costs.values()), default=0)
    parts = [
        "# Benchmarks",
        _PREFACE.format(rounds=rounds),
        "\n".join(f"- {line}" for line in machine),
        *(_table(findings, rows) for rows in sizes),
        _start_up(findings, sizes),
        _bounds(findings, sizes),
        *(f"**Programmes do not agree:** {sentence}" for sentence in findings.disagreements),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(findings: Findings, rows: int) -> str:
    bare = findings.of("a", rows)
    lines = [
        f"## {rows:,} rows",
        "",
        "| | programme | wall s | processor s | peak MiB | wall / (a) | fastest to slowest s |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for name, title in PROGRAMMES.items():
        costs = findings.costs.get((name, rows), [])
        if costs:
            cost, walls = middle(costs), [cost.wall for cost in costs]
            times = f"{cost.wall / bare.wall:.2f}" if bare else ""
            lines.append(
                f"| {name} | {title} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.peak_mib:,.0f} | {times} | "
                f"{min(walls):.2f} to {max(walls):.2f} |"
            )
    return "\n".join(lines)


def _start_up(findings: Findings, sizes: Sequence[int]) -> str:
    """How much of a night is start-up, whatever the number of rows."""
    ten = findings.of("e", 10)
    if ten is None:
        return ""
    shares = [
        f"{100 * ten.wall / night.wall:.0f} % of (c) on {rows:,} rows"
        for rows in sizes
        if (night := findings.of("c", rows)) is not None
    ]
    return (
        "## Fixed start-up\n\n"
        f"(e) `nps run` on a workspace of 10 rows: {ten.wall:.2f} s, {ten.cpu:.2f} s of processor, "
        f"{ten.peak_mib:,.0f} MiB. That is {' and '.join(shares) or 'all'}."
    )


def _bounds(findings: Findings, sizes: Sequence[int]) -> str:
    """What must hold, for the largest number of rows, and whether it does."""
    if not sizes:
        return ""
    rows, fewest = sizes[-1], sizes[0]
    bare, script, night = (findings.of(name, rows) for name in "abc")
    late, late_on_fewest = findings.of("d", rows), findings.of("d", fewest)
    held: list[tuple[str, str, bool]] = []
    if night and bare:
        times = night.wall / bare.wall
        held.append(
            (f"(c) takes at most {MOST_TIMES_BARE:g} times (a)", f"{times:.2f} times", times <= MOST_TIMES_BARE)
        )
    if night and script:
        held.append(("(c) is faster than (b)", f"{night.wall / script.wall:.2f} times (b)", night.wall < script.wall))
    if night:
        held.append(
            (f"(c) needs at most {MOST_MIB:,.0f} MiB", f"{night.peak_mib:,.0f} MiB", night.peak_mib <= MOST_MIB)
        )
    if late and late_on_fewest and fewest < rows:
        growth = late.wall / late_on_fewest.wall
        claim = f"(d) on {rows:,} rows takes at most {MOST_GROWTH:g} times (d) on {fewest:,}"
        held.append((claim, f"{growth:.2f} times", growth <= MOST_GROWTH))
    if not held:
        return ""
    lines = [f"| {claim} | {found} | {'yes' if holds else '**no**'} |" for claim, found, holds in held]
    return "\n".join([f"## What must hold on {rows:,} rows", "", "| bound | found | holds |", "|---|--:|---|", *lines])
