"""All that is odd in what was published, as a night says that published it, and `nps status` afterwards.

Here: which looks are taken by what nps.yaml says. Not here: what each looks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.config.models import Config
from pipelines.report.notes.matches import activity_notes, match_notes, outcome_notes, ticket_notes
from pipelines.report.notes.odd_figures import odd_figures
from pipelines.report.notes.tariffs import tariff_notes
from warehouse.published.query import QueryError


def odd_in_published(config: Config, database: Path) -> list[str]:
    """A sentence about each thing.

    Nothing is said of what was matched where it was not when the file was published: nps.yaml says so since then.
    """
    return [*odd_figures(config, database), *_matched(config, database), *tariff_notes(config, database)]


def _matched(config: Config, database: Path) -> list[str]:
    if not database.is_file():
        return []
    try:
        return list(_of_matches(config, database))
    except QueryError:
        return []


def _of_matches(config: Config, database: Path) -> Iterator[str]:
    if any(source.asked.answered_in for source in config.sources.values()):
        yield from match_notes(database)
    if config.cases:
        yield from ticket_notes(database)
    if config.activity:
        yield from outcome_notes(database)
        yield from activity_notes(database)
