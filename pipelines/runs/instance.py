"""The Dagster instance as a night opens it: its runs belong to the code location that the pages show.

Here: what a run of this process is made with. Not here: the runs (`pipelines.runs.jobs`), the pages (`pipelines.runs.ui`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.remote_origin import ManagedGrpcPythonEnvCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._serdes import ConfigurableClassData

from pipelines.trouble.dagster_settings import mistaken_settings_told

#: The code location, as Dagster calls it: the module that has the definitions.
LOCATION: Final = "pipelines.definitions"
#: What Dagster calls the definitions of a location that has given them no name.
_REPOSITORY: Final = "__repository__"

#: The outputs of this process are not copied: each run would start two more processes for that.
_WITHOUT_COMPUTE_LOGS: Final[Mapping[str, object]] = {
    "compute_logs": {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
}


class NightInstance(dg.DagsterInstance):
    """An instance whose runs show under Overview, Jobs and the timeline, as those of the daemon do."""

    def create_run_for_job(self, job_def: dg.JobDefinition, *rest: Any, **more: Any) -> dg.DagsterRun:  # noqa: ANN401 - as Dagster has it
        """Make a run of a job that is of the code location."""
        target = LoadableTargetOrigin(executable_path=sys.executable, module_name=LOCATION)
        location = ManagedGrpcPythonEnvCodeLocationOrigin(target, LOCATION)
        more["remote_job_origin"] = RemoteRepositoryOrigin(location, _REPOSITORY).get_job_origin(job_def.name)
        return super().create_run_for_job(job_def, *rest, **more)


def night_instance(dagster_home: Path) -> dg.DagsterInstance:
    """The instance in a workspace's dagster folder, with the settings that stand there."""
    ours = ConfigurableClassData(NightInstance.__module__, NightInstance.__name__, "{}")
    with mistaken_settings_told(dagster_home):
        reference = InstanceRef.from_dir(str(dagster_home), overrides=_WITHOUT_COMPUTE_LOGS)
        return dg.DagsterInstance.from_ref(reference._replace(custom_instance_class_data=ours))
