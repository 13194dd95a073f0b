"""What a look at a file found.

Here: the finding, as people and programs are told it. Not here: how anything is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.questions import Kinds, kinds_of
from pipelines.sniff.columns.roles import Candidates
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block
from pipelines.sniff.opening.reading import Opened
from pipelines.sniff.opening.sheets import OtherSheets
from pipelines.sniff.opening.signatures import Signature
from pipelines.sniff.people.personal import PersonalData
from pipelines.sniff.scores.scores import ScoreColumn

#: Canonical names by what `--json` calls their candidates.
ROLES = ("branch", "respondent", "account", "response_id", "comment", "industry", "region", "department", "manager",
         "agent", "product", "channel", "language")  # fmt: skip


@dataclass(frozen=True)
class Findings:
    """Everything that was found in one file."""

    opened: Opened
    columns: list[Seen]
    scores: list[ScoreColumn]
    dates: list[DateColumn]
    candidates: Candidates
    personal: list[PersonalData]
    notes: list[str]
    """Sentences about the file."""
    beside: tuple[Findings, ...] = ()
    """Those of the other files of its source."""
    is_snapshot: bool | None = None
    """Whether each file of its source is the whole survey; None where that is as such exports usually are."""
    unread_dates: Sequence[tuple[Seen, str]] = ()
    """Columns that seem to hold dates in a shape that is not understood, and that shape."""
    every_row: Sequence[Seen] = ()
    """All columns as they stand in every row, also in those of other questions."""
    sheets: OtherSheets | None = None
    """Other sheets of a workbook that may be meant."""

    @property
    def names(self) -> list[str]:
        """What the columns in which something stands are called."""
        return [str(column.name) for column in self.columns if column.filled]

    @property
    def stem(self) -> str:
        """What the file is called, without its ending."""
        return PurePosixPath(self.opened.file.name).stem

    def known(self, name: str) -> str | None:
        """The heading under which such exports hold a canonical column of answers."""
        return self.signature.as_source().column(name, self.names) if self.signature else None

    @cached_property
    def kinds(self) -> Kinds | None:
        """The column that says which question a row answers, where no preset settles it."""
        return kinds_of([self.every_row, *(each.every_row for each in self.beside)], self.signature)

    @property
    def signature(self) -> Signature | None:
        """What it was recognised by."""
        return self.opened.signature


@dataclass(frozen=True)
class Sniffed:
    """What was found, and what nps.yaml would have to say of it."""

    found: Findings
    name: str
    """What its source is called."""
    blocks: list[Block]
    entry: str
    """YAML for nps.yaml."""
    questions: list[str]
    """What the entry asks, each with where it stands."""

    def as_dict(self) -> dict[str, Any]:
        """For programs, and for ever: keys are added, never renamed."""
        found, opened = self.found, self.found.opened
        return {
            "kind": opened.kind,
            "preset": opened.signature.preset if opened.signature else None,
            "encoding": opened.encoding,
            "encoding_confidence": opened.confidence,
            "delimiter": opened.delimiter,
            "header_rows": opened.header_rows,
            "sheet": opened.sheet,
            "sheets": opened.sheets,
            "rows_seen": opened.rows.height + opened.broken,
            "rows_broken": opened.broken,
            "whole_file_seen": opened.is_whole,
            "columns_seen": opened.table.width,
            "score_columns": [_score(each) for each in found.scores],
            "date_columns": [_date(each) for each in found.dates],
            "unread_date_columns": [{"name": column.name, "shape": shape} for column, shape in found.unread_dates],
            **{f"{role}_columns": _candidates(found.candidates, role) for role in ROLES},
            "personal_data": [
                {"name": each.column.name, "what": each.what, "count": each.count} for each in found.personal
            ],
            "notes": found.notes,
            "questions": self.questions,
            "source": self.name,
            "entry": self.entry,
        }


def _score(each: ScoreColumn) -> dict[str, Any]:
    return {
        "name": each.column.name,
        "scale": each.scale,
        "evidence": each.evidence,
        "certain": each.certain,
        "metric": each.metric,
        "answers": each.column.filled,
        "blank": each.column.blank,
        "question": each.question,
    }


def _date(each: DateColumn) -> dict[str, Any]:
    return {
        "name": each.column.name,
        "formats": each.formats,
        "ambiguous": each.ambiguous,
        "day_first": each.day_first,
        "month_first": each.month_first,
        "shapes": each.shapes,
        "zoned": each.zoned,
        "unread": each.unread,
        "languages": list(each.languages),
        "half_swapped": each.half_swapped,
        "blank": each.column.blank,
    }


def _candidates(found: Candidates, role: str) -> list[dict[str, Any]]:
    return [
        {"name": each.column.name, "evidence": each.evidence, "certain": each.certain} for each in found.get(role, [])
    ]
