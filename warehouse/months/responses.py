"""Building months of responses: which answer counts, at which branch and in which industry.

Here: which loads a build reads, writing its own. Not here: the rules (`transforms.answers.responses`), or
whether the result is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import polars as pl

from transforms.answers.brands import with_own
from transforms.answers.responses import (
    answers_given_again,
    answers_in_older_snapshots,
    nothing_lost,
    outcomes,
    redelivered_answers,
    replaced_snapshots,
    responses,
    superseded,
    without,
)
from transforms.dimensions import TYPED
from transforms.tables import Cell, Outcome, Response, StagedAnswer, SupersededAnswer, stored_types
from warehouse.engine import view
from warehouse.lake.loads import month_of_piece, new_load_id, whole_load
from warehouse.lake.parquet import scan, write_by_month
from warehouse.lake.store import Lake
from warehouse.lake.tables import BUILT_TABLES
from warehouse.months.members import known
from warehouse.months.plan import Plan
from warehouse.months.rules import ResponseRules

#: Months are built in stretches of about so many answers, so many of them at once, which bounds the memory of a build.
ANSWERS_AT_ONCE: Final = 500_000
THREADS: Final = 2

#: What a build reads of answers, and of the files that they stand in.
_READ: Final = (
    "month", "position", "source_row", "survey", "responded_at", "updated_at", "respondent_key", "account_key", *TYPED,
    "score", "weight",
)  # fmt: skip
_OF_FILES: Final = ("source", "file_digest", "metric", "scale")
#: There are fewer files: so one number tells a month and a file.
_FILES: Final = 1 << 32
_NO_COUNTS: Final = pl.DataFrame(schema={"month": pl.Date, "position": pl.Int64, "answers": pl.Int64})


@dataclass(frozen=True)
class Built:
    """Months that were built but do not count yet: their load, and what is in it by month."""

    load_id: str
    counts: pl.DataFrame
    """One row per month: `month, answers, responses, superseded`."""
    outcomes: pl.DataFrame
    """What became of the answers of each file, as `Outcome`; `rule` is text."""
    answers_in: list[str]
    """The Parquet files of the staged answers that it was built from."""
    files: pl.DataFrame
    """The files whose answers those are: `load_id, file_digest`."""


def build_responses(lake: Lake, plan: Plan, months: Sequence[date], rules: ResponseRules) -> Built:
    """Build the responses of the months into a new load of `BUILT_TABLES`. It does not count yet."""
    load_id = new_load_id()
    files = files_to_read(plan.files, months)
    replaced = replaced_snapshots(plan.files)
    redelivered = _redelivered(lake, plan.files, files, replaced, months)
    matching = known(plan.members, rules)
    folders = {table: lake.begin(table, load_id=load_id) for table in BUILT_TABLES}

    def build(stretch: list[date]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Write some months; gives how many answers they have, and what became of these."""
        answers = with_own(read_answers(lake, plan.files, files, stretch, rules.beside), rules.own_brands)
        lost = answers_in_older_snapshots(answers, replaced) if replaced.height else nothing_lost()
        lost = pl.concat([lost, redelivered.filter(pl.col("month").is_in(stretch))])
        again = answers_given_again(without(answers, lost), rules.one_answer)
        lost = pl.concat([lost, again])
        rows, cells = responses(without(answers, lost), matching, rules.one_answer)
        write_by_month(rows, folders["responses"])
        write_by_month(cells, folders["cells"])
        write_by_month(superseded(lost, plan.files), folders["superseded"])
        counted = _counts(answers)
        became = outcomes(counted, lost, plan.files)
        write_by_month(became, folders["outcomes"])
        return counted, became

    with ThreadPoolExecutor(THREADS) as threads:
        built = list(threads.map(build, _stretches(lake, files, months)))
    counted, became = zip((_NO_COUNTS, pl.DataFrame(schema=stored_types(Outcome))), *built, strict=True)
    for table, folder in folders.items():
        lake.commit(table, [folder])
    counts = pl.concat(counted).group_by("month").agg(pl.col("answers").sum())
    paths = lake.files_of("staged", files.select("load_id"), months)
    read = files.select("load_id", "file_digest")
    return Built(load_id, _counted(lake, load_id, months, counts), pl.concat(became), paths, read)


def _redelivered(
    lake: Lake, files: pl.DataFrame, read: pl.DataFrame, replaced: pl.DataFrame, months: Sequence[date]
) -> pl.DataFrame:
    """The answers of the months that lose to another version of them: no other source has any than those of `redelivers`."""
    again = read.filter(pl.col("source").is_in(read.filter("redelivers").get_column("source").unique().implode()))
    is_moving = pl.col("source").is_in(_moving(read, months).implode())
    # Where nothing has moved, all versions of an answer are of one month.
    parts = [(again.filter(is_moving), None), (again.filter(~is_moving), months)]
    paths = [path for part, of_months in parts for path in lake.files_of("staged", part.select("load_id"), of_months)]
    if not paths:
        return nothing_lost()
    of_file = files.select("position", of_file=_one_survey())
    answers = staged_answers(paths, files).join(of_file.lazy(), on="position", how="left")
    return redelivered_answers(answers.with_columns(survey=pl.coalesce("survey", "of_file")), replaced, months)


