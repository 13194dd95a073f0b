"""Nights that were killed: Dagster takes their runs for running, shows their assets as busy and waits for them.

Here: ending such runs. Not here: what the night after makes good (`pipelines.runs.night`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import dagster as dg

from pipelines.context import Context
from pipelines.guards.lock import AlreadyRunningError, only_night

#: Tells the runs of nights in one process from those that Dagster's daemon started, which it looks after itself.
OF_A_NIGHT: Final[Mapping[str, str]] = {"nps/started_by": "nps run"}

#: Of runs that go on, or that Dagster takes for going on.
UNFINISHED: Final = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


def end_runs_of_killed_nights(instance: dg.DagsterInstance) -> None:
    """Mark the unfinished runs of nights as failed. Whoever calls this has the lock of the night (`lock`)."""
    for run in _unfinished(instance):
        instance.report_run_failed(run, "The process of this run was killed. The next night takes over its work.")


def look_for_killed_nights(context: Context, instance: dg.DagsterInstance) -> None:
    """The same for those who are no night: nothing happens while one is at work."""
    if not _unfinished(instance):
        return
    with suppress(AlreadyRunningError), only_night(context, "moment"):
        end_runs_of_killed_nights(instance)


def _unfinished(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs of nights that have not ended, also those that were killed before their first step.

    What somebody runs again on the pages has the tags of the first run, and is the daemon's.
    """
    found = instance.get_runs(dg.RunsFilter(statuses=list(UNFINISHED), tags=dict(OF_A_NIGHT)))
    return [run for run in found if run.parent_run_id is None]
