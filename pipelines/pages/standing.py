"""The reports that nps.yaml declares, written after a publication: each file at once, and none where nothing has changed.

Here: which are to be written, and what keeps one from it. Not here: what stands in them (`figures`, `report`), who gets them
(`pipelines.notices`). Publishing waits for none of it and fails by none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from pipelines.config.reports import Report
from pipelines.config.workspace import Workspace
from pipelines.errors import UserError
from pipelines.pages.figures import Figures, Subject, figures
from pipelines.pages.report import page
from pipelines.pages.written import written
from pipelines.report.cells import Period, period_of
from pipelines.report.pages import Stamp, folder, made_from, publication, stamp
from warehouse.lake.ledgers import digest
from warehouse.published.query import Ask, QueryError, asking

_FOOTER: Final = re.compile(r"<footer>.*</footer>", re.DOTALL)
#: Where the stamp is put once it is known what the page shows.
_PLACE: Final = "-"


def write_reports(workspace: Workspace) -> list[str]:
    """Write the reports that are not of what is published now; gives a sentence about each that could not be written."""
    if not workspace.config.reports or not workspace.database.is_file():
        return []
    try:
        _, published = publication(workspace)
        with asking(workspace.database) as ask:
            return [said for report in workspace.config.reports for said in _write(workspace, report, ask, published)]
    except QueryError as error:
        return [f"No report could be written: {error}"]


def _write(workspace: Workspace, report: Report, ask: Ask, published: str) -> Iterator[str]:
    now = made_from(workspace, report, published)
    missing = {}
    for name, language in report.files.items():
        there = stamp(folder(workspace) / name)
        if there is None or there.of != now:
            missing[name] = language
    if not missing:
        return
    try:
        found = _figures(report, ask)
        for name, language in missing.items():
            path, html = folder(workspace) / name, page(found, language, workspace.config.timezone, _PLACE)
            told = _stamped(html, now, published, stamp(path))
            written(path, partial(_written, told))
    except Exception as error:  # noqa: BLE001 - whatever a report breaks by, what is published stands, and it is told
        why = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        yield f"The report {report.name} could not be written: {why} What was written of it before stands."


def _figures(report: Report, ask: Ask) -> Figures:
    dimension, member = ("branch", report.branch) if report.branch else ("region", report.region)
    subject = Subject(dimension, member) if member else Subject()
    return figures(ask, subject, _period(report))


def _period(report: Report) -> Period | str:
    if report.period in ("month", "quarter", "year"):
        return report.period
    return period_of(
        report.period if re.fullmatch(r"\d{4}-\d\d", report.period) else None,
        report.period if "Q" in report.period else None,
        report.period if report.period.isdigit() else None,
    )


def _written(told: str, path: Path) -> None:
    path.write_text(told, "utf-8")


def _stamped(html: str, now: str, published: str, before: Stamp | None) -> str:
    """The page with what it says of itself: since when it shows this, the one before it says if it showed the same."""
    shown = digest(_FOOTER.sub("", html))
    since = before.since if before is not None and before.figures == shown else published
    return html.replace(f'content="{_PLACE}"', f'content="{Stamp(now, shown, since)}"', 1)
