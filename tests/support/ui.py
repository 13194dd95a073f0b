"""`nps ui` at work on a workspace, and what a browser asks it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.runs.ui import serve

ROOT = Path(__file__).parents[2]
SECONDS = 180


@dataclass(frozen=True)
class Ui:
    """`nps ui` at work on a workspace."""

    home: Path
    port: int
    log: Path
    pid: int

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """What the browser asks."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
            data: dict[str, Any] = json.load(answer)["data"]
        return data

    def backfill(self, months: list[str]) -> None:
        """Select months of responses and facts, and press Materialize."""
        launched = self.ask(
            "mutation($it: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $it) { __typename } }",
            it={"assetSelection": [{"path": [name]} for name in ("responses", "facts")], "partitionNames": months},
        )
        assert launched == {"launchPartitionBackfill": {"__typename": "LaunchBackfillSuccess"}}

    def runs(self) -> list[str]:
        """How all runs ended, or where they are."""
        data = self.ask("{ runsOrError { ... on Runs { results { status } } } }")
        return [run["status"] for run in data["runsOrError"]["results"]]

    def publications(self) -> list[str]:
        """The outcomes of the materialisations of `published`, the last one first."""
        data = self.ask(
            '{ assetNodeOrError(assetKey: {path: ["published"]}) { ... on AssetNode { assetMaterializations(limit: 9) '
            "{ metadataEntries { label ... on TextMetadataEntry { text } } } } } }"
        )
        entries = [found["metadataEntries"] for found in data["assetNodeOrError"]["assetMaterializations"]]
        return [entry["text"] for found in entries for entry in found if entry["label"] == "outcome"]


@contextmanager
def opened(home: Path, log: Path) -> Iterator[Ui]:
    """`nps ui`, but that the sensors look more often than every half minute; what it says goes to a log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from tests.support.ui import impatient; impatient()", str(port)]
    where = {"NPS_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, start_new_session=True, cwd=ROOT, env={**os.environ, **where}
        )
        try:
            ui = Ui(home, port, log, process.pid)
            eventually(lambda: _answers(ui))
            yield ui
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(90)
            finally:  # whatever is left of its session; it has gone where all ended as they should
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def impatient() -> None:
    """What `nps ui` does, with the definitions of `tests.support.impatient`; a process of its own."""
    serve(int(sys.argv[1]), lambda says: print(says, flush=True), module="tests.support.impatient")  # noqa: T201 - into its log


def _answers(ui: Ui) -> bool:
    try:
        return ui.publications() == ["published"]
    except (OSError, KeyError):  # not there yet, or without the assets
        return False


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; fail if that takes too long."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {SECONDS} seconds"
        time.sleep(0.5)
