"""Building months of facts: responses to counts that may be summed.

Here: which responses a build reads, writing its load. Not here: the counts (`models/facts.sql`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from transforms.tables import Fact, Response
from warehouse.engine import Limits, connect, copy_by_month, query, run_model, view
from warehouse.lake import Lake, new_load_id
from warehouse.ledgers import current_builds, loads_of


def build_facts(lake: Lake, months: Sequence[date], limits: Limits) -> tuple[str, pl.DataFrame]:
    """Build the facts of the months into a new load, which does not count yet.

    Gives the load's id and one row per month that has responses: `month, responses`.
    """
    load_id = new_load_id()
    builds = current_builds(lake, "responses").filter(pl.col("month").is_in(list(months)))
    load = lake.begin("facts", load_id)
    with connect(limits) as connection:
        view(connection, "responses", lake.files_of("responses", loads_of(builds)), Response)
        run_model(connection, "facts")
        copy_by_month(connection, "fact", load.folder)
        lake.commit(load)
        loads = builds.select("month", load_id=pl.lit(load_id))
        view(connection, "facts", lake.files_of("facts", loads), Fact)
        counts = query(connection, "select month, sum(responses)::bigint as responses from facts group by month")
    return load_id, counts
