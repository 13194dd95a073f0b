"""What the benchmark ran on: processor, memory and versions; nothing that names the machine.

Not here: the figures (`report`).
"""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("duckdb", "polars", "deltalake", "dagster", "great-expectations", "pandas")
_BYTES_IN_GIB = 1024**3


def description() -> list[str]:
    """Lines for people."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _BYTES_IN_GIB
    return [
        f"{cores} cores of {_processor()}, {memory:.0f} GiB of memory, {platform.system()} on {platform.machine()}",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
    ]


def _processor() -> str:
    """The model of the processor, as the system gives it."""
    table = Path("/proc/cpuinfo")
    lines = table.read_text("utf-8", errors="replace").splitlines() if table.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "an unnamed processor"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
