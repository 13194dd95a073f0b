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
from typing import Final, Literal

from filelock import FileLock, Timeout

from pipelines.context import Context

#: Who has just got the lock has not written its name down yet.
_A_MOMENT_S: Final = 0.5
#: So long everybody waits for what takes seconds.
_WAIT_S: Final = 60
#: A night does all there is to do; a backfill takes in no new file; a moment is what takes seconds.
Doing = Literal["night", "backfill", "moment"]


@dataclass(frozen=True)
class AtWork:
    """Who is at work."""

    pid: int
    since: datetime
    does: Doing


class AlreadyRunningError(Exception):
    """Another night is at work on this workspace; `hangs` says so of one that is at work for too long."""

    def __init__(self, hangs: AtWork | None, does: Doing) -> None:
        """Who hangs, if it does, and what the other does."""
        super().__init__("another night is at work")
        self.hangs = hangs
        self.does = does


@contextmanager
def only_night(context: Context, does: Doing = "night") -> Iterator[None]:
    """One night at a time on a workspace. Raises `AlreadyRunningError` where another is at work.

    What is pending must not stay so because a file was just being taken back: for a moment's work everybody waits.
    """
    folder = context.scratch("locks")
    lock, holder = FileLock(folder / "night.lock", timeout=0), folder / "night.holder"
    try:
        _acquire(lock, holder)
    except Timeout as error:
        other = _at_work(holder)
        raise AlreadyRunningError(_hanging(context, holder), other.does if other else "night") from error
    try:
        told = {"pid": os.getpid(), "since": context.clock().isoformat(), "does": does}
        holder.write_text(json.dumps(told), "utf-8")
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


def _acquire(lock: FileLock, holder: Path) -> None:
    try:
        lock.acquire()
    except Timeout:
        other = _at_work(holder)
        if other is None:  # it has just got the lock, and not said yet what it does
            time.sleep(_A_MOMENT_S)
            other = _at_work(holder)
        lock.acquire(timeout=_WAIT_S if other is not None and other.does == "moment" else 0)


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
        return AtWork(int(found["pid"]), datetime.fromisoformat(found["since"]), found.get("does", "night"))
    return None
