"""Clients of other languages and libraries read the published file while publications take the place of one another.

Here: what is demanded of a client. Not here: the clients, programs of their own (`proofs/clients`), and
publishing (`publishing`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from proofs.publishing import Publisher
from proofs.stage import Stage
from proofs.told import SkippedError, demand
from proofs.tools import NODE, OLDEST, PYTHON

_CLIENTS: Final = Path(__file__).with_name("clients")
_QUESTION: Final = str(_CLIENTS / "question.sql")


def _python(library: str) -> Callable[[str], tuple[list[str], Path | None]]:
    return lambda database: (
        [str(PYTHON.there()), str(_CLIENTS / "python_client.py"), library, database, _QUESTION],
        None,
    )


def _oldest(database: str) -> tuple[list[str], Path | None]:
    return [str(OLDEST.there()), str(_CLIENTS / "python_client.py"), "duckdb", database, _QUESTION], None


def _shell(database: str) -> tuple[list[str], Path | None]:
    PYTHON.there()
    program = PYTHON.programs / "duckdb"
    return [sys.executable, str(_CLIENTS / "shell_client.py"), str(program), database, _QUESTION], None


def _node(database: str) -> tuple[list[str], Path | None]:
    return ["node", str(_CLIENTS / "node_client.mjs"), database, _QUESTION], NODE.there()


_WITH_OLDEST: Final = "Python with the oldest driver"
#: How each is started, and in which folder. Raises `SkippedError` where it is not installed.
STARTS: Final[dict[str, Callable[[str], tuple[list[str], Path | None]]]] = {
    **{f"Python with {name}": _python(name) for name in ("duckdb", "pandas", "polars", "ibis", "sqlalchemy")},
    _WITH_OLDEST: _oldest,
    "DuckDB's command line": _shell,
    "Node": _node,
}


@dataclass
class Client:
    """A program that reads, and what it saw."""

    name: str
    process: subprocess.Popen[str]
    versions: dict[str, str]
    seen: list[tuple[str, int, float]] = field(default_factory=list)

    def told(self, line: str) -> dict[str, Any]:
        """Obey a line. What it says may be an error."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        demand(said, f"{self.name} ended when it was told to {line}")
        return dict(json.loads(said))

    def read(self) -> tuple[str, int, float]:
        """Which publication it sees, with two of its figures. Raises `NotProvedError`."""
        said = self.told("read")
        demand("error" not in said, f"{self.name} could not read: {said.get('error')}")
        self.seen.append((said["publication"], said["responses"], said["nps"]))
        return self.seen[-1]

    def read_all(self) -> int:
        """Read every table and view of the file to its end; gives how many there are. Raises `NotProvedError`."""
        said = self.told("read_all")
        demand("error" not in said, f"{self.name} could not read all of the file: {said.get('error')}")
        return int(said["tables"])

    def reopen(self) -> None:
        """Close what it has open, and open the file again. Raises `NotProvedError`."""
        said = self.told("reopen")
        demand("error" not in said, f"{self.name} could not open the file: {said.get('error')}")

    def __str__(self) -> str:
        """Its name and versions, for people."""
        return f"{self.name} ({', '.join(f'{name} {version}' for name, version in self.versions.items())})"


def prove(stage: Stage) -> Iterator[str]:
    """Read during publications and after them; gives a sentence for each client. Raises `NotProvedError`."""
    publisher = stage.publisher
    with ExitStack() as opened:
        clients: list[Client] = []
        for name, start in STARTS.items():
            try:
                command, folder = start(str(publisher.database))
            except SkippedError as error:
                yield f"{name}: skipped, {error}"
                continue
            clients.append(opened.enter_context(_started(name, command, folder)))
        demand(clients, "no client is installed")
        for client in clients:
            if client.name == _WITH_OLDEST:
                yield f"{client.name} reads all {client.read_all()} tables and views"
        with publisher.going_on():
            _read_meanwhile(publisher, clients)
            _hold(publisher, clients)
        for client in clients:
            demand("error" in client.told("write"), f"{client.name} could write into the published file")
        _compare(clients)
        yield from (
            f"{client}: {len(client.seen)} readings of {len({seen[0] for seen in client.seen})} publications, none failed; "
            "what was open stayed as it was, what was opened anew was new; nothing could be written"
            for client in clients
        )


def _read_meanwhile(publisher: Publisher, clients: list[Client]) -> None:
    """Open, read and close without pause until three publications have taken their place."""
    until = publisher.publications + 3
    while publisher.publications < until and not publisher.failures:
        for client in clients:
            client.reopen()
            client.read()


def _hold(publisher: Publisher, clients: list[Client]) -> None:
    """Keep the file open while others take its place: it stays whole, and who opens anew sees the newer one."""
    before = {}
    for client in clients:
        client.reopen()
        before[client.name] = client.read()
    # One may have been at its end when the last client opened the file.
    publisher.wait_for(2)
    for client in clients:
        demand(client.read() == before[client.name], f"{client.name}: what was open has changed")
        client.reopen()
        now = client.read()
        newer = now[0] > before[client.name][0] and now[1] > before[client.name][1]
        demand(newer, f"{client.name} opened anew and saw {now} after {before[client.name]}")


def _compare(clients: list[Client]) -> None:
    """Whoever saw a publication saw the same figures in it."""
    figures: dict[str, tuple[int, float]] = {}
    for client in clients:
        for publication, responses, nps in client.seen:
            first = figures.setdefault(publication, (responses, nps))
            same = first[0] == responses and abs(first[1] - nps) < 1e-9  # noqa: PLR2004 - drivers write numbers in their ways
            demand(same, f"{client.name} saw {responses, nps} in the publication of {publication}, another {first}")


@contextmanager
def _started(name: str, command: list[str], folder: Path | None) -> Iterator[Client]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            demand(said, f"{name} did not start")
            yield Client(name, process, json.loads(said)["versions"])
        finally:
            process.kill()
