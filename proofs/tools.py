"""Other people's tools: where they are kept, how each is installed by name, and which are there.

They lie outside of this folder and of `.venv`, in environments of their own. Not here: what is done with them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proofs.told import NotProvedError, SkippedError

ROOT: Final = Path(__file__).parents[1]


def folder() -> Path:
    """Where tools are kept: `NPS_TOOLS`, or a folder of the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("NPS_TOOLS") or cache / "nps-warehouse" / "tools")


@dataclass(frozen=True)
class Python:
    """Packages of PyPI in a virtual environment of their own."""

    name: str
    packages: tuple[str, ...]

    @property
    def programs(self) -> Path:
        """Where its programs are."""
        return folder() / self.name / "bin"

    def there(self) -> Path:
        """Its Python. Raises `SkippedError` where it is not installed."""
        python = self.programs / "python"
        if not python.exists():
            raise SkippedError(f"{self.packages[0]} is not installed: make proofs PROOFS='--install {self.name}'")
        return python

    def install(self) -> None:
        """Install it. Raises `NotProvedError`."""
        _run([sys.executable, "-m", "venv", str(folder() / self.name)])
        _run([str(self.programs / "python"), "-m", "pip", "install", "--quiet", *self.packages])


@dataclass(frozen=True)
class Node:
    """Packages of npm in a folder of their own."""

    name: str
    packages: tuple[str, ...] = ()
    described: Path | None = None
    """Instead of packages: the package.json that names them."""

    def there(self) -> Path:
        """Its folder. Raises `SkippedError` where it is not installed."""
        if shutil.which("node") is None:
            raise SkippedError("Node is not installed")
        if not (folder() / self.name / "node_modules").is_dir():
            raise SkippedError(f"its packages of npm are not installed: make proofs PROOFS='--install {self.name}'")
        return folder() / self.name

    def install(self) -> None:
        """Install it. Raises `NotProvedError`."""
        npm = shutil.which("npm")
        if npm is None:
            raise NotProvedError(f"npm is not installed, which {self.name} needs.")
        home = folder() / self.name
        home.mkdir(parents=True, exist_ok=True)
        if self.described:
            shutil.copyfile(self.described, home / "package.json")
        _run([npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(home), *self.packages])


#: The driver that is locked here, and what is usually put on it.
PYTHON: Final = Python(
    "python",
    ("duckdb==1.5.6", "duckdb-cli==1.5.6", "duckdb-engine==0.17.0", "ibis-framework[duckdb]", "pandas", "polars", "pyarrow"),
)  # fmt: skip
#: The oldest driver that is promised to read the file.
OLDEST: Final = Python("oldest", ("duckdb==1.0.0",))
#: rich and cachetools are imported by Superset, which does not name them; a newer Flask-Caching gives its cache an argument
#: that it does not take.
SUPERSET: Final = Python(
    "superset",
    ("apache-superset==6.1.0", "duckdb-engine==0.17.0", "duckdb==1.5.6", "flask-caching<2.4", "rich", "cachetools"),
)
BROWSER: Final = Python("browser", ("playwright",))
NODE: Final = Node("node", ("@duckdb/node-api@1.5.6-r.1",))
TOOLS: Final = {tool.name: tool for tool in (PYTHON, OLDEST, SUPERSET, BROWSER, NODE)}


def _run(command: list[str]) -> None:
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        raise NotProvedError(f"{' '.join(command)} failed:\n{said.stdout}{said.stderr}")
