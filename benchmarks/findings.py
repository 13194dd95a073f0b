"""What is measured, and what was found so far.

Here: the programmes, how much each gets, and their costs by round. Not here: running them (`parts`), what must hold
(`bounds`), the page (`report`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from benchmarks.measure import Cost, middle

TEN: Final = 10
MILLION: Final = 1_000_000
#: Sizes of the log. 30 and 100 million rows are measured where they are asked for.
SIZES: Final = (MILLION, 10 * MILLION)
SOURCES, ROWS_OF_A_SOURCE = 120, 200
FILES, ROWS_OF_A_FILE = 500, 200
TINY_FILES, FEW_TINY_FILES = 5_000, 50

PROGRAMMES: Final = {
    "bare": "bare DuckDB: read, filter, count",
    "pandas": "pandas script: the facts alone",
    "polars": "polars script: the facts alone",
    "duckdb": "DuckDB script: one answer per client, the facts",
    "night": "`nps run` on a fresh workspace",
    "late": "`nps run` when 100,000 rows have come",
    "idle": "`nps run` when nothing has come",
    "backfill": "`nps backfill` of all months",
    "imports": "import of dagster, great_expectations, polars, duckdb, deltalake",
    "engines": "import of polars, duckdb, deltalake",
    "sources": f"`nps run` on so many sources of {ROWS_OF_A_SOURCE} rows",
    "files": f"`nps run` on so many files of {ROWS_OF_A_FILE} rows",
    "tiny": "`nps run` on so many files of one row",
    "one more": "`nps run` when one more of them has come",
}


@dataclass
class Findings:
    """The costs of every round by programme and size, what the programmes counted, and what failed."""

    costs: dict[tuple[str, int], list[Cost]] = field(default_factory=dict)
    lake_files: dict[tuple[str, int], int] = field(default_factory=dict)
    counted: dict[tuple[int, str], str] = field(default_factory=dict)
    """What each programme counted on a number of rows: answers, promoters, detractors."""
    failures: list[str] = field(default_factory=list)

    def add(self, programme: str, size: int, cost: Cost) -> None:
        """Note one round."""
        self.costs.setdefault((programme, size), []).append(cost)

    def of(self, programme: str, size: int) -> Cost | None:
        """The median round; None where the programme did not run."""
        costs = self.costs.get((programme, size))
        return middle(costs) if costs else None

    def wrong(self) -> Iterator[str]:
        """Sentences: what failed, and where programmes did not count the same. A fast wrong answer is none."""
        yield from self.failures
        for rows in sorted({rows for rows, _ in self.counted}):
            found = {programme: sums for (of, programme), sums in self.counted.items() if of == rows}
            if len(set(found.values())) > 1:
                told = "; ".join(f"{programme}: {sums}" for programme, sums in found.items())
                yield f"on {rows:,} rows the programmes do not agree (answers, promoters, detractors): {told}."
