"""The static site, made while publications take the place of one another, served by a plain web server and looked at.

Not here: its pages (`examples/site`).
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from proofs.pictures import Page, photographed
from proofs.stage import Stage
from proofs.told import SkippedError, demand

_PUBLISHED: Final = re.compile(r"Published[^0-9A-Z]*([^<·]+)")


def prove(stage: Stage) -> Iterator[str]:
    """Make it twice during publications; all its pages are of one of them, and its links lead to pages."""
    folder = stage.scratch / "site"
    command = [sys.executable, "-m", "examples.site", "--home", str(stage.publisher.home), "--to", str(folder)]
    with stage.publisher.going_on():
        for _ in range(2):
            stage.publisher.wait_for(1)
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            demand(said.returncode == 0, f"the site was not made:\n{said.stdout}{said.stderr}")
            count = _looked_through(folder)
            yield f"{count} pages, all of one publication; every link leads to one, nothing is fetched from elsewhere"
    yield _pictures(folder, stage)


def _looked_through(folder: Path) -> int:
    pages = {file.name: file.read_text("utf-8") for file in folder.glob("*.html")}
    led_to = {name for text in pages.values() for name in re.findall(r'href="([^"#]+)"', text)}
    demand(led_to == pages.keys() - {"index.html"}, f"links and pages differ: {led_to ^ pages.keys()}")
    fetched = [name for name, text in pages.items() if re.search(r"<script|<link|\bsrc=|url\((?!#)", text)]
    demand(not fetched, f"{fetched} fetch something")
    told = {name: _PUBLISHED.search(text) for name, text in pages.items()}
    of = {found.group(1).strip() for found in told.values() if found}
    demand(all(told.values()) and len(of) == 1, f"pages are of {of}, or do not say of what")
    return len(pages)


def _pictures(folder: Path, stage: Stage) -> str:
    with _served(folder) as address:
        pages = [
            Page(f"{address}/index.html", "site.png", 900, 1150, 1),
            Page(f"{address}/branch-zg.html", "site-branch.png", 900, 1150, 1),
        ]
        try:
            texts = photographed(pages, stage.pictures)
        except SkippedError as error:
            return f"no picture, {error}"
    demand("Ljubljana" in texts[0] and "Zagreb" in texts[1], f"the pages show: {texts}")
    return f"pictures are {', '.join(str(stage.pictures / page.picture) for page in pages)}"


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
