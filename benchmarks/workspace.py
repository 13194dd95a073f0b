"""A fresh workspace around one CSV file, for the benchmark's whole nights.

Here: nps.yaml, the key and the landed file. Not here: running the night (`run`).
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

_CONFIG = """\
timezone: UTC
history_from: "2024-07"
sources:
  log:
    kind: csv
    metric: nps
    files: landing/*.csv
    delivery: incremental
    scale: 0-10
    columns:
      response_id: response_id
      responded_at: responded_at
      respondent: client_id
      branch: branch
      industry: industry
      score: score
      comment: comment
"""


def fresh_workspace(home: Path, landed: Path) -> None:
    """Make a workspace whose landing folder holds one file, without copying it."""
    remove(home)
    (home / "landing").mkdir(parents=True)
    (home / "nps.yaml").write_text(_CONFIG, "utf-8")
    (home / "identity.key").write_text(secrets.token_hex(32), "utf-8")
    land(home, landed)


def land(home: Path, file: Path) -> None:
    """Put a file into landing by a hard link; where the file system has none, by a copy."""
    target = home / "landing" / file.name
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)


def remove(home: Path) -> None:
    """Delete a workspace, if it is there."""
    if home.exists():
        shutil.rmtree(home)
