"""Files whose best answer is no better than that of a shorter scale, or that end at a limit: told where that is unlikely."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.doubts import doubts
from tests.support.scenario import land, noted, source, workspace
from transforms.scores.scales import SCALES
from warehouse.intake.tally import Tally

GATES = {"max_reject_share": 1}
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
        by_score=((0, 1), (best, answers - 1)),
    )  # fmt: skip
    said = [each for each in doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally) if "is above" in each]
    assert [f"say scale: {scale}." in each for each in said] == ([True] if scale else [])


@pytest.mark.parametrize(
    ("declared", "given", "told"),
    [
        ("1-10", [1, 3, 5], "is above 5, though nps.yaml says scale: 1-10. If the question was asked on 1-5"),
        ("1-10", [1, 3, 7], "is above 7, though nps.yaml says scale: 1-10. If the question was asked on 1-7"),
        ("1-7", [2, 4, 5], "is above 5, though nps.yaml says scale: 1-7. If the question was asked on 1-5"),
        ("1-10", [1, 8, 9], "is 10, though nps.yaml says scale: 1-10. If the question was asked on another scale"),
        ("1-5", [1, 3, 4], "is 5, though nps.yaml says scale: 1-5. If the question was asked on another scale"),
        ("1-10", [1, 9, 10], None),
        ("1-7", [1, 3, 7], None),
        ("1-5", [1, 2, 5], None),
        ("0-100", [10, 50, 80], None),
    ],
)
def test_a_scale_that_goes_further_than_all_answers_is_told_whichever_it_is(
    declared: str, given: list[int], told: str | None
) -> None:
    scale = SCALES[declared]
    tally = Tally(
        rows_read=60, accepted=60, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        by_score=tuple((scale.answers[answer], 20) for answer in given),
    )  # fmt: skip
    notes = [
        note for note in doubts(Source.model_validate(SETTINGS), scale, tally) if note.startswith("None of its 60")
    ]
    assert [told is not None and told in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(
    ("given", "group"),
    [
        (((0, 10), (3, 12), (6, 8)), "detractors"),
        (((9, 10), (10, 20)), "promoters"),
        (((9, 9), (10, 20)), None),
        (((8, 1), (9, 10), (10, 20)), None),
        (((0, 10), (3, 12), (5, 8)), None),
        (((10, 50),), None),
    ],
)
def test_answers_of_one_group_alone_are_told(given: tuple[tuple[int, int], ...], group: str | None) -> None:
    answers = sum(many for _, many in given)
    tally = Tally(
        rows_read=answers, accepted=answers, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        by_score=given,
    )  # fmt: skip
    said = [each for each in doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally) if "as of a" in each]
    assert [f"answers are {group}'" in each for each in said] == ([True] if group else [])


@pytest.mark.parametrize(
    ("answers", "best", "is_told"), [(50, 9, True), (50, 8, True), (49, 9, False), (50, 10, False), (50, 7, False)]
)
def test_no_ten_among_many_answers_is_told(answers: int, best: int, is_told: bool) -> None:
    tally = Tally(
        rows_read=answers, accepted=answers, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        by_score=((0, 1), (best, answers - 1)),
    )  # fmt: skip
    said = [each for each in doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally) if "answers is 10" in each]
    assert len(said) == is_told


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        (10_000, True),
        (65_535, True),
        (1_048_576, True),
        (9_999, False),
        (1_000, False),
        (30_000, False),
        (65_537, False),
    ],
)
def test_as_many_rows_as_programmes_write_at_most_are_told(rows: int, is_told: bool) -> None:
    tally = Tally(
        rows_read=rows, accepted=rows, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={}
    )
    said = [*doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally)]
    assert [f"It has {rows:,} rows, which is as many as some programmes" in each for each in said] == [True] * is_told


@pytest.mark.parametrize(
    ("scale", "given", "is_told"),
    [
        ("0-10", (0, 3, 5, 8, 10), "is 1, 2, 4, 6, 7 or 9,"),
        ("0-10", (0, 2, 3, 5, 7, 8, 10), "is 1, 4, 6 or 9,"),
        ("1-10", (2, 4, 6, 8, 10), "is 3, 5, 7 or 9,"),
        ("0-10", (0, 1, 2, 3, 5, 6, 8, 9, 10), ""),
        ("0-10", (0, 5, 8), ""),
        ("0-10", (7, 8, 9, 10), ""),
        ("1-10", (1, 2, 3, 4, 5, 6, 7, 8, 9, 10), ""),
    ],
)
def test_answers_in_between_that_nobody_gave_are_told(scale: str, given: tuple[int, ...], is_told: str) -> None:
    by_score = tuple((SCALES[scale].answers[answer], 20) for answer in given)
    tally = Tally(
        rows_read=20 * len(given), accepted=20 * len(given), unanswered=0, excluded=0, rejected=0, surveys=[], months=[],
        reasons={}, by_score=by_score,
    )  # fmt: skip
    said = [each for each in doubts(Source.model_validate(SETTINGS), SCALES[scale], tally) if "multiplied" in each]
    assert is_told in "".join(said)
    assert bool(said) == bool(is_told)


def test_answers_that_are_rare_may_be_missing() -> None:
    """Few are unhappy, and these say 0 or 5."""
    by_score = ((0, 5), (5, 12), (7, 60), (8, 150), (9, 180), (10, 300))
    tally = Tally(
        rows_read=707, accepted=707, unanswered=0, excluded=0, rejected=0, surveys=[], months=[], reasons={},
        by_score=by_score,
    )  # fmt: skip
    said = doubts(Source.model_validate(SETTINGS), SCALES["0-10"], tally)
    assert not any("multiplied" in each for each in said)


def at(answer: int, rows: int) -> str:
    """So many rows of an answer."""
    return f"2024-01-05,{answer}\n" * rows


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            at(5, 20) + at(9, 20) + at(4, 2) + at(6, 3),
            "20 of its 45 answers are 5, and no more than 3 are of 4 or of 6",
        ),
        (at(0, 20) + at(9, 20) + at(1, 2), "20 of its 42 answers are 0, and no more than 2 are of 1"),
        (at(5, 20) + at(9, 20) + at(6, 4), ""),
        (at(5, 10) + at(9, 19), ""),
        (at(5, 12) + at(9, 36), ""),
        (at(0, 19) + at(9, 30) + at(1, 1), ""),
        (at(10, 40) + at(0, 10), ""),
    ],
)
def test_answers_at_which_a_slider_may_stand_are_told_once(tmp_path: Path, rows: str, told: str) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    for month in (1, 2):
        land(home, f"a/{month}.csv", f"date,score\n{rows}".replace("-01-", f"-0{month}-"), day=month)
        notes = [note for note in noted(home).values() if "stands there" in note]
    assert [told in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(
    ("given", "is_told"),
    [(range(1, 12), True), (range(12), False), ([*range(1, 11)] * 4 + [11], False), ([*range(1, 11), 99], False)],
)
def test_numbers_of_options_from_1_are_told(tmp_path: Path, given: list[int], is_told: bool) -> None:
    home = workspace(tmp_path / "home", {"sources": {"x": source("x", columns=SETTINGS["columns"])}, "gates": GATES})
    land(
        home, "x/1.csv", "date,score\n" + "".join(f"2024-01-{day:02},{each}\n" for day in range(1, 9) for each in given)
    )
    assert ("8 of its rows hold an 11" in noted(home)["landing/x/1.csv"]) == is_told
