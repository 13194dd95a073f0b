"""The runs of a night without Dagster: the calls that its assets make, for tests that are about answers and not about runs.

Here: what stands in for `pipelines.runs.jobs.Runs`; half of a short night is Dagster's. Not here: any expectation. That both
do the same is a test (`tests/runs/test_plain_runs.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Self

import dagster as dg
import polars as pl
from dagster._utils.error import serializable_error_info_from_exc_info

from expectations.check import Verdict
from pipelines.assets.graph import INTAKE
from pipelines.assets.reports import refuse_broken
from pipelines.context import Context
from pipelines.intake.feeds import feeds
from pipelines.intake.ingest import ingest
from pipelines.runs.jobs import line_of, lines_of
from pipelines.stages.months import rebuild_facts, rebuild_responses
from pipelines.stages.publish import PublishReport, publish


class PlainRuns:
    """The same as `pipelines.runs.jobs.Runs`, without records of what was done."""

    def __init__(self, context: Context) -> None:
        """Nothing is opened."""
        self._context = context
        self._broken: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        """Nothing is opened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is closed."""

    def ingest(self, names: Sequence[str]) -> bool:
        """Take in the files of feeds, by their ledger's name."""
        config, key = self._context.workspace.config, self._context.workspace.key()
        chosen = [feed for feed in feeds(config, key) if feed.name in names]
        return self._step(INTAKE, lambda: refuse_broken(ingest(self._context, chosen)))

    def rebuild(self, first: date, last: date) -> bool:
        """Build the months of a range."""
        known = pl.date_range(first, last, "1mo", eager=True).to_list()
        return self._step("responses", lambda: rebuild_responses(self._context, known).verdicts) and self._step(
            "facts", lambda: rebuild_facts(self._context, known).verdicts
        )

    def publish(self) -> bool:
        """Publish."""
        return self._step("published", lambda: _published(publish(self._context)))

    @property
    def errors(self) -> list[str]:
        """What broke, in a line each."""
        return lines_of(self._context, self._broken)

    def _step(self, name: str, work: Callable[[], Sequence[Verdict] | None]) -> bool:
        """Whether a step went well: it did not break, and every rule of its gate holds."""
        try:
            return all(verdict.passed for verdict in work() or ())
        except Exception:  # noqa: BLE001 - whatever breaks in a step is told by the night
            self._broken.append((name, line_of(serializable_error_info_from_exc_info(sys.exc_info()))))
            return False


def _published(report: PublishReport) -> Sequence[Verdict]:
    if report.outcome in ("waiting", "lost"):
        raise dg.Failure(report.says)
    return report.verdicts
