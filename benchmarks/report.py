"""The benchmark's figures as a page for people.

Here: the tables. Not here: measuring (`measure`), running (`parts`), and what must hold (`bounds`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.bounds import BOUNDS, Bound
from benchmarks.findings import PROGRAMMES, Findings
from benchmarks.measure import middle

_PREFACE = """\
Written by `make bench`. Each figure is the median of its rounds; a round runs every programme, one after the other, each
as a whole process. Byte code is on: every programme ran once before, and what it imports was compiled then. The CSV is
about 93 bytes a row and lies in the page cache. Believe the ratios: the seconds are those of this machine."""


def page(findings: Findings, machine: Sequence[str]) -> str:
    """Everything, as Markdown."""
    parts = [
        "# Benchmarks",
        _PREFACE,
        "\n".join(f"- {line}" for line in machine),
        *(f"**Wrong:** {sentence}" for sentence in findings.wrong()),
        "## What must hold\n\n" + "\n".join(_bounds(findings)),
        "## Figures\n\n" + "\n".join(_figures(findings)),
    ]
    return "\n\n".join(parts) + "\n"


def _bounds(findings: Findings) -> Iterator[str]:
    yield "| what | found | bound | holds | goal |"
    yield "|---|--:|--:|---|--:|"
    for bound in BOUNDS:
        goal = "" if bound.goal is None else bound.shown.format(bound.goal)
        yield f"| {bound.claim} | {_found(bound, findings)} | {goal} |"


def _found(bound: Bound, findings: Findings) -> str:
    found, most = bound.found(findings), bound.shown.format(bound.most)
    if found is None:
        return f"not measured | {most} | "
    return f"{bound.shown.format(found)} | {most} | {'yes' if found <= bound.most else '**no**'}"


def _figures(findings: Findings) -> Iterator[str]:
    yield "| programme | size | wall s | processor s | peak MiB | fastest to slowest s | rounds |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    order = list(PROGRAMMES)
    for name, size in sorted(findings.costs, key=lambda figure: (order.index(figure[0]), figure[1])):
        costs = findings.costs[name, size]
        cost, walls = middle(costs), [cost.wall for cost in costs]
        figures = f"{cost.wall:.2f} | {cost.cpu:.2f} | {cost.peak_mib:,.0f} | {min(walls):.2f} to {max(walls):.2f}"
        yield f"| {PROGRAMMES[name]} | {size:,} | {figures} | {len(costs)} |"
