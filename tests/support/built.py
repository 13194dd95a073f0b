"""Nights that end before publishing: files let in and months built, for tests that are about the answers that count.

Publishing is half of a short night. Here: building, and what counts then, from the lake. Not here: any expectation. That
what is published says the same is a test (`tests/runs/test_plain_runs.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.recipes.figures import response_rules
from tests.support.plain_runs import PlainRuns
from tests.support.scenario import taken_in
from transforms.dimensions import ABSENT, CARRIED, OWN, UNKNOWN
from transforms.tables import Fact, stored_types
from warehouse.lake.ledgers import current_builds, loads_of
from warehouse.lake.parquet import scan
from warehouse.months.plan import make_plan, ranges, stale_months


def built(home: Path) -> dict[str, dict[str, Any]]:
    """Let every file in and build every month that waits: the last verdict on each file, by its path."""
    context = Context(open_workspace(home))
    verdicts = taken_in(home, context)
    plan = make_plan(context.lake, response_rules(context.workspace.config))
    runs = PlainRuns(context)
    for first, last in ranges(stale_months(context.lake, plan), set(plan.inputs)):
        assert runs.rebuild(first, last), runs.errors
    return verdicts


def counted(home: Path) -> pl.DataFrame:
    """What counts of clients' answers about the own brand: a row per month and dimensions, as `marts.fct_nps` has them."""
    lake = Context(open_workspace(home)).lake
    plan = make_plan(lake, response_rules(open_workspace(home).config))
    loads = loads_of(plan.counting(current_builds(lake, "facts")))
    files = lake.files_of("facts", loads)
    if not files:
        return pl.DataFrame(schema=stored_types(Fact) | {"month": pl.String})
    facts = scan("facts", files).filter(pl.col("metric") == "nps").collect()
    named = facts.with_columns(pl.col(name).fill_null(ABSENT.get(name, UNKNOWN)) for name in CARRIED)
    return named.with_columns(pl.col("month").dt.strftime("%Y-%m")).filter(pl.col("brand") == OWN)
