"""Running the Dagster jobs in this process, against the workspace's own instance, so that they show in the UI.

Here: jobs to runs. Not here: what a night consists of (`pipelines.runs.night`) or what the jobs do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from types import TracebackType
from typing import Self

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from pipelines.assets.failures import RuleFailedError
from pipelines.assets.partitions import range_tags
from pipelines.config.create import place_dagster_settings
from pipelines.context import Context
from pipelines.definitions import define
from pipelines.guards.crashed import OF_A_NIGHT, end_runs_of_killed_nights
from pipelines.intake.acceptance import user
from pipelines.runs.events import engines_kept, history_kept
from pipelines.runs.instance import night_instance
from pipelines.trouble.sentences import lacking
from warehouse.lake.ledgers import DIMENSION_PREFIX

#: Ctrl-C, as Dagster and Python call it.
_INTERRUPTED = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")
#: The classes of errors with which a rule stops a run: Dagster's, before what is downstream of a blocking check, and ours.
_RULE_FAILED = ("DagsterAssetCheckFailedError", RuleFailedError.__name__)

_OURS = ("pipelines.", "expectations.", "warehouse.")
_OUR_ERRORS = (*_OURS, "dagster.")

#: People watch the progress bar; Dagster's own lines go to its event log, and to the screen only if they are errors.
_QUIET: Mapping[str, object] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Runs:
    """The jobs of a workspace, ready to run; a context manager that holds the instance.

    Whoever has it is the only night at work (`pipelines.guards.lock.only_night`).
    """

    def __init__(self, context: Context) -> None:
        """Make the definitions; the instance is opened on entering."""
        self._context = context
        self._definitions = define(context)
        self._open = ExitStack()
        self._broken: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        """Open the instance in the workspace's dagster folder."""
        home = self._context.workspace.dagster_home
        place_dagster_settings(home)
        os.environ["DAGSTER_HOME"] = str(home)
        self._open.enter_context(engines_kept())
        with history_kept():
            self._instance = self._open.enter_context(night_instance(home))
        end_runs_of_killed_nights(self._instance)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the instance."""
        self._open.close()

    def ingest(self, feeds: Sequence[str]) -> bool:
        """Take in the files of feeds, by their ledger's name."""
        return self._run("ingest", selection=[name.removeprefix(DIMENSION_PREFIX) for name in feeds])

    def rebuild(self, first: date, last: date) -> bool:
        """Build the months of a range."""
        return self._run("rebuild", tags=range_tags(first, last))

    def publish(self) -> bool:
        """Publish."""
        return self._run("publish")

    def _run(self, job: str, *, selection: Sequence[str] | None = None, tags: Mapping[str, str] | None = None) -> bool:
        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            run_config=dict(_QUIET),
            tags={**OF_A_NIGHT, "user": user(), **(tags or {})},
            asset_selection=[dg.AssetKey(name) for name in selection] if selection is not None else None,
            raise_on_error=False,
        )
        self._broken += [
            (str(event.step_key), line_of(event.step_failure_data.error))
            for event in result.all_events
            if event.is_step_failure and not _is_rule(event)
        ]
        return result.success

    @property
    def errors(self) -> list[str]:
        """What broke, in a line each, beside rules that failed; one line for all if the machine lacks something."""
        return lines_of(self._context, self._broken)


def lines_of(context: Context, broken: Sequence[tuple[str, str]]) -> list[str]:
    """What broke in which step, in a line each; one line for all if the machine lacks something."""
    lines = [f"{step}: {says}" for step, says in broken]
    lacks = lacking(context.workspace, " ".join(lines)) if lines else None
    return lines if lacks is None else [f"{', '.join(step for step, _ in broken)}: {lacks}"]


def line_of(error: SerializableErrorInfo | None) -> str:
    """What went wrong: what we say of it, else what stands at the bottom of it.

    The names of our own classes are left out: their messages are sentences.
    """
    while error is not None and error.cause is not None and not error.message.startswith(_OURS):
        error = error.cause
    if error is not None and error.cls_name in _INTERRUPTED:
        return "it was interrupted. Type nps run again: what is finished is kept."
    text = "failed" if error is None else " ".join(error.message.split())
    name, _, sentence = text.partition(": ")
    return sentence if name.startswith(_OUR_ERRORS) else text


def _is_rule(event: dg.DagsterEvent) -> bool:
    """Whether a step failed because one of our rules did."""
    error = event.step_failure_data.error
    return error is not None and error.cls_name in _RULE_FAILED
