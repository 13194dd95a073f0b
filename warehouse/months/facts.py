"""Building months of facts: the cells of responses to counts that may be summed.

Here: which cells a build reads, writing its load. Not here: the counts (`models/facts.sql`).
"""

from __future__ import annotations

import polars as pl

from transforms.dimensions import CARRIED
from transforms.tables import Cell
from warehouse.engine import Limits, connect, copy_by_month, run_model, view
from warehouse.lake.ledgers import loads_of
from warehouse.lake.loads import new_load_id
from warehouse.lake.store import Lake


def build_facts(lake: Lake, builds: pl.DataFrame, limits: Limits) -> str:
    """Build the facts of the months of `builds` (of responses) into a new load, and give its id. It does not count yet."""
    load_id = new_load_id()
    folder = lake.begin("facts", load_id=load_id)
    with connect(limits) as connection:
        view(connection, "cells", lake.files_of("cells", loads_of(builds)), Cell)
        run_model(connection, "facts", dimensions=", ".join(CARRIED))
        copy_by_month(connection, "fact", folder)
    lake.commit("facts", [folder])
    return load_id
