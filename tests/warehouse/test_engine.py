"""How many threads DuckDB works with, and that a night of many comes to the right figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.nights import context
from tests.support.scenario import counts, land, night, source, workspace
from warehouse.engine import connect, one_thread

MANY = 120_000


@pytest.mark.parametrize(("rows", "threads"), [(11, 1), (MANY, os.cpu_count())])
def test_a_lake_of_few_rows_is_worked_through_by_one_thread_and_one_of_many_by_all(
    tmp_path: Path, rows: int, threads: int
) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops")}})
    written = (f"{row % 11},2025-{1 + row % 12:02}-{1 + row % 28:02}\n" for row in range(rows))
    land(home, "shops/a.csv", "score,date\n" + "".join(written))
    night(home)
    scores = [row % 11 for row in range(rows)]
    detractors, passives = sum(score < 7 for score in scores), sum(score in {7, 8} for score in scores)
    assert counts(home, "shops") == (rows - detractors - passives, passives, detractors)
    with connect(context(home).limits) as connection:
        asks = "select current_setting('threads')"
        assert connection.execute(asks).fetchone() == (threads,)
        with one_thread(connection):
            assert connection.execute(asks).fetchone() == (1,)
        assert connection.execute(asks).fetchone() == (threads,)
