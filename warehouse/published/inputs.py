"""What the models read: the ledgers, the facts under names for people, and who is counted, as temporary tables.

Here: which there are. Not here: what is made of them (`warehouse.published.publish` and `models`).
"""

from __future__ import annotations

import json

import duckdb
import polars as pl

from transforms.tables import RejectedRow
from warehouse.engine import frame_table, query, run_model, view
from warehouse.lake.ledgers import current_builds, loads_of, outcomes_of
from warehouse.lake.store import Lake
from warehouse.months.members import branches_on, codes
from warehouse.months.people import repeats
from warehouse.months.plan import Plan, answers_too_early
from warehouse.months.shown import Names
from warehouse.months.why import register_why
from warehouse.published.as_shown import show_facts
from warehouse.published.cases import register_cases
from warehouse.published.outcomes import register_outcomes
from warehouse.published.publication import Publication


def register_inputs(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, publication: Publication) -> None:
    """Make the temporary tables, of what the plan has and of nothing that came since; and `dim_branch`, which they need."""
    builds = plan.counting(current_builds(lake, "responses"))
    _register_ledgers(connection, lake, plan, builds)
    _register_settings(connection, lake, publication)
    names = _names(connection, lake, plan, publication, builds)
    now = publication.published_at
    frame_table(connection, "repeats", repeats(lake, plan, names, publication.one_answer, now))
    if publication.why:
        register_why(connection, lake, plan, publication.why, names=names, now=now)
    if publication.follow_up:
        register_cases(connection, lake, plan, publication.follow_up, names=names, now=now)
    if publication.outcomes:
        register_outcomes(connection, lake, plan, publication.outcomes, names)


def _register_ledgers(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, builds: pl.DataFrame) -> None:
    files = plan.verdicts
    frame_table(connection, "files", files)
    frame_table(connection, "builds", builds)
    frame_table(connection, "outcomes", outcomes_of(lake, builds))
    frame_table(connection, "checks", lake.ledger("checks"))
    frame_table(connection, "dimension_versions", plan.members)
    frame_table(connection, "too_early", answers_too_early(lake, plan))
    standing = ~pl.col("status").is_in(["replaced", "withdrawn"])
    loads = files.filter(standing).select("load_id", "file_digest").drop_nulls()
    view(connection, "rejected", lake.files_of("rejected", loads), RejectedRow, loads=loads)


def _register_settings(connection: duckdb.DuckDBPyConnection, lake: Lake, publication: Publication) -> None:
    setting = {
        "metric": ["nps", "enps"],
        "minimum_group": [1, publication.minimum_group],
        "minimum_agent": [publication.minimum_agent] * 2,
        "shown_from": [publication.shown_from, 1],
        "is_private": [False, True],
        "low_sample": [publication.low_sample] * 2,
    }
    frame_table(connection, "setting", pl.DataFrame(setting))
    frame_table(connection, "about", pl.DataFrame({"today": [publication.today], "zone": [publication.timezone]}))
    about = {
        "published_at": [publication.published_at],
        "code_version": [publication.code_version],
        "inputs": [publication.inputs],
        "accepted_by": [publication.accepted_by],
        "headline": [", ".join(publication.headline) or None],
        "bands": [publication.standards.words],
        "settings": [json.dumps(dict(publication.settings), sort_keys=True)],
        "lake_versions": [json.dumps(lake.versions(), sort_keys=True)],
    }
    frame_table(connection, "publication", pl.DataFrame(about, schema_overrides={"accepted_by": pl.String}))


def _names(
    connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, publication: Publication, builds: pl.DataFrame
) -> Names:
    """How groups are named, once the facts are: the branches of today by what answers call them."""
    facts = lake.files_of("facts", loads_of(plan.counting(current_builds(lake, "facts"))))
    cells = lake.files_of("cells", loads_of(builds))
    spelling = show_facts(connection, facts, cells, plan, publication.headline)
    branches = branches_on(plan.members, publication.today, publication.timezone, spelling)
    frame_table(connection, "branches_now", branches)
    # First of all marts: it says by whom people are counted.
    run_model(connection, "marts/dim_branch")
    today = query(
        connection,
        "select distinct f.month, b.branch, b.branch_now, b.region_now from facts as f "
        "join nps.marts.dim_branch as b on f.branch = b.branch where f.metric = 'nps'",
    )
    return Names(spelling, publication.headline, plan.apart, codes(plan.members), today)
