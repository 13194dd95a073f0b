"""The verdicts of a night as pages that people can open: the Data Docs of Great Expectations, without any cell's value.

Here: what may be shown. Not here: how the pages are made (`site`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from expectations.check import Verdict
from expectations.loading import preload


@dataclass(frozen=True)
class Run:
    """The verdicts of one gate about one thing."""

    gate: str
    """In snake case: files, responses, facts, published."""
    subject: str
    """What went through the gate: a file's path inside the workspace, a range of months, ..."""
    verdicts: Sequence[Verdict]


def write_docs(folder: Path, runs: Sequence[Run], *, at: datetime) -> Path:
    """Replace `folder` by the pages of these runs and give the first page.

    `at` is when the night ran, with its zone. The pages hold names of rules, subjects and counts: nothing else is
    known of a verdict. A browser that shows them fetches their styles from public servers.
    """
    preload()
    from expectations.site import build  # noqa: PLC0415 # importing it costs seconds

    return build(folder, runs, at)
