"""All that is odd in what was published, as a night says that published it, and `nps status` afterwards.

Here: which looks are taken by what nps.yaml says, and opening the file once for all of them; a look for what an earlier
version did not publish sees nothing, and hides no other. Not here: what each looks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pipelines.config.models import Config
from pipelines.report.notes.aims import aim_notes
from pipelines.report.notes.matches import activity_notes, match_notes, outcome_notes, ticket_notes
from pipelines.report.notes.odd_figures import (
    leaping_scores,
    low_parts,
    missing_years,
    new_names,
    renamed_branches,
    twins,
)
from pipelines.report.notes.spellings import spelling_notes
from pipelines.report.notes.tariffs import price_notes, tariff_notes
from pipelines.report.notes.unlisted import successor_notes
from pipelines.report.notes.waves import counted_twice
from warehouse.published.query import Ask, QueryError, asking

Look: TypeAlias = Callable[[Ask], Iterable[str]]
"""Gives sentences about what a published file says. Raises `QueryError` where it was published without that."""


def odd_in_published(config: Config, database: Path) -> list[str]:
    """A sentence about each thing.

    Nothing is said of what was matched where it was not when the file was published: nps.yaml says so since then.
    """
    return [*seen(database, *_looks(config)), *tariff_notes(config)]


def seen(database: Path, *looks: Look) -> list[str]:
    """What looks at a published file find; nothing where it cannot be opened."""
    if not database.is_file():
        return []
    try:
        with asking(database) as ask:
            return [sentence for look in looks for sentence in _found(look, ask)]
    except QueryError:
        return []


def _found(look: Look, ask: Ask) -> list[str]:
    try:
        return [*look(ask)]
    except QueryError:
        return []


def _looks(config: Config) -> Iterator[Look]:
    yield from (spelling_notes, leaping_scores, new_names, renamed_branches, missing_years, low_parts, twins)
    yield counted_twice
    yield partial(aim_notes, config)
    if config.dimensions.branches:
        yield successor_notes
    if any(source.asked.answered_in for source in config.sources.values()):
        yield match_notes
    if config.cases:
        yield ticket_notes
    if config.activity:
        yield outcome_notes
        yield activity_notes
    if any(source.tariff for source in config.sources.values()):
        yield price_notes
