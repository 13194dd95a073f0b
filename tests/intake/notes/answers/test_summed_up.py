"""Tables that tell how often each score was given, a row for each day, place and score: a note, however they are called."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from tests.support.scenario import ANSWERS, land, noted, nps, source, workspace
from transforms.scores.each_once import repeats_missing

DICE = Random(4)  # noqa: S311 - the same each time
GIVEN = [
    (f"2025-01-{1 + DICE.randrange(28):02}", DICE.choice("AB"), DICE.choices(range(11), range(1, 12))[0])
    for _ in range(200)
]
COUNTED = [f"{day},{branch},{score},{times}" for (day, branch, score), times in sorted(Counter(GIVEN).items())]
SINGLE = [f"{day},{branch},{score},{DICE.randrange(1, 4)}" for day, branch, score in GIVEN]
WAVED = [f"{day} 10:{at % 60:02}:{at // 60:02}" + row[10:] for at, row in enumerate(SINGLE) for day in [row[:10]]]


@pytest.mark.parametrize(("rows", "told"), [(COUNTED, True), (SINGLE, False), (WAVED, False), (COUNTED[:20], False)])
def test_each_score_once_for_each_day_and_place_is_told(tmp_path: Path, rows: list[str], told: bool) -> None:
    columns = {**ANSWERS, "branch": "branch"}
    home = workspace(tmp_path, {"sources": {"a": source("a", columns=columns)}})
    land(home, "a/1.csv", "\n".join(["date,branch,score,seen", *rows, ""]))
    [note] = noted(home).values()
    assert (f"No two of its {len(rows)} answers of one time and place have the same score" in note) is told


@pytest.mark.parametrize(("rows", "asked"), [(COUNTED, True), (SINGLE, False)])
def test_sniff_asks_about_numbers_beside_scores_that_stand_once_for_each_day_and_place(
    tmp_path: Path, rows: list[str], asked: bool
) -> None:
    file = tmp_path / "kiosk.csv"
    file.write_text("\n".join(["date,branch,nps,seen", *rows, ""]))
    question = "answers a row stands for, since each score stands there once for each day and place"
    assert (question in nps("sniff", file).out) is asked


@law(60)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 10)), max_size=40))
def test_nothing_is_missing_where_two_of_a_group_have_one_score_or_no_group_has_two(
    rows: list[tuple[str, int]],
) -> None:
    frame = pl.DataFrame(rows, {"branch": pl.String, "score": pl.Int8}, orient="row")
    missing = repeats_missing(frame, ["branch"])
    groups = Counter(branch for branch, _ in rows)
    assert (missing > 0) == (len(set(rows)) == len(rows) and max(groups.values(), default=0) > 1)
