"""Workspaces around generated files, for the benchmark's whole nights.

Here: nps.yaml, the key, the landed files, and one file cut into many. Not here: running the night (`parts`). No file is
held for its rejected rows: of a file of one row that would be all; nor for answers that come late, which are measured.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

_CONFIG = """\
timezone: UTC
history_from: "2024-07"
gates: {max_month_change: 1}
sources:
"""
_SOURCE = """\
  {name}:
    kind: csv
    metric: nps
    files: landing/{name}/*.csv
    delivery: incremental
    scale: 0-10
    max_reject_share: 1
    columns:
      response_id: response_id
      responded_at: responded_at
      respondent: client_id
      branch: branch
      industry: industry
      score: score
      comment: comment
"""

_CONTACTS = """\
  {name}:
    kind: csv
    metric: nps
    files: landing/{name}/*.csv
    delivery: incremental
    contacts: true
    columns: {{response_id: contact_id, respondent: client_id, branch: branch, channel: channel}}
    defaults: {{survey: {of}}}
    asked: {{at: sent_at, answered_in: {of}}}
    outcome: {{column: status, delivered: [sent], opened: [opened], undeliverable: [bounced]}}
"""


def fresh_workspace(home: Path, landed: Mapping[str, Iterable[Path]]) -> None:
    """Make a workspace with these sources, whose files land without being copied."""
    remove(home)
    home.mkdir(parents=True)
    (home / "nps.yaml").write_text(_CONFIG + "".join(_SOURCE.format(name=name) for name in landed), "utf-8")
    (home / "identity.key").write_text(secrets.token_hex(32), "utf-8")
    for name, files in landed.items():
        land(home, *files, source=name)


def add_contacts(home: Path, name: str, *, of: str) -> None:
    """Declare a source of contacts whose answers come in another one."""
    with (home / "nps.yaml").open("a", encoding="utf-8") as file:
        file.write(_CONTACTS.format(name=name, of=of))


def land(home: Path, *files: Path, source: str = "log") -> None:
    """Put files into landing by hard links; where the file system has none, by copies."""
    folder = home / "landing" / source
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        try:
            os.link(file, folder / file.name)
        except OSError:
            shutil.copyfile(file, folder / file.name)


def cut(file: Path, rows: int, folder: Path) -> list[Path]:
    """The same rows in files of so many each, with the heading in each."""
    folder.mkdir(exist_ok=True)
    pieces: list[Path] = []
    with file.open(encoding="utf-8") as lines:
        heading = next(lines)
        while piece := list(islice(lines, rows)):
            pieces.append(folder / f"{len(pieces):05}.csv")
            pieces[-1].write_text(heading + "".join(piece), "utf-8")
    return pieces


def lake_files(home: Path) -> int:
    """How many files the lake holds, the logs of its tables among them."""
    return sum(path.is_file() for path in (home / "lake").rglob("*"))


def remove(home: Path) -> None:
    """Delete a workspace, if it is there."""
    if home.exists():
        shutil.rmtree(home)
