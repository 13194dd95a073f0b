"""What stands behind counts: the answers of chosen cells, and those that would count there if no others did instead.

Here: from cells to the rows of files. Not here: which answer counts (`transforms.answers.responses`), which cells a
published figure is made of and what is told of them (`pipelines.report.explain`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from transforms.answers.brands import with_own
from transforms.answers.responses import responses
from transforms.dimensions import ABSENT, TYPED
from transforms.tables import Cell, Response, SupersededAnswer, stored_types
from warehouse.lake.ledgers import current_builds, loads_of
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.members import known
from warehouse.months.plan import Plan
from warehouse.months.responses import files_to_read, read_answers
from warehouse.months.rules import ResponseRules

#: Those of some cells that are meant.
Wanted = Callable[[pl.DataFrame], pl.DataFrame]

_ROW = ("source", "file_digest", "source_row")
_CELL = ("month", "cell")
#: What cells say of an answer.
SAID = (*(name for name in Cell.column_names() if name in {"survey", *TYPED}), "scale", "score", "category")
_WINNER = ("rule", "by_source", "by_file_digest", "by_source_row")


def answers_counted(lake: Lake, plan: Plan, months: Sequence[date], wanted: Wanted) -> pl.DataFrame:
    """The answers that count in the wanted cells of the months: their rows, and what the cells say of them."""
    builds = _builds(lake, plan, months)
    paths = lake.files_of("cells", loads_of(builds))
    cells = scan("cells", paths).collect() if paths else pl.DataFrame(schema=stored_types(Cell))
    chosen = wanted(_said(cells)).select(*_CELL, *SAID)
    rows = lake.files_of("responses", loads_of(builds))
    if not rows or chosen.is_empty():
        return pl.DataFrame(schema=_schema())
    return responses_in(rows).join(chosen.lazy(), on=_CELL).select(*_schema()).collect()


def answers_lost(lake: Lake, plan: Plan, months: Sequence[date], rules: ResponseRules, wanted: Wanted) -> pl.DataFrame:
    """The answers of the months that would count in the wanted cells if others did not in their place, each with its winner.

    Where each would count is found anew: no cell was kept of it.
    """
    schema = {**_schema(), **{name: stored_types(SupersededAnswer)[name] for name in _WINNER}}
    paths = lake.files_of("superseded", loads_of(_builds(lake, plan, months)))
    lost = scan("superseded", paths).select(SupersededAnswer.column_names()).collect() if paths else pl.DataFrame()
    files = files_to_read(plan.files, months)
    files = files.join(lost, on=["source", "file_digest"], how="semi") if lost.height else files.clear()
    if files.is_empty():
        return pl.DataFrame(schema=schema)
    answers = with_own(read_answers(lake, plan.files, files, months, rules.beside), rules.own_brands)
    texts = answers.with_columns(pl.col("source", "file_digest").cast(pl.String))
    rows, cells = responses(texts.join(lost, on=list(_ROW), how="semi"), known(plan.members, rules), rules.one_answer)
    chosen = wanted(_said(cells)).select(*_CELL, *SAID)
    found = rows.cast({pl.Enum: pl.String}).join(chosen, on=_CELL)
    return found.join(lost.select(*_ROW, *_WINNER), on=_ROW).select(*schema)


def _builds(lake: Lake, plan: Plan, months: Sequence[date]) -> pl.DataFrame:
    return plan.counting(current_builds(lake, "responses")).filter(pl.col("month").is_in(list(months)))


def responses_in(files: Sequence[str]) -> pl.LazyFrame:
    """The rows of Parquet files of responses, in which texts that repeat are codes of each file's own."""
    typed = [pl.col(name).cast(dtype) for name, dtype in stored_types(Response).items()]
    return pl.concat(pl.scan_parquet(file, hive_partitioning=True, glob=False).select(typed) for file in files)


def _said(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells, of which what was written before a dimension was declared is counted under its own word."""
    texts = cells.cast({pl.Enum: pl.String})
    return texts.with_columns(pl.col(name).fill_null(ABSENT[name]) for name in TYPED)


def _schema() -> dict[str, pl.DataType]:
    """The columns of answers here, with their types."""
    stored = {**stored_types(Response), **stored_types(Cell)}
    return {name: stored[name] for name in (*_ROW, "month", *SAID)}
