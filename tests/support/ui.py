"""`nps ui` at work on a workspace, and what a browser asks it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.support import scenario

ROOT = Path(__file__).parents[2]
SECONDS = 180


@dataclass(frozen=True)
class Ui:
    """`nps ui` at work on a workspace."""

    home: Path
    port: int

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
    """`nps ui`, but that the sensors look more often than every half minute."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [word.replace("pipelines.definitions", "tests.support.impatient") for word in program(home, port)]
    where = {"NPS_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, start_new_session=True, cwd=ROOT, env={**os.environ, **where}
        )
        try:
            ui = Ui(home, port)
            eventually(lambda: _answers(ui))
            yield ui
        finally:
            # Dagster's own children are in its session, and nobody else is.
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:  # on a busy machine it may wait for a child that has ended
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)


def program(home: Path, port: int) -> list[str]:
    """The program that `nps ui` becomes."""
    with patch.dict(os.environ), patch("os.execv") as become:
        scenario.nps("ui", "--home", home, "--port", str(port))
        assert (os.environ["NPS_HOME"], os.environ["DAGSTER_HOME"]) == (str(home), str(home / "dagster"))
    [program, words] = become.call_args.args
    assert str(program) == words[0]
    return list(words)


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
