"""What a whole process costs: wall time, processor time and peak memory.

Here: starting one command and asking the system what it took. Not here: which commands, and what the figures mean.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_KIB_IN_MIB = 1024
_LAST_LINES = 15


class FailedCommandError(Exception):
    """A command of the benchmark ended with another exit code than 0: says which, and its last lines."""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time, seconds of processor time (user and system), and peak resident memory in MiB."""

    wall: float
    cpu: float
    peak_mib: float


def cost_of(command: Sequence[str], *, log: Path, folder: Path, environment: dict[str, str]) -> Cost:
    """Run a command to its end and say what it cost, with all that it waited for.

    Its output goes to `log`. The peak is that of the largest single process, and never less than this process had when
    it started the command: so the benchmark itself imports nothing large. Raises `FailedCommandError`.
    """
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        last = "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-_LAST_LINES:])
        raise FailedCommandError(f"{' '.join(command[1:])} ended with exit code {process.returncode}:\n{last}")
    # macOS counts bytes, everyone else KiB.
    unit = _KIB_IN_MIB * (_KIB_IN_MIB if sys.platform == "darwin" else 1)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure, over several rounds."""
    return Cost(
        median(cost.wall for cost in costs), median(cost.cpu for cost in costs), median(cost.peak_mib for cost in costs)
    )
