"""What Dagster reads once and does not look at again: nps.yaml, and which tables are published.

Here: when `nps ui` has it read anew. Not here: the processes of `nps ui` (`pipelines.runs.ui`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._grpc.client import DagsterGrpcClient

from pipelines.config.workspace import CONFIG_FILE, open_workspace
from pipelines.errors import UserError

_State: TypeAlias = tuple[tuple[int, int] | None, bool]
_RELOAD_SECONDS = 180
_MENDED = (
    "The mistake is mended. If a night began meanwhile, it has failed, and its files wait for the next one: nps run, or the "
    "job ingest, takes them in now."
)


class ReadAnew:
    """Looks whether the settings of a workspace have changed, or its first file was published."""

    def __init__(self, home: Path, reload: Callable[[], bool]) -> None:
        """`reload` has the definitions read anew, and says whether that was done."""
        self._home, self._reload = home, reload
        self._known = self._last = self._state()
        self._was_mistaken = False

    def look(self, say: Callable[[str], None]) -> None:
        """Have read anew what has changed and is the same at two looks: an editor may be writing still."""
        before, self._last = self._last, self._state()
        if self._last == self._known or self._last != before:
            return
        try:
            open_workspace(self._home)
        except UserError as error:
            say(f"{error} Until that is mended nothing is taken in, built or published by itself.")
            self._was_mistaken = True
        else:
            if not self._reload():
                return
            say(f"{CONFIG_FILE} has changed, or the first file is published: Dagster has read it.")
            if self._was_mistaken:
                say(_MENDED)
            self._was_mistaken = False
        self._known = self._last

    def _state(self) -> _State:
        try:
            at = (self._home / CONFIG_FILE).stat()
        except OSError:
            return None, False
        return (at.st_mtime_ns, at.st_size), (self._home / "published" / "nps.duckdb").is_file()


def reloaded(code: Path) -> bool:
    """Ask the code server at a socket to read its definitions anew; one that is dead reads them when it is started."""
    try:
        DagsterGrpcClient(socket=str(code)).reload_code(timeout=_RELOAD_SECONDS)
    except DagsterUserCodeUnreachableError:
        return False
    return True
