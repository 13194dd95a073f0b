"""Superset, started from nothing and asked through its API.

Not here: what is demanded of it (`superset`).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proofs.told import NotProvedError, demand
from proofs.tools import SUPERSET

ADMIN: Final = {"username": "admin", "password": "admin"}
_SETTINGS: Final = """\
SECRET_KEY = "of no use but for this proof, on this machine alone"
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db?check_same_thread=false"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


@dataclass
class Superset:
    """One that runs, asked through its API."""

    address: str
    token: str = ""

    def call(self, path: str, body: object = None, raw: tuple[bytes, str] | None = None, method: str = "POST") -> Any:  # noqa: ANN401 - JSON
        """What it answers. Raises `NotProvedError`."""
        content, kind = raw or (json.dumps(body).encode(), "application/json")
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        sent = None if method == "GET" else content
        request = urllib.request.Request(f"{self.address}{path}", sent, headers, method=method)  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise NotProvedError(f"Superset says {error.code} to {path}: {error.read().decode()[:1000]}") from error

    def rows(self, dataset: int, columns: list[object], metrics: list[str]) -> list[dict[str, Any]]:
        """The rows of a dataset, as a chart asks for them."""
        query = {"columns": columns, "metrics": metrics, "row_limit": 50000}
        asked = {"datasource": {"id": dataset, "type": "table"}, "force": True, "queries": [query]}
        return list(self.call("/api/v1/chart/data", asked)["result"][0]["data"])

    def ids(self, kind: str, name: str) -> dict[str, int]:
        """All of a kind, by their names."""
        found = self.call(f"/api/v1/{kind}/?q=(page_size:100)", method="GET")["result"]
        return {each[name]: each["id"] for each in found}


@contextmanager
def running(home: Path) -> Iterator[Superset]:
    """A new one on a free port of this machine."""
    home.mkdir()
    (home / "superset_config.py").write_text(_SETTINGS.format(home=home), "utf-8")
    environment = {**os.environ, "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"), "FLASK_APP": "superset"}
    environment.pop("PYTHONPATH", None)
    program = str(SUPERSET.programs / "superset")
    named = (
        "--username",
        "admin",
        "--password",
        "admin",
        "--firstname",
        "A",
        "--lastname",
        "B",
        "--email",
        "a@example.com",
    )
    for command in (("db", "upgrade"), ("fab", "create-admin", *named), ("init",)):
        said = subprocess.run([program, *command], env=environment, capture_output=True, text=True, check=False)
        demand(said.returncode == 0, f"superset {' '.join(command[:2])} failed:\n{said.stderr[-2000:]}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (home / "log").open("w") as log, subprocess.Popen(
        [program, "run", "--port", str(port), "--with-threads"], env=environment, stdout=log, stderr=log
    ) as process:  # fmt: skip
        try:
            _wait_for(f"http://127.0.0.1:{port}/health")
            yield Superset(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own
                return
        except OSError:
            demand(time.monotonic() < until, "Superset does not answer")
            time.sleep(0.5)


def versions() -> str:
    """What is installed, for people."""
    said = subprocess.run(
        [str(SUPERSET.programs / "python"), "-m", "pip", "list", "--format=json"],
        capture_output=True,
        text=True,
        check=True,
    )
    versions = {each["name"].lower().replace("_", "-"): each["version"] for each in json.loads(said.stdout)}
    return ", ".join(f"{name} {versions[name]}" for name in ("apache-superset", "duckdb-engine", "duckdb"))
