"""Failures of steps that are a sentence for people, and that Dagster shows without the stack of our code.

Not here: what is said.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo


class SaidError(dg.Failure, DagsterUserCodeProcessError):
    """A step cannot do its work, for a reason that is said; trying again changes nothing."""

    def __init__(self, says: str) -> None:
        """Dagster shows an error of another process as that process has told it: here without any stack."""
        Exception.__init__(self, says)
        self.description, self.metadata, self.allow_retries = says, {}, False
        self.user_code_process_error_infos = [SerializableErrorInfo(f"{says}\n", [], type(self).__name__)]


class RuleFailedError(SaidError):
    """A gate stopped a step: not an error of ours, but something that a rule says of answers."""