def read_answers(
    lake: Lake, files: pl.DataFrame, read: pl.DataFrame, months: Sequence[date], beside: Sequence[str] = ()
) -> pl.DataFrame:
    """The staged answers of some months, with the position of their file and what its record says of it.

    `beside` are columns that are read too.

    What repeats in all rows of a file is a code: texts would cost more than all else.
    """
    paths = pl.DataFrame({"path": lake.files_of("staged", read.select("load_id"), months)}, schema={"path": pl.String})
    is_of_several = month_of_piece().is_null()
    of_one, of_several = (paths.filter(which)["path"].to_list() for which in (~is_of_several, is_of_several))
    parts = [staged_answers(of_one, files)] if of_one else []
    if of_several or not of_one:
        parts.append(staged_answers(of_several, files).filter(pl.col("month").is_in(list(months))))
    rows = pl.concat(part.select(*_READ, *beside) for part in parts).collect(engine="streaming")
    texts = files.select(pl.col(_OF_FILES).cast(pl.String), of_file=_one_survey())
    told = texts.select(text.cast(pl.Enum(text.drop_nulls().unique())) for text in texts)
    rows = rows.hstack(told[rows["position"]].get_columns()).with_columns(pl.col("weight").fill_null(1.0))
    is_told = rows["survey"].null_count() < rows.height
    survey = pl.coalesce("survey", pl.col("of_file").cast(pl.String)) if is_told else pl.col("of_file")
    return rows.with_columns(survey=survey).drop("of_file")


def staged_answers(paths: list[str], files: pl.DataFrame) -> pl.LazyFrame:
    """Staged answers with the position of their file; `files` are all that count, in the order of their positions."""
    loads = pl.coalesce("load_id", pl.format("none {}", "position"))
    if not paths:
        return pl.LazyFrame(schema={**stored_types(StagedAnswer), "position": pl.Int64()})
    rows = scan("staged", paths, files.select(loads).to_series().to_list())
    return rows.with_columns(position=pl.col("load_id").to_physical().cast(pl.Int64))


def _one_survey() -> pl.Expr:
    """Of files: the one survey of all their answers, which these need not name."""
    return pl.when(pl.col("surveys").list.len() == 1).then(pl.col("surveys").list.first())


def _counts(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers by month and file. These stand in long runs, as they are read: runs are counted, not rows."""
    month = pl.col("month").to_physical().cast(pl.Int64)
    runs = answers.select((month * _FILES + pl.col("position")).rle().struct.unnest())
    return runs.group_by("value").agg(answers=pl.col("len").cast(pl.Int64).sum()).select(
        (pl.col("value") // _FILES).cast(pl.Int32).cast(pl.Date).alias("month"),
        (pl.col("value") % _FILES).alias("position"), "answers",
    )  # fmt: skip


def _stretches(lake: Lake, files: pl.DataFrame, months: Sequence[date]) -> list[list[date]]:
    """The months in stretches of about so few answers that each is built in bounded memory."""
    by_load = files.select(whole_load(), "months").explode("months").group_by("load_id").agg(pl.col("months").unique())
    pieces = lake.pieces("staged").join(by_load, on="load_id")
    one = pl.concat_list(month_of_piece())
    spread = pieces.select("rows", months=pl.when(month_of_piece().is_null()).then("months").otherwise(one))
    by_month = spread.with_columns(pl.col("rows") / pl.col("months").list.len()).explode("months").group_by("months")
    answers = dict(by_month.agg(pl.col("rows").sum()).iter_rows())
    found: list[list[date]] = [[]]
    room: float = ANSWERS_AT_ONCE
    for month in sorted(months):
        if found[-1] and answers.get(month, 0) > room:
            found.append([])
            room = ANSWERS_AT_ONCE
        found[-1].append(month)
        room -= answers.get(month, 0)
    return found


def register_build(connection: duckdb.DuckDBPyConnection, lake: Lake, built: Built) -> None:
    """Views over a build, which need not count, one for each of `BUILT_TABLES`, and `staged` over what it was built from."""
    loads = built.counts.select("month", load_id=pl.lit(built.load_id))
    view(connection, "responses", lake.files_of("responses", loads), Response, lasting=True)
    view(connection, "staged", built.answers_in, StagedAnswer, lasting=True, loads=built.files)
    view(connection, "superseded", lake.files_of("superseded", loads), SupersededAnswer, lasting=True)
    view(connection, "outcomes", lake.files_of("outcomes", loads), Outcome, lasting=True)
    view(connection, "cells", lake.files_of("cells", loads), Cell, lasting=True)


def files_to_read(files: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """The files with answers in the months, and where answers have moved into or out of them all of their source."""
    wanted = pl.lit(list(months), pl.List(pl.Date))
    has_answers = pl.col("months").list.set_intersection(wanted).list.len() > 0
    return files.filter(has_answers | pl.col("source").is_in(_moving(files, months).implode()))


def _moving(files: pl.DataFrame, months: Sequence[date]) -> pl.Series:
    """The sources of which answers have moved into or out of the months."""
    wanted = pl.lit(list(months), pl.List(pl.Date))
    has_moved = pl.col("moved_months").list.set_intersection(wanted).list.len() > 0
    return files.filter(has_moved).get_column("source").unique()


def _counted(lake: Lake, load_id: str, months: Sequence[date], answers: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.DataFrame({"month": list(months)}, schema={"month": pl.Date})
    counted = wanted.join(answers, on="month", how="left")
    for table in ("responses", "superseded"):
        pieces = lake.pieces(table).filter(pl.col("load_id") == load_id)
        rows = pieces.group_by("month").agg(pl.col("rows").sum().alias(table))
        counted = counted.join(rows, on="month", how="left")
    return counted.with_columns(pl.col("answers", "responses", "superseded").fill_null(0).cast(pl.Int64)).sort("month")
