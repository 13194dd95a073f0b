"""What is odd in the figures of the published file.

Here: which looks are taken. Not here: what each looks for (`spellings`, `leaps`, `low_parts` and the like), what is odd
about what was matched (`matches`).
"""

from __future__ import annotations

from pipelines.config.models import Config
from pipelines.report.notes.aims import aim_notes
from pipelines.report.notes.leaps import leaps
from pipelines.report.notes.low_parts import low_parts
from pipelines.report.notes.spellings import spelling_notes
from pipelines.report.notes.twins import twins
from pipelines.report.notes.unlisted import successor_notes
from pipelines.report.notes.waves import counted_twice
from warehouse.published.query import Ask


def odd_figures(config: Config, ask: Ask) -> list[str]:
    """A sentence about each thing."""
    of_answers = [*spelling_notes(ask), *leaps(ask), *low_parts(ask), *twins(ask)]
    of_lists = [*aim_notes(config, ask), *(successor_notes(ask) if config.dimensions.branches else [])]
    return [*of_answers, *counted_twice(ask), *of_lists]
