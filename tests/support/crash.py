"""Nights in processes of their own, and nights that are killed at a named point.

The processes are forked from one that has everything imported, so that a night costs what its work costs. A point is a
call of a function; the function is found by name, and patched in the process that is to die: production code has no hooks.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

KILLED = -signal.SIGKILL

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    ["pipelines.cli.main", "pipelines.runs.night", "pipelines.runs.jobs", "expectations.session", "tests.support.lakes"]
)


@dataclass(frozen=True)
class Point:
    """Right before or after a call of a function, as a module or class sees it: `warehouse.lake.store:Lake.append`."""

    when: Literal["before", "after"]
    function: str
    about: str = ""
    """Only calls with this text, or with a path of this name, as an argument are counted."""
    nth: int = 1

    def __str__(self) -> str:
        """As a test's name."""
        name = self.function.partition(":")[2]
        return f"{self.when} {name}" + (f" of {self.about}" if self.about else "") + (f" {self.nth}" * (self.nth > 1))


def started(do: Callable[..., None], *arguments: object, log: Path) -> BaseProcess:
    """A process that does something; what it says goes to a file."""
    process = FORKS.Process(target=_logged, args=(do, arguments, log))
    process.start()
    return process


def night(home: Path, *, point: Point | None = None, log: Path | None = None) -> int:
    """`nps run` in a process of its own, killed at a point if one is named; gives its exit code."""
    log = log or home / "night.log"
    process = started(command, home, ("run",), point, log=log)
    process.join(120)
    assert process.exitcode is not None, log.read_text("utf-8")
    return process.exitcode


def command(home: Path, words: tuple[str, ...], point: Point | None = None) -> None:
    """An `nps` command, as the command line does it, but for views and comments in what is published."""
    from pipelines.cli.main import main  # noqa: PLC0415 - where the process is forked from has it already
    from tests.support.lakes import bare  # noqa: PLC0415 - as above

    if point is not None:
        install(point)
        # As many batches as files, so that there are places between them in a small night too.
        setattr(import_module("pipelines.intake.ingest"), "BATCH", 1)  # noqa: B010 - it is a constant elsewhere
    sys.argv = ["nps", *words, "--home", str(home)]
    with bare():
        main()


def install(point: Point) -> None:
    """Make the process die at the point."""
    module, _, path = point.function.partition(":")
    *owners, name = path.split(".")
    owner = import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    setattr(owner, name, _deadly(getattr(owner, name), point))


def _deadly(function: Callable[..., Any], point: Point) -> Callable[..., Any]:
    calls = 0

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function has it
        nonlocal calls
        is_meant = not point.about or any(_is_about(value, point.about) for value in (*arguments, *named.values()))
        calls += is_meant
        is_it = is_meant and calls == point.nth
        if is_it and point.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


def _is_about(value: object, about: str) -> bool:
    return isinstance(value, str | Path) and Path(value).name == about


def _logged(do: Callable[..., None], arguments: tuple[object, ...], log: Path) -> None:
    with log.open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    do(*arguments)
