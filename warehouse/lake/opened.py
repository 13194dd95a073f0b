"""Delta tables, opened once: what was read of one is remembered until a commit follows, whoever makes it.

To ask again costs a look at the table's log, so that no step of a night need hand on what it has read.
Not here: what is in the tables (`warehouse.lake.store`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

_Stamp = tuple[int, ...] | None


@dataclass
class _Seen:
    """A table as it stands after one commit, or before there is any, and what was found out about it."""

    delta: DeltaTable | None = None
    version: int = -1
    stamp: _Stamp = None
    found: dict[str, pl.DataFrame] = field(default_factory=dict)


class OpenedTables:
    """The tables in the folders under one root."""

    def __init__(self, root: Path) -> None:
        """Nothing is opened until it is needed."""
        self._root = root
        self._seen: dict[str, _Seen] = {}

    def table(self, name: str) -> DeltaTable | None:
        """The table as it is now, or None where there is none. Raises `DeltaError` where it cannot be read."""
        return self._now(name).delta

    def remembered(self, name: str, what: str, find: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What was found of a table under a name of its own, or is found now; `find` looks at nothing but this table."""
        seen = self._now(name)
        if what not in seen.found:
            found = find()
            # If a commit followed meanwhile, `find` has seen it: it asked for the table itself.
            self._seen[name].found[what] = found
            return found
        return seen.found[what]

    def forget(self) -> None:
        """Open everything anew: somebody has been at the logs of the tables by hand."""
        self._seen.clear()

    def _now(self, name: str) -> _Seen:
        seen = self._seen.get(name, _Seen())
        if seen.delta is not None and seen.stamp is not None and seen.stamp == self._stamp(name, seen.version):
            if self._stamp(name, seen.version + 1) is None:
                return seen
            try:
                seen.delta.update_incremental()
            except DeltaError:
                pass  # it is opened anew, and says then what is wrong
            else:
                return self._keep(name, seen.delta)
        if os.path.exists(f"{self._root}/{name}/_delta_log"):  # noqa: PTH110 - asked hundreds of times a night
            try:
                return self._keep(name, DeltaTable(self._root / name))
            except TableNotFoundError:
                pass  # a commit was begun, no more
        self._seen[name] = seen if seen.delta is None else _Seen()
        return self._seen[name]

    def _keep(self, name: str, delta: DeltaTable) -> _Seen:
        version = delta.version()
        self._seen[name] = _Seen(delta, version, self._stamp(name, version))
        return self._seen[name]

    def _stamp(self, name: str, version: int) -> _Stamp:
        """What tells the file of a commit from another in its place; None where there is none."""
        try:
            # Of texts: this is asked a thousand times a night, and to make a Path of them costs more than to look.
            status = os.stat(f"{self._root}/{name}/_delta_log/{version:020d}.json")  # noqa: PTH116
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns
