"""What is not tested, for what is locked here or for its time: other people's tools, pages, attackers, hundreds of kills.

`make proofs` runs it. Each proof says what it saw, or that it is skipped and why. Here: which proofs there are, and their
order. Not here: what a proof does, and where tools come from (`tools`). With `--install` tools are installed instead.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from proofs import employees, kills, pages, reading, site, superset
from proofs.publishing import Publisher
from proofs.stage import Stage
from proofs.told import NotProvedError, SkippedError
from proofs.tools import ROOT, TOOLS, folder

PROOFS: Final[dict[str, Callable[[Stage], Iterator[str]]]] = {
    "readers": reading.prove,
    "pages": pages.prove,
    "superset": superset.prove,
    "site": site.prove,
    "employees": employees.prove,
    "kills": kills.prove,
}
PICTURES: Final = ROOT / "build" / "proofs"


def proved(name: str, stage: Stage) -> bool:
    """Run a proof, and say what it saw; whether it did not fail."""
    began = time.monotonic()
    try:
        for sentence in PROOFS[name](stage):
            print(f"{name}: {sentence}", flush=True)
    except SkippedError as error:
        print(f"{name}: skipped, {error}", flush=True)
    except NotProvedError as error:
        print(f"{name}: NOT PROVED after {time.monotonic() - began:.0f} s: {error}", flush=True)
        return False
    return True


def main() -> int:
    """Run the proofs that are asked for; 1 where one failed."""
    given = _arguments()
    if given.install is not None:
        for name in given.install or TOOLS:
            print(f"Installing {name} into {folder() / name}", flush=True)
            TOOLS[name].install()
        return 0
    given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nps-proofs-") as scratch:
        publisher = Publisher(given.home or Path(scratch) / "workspace")
        try:
            publisher.make()
        except NotProvedError as error:
            print(error, file=sys.stderr)
            return 1
        stage = Stage(publisher, Path(scratch), given.pictures)
        failed = [name for name in given.proofs or PROOFS if not proved(name, stage)]
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proofs", nargs="*", help=f"those to run; all if not given: {', '.join(PROOFS)}")
    parser.add_argument("--install", nargs="*", metavar="TOOL", help=f"install tools instead: {', '.join(TOOLS)}")
    parser.add_argument("--home", type=Path, help="a workspace of the demo to work on; a temporary one if not given")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="where pictures are kept")
    given = parser.parse_args()
    unknown = sorted({*given.proofs} - {*PROOFS}) + sorted({*(given.install or ())} - {*TOOLS})
    if unknown:
        parser.error(f"nothing is called {', '.join(unknown)}: --help names the proofs and the tools")
    return given


if __name__ == "__main__":
    sys.exit(main())
