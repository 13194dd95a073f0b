"""`nps ui` at work: the processes of Dagster's pages and of its daemon, kept alive until somebody ends it.

Here: starting them, starting again what dies, ending all. Not here: anything that Dagster does.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from filelock import FileLock, Timeout

from pipelines.config.workspace import find_home
from pipelines.errors import UserError
from pipelines.runs.anew import ReadAnew, reloaded
from pipelines.runs.instance import LOCATION
from pipelines.shown import counted
from pipelines.trouble.dagster_settings import refuse_mistaken_settings
from pipelines.trouble.sentences import refuse_damaged_history

HOST: Final = "127.0.0.1"

_LOOK_EVERY_SECONDS: Final = 0.5
_LOOKS_A_MINUTE: Final = int(60 / _LOOK_EVERY_SECONDS)
#: What dies is started again after a second, and after twice as long whenever it dies soon after that.
_LONGEST_WAIT_SECONDS: Final = 60
_SOON_SECONDS: Final = 60
_START_SECONDS: Final = 120
_END_SECONDS: Final = 60


@dataclass
class Kept:
    """A process that is kept alive."""

    name: str
    command: Sequence[str]
    without: str
    """What does not happen while it is dead."""
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    wait: float = 0.5

    def start(self, now: float) -> None:
        """Start it."""
        self.process = subprocess.Popen(self.command)  # noqa: S603 - our own programs, no shell
        self.started_at = now

    def look(self, now: float, say: Callable[[str], None]) -> None:
        """Start it where it is due; where it has died it is due in a while, and that is said."""
        if self.process is None:
            if now >= self.due_at:
                self.start(now)
        elif (code := self.process.poll()) is not None:
            died_soon = now - self.started_at < _SOON_SECONDS
            self.wait = min(2 * self.wait, _LONGEST_WAIT_SECONDS) if died_soon else 1
            self.process, self.due_at = None, now + self.wait
            again = counted(int(self.wait), "second")
            say(f"{self.name} has died (exit code {code}); it is started again in {again}. Until then {self.without}.")


def serve(port: int, say: Callable[[str], None], *, daemon: bool = True, module: str = LOCATION) -> None:
    """Show the pages, and let the daemon work, on the instance of DAGSTER_HOME, until interrupted.

    Raises `DamagedError` where Dagster's history is damaged, or becomes so, `UserError` where dagster.yaml has a mistake.
    """
    home = Path(os.environ["DAGSTER_HOME"])
    refuse_damaged_history(home)
    refuse_mistaken_settings(home)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="nps-ui-")))
        if daemon and not stack.enter_context(only_daemon(home)):
            say(
                "The daemon of another nps ui is at work on this workspace: here are the pages alone, as with --no-daemon."
            )
            daemon = False
        code, *others = processes(folder, port, daemon=daemon, module=module)
        try:
            code.start(time.monotonic())
            _wait_for(folder / "code", code)
            settings = ReadAnew(find_home(), lambda: reloaded(folder / "code"))
            for look in count(1):
                for kept in (code, *others):
                    kept.look(time.monotonic(), say)
                settings.look(say)
                if not look % _LOOKS_A_MINUTE:
                    refuse_damaged_history(home)
                time.sleep(_LOOK_EVERY_SECONDS)
        except KeyboardInterrupt:
            pass
        finally:
            _end([*others, code])


def processes(folder: Path, port: int, *, daemon: bool, module: str) -> list[Kept]:
    """What is kept alive: the definitions in a process of their own, then those that ask it."""
    location = folder / "workspace.yaml"
    server = {"socket": str(folder / "code"), "location_name": LOCATION}
    location.write_text(json.dumps({"load_from": [{"grpc_server": server}]}), "utf-8")
    python, level = sys.executable, ("--log-level", "warning")
    code = [python, "-m", "dagster", "code-server", "start", "--socket", server["socket"], "--module-name", module]
    pages = [python, "-m", "dagster_webserver", "--host", HOST, "--port", str(port), "--workspace", str(location)]
    kept = [
        Kept("The code server", [*code, "--location-name", LOCATION, *level], "no run begins"),
        Kept("Dagster's webserver", pages, "no page is shown; nights go on"),
    ]
    if daemon:
        works = [python, "-m", "dagster._daemon", "run", "--workspace", str(location)]
        says = "no night begins, nothing is rebuilt or published by itself; nps run does all of it"
        kept.append(Kept("Dagster's daemon", works, says))
    return kept


@contextmanager
def only_daemon(home: Path) -> Iterator[bool]:
    """Whether no other daemon is at work: of two each would ask for the same runs."""
    lock = FileLock(home / "daemon.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _wait_for(path: Path, kept: Kept) -> None:
    """Until a process listens at a socket, or it is no use to wait for that."""
    deadline = time.monotonic() + _START_SECONDS
    while kept.process is not None and kept.process.poll() is None and time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as there:
            if there.connect_ex(str(path)) == 0:
                return
        time.sleep(_LOOK_EVERY_SECONDS)


def refuse_taken(port: int) -> None:
    """Raise `UserError` where a port cannot be had."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind((HOST, port))
        except OSError as error:
            raise UserError(
                f"Port {port} of this machine cannot be had ({error.strerror}): perhaps the UI is open already. "
                "Give another one: nps ui --port 3001, or make ui PORT=3001."
            ) from error


def _end(all_kept: Sequence[Kept]) -> None:
    """End what is alive, by force if it does not end by itself."""
    alive = [kept.process for kept in all_kept if kept.process is not None and kept.process.poll() is None]
    deadline = time.monotonic() + _END_SECONDS
    for process in alive:
        process.terminate()
    for process in alive:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
