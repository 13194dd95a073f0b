"""What columns beside the score tell of a file that is odd: each look at each of them.

Sniff asks about most of this where it sees a source for the first time; of later files only these notes tell.
Here: all looks together. Not here: each of them, columns whose texts mark rows (`marked`).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.adapters.table import TextTable
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.beside import columns_beside
from pipelines.intake.notes.columns.groups_said import said_otherwise, said_without
from pipelines.intake.notes.columns.legs import told_by_legs
from pipelines.intake.notes.columns.one_source import from_one_place, of_one_mind, of_staff
from pipelines.intake.notes.columns.testers import by_testers
from transforms.scores.scales import Scale

_LOOKS = (said_without, said_otherwise, told_by_legs, by_testers, from_one_place, of_one_mind, of_staff)


def notes_of_looks(table: TextTable, source: Source, scale: Scale) -> Mapping[int, list[str]]:
    """The notes by the `file_no` of rows; all are of 0 where the rows have none."""
    found: dict[int, list[str]] = {}
    for each in columns_beside(table, source, scale):
        for look in _LOOKS:
            for number, note in look(each, source):
                found.setdefault(number, []).append(note)
    return found
