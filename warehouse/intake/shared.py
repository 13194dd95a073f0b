"""Writing the answers of several small files into the lake as one load that they share.

A piece costs more than the rows of a small file. In those of a shared load each row tells its file by a number, `file_no`,
and a file's own load is named by both: it counts, or does not, like any other (`warehouse.lake.loads.load_of_file`).
Not here: loads of one file (`warehouse.intake.staging`), which files may share one (`pipelines.intake.together`).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from transforms.rows.erased import left_out
from transforms.rows.judged import rejected
from transforms.rows.staged import stored
from warehouse.intake.staging import Origin, Staged, begun, beside, in_memory, silent_ids, write_inside
from warehouse.intake.tally import tallies_by_file
from warehouse.lake.known_ids import NONE
from warehouse.lake.loads import load_of_file
from warehouse.lake.store import Lake


def stage_together(lake: Lake, judged: pl.LazyFrame, origin: Origin, files: Iterable[int]) -> dict[int, Staged]:
    """Write the rows of `staged.judge` of several files as one load; it is not committed yet. By `file_no`."""
    load_id, folders = begun(lake, ("staged", "rejected"), origin)
    judged = left_out(judged, "staged", origin.erased, origin.source)
    kept = [*stored(origin.given), "file_no"]
    accepted, refused = in_memory(judged.select(*kept, *beside(judged, kept)))
    write_inside(accepted.select(kept), folders["staged"])
    of_files = {"source": pl.lit(origin.source), "file_digest": pl.lit(origin.file_digest)}
    write_inside(rejected(refused.with_columns(**of_files)), folders["rejected"])
    tallies = tallies_by_file(accepted, refused, files, origin.survey)
    silent = {
        int(str(number)): silent_ids(rows.lazy(), origin)
        for (number,), rows in refused.collect().partition_by("file_no", as_dict=True).items()
    }
    return {
        number: Staged(load_of_file(load_id, number), tally, folders, silent.get(number, NONE))
        for number, tally in tallies.items()
    }
