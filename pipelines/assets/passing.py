"""What may pass by itself while a step works, a lock or a network: the step is tried again after a while.

And what the machine lacks, which is said. Here: which errors are of these kinds. Not here: what a rule says of answers, or a
mistake of ours: those stay.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import dagster as dg

from pipelines.assets.said import SaidError
from pipelines.config.workspace import Workspace
from pipelines.trouble.sentences import lacking

TRIES_AGAIN: Final = 2
WAIT_SECONDS: Final = 15
_PASSING: Final = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.ENOLCK, errno.ESTALE, errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNREFUSED,
        errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN,
    }
)  # fmt: skip


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
