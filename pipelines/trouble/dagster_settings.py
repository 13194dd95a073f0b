"""Mistakes in the dagster.yaml of a workspace, which people may edit, told in a sentence.

Not here: what stands in it from the start (`pipelines.config.create`), damage to what Dagster keeps (`sentences`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import yaml
from dagster import DagsterInstance, DagsterInvalidConfigError
from dagster_shared.check import CheckError

from pipelines.errors import UserError
from pipelines.shown import shown

#: The last two: an encoding that is not UTF-8, and a value in place of a whole section.
_MISTAKES: Final = (yaml.YAMLError, DagsterInvalidConfigError, CheckError, UnicodeDecodeError, TypeError)
_LONGEST: Final = 400


@contextmanager
def mistaken_settings_told(dagster_home: Path) -> Iterator[None]:
    """Raise `UserError` where dagster.yaml has a mistake, or names a module that is missing."""
    try:
        yield
    except _MISTAKES as error:
        says = shown(" ".join(str(error).removeprefix("Failure condition: ").split()))
        raise UserError(
            f"{dagster_home / 'dagster.yaml'} cannot be used: {says[:_LONGEST].rstrip('.')}. Mend it, or install what it "
            "names; if it is deleted it is made anew, and no answer is lost."
        ) from error


def refuse_mistaken_settings(dagster_home: Path) -> None:
    """Raise `UserError` where dagster.yaml has a mistake: pages and daemon would die of it again and again."""
    with mistaken_settings_told(dagster_home), DagsterInstance.from_config(str(dagster_home)):
        pass
