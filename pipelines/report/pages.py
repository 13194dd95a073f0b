"""Which reports of nps.yaml lie in published/reports, of which publication they are, and since when they say what they say.

Here: what the head of a page tells programs. Not here: writing them (`pipelines.pages.standing`), mailing them
(`pipelines.notices`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pipelines.config.reports import Report
from pipelines.config.workspace import Workspace
from pipelines.recipes.digests import code_version
from warehouse.lake.ledgers import digest
from warehouse.published.query import ask

#: So much of a page holds its head.
_HEAD: Final = 2_000
_TOLD: Final = re.compile(r'<meta name="nps-report" content="(\w+) (\w+) (\w+)">')


@dataclass(frozen=True)
class Stamp:
    """What a page says of itself."""

    of: str
    """Digest of the publication and of the settings that it was made from."""
    figures: str
    """Digest of all that it shows, but when that was published."""
    since: str
    """Digest of the publication by which it came to show this."""

    def __str__(self) -> str:
        """As it stands in the page's head."""
        return f"{self.of} {self.figures} {self.since}"


def folder(workspace: Workspace) -> Path:
    """Where reports lie."""
    return workspace.published / "reports"


def publication(workspace: Workspace) -> tuple[datetime, str]:
    """When the published file was made, and a name for it. Raises `QueryError` where there is none."""
    published_at, inputs = ask(workspace.database, "select published_at, inputs from meta.publish").row(0)
    return published_at, digest(str(published_at), inputs)


def made_from(workspace: Workspace, report: Report, published: str) -> str:
    """`Stamp.of` of a page that is up to date."""
    settings = report.model_dump_json(exclude={"mail_to"})
    return digest(published, settings, workspace.config.timezone, code_version())


def stamp(path: Path) -> Stamp | None:
    """What a page says of itself; None where there is none, or it is another file."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = _TOLD.search(file.read(_HEAD))
    except FileNotFoundError:
        return None
    return Stamp(*found.groups()) if found else None


def behind(workspace: Workspace) -> list[str]:
    """The files of reports that are not of what is published now."""
    _, published = publication(workspace)
    found = []
    for report in workspace.config.reports:
        now = made_from(workspace, report, published)
        for name in report.files:
            there = stamp(folder(workspace) / name)
            if there is None or there.of != now:
                found.append(name)
    return found
