"""What is odd about the answers of one file, beside what its other tests hold: a survey of its own in each answer."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, land, source, taken_in, workspace


@pytest.mark.parametrize(("different", "told"), [(40, True), (20, True), (12, False), (1, False)])
def test_a_survey_of_its_own_in_nearly_each_answer_is_told(tmp_path: Path, different: int, told: object) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns={**ANSWERS, "survey": "form"})}})
    rows = [f"2025-01-{1 + at % 28:02},{at % 11},F{at % different}" for at in range(40)]
    land(home, "a/1.csv", "\n".join(["date,score,form", *rows, ""]))
    [file] = taken_in(home).values()
    assert (f"It names {different} surveys in 40 answers: each is one of its own" in " ".join(file["notes"])) is told


@pytest.mark.parametrize(("ahead", "told"), [(40, True), (3, True), (1, False), (-40, False)])
def test_answers_that_were_changed_before_they_were_given_are_told(tmp_path: Path, ahead: int, told: object) -> None:
    columns = {"score": "score", "responded_at": "answered", "updated_at": "changed"}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=columns)}})
    changed = [date(2025, 3, 1) + timedelta(days=at % 20) for at in range(40)]
    rows = [f"{day + timedelta(days=ahead)},{day} 10:00,{at % 11}" for at, day in enumerate(changed)]
    land(home, "a/1.csv", "\n".join(["answered,changed,score", *rows, ""]))
    [file] = taken_in(home).values()
    notes = " ".join(file["notes"] or ())
    assert ("40 of its 40 answers were changed two days or more before they were given" in notes) is told
