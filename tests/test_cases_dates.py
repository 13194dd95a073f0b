"""Files whose dates were misread, or taken for those of something else: each ends in the right months, or in a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import settle, shared

TRUE_MONTHS = {"2024-01": (15, -40.0), "2024-02": (15, -33.3), "2024-03": (15, 0.0), "2024-04": (15, 20.0)}
SWAPPED = "a spreadsheet of another locale"


def test_half_swapped_dates_are_asked_about_and_turned_back_where_a_person_says_so(tmp_path: Path) -> None:
    found = settle(tmp_path / "home", shared("half_swapped_dates.csv"), answers={SWAPPED: "true"})
    assert len(found.asked) == 1
    assert found.by("month") == TRUE_MONTHS


def test_half_swapped_dates_are_held_where_nobody_said_anything(tmp_path: Path) -> None:
    found = settle(tmp_path / "home", shared("half_swapped_dates.csv"), answers={SWAPPED: None})
    assert found.ran is not None
    assert "Export the file again" in found.said
    assert found.figure == (0, None)


def test_the_date_of_the_answer_is_chosen_from_that_and_the_one_of_the_reply(tmp_path: Path) -> None:
    found = settle(
        tmp_path / "home", shared("reply_date_long.csv"), answers={"'rated_at'', ''responded_at'": "rated_at"}
    )
    assert found.by("month")["2024-01"] == (60, -18.3)


@pytest.mark.parametrize(
    ("name", "figure"),
    [("german_long_dates.csv", (40, 5.0)), ("weekday_dates.csv", (39, None)), ("postgres_copy.tsv", (54, -13.0))],
)
def test_dates_with_names_and_offsets_are_read(name: str, figure: tuple[int, float | None], tmp_path: Path) -> None:
    answers = {
        "0-10 or 1-10": "0-10", "on which scale": "0-10", "is one of these the score: ''nps''": "nps",
        "whose id is": None,
    }  # fmt: skip
    found = settle(tmp_path / "home", shared(name), answers=answers)
    assert found.unanswered == []
    assert found.figure[0] == figure[0]
    assert figure[1] in (None, found.figure[1])
