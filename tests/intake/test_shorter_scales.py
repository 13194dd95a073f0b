"""Files whose best answer is no better than that of a shorter scale: told, from so many answers on as make it unlikely."""

from __future__ import annotations

import pytest

from pipelines.config.sources import Source
from pipelines.intake.doubts import doubts
from transforms.scores import SCALES
from warehouse.tally import Tally

SETTINGS = {
    "kind": "csv", "metric": "nps", "files": "landing/x/*", "delivery": "incremental",
    "columns": {"score": "score", "responded_at": "date"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "best", "scale"),
    [(14, 5, None), (15, 5, "1-5"), (15, 4, "1-5"), (15, 6, None), (39, 7, None), (40, 7, "1-7"), (40, 8, None)],
)
def test_no_answer_above_the_end_of_a_shorter_scale_is_told(answers: int, best: int, scale: str | None) -> None:
    tally = Tally(
        rows_read=answers, accepted=answers, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        best_score=best, zeros=1,
    )  # fmt: skip
    said = [each for each in doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally) if "is above" in each]
    assert [f"say scale: {scale}." in each for each in said] == ([True] if scale else [])


@pytest.mark.parametrize(
    ("answers", "best", "is_told"), [(50, 9, True), (50, 8, True), (49, 9, False), (50, 10, False), (50, 7, False)]
)
def test_no_ten_among_many_answers_is_told(answers: int, best: int, is_told: bool) -> None:
    tally = Tally(
        rows_read=answers, accepted=answers, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        best_score=best, zeros=1,
    )  # fmt: skip
    said = [each for each in doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally) if "answers is 10" in each]
    assert len(said) == is_told
