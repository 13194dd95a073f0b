"""What somebody should be told of: found in the state of the warehouse, so that no kill can lose it.

Here: which events there are, each with a key that stays the same as long as it is the same event.
Not here: whom they were told to (`outbox`), how (`sending`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import polars as pl

from pipelines.config.notify import Kind
from pipelines.context import Context
from pipelines.recipes.figures import plan_now
from pipelines.report import pages
from pipelines.report.notes.silence import silent_sources
from pipelines.report.status import files_not_in
from pipelines.stages.publish import is_published
from warehouse.lake.ledgers import digest
from warehouse.published.query import QueryError, ask

#: What is not published for so long is told of.
OLD: Final = timedelta(days=1)
#: Reports follow what they are of within this.
WRITTEN_WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Event:
    """Something that needs a person."""

    kind: Kind | Literal["report"]
    key: str
    says: str
    to: tuple[str, ...] = ()
    """Of a report: who gets it, whatever else they are told of."""
    file: str = ""
    """Of a report: what it is called in published/reports."""

    @property
    def id(self) -> str:
        """The same for the same event."""
        return digest(self.kind, self.key)


def events(context: Context) -> list[Event]:
    """What the state of the warehouse has to tell now."""
    plan = plan_now(context)
    silent = [Event("source_silent", says, says) for says in silent_sources(context, plan)]
    current = is_published(context, plan)
    found = [*_not_in(context), *_failed_gates(context), *silent, *([] if current else _old(context))]
    return [*found, *_reports(context)] if context.workspace.config.reports else found


def old_publication(context: Context) -> str | None:
    """The sentence about a publication that is older than a day while something newer waits."""
    plan = plan_now(context)
    return None if is_published(context, plan) else next((event.says for event in _old(context)), None)


def failures(errors: Iterable[str], when: str) -> list[Event]:
    """Runs that failed; the same error at another time, `when`, is another event."""
    return [Event("run_failed", f"{when} {error}", error) for error in errors]


def _not_in(context: Context) -> Iterator[Event]:
    for file in files_not_in(context).iter_rows(named=True):
        says = f"{file['path']} ({file['source']}) is {file['status']}, {file['reason']}: {file['detail']}"
        yield Event("file_not_in", says, says)


def _failed_gates(context: Context) -> Iterator[Event]:
    """Rules that fail now. One that goes on failing is one event, until it has held again.

    Those of files are left to `_not_in`.
    """
    checks = context.lake.ledger("checks").filter(pl.col("stage") != "sources").sort("sequence", "checked_at")
    for (stage, subject, rule), rows in checks.group_by("stage", "subject", "rule", maintain_order=True):
        held = rows.with_row_index().filter("passed").get_column("index").max()
        failing = rows.slice(0 if held is None else int(str(held)) + 1)
        if failing.height:
            last = failing.row(-1, named=True)
            says = f"The gate of {stage} ({subject}) does not hold: {rule}, {last['failing_rows']:,}. {last['says']}"
            yield Event("gate_failed", f"{stage} {subject} {rule} {failing.item(0, 'checked_at')}", says)


def _reports(context: Context) -> Iterator[Event]:
    """Reports that a publication has changed, for whom nps.yaml mails them to; and those that are long not up to date."""
    workspace = context.workspace
    if not workspace.database.is_file():
        return
    for report in workspace.config.reports:
        for name, language in report.files.items() if report.mail_to else ():
            there = pages.stamp(pages.folder(workspace) / name)
            if there is not None:
                says = f"The report {report.name} ({language}) has changed. It lies in published/reports/{name}."
                yield Event("report", f"{name} {there.since}", says, tuple(report.mail_to), name)
    with suppress(QueryError):
        published_at, published = pages.publication(workspace)
        if context.clock() - published_at > WRITTEN_WITHIN:
            for name in pages.behind(workspace):
                says = f"The report {name} is not of what is published: nps run tries it again and says what keeps it."
                yield Event("run_failed", f"{name} {published}", says)


def _old(context: Context) -> Iterator[Event]:
    if not context.workspace.database.is_file():
        return
    try:
        published_at: datetime = ask(context.workspace.database, "select published_at from meta.publish").item()
    except QueryError as error:
        yield Event("publication_old", str(error), str(error))
        return
    if context.clock() - published_at > OLD:
        at = f"{published_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        yield Event("publication_old", at, f"What is published is of {at}, and something newer waits: see nps status.")
