"""`python -m examples.site --home WORKSPACE --to FOLDER`: the published figures as a folder of pages for a web server.

Not here: what is on the pages (`examples.site.pages`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.site.pages import write_site
from pipelines.cli.main import told
from pipelines.cli.opened import opened, published
from pipelines.pages.report import LANGUAGES


def main() -> None:
    """Write the site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="the workspace")
    parser.add_argument("--to", type=Path, default=Path("site"), help="the folder to write into")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of words, numbers and dates")
    given = parser.parse_args()
    with told(), opened(given.home) as workspace, published(workspace) as ask:
        count = write_site(ask, given.to, given.language, workspace.config.timezone)
        print(f"{count} pages in {given.to}: open {given.to / 'index.html'}")  # noqa: T201 - to whoever typed it


if __name__ == "__main__":
    main()
