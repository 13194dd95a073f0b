"""The lock of a night: one at a time on a workspace, and since when the one that has it is at work.

Here: taking it, and what is known of who has it. Not here: what a night does (`runs.night`), publishing (`warehouse`).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipelines.context import Context

#: Who has just got the lock has not written its name down yet.
_A_MOMENT_S: Final = 0.5


@dataclass(frozen=True)
class AtWork:
    """Who is at work."""

    pid: int
    since: datetime


class AlreadyRunningError(Exception):
    """Another night is at work on this workspace; `hangs` says so of one that is at work for too long."""

    def __init__(self, hangs: AtWork | None) -> None:
        """Who hangs, if it does."""
        super().__init__("another night is at work")
        self.hangs = hangs


@contextmanager
def only_night(context: Context) -> Iterator[None]:
    """One night at a time on a workspace. Raises `AlreadyRunningError` where another is at work."""
    folder = context.scratch("locks")
    lock, holder = FileLock(folder / "night.lock", timeout=0), folder / "night.holder"
    try:
        lock.acquire()
    except Timeout as error:
        raise AlreadyRunningError(_hanging(context, holder)) from error
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "since": context.clock().isoformat()}), "utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def is_night_at_work(context: Context) -> bool:
    """Whether a night is at work. The lock is only tried where one has left its name: trying it gets in others' way."""
    folder = context.scratch("locks")
    if not (folder / "night.holder").exists():
        return False
    try:
        with FileLock(folder / "night.lock", timeout=0):
            return False
    except Timeout:
        return True


def _hanging(context: Context, holder: Path) -> AtWork | None:
    """Who has the lock, where that is for longer than a night may take."""
    longest = timedelta(hours=context.workspace.config.limits.max_night_hours)
    found = _at_work(holder)
    if found is None or context.clock() - found.since <= longest:
        return None
    # A night that was killed left its name: whoever came after it may be writing its own.
    time.sleep(_A_MOMENT_S)
    return found if _at_work(holder) == found else None


def _at_work(holder: Path) -> AtWork | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(holder.read_text("utf-8"))
        return AtWork(int(found["pid"]), datetime.fromisoformat(found["since"]))
    return None
