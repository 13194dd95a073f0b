"""Where the real survey files lie that tests read: beside the repository, never in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "data"
VARIABLE = "NPS_REAL_DATA"


def real(name: str) -> Path:
    """A real file by its name in the folder, such as `carpentries/x.csv`; skips the test where there is none."""
    folder = Path(os.environ.get(VARIABLE, BESIDE_THE_REPOSITORY))
    file = folder / name
    if not file.is_file():
        pytest.skip(f"the real file {name} is not in {folder}: set {VARIABLE} to the folder that holds it")
    return file
