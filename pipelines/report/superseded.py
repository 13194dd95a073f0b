"""The accepted answers that do not count because others do in their place, each with the one that it lost to.

Here: reading the lake's `superseded` for people, without anything that says who answered. Not here: why an answer lost
(`transforms.answers.responses`), counts of them (`pipelines.stages.counting`), rows that are no answers
(`pipelines.report.rejects`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.recipes.figures import plan_now
from pipelines.report.rejects import ALL, Wanted, of_wanted, refuse_unknown_source
from pipelines.stages.counting import RULES
from warehouse.lake.ledgers import current_builds, current_files, loads_of
from warehouse.lake.parquet import scan

COLUMNS: Final = {
    "source": pl.String, "path": pl.String, "source_row": pl.Int64, "reason": pl.String, "by_source": pl.String,
    "by_path": pl.String, "by_source_row": pl.Int64, "month": pl.Date,
}  # fmt: skip


def superseded_answers(context: Context, wanted: Wanted = ALL) -> pl.DataFrame:
    """The answers of files that are in which do not count, in the order of files and rows: `COLUMNS`.

    `reason` is the rule by which they lost; the last two columns but one tell the answer that counts. A snapshot that was
    replaced lost as a whole: no row of the newer one stands against one of its rows.
    Raises `UserError` where there is no such source or reason.
    """
    refuse_unknown_source(context, wanted)
    if wanted.reason is not None and wanted.reason not in RULES:
        raise UserError(f"There is no reason {wanted.reason!r} of that kind; there are: {', '.join(RULES)}.")
    verdicts = current_files(context.lake)
    files = of_wanted(verdicts.filter(pl.col("status") == "accepted"), wanted)
    plan = plan_now(context)
    builds = plan.counting(current_builds(context.lake, "responses"))
    if wanted.month is not None:
        builds = builds.filter(pl.col("month") == wanted.month)
    paths = context.lake.files_of("superseded", loads_of(builds))
    if not paths:
        return pl.DataFrame(schema=COLUMNS)
    key = ["source", "file_digest"]
    winners = verdicts.select(by_source="source", by_file_digest="file_digest", by_path="path")
    rows = scan("superseded", paths).join(files.lazy().select(*key, "path"), on=key)
    rows = rows.join(winners.lazy(), on=["by_source", "by_file_digest"], how="left").rename({"rule": "reason"})
    if wanted.reason is not None:
        rows = rows.filter(pl.col("reason") == wanted.reason)
    return rows.select(*COLUMNS).sort("source", "path", "source_row").collect()


def superseded_summary(rows: pl.DataFrame) -> pl.DataFrame:
    """How many answers each file lost for each reason to which file: `source, path, reason, by_path, rows, hint`."""
    counted = rows.group_by("source", "path", "reason", "by_path").len("rows")
    said = pl.col("reason").replace_strict(RULES, return_dtype=pl.String)
    return counted.sort("source", "path", "rows", "by_path", descending=[False, False, True, False]).with_columns(
        hint=pl.format("Superseded by {}.", said)
    )
