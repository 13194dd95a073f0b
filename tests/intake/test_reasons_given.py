"""Reasons beside good scores: told where only unhappy clients seem to be asked, whatever kind of file says so."""

from __future__ import annotations

import pytest

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.doubts import doubts
from transforms.scores.scales import SCALES
from warehouse.intake.tally import Tally

COLUMNS = {"score": "score", "responded_at": "date", "reason": "why"}


def told(kind: str, unhappy: int, content: int) -> list[str]:
    settings = {"kind": kind, "metric": "nps", "files": "landing/x/*", "delivery": "incremental", "columns": COLUMNS}
    tally = Tally(
        rows_read=100, accepted=100, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        by_score=((0, 5), (10, 95)), content_with_reason=content, unhappy_with_reason=unhappy,
    )  # fmt: skip
    said = doubts(Source.model_validate(settings), SCALES["0-10"], tally)
    return [each for each in said if each.startswith("A reason stands beside")]


@pytest.mark.parametrize(
    ("kind", "unhappy", "content", "notes"),
    [
        ("operator", 10, 1, 1),
        ("operator", 10, 0, 0),
        ("csv", 40, 2, 1),
        ("csv", 30, 2, 0),
        ("csv", 30, 0, 0),
        ("csv", 0, 0, 0),
    ],
)
def test_a_few_reasons_beside_good_scores_are_told(kind: str, unhappy: int, content: int, notes: int) -> None:
    assert len(told(kind, unhappy, content)) == notes
