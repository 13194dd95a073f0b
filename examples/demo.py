"""A whole workspace of sample exports: what a regional group with 12 branches really has after two years.

Here: writing the files and their times. Not here: what is in them (`web`, `calls`, `crm`, `staff`, `operators`, `tickets`,
`orders`, `practice`) and how they are read (`nps.yaml` beside this file). The key for pseudonyms is made by `pipelines`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from examples import calls, crm, operators, orders, practice, staff, tickets, web
from examples.export import Export
from examples.population import group
from pipelines.errors import UserError

CONFIG: Final = Path(__file__).with_name("nps.yaml")


def write_demo(home: Path, *, seed: int = 7) -> None:
    """Write nps.yaml and landing/ into a folder: the same bytes for the same seed, on every machine, at any time.

    The files' times are set too, since the order of exports follows from them. Raises `UserError` where the folder
    holds another workspace.
    """
    config = CONFIG.read_bytes()
    target = home / "nps.yaml"
    if target.exists() and target.read_bytes() != config:
        raise UserError(
            f"{home} holds a workspace with its own nps.yaml, which the demo would overwrite. Name another folder."
        )
    home.mkdir(parents=True, exist_ok=True)
    target.write_bytes(config)
    landed = list(exports(seed))
    for export in (*landed, *practice.exports(landed)):
        _write(home, export)


def exports(seed: int) -> Iterator[Export]:
    """Every file of landing."""
    people = group(seed)
    return chain.from_iterable(
        system.exports(people, seed) for system in (crm, web, calls, staff, operators, tickets, orders)
    )


def _write(home: Path, export: Export) -> None:
    file = home / export.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(export.content)
    seconds = int(export.arrived_at.timestamp())
    os.utime(file, (seconds, seconds))
