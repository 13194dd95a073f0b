"""Commands are killed at random moments: `tests/runs/test_crashes.py` with more kills than `make test` has time for.

`NPS_KILLS` says how many. Not here: what is killed, and what must be so afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from proofs.stage import Stage
from proofs.told import demand
from proofs.tools import ROOT

_TEST: Final = "tests/runs/test_crashes.py"
_KILLS: Final = "200"


def prove(_: Stage) -> Iterator[str]:
    """Kill, and let the next night make it good; gives a sentence. Raises `NotProvedError`."""
    kills = os.environ.get("NPS_KILLS", _KILLS)
    pytest = [sys.executable, "-m", "pytest", "-q", _TEST, "-k", "whenever_it_is_killed"]
    said = subprocess.run(
        pytest, cwd=ROOT, env={**os.environ, "NPS_KILLS": kills}, capture_output=True, text=True, check=False
    )
    demand(said.returncode == 0, f"after one of {kills} kills something was wrong:\n{said.stdout}{said.stderr}")
    yield f"{kills} times run, backfill, publish, report or export was killed: no row differs, and no reader failed"
