"""Five hundred files with a wrong value each: none comes out with another figure without a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from tests.support.laws import part
from tests.support.scenario import land, source, taken_in, workspace
from tests.support.value_mutations import CHANGES, changed, good, text
from transforms.scores.scales import category

#: No whole night, but its files are as many as those of a hundred nights here.
pytestmark = pytest.mark.night

SEEDS = part(36)
COLUMNS = {
    "response_id": "answer id",
    "score": "score",
    "responded_at": "date",
    "branch": "branch",
    "comment": "comment",
}

Figure = Counter[tuple[str, str]]
"""How many answers of each month and group."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    figure: Figure
    repeats: int
    """Answers whose id another one has too: all but one of each are superseded, and every night says so."""
    verdict: dict[str, Any]

    @property
    def says(self) -> bool:
        """Whether anything tells people that something is odd: the file is out, some rows are, or a note is there."""
        found = self.verdict
        return self.repeats > 0 or bool(
            found["status"] != "accepted" or found["notes"] or found["rejected"] or found["excluded"]
        )


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    settings = source("x", scale="0-10", columns=COLUMNS, delimiter=";", max_reject_share=1)
    home = workspace(tmp_path_factory.mktemp("values") / "home", {"sources": {"x": settings}})
    land(home, "x/good.csv", text(good()))
    for name, content in changed(SEEDS):
        land(home, f"x/{name}.csv", content, day=2)
    lake = Context(open_workspace(home)).lake
    found = {}
    for path, verdict in taken_in(home).items():
        files = lake.files_of("staged", pl.DataFrame({"load_id": [verdict["load_id"]]})) if verdict["load_id"] else []
        rows = pl.concat([pl.read_parquet(file) for file in files]) if files else None
        found[Path(path).stem] = _outcome(rows, verdict)
    return found


def _outcome(rows: pl.DataFrame | None, verdict: dict[str, Any]) -> Outcome:
    if rows is None:
        return Outcome(Counter(), 0, verdict)
    counted = rows.select(pl.col("month").cast(pl.String), category(pl.col("score")).cast(pl.String))
    return Outcome(Counter(counted.rows()), rows.height - rows.get_column("response_id").n_unique(), verdict)


def test_the_good_file_is_taken_in_without_a_word(outcomes: dict[str, Outcome]) -> None:
    assert not outcomes["good"].says
    assert outcomes["good"].figure.total() == len(good())


def test_there_are_five_hundred_files(outcomes: dict[str, Outcome]) -> None:
    assert len(outcomes) > 500 * SEEDS / 36


@pytest.mark.parametrize("change", CHANGES)
def test_no_file_has_another_figure_without_a_word(outcomes: dict[str, Outcome], change: str) -> None:
    right = outcomes["good"].figure
    made = {name: each for name, each in outcomes.items() if name.startswith(change)}
    silent = {name: each.figure - right + (right - each.figure) for name, each in made.items() if not each.says}
    assert made
    assert {name: dict(wrong) for name, wrong in silent.items() if wrong} == {}
