"""The context of a step, all that it needs: the workspace, its lake, the clock, and a way to tell how far it is.

Here: things that are passed in, so that no step looks for them. Not here: any step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines.config.workspace import Workspace
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile
from warehouse.engine import Limits
from warehouse.lake.store import Lake

#: Told what is being done, how many parts of it are done, and of how many.
Tell = Callable[[str, int, int], None]

#: Stands among what is accepted in place of a feed and a digest: what the file about to be published restates.
RESTATEMENTS: Final = ("published", "restatements")
#: The same: another key for pseudonyms than that of before.
OTHER_KEY: Final = ("workspace", "key")

#: DuckDB hands its threads about so many rows at a time: of fewer there is little for a second one.
_SMALL: Final = 100_000


def say_nothing(what: str, done: int, of: int) -> None:
    """For runs that nobody watches."""


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """The workspace, its lake, the clock and the voice."""

    workspace: Workspace
    tell: Tell = say_nothing
    clock: Callable[[], datetime] = field(default=utc_now)
    again: frozenset[str] = frozenset()
    """Digests of files to take in again though they have a verdict."""
    accept: frozenset[tuple[str, str]] = frozenset()
    """Feeds and digests of files to take in although they would be held, which `again` names too; and the two above."""
    user: str = ""
    """Who asks for that."""
    landed: Mapping[str, Sequence[LandedFile | RefusedFile]] | None = None
    """What landing holds of each feed, where that was looked at for all of a night; else each step looks itself."""
    _lakes: dict[Path, Lake] = field(default_factory=dict, repr=False, compare=False)
    is_ready: bool = False
    """Whether the clock was looked at and the lake mended (`pipelines.guards.readiness`) when this night began."""

    @property
    def lake(self) -> Lake:
        """The tables of the workspace; one object for all copies of this context, since it remembers what it has read."""
        return self._lakes.setdefault(self.workspace.lake, Lake(self.workspace.lake))

    @property
    def limits(self) -> Limits:
        """What DuckDB may use: of a small lake one thread, since waking others costs more than they do."""
        is_small = self.lake.rows_of_files() <= _SMALL
        memory, spill = self.workspace.config.limits.memory_mb, self.workspace.scratch / "spill"
        return Limits(memory, spill, threads=1 if is_small else None)

    def scratch(self, name: str) -> Path:
        """A folder for temporary files."""
        folder = self.workspace.scratch / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
