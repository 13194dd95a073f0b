"""Pictures of pages, taken by Chromium and made small.

Not here: what is on the pages.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from proofs.told import NotProvedError, SkippedError
from proofs.tools import BROWSER

_PROGRAM: Final = Path(__file__).with_name("clients") / "photograph.py"
_COLOURS: Final = 128


@dataclass(frozen=True)
class Page:
    """A page, and how it is looked at."""

    address: str
    picture: str
    width: int = 1400
    height: int = 900
    seconds: float = 3
    wait_for: str | None = None


def photographed(pages: list[Page], folder: Path, login: tuple[str, dict[str, str]] | None = None) -> list[str]:
    """Take a picture of each page into the folder; gives the text that each page showed.

    Raises `SkippedError` where there is no browser, and `NotProvedError` where a page has an error.
    """
    python = BROWSER.there()
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        raise SkippedError("Chromium is not installed")
    plan = {
        "login": login and {"address": login[0], "form": login[1]},
        "pages": [{**asdict(page), "picture": str(folder / page.picture)} for page in pages],
    }
    file = folder / ".plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    try:
        said = subprocess.run([str(python), str(_PROGRAM), str(file)], capture_output=True, text=True, check=False)
    finally:
        file.unlink()
    lines = said.stdout.splitlines()
    if said.returncode or any(line.startswith("error: ") for line in lines):
        raise NotProvedError(f"the browser says: {said.stdout[-2000:]}{said.stderr[-2000:]}")
    for page in pages:
        shrink(folder / page.picture)
    return [json.loads(line.removeprefix("text: ")) for line in lines if line.startswith("text: ")]


def shrink(picture: Path) -> None:
    """Make a picture small, for the docs."""
    with Image.open(picture) as image:
        image.convert("RGB").quantize(_COLOURS).save(picture, optimize=True)
