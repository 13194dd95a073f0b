"""One run of the benchmark: where it works, how a programme is started, and what was found.

Here: starting and noting. Not here: which programmes (`parts`), what they cost (`measure`), the page (`report`).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.findings import PROGRAMMES, Findings
from benchmarks.measure import Cost, cost_of

_ROOT: Final = Path(__file__).parents[1]
#: Settings of the user's shell that would send the night to another workspace, give it another key, or make each start
#: compile all that it imports.
_NOT_HANDED_ON: Final = ("NPS_HOME", "NPS_KEY", "DAGSTER_HOME", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Bench:
    """A folder to work in, and the figures so far."""

    scratch: Path
    findings: Findings

    @property
    def home(self) -> Path:
        """The workspace of the nights."""
        return self.scratch / "workspace"

    def start(self, module: str, *arguments: object) -> Cost:
        """Run one of our modules as a whole process."""
        return self.python("-m", module, *arguments)

    def python(self, *arguments: object) -> Cost:
        """Run Python as a whole process."""
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
        command = [sys.executable, *map(str, arguments)]
        return cost_of(command, log=self._log, folder=_ROOT, environment=environment)

    def nps(self, *arguments: object) -> Cost:
        """Run an `nps` command on the workspace."""
        return self.start("pipelines.cli.main", *arguments, "--home", self.home)

    def said(self) -> str:
        """What the last process printed."""
        return self._log.read_text("utf-8").strip()

    def published(self) -> str:
        """Answers, promoters and detractors that the last night published."""
        self.start("benchmarks.published", self.home / "published" / "nps.duckdb")
        return self.said()

    def note(self, programme: str, size: int, cost: Cost) -> None:
        """Keep a figure and show it."""
        self.findings.add(programme, size, cost)
        print(f"{size:>12,}  {PROGRAMMES[programme]:<58} {cost.wall:8.2f} s {cost.peak_mib:8,.0f} MiB", flush=True)

    @property
    def _log(self) -> Path:
        return self.scratch / "output.log"
