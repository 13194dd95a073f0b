"""The rows that do not count, each with its file, row and reason, for those who can mend them.

Here: reading `lake/rejected` for people. Not here: why a row was rejected (`transforms`).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.errors import UserError
from pipelines.tools import Tools
from transforms.tables import RejectedRow, stored_types
from warehouse.lake import scan
from warehouse.ledgers import DIMENSION_PREFIX, current_files

COLUMNS = ("source", "path", "source_row", "column", "outcome", "reason", "value", "month")

#: A spreadsheet runs a text that begins with one of these.
_FORMULA = r"^[=+\-@\t\x00]"


def rejected_rows(tools: Tools, source: str | None = None, month: date | None = None) -> pl.DataFrame:
    """Rejected and excluded rows of every file that is in or held back: `COLUMNS`, in the order of files and rows.

    Raises `UserError` where there is no such source.
    """
    verdicts = current_files(tools.lake)
    files = verdicts.drop_nulls("load_id")
    if source is not None:
        config = tools.workspace.config
        dimensions = [DIMENSION_PREFIX + name for name in config.dimensions]
        known = {*config.sources, *dimensions, *verdicts.get_column("source")}
        if source not in known:
            raise UserError(f"There is no source {source!r}; there are: {', '.join(sorted(known)) or 'none'}.")
        files = files.filter(pl.col("source") == source)
    paths = tools.lake.files_of("rejected", files.select("load_id"))
    if not paths:
        return pl.DataFrame(schema=_schema())
    rows = scan(paths)
    if month is not None:
        rows = rows.filter(pl.col("month") == month)
    placed = rows.join(files.lazy().select("load_id", "path"), on="load_id", how="inner")
    return (
        placed.select(pl.col(name).cast(dtype) for name, dtype in _schema().items())
        .sort("source", "path", "source_row")
        .collect()
    )


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """How many rows each source lost for each reason: `source, outcome, reason, rows`."""
    counted = rows.group_by("source", "outcome", "reason").len("rows")
    return counted.sort("source", "rows", "reason", descending=[False, True, False])


def spreadsheet_safe(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with texts that a spreadsheet would run made plain by a leading apostrophe."""
    text = pl.col(pl.String)
    return rows.with_columns(pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text).name.keep())


def _schema() -> dict[str, pl.DataType]:
    stored = {**stored_types(RejectedRow), "path": pl.String()}
    return {name: stored[name] for name in COLUMNS}
