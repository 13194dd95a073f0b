"""How steps fail: tried again after a while, where it may pass by itself; or with a sentence for people, without a stack.

Here: which errors are of these kinds. Not here: the sentences (`pipelines.trouble`), mistakes of ours, which stay as they
are.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import dagster as dg
from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo

from pipelines.config.workspace import Workspace
from pipelines.trouble.sentences import lacking

TRIES_AGAIN: Final = 2
WAIT_SECONDS: Final = 15
#: A lock or a network.
_PASSING: Final = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.ENOLCK, errno.ESTALE, errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNREFUSED,
        errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN,
    }
)  # fmt: skip


class SaidError(dg.Failure, DagsterUserCodeProcessError):
    """A step cannot do its work, for a reason that is said; trying again changes nothing."""

    def __init__(self, says: str) -> None:
        """Dagster shows an error of another process as that process has told it: here without any stack."""
        Exception.__init__(self, says)
        self.description, self.metadata, self.allow_retries = says, {}, False
        self.user_code_process_error_infos = [SerializableErrorInfo(f"{says}\n", [], type(self).__name__)]


class RuleFailedError(SaidError):
    """A gate stopped a step: not an error of ours, but something that a rule says of answers."""


@contextmanager
def tried_again() -> Iterator[None]:
    """Let the step within be tried again where it failed by what may pass."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if not may_pass(error):
            raise
        raise dg.RetryRequested(max_retries=TRIES_AGAIN, seconds_to_wait=WAIT_SECONDS) from error


@contextmanager
def trouble_said(workspace: Workspace) -> Iterator[None]:
    """Let a step fail with a sentence, and without a stack, where the machine lacks something: room, a right, memory."""
    try:
        yield
    except (dg.Failure, dg.RetryRequested):
        raise
    except Exception as error:
        lacks = lacking(workspace, f"{error} {error.__cause__ or ''}")
        if lacks is None:
            raise
        raise SaidError(lacks) from error


def may_pass(error: Exception) -> bool:
    """Whether the same may work a while later, with nobody doing anything about it."""
    if isinstance(error, sqlite3.OperationalError):
        return "locked" in str(error)
    return isinstance(error, TimeoutError | ConnectionError) or getattr(error, "errno", None) in _PASSING
