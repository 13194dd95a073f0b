"""`nps ui` at work on a workspace, and a person who looks at its pages and clicks.

Here: starting both, and what the pages' own interface says of runs. Not here: what is clicked (`pages`).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proofs.pictures import shrink
from proofs.told import NotProvedError, SkippedError, demand
from proofs.tools import BROWSER

_PROGRAM: Final = Path(__file__).with_name("clients") / "click.py"
#: So long may anything take on a busy machine.
_LONGEST: Final = 400
_DONE: Final = {"SUCCESS", "FAILURE", "CANCELED"}


@dataclass(frozen=True)
class Person:
    """Somebody at the pages."""

    process: subprocess.Popen[str]
    address: str
    pictures: Path

    def does(self, word: str, *given: str) -> str:
        """A word of `clients/click.py`. Raises `NotProvedError`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([word, *given]) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline() or '{"error": "the browser has ended"}')
        demand("error" not in said, f"the page does not do as it should: {said.get('error')}")
        return str(said["text"])

    def goes(self, path: str) -> None:
        """Open a page, and let it load."""
        self.does("go", f"{self.address}{path}")
        self.does("wait", "4")

    def reads(self, path: str, wanted: str) -> str:
        """What a page says, once it says something. Raises `NotProvedError`."""
        self.goes(path)
        said = [""]

        def says() -> bool:
            said.append(self.does("read", "body"))
            return wanted in said[-1]

        eventually(says, f"{path} says {wanted!r}", 120)
        return said[-1]

    def photographs(self, name: str) -> None:
        """Keep what is seen."""
        self.does("wait", "1")
        picture = self.pictures / f"dagster_{name}.png"
        self.does("picture", str(picture))
        shrink(picture)

    def asks(self, query: str) -> dict[str, Any]:
        """What the pages' own interface says."""
        body = json.dumps({"query": query}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own address
            data: dict[str, Any] = json.load(answer)["data"]
        return data

    def runs(self) -> list[tuple[str, str, str]]:
        """The id of each run, its job and where it is, the newest first."""
        data = self.asks("{ runsOrError { ... on Runs { results { runId jobName status } } } }")
        return [(run["runId"], run["jobName"], run["status"]) for run in data["runsOrError"]["results"]]

    def waits_for(self, more: int, since: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Until so many runs were made since then and all have ended; gives them, the newest first."""

        def ended() -> bool:
            now = self.runs()
            return len(now) - len(since) >= more and all(status in _DONE for *_, status in now)

        eventually(ended, f"{more} runs more")
        now = self.runs()
        return now[: len(now) - len(since)]


@contextmanager
def opened(home: Path, pictures: Path) -> Iterator[Person]:
    """The pages of a workspace, with somebody before them. Raises `SkippedError` where there is no browser."""
    python = BROWSER.there()
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        raise SkippedError("Chromium is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    nps = [str(Path(sys.executable).with_name("nps")), "ui", "--home", str(home), "--port", str(port)]
    with (home / "ui.log").open("wb") as log:
        pages = subprocess.Popen(nps, stdout=log, stderr=log, env=dict(os.environ))
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(address), "the first page")
        with subprocess.Popen([str(python), str(_PROGRAM)], stdin=-1, stdout=-1, text=True) as browser:
            assert browser.stdout is not None
            demand(browser.stdout.readline(), "the browser did not start")
            try:
                yield Person(browser, address, pictures)
            finally:
                browser.kill()
    finally:
        pages.terminate()
        pages.wait(120)


def eventually(holds: Callable[[], bool], what: str, seconds: int = _LONGEST) -> None:
    """Wait until something holds. Raises `NotProvedError`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise NotProvedError(f"{what}: not within {seconds} seconds")
        time.sleep(1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/server_info", timeout=10):  # noqa: S310 - our own address
            return True
    except OSError:
        return False
