"""What is odd about the answers of one file, beside what its other tests hold: a survey of its own in each answer."""

from __future__ import annotations

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
