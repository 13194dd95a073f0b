"""What stands behind a published figure: counts, files and rows, what lost and to which, and what was rejected.

Here: from a cell of a mart to that, and whether it adds up. Not here: which cell is meant (`pipelines.report.cells`), how
it looks (`pipelines.cli.explain`). Of employees nothing is told but what is published, and which files arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.context import Context
from pipelines.recipes.figures import plan_now, response_rules
from pipelines.report.cells import Cell, names_shown
from pipelines.stages.publish import is_published
from transforms.tables import RejectedRow, stored_types
from warehouse.lake.parquet import scan
from warehouse.months.behind import answers_counted, answers_lost
from warehouse.months.members import codes
from warehouse.months.plan import Plan

#: What counts may be taken from rows of files, and what is published of the same.
COUNTS: Final = ("responses", "promoters", "passives", "detractors")
ROWS: Final = (
    "fate",
    "source",
    "path",
    "source_row",
    "month",
    "score",
    "category",
    "reason",
    "by_path",
    "by_source_row",
)
_FILE: Final = ["source", "file_digest"]


@dataclass(frozen=True)
class Explained:
    """A published figure, and what stands behind it."""

    cell: Cell
    found: dict[str, int] | None
    """`COUNTS` of the rows that count now; None of employees, whose rows nobody is shown."""
    is_current: bool
    """Whether the published file was made from what there is now."""
    files: pl.DataFrame
    """`source, path, responses, promoters, passives, detractors, superseded, rejected, excluded`: of the figure, but for the
    last two, which are of the same months of the whole file. Of employees `source, path` of all that were asked then."""
    lost: pl.DataFrame
    """`source, path, reason, by_path, answers`: what would count there if others did not in its place."""
    refused: pl.DataFrame
    """`source, path, outcome, reason, rows`: rejected and excluded rows; of which group they were was not kept."""
    not_in: pl.DataFrame
    """`source, path, status, reason, detail` of files of the same sources that are not in."""
    rows: pl.DataFrame
    """Each of these rows, as `ROWS`; none of employees."""

    @property
    def adds_up(self) -> bool:
        """Whether the rows come to just what is published."""
        return self.found is None or all(self.found[name] == self.cell.measures[name] for name in COUNTS)

    @property
    def says(self) -> str:
        """Whether it adds up, as a sentence."""
        published = f"{self.cell.measures['responses']:,} answers are published"
        if self.found is None:
            groups = sum(self.cell.measures[name] for name in COUNTS[1:])
            return f"It adds up: {published}, {groups:,} in their three groups. Rows of employees are shown to nobody."
        rows = f"{self.found['responses']:,} rows count"
        if self.adds_up:
            changed = " Files, nps.yaml or this program have changed since it was published: nps run publishes that."
            later = "" if self.is_current else changed
            return f"It adds up: {published}, and {rows} here.{self.cell.lacks}{later}"
        why = "nps.yaml or the lake has changed since it was published. Type nps run, and ask again."
        if self.is_current:
            why = "That is a fault of this program. Type nps backfill for these months, and report it."
        return f"It does not add up: {published}, and {rows} here. {why}"

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        frames = {name: getattr(self, name).to_dicts() for name in ("files", "lost", "refused", "not_in")}
        told = {"says": self.says, "adds_up": self.adds_up, "is_current": self.is_current, "found": self.found}
        return {**self.cell.as_dict(), **told, **frames}


def explain(context: Context, cell: Cell) -> Explained:
    """What stands behind a cell."""
    plan = plan_now(context)
    current = is_published(context, plan)
    if cell.metric == "enps":
        return _of_employees(cell, plan, is_current=current)
    rules, months = response_rules(context.workspace.config), cell.months
    shown = names_shown(context, cell, codes(plan.members))

    def wanted(cells: pl.DataFrame) -> pl.DataFrame:
        return cell.of(shown(cells))

    def counted(cells: pl.DataFrame) -> pl.DataFrame:
        return cell.published_of(shown(cells))

    named = plan.verdicts.select(*_FILE, "path")
    rows = answers_counted(context.lake, plan, months, counted).join(named, on=_FILE, how="left")
    winners = named.rename(lambda name: f"by_{name}")
    lost = answers_lost(context.lake, plan, months, rules, wanted).join(named, on=_FILE, how="left")
    lost = lost.join(winners, on=["by_source", "by_file_digest"], how="left").rename({"rule": "reason"})
    refused = _refused(context, plan, cell, pl.concat([rows.select(_FILE), lost.select(_FILE)]).unique())
    return Explained(
        cell,
        _counts(rows).row(0, named=True),
        current,
        _files(rows, lost, refused),
        lost.group_by("source", "path", "reason", "by_path").agg(answers=pl.len()).sort(pl.all()),
        refused.group_by("source", "path", "outcome", "reason").agg(rows=pl.len()).sort(pl.all()),
        _not_in(plan, cell, rows),
        _rows(rows, lost, refused),
    )


def _of_employees(cell: Cell, plan: Plan, *, is_current: bool) -> Explained:
    """Counts of a file are no less than those of the few who may stand in it: its name is all that is told."""
    months = pl.lit(list(cell.months), pl.List(pl.Date))
    asked = pl.col("months").list.set_intersection(months).list.len() > 0
    files = plan.files.filter(asked, pl.col("metric") == cell.metric).select("source", "path").sort(pl.all())
    nothing = pl.DataFrame()
    return Explained(cell, None, is_current, files, nothing, nothing, nothing, nothing)


def _counts(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    of = [(pl.col("category") == name.removesuffix("s")).sum().cast(pl.Int64).alias(name) for name in COUNTS[1:]]
    counted = [pl.len().cast(pl.Int64).alias("responses"), *of]
    return rows.group_by(by).agg(counted) if by else rows.select(counted)


def _refused(context: Context, plan: Plan, cell: Cell, behind: pl.DataFrame) -> pl.DataFrame:
    """The rejected and excluded rows of the months, of all files of the sources behind the figure.

    What has no month that can be read is told of the files behind it alone.
    """
    of_sources = plan.files.join(behind.select("source").unique(), on="source", how="semi")
    of_sources = of_sources.filter(pl.col("metric") == cell.metric).select(*_FILE, "path", "load_id")
    schema = {**stored_types(RejectedRow), "path": pl.String()}
    paths = context.lake.files_of("rejected", of_sources.select("load_id"))
    if not paths:
        return pl.DataFrame(schema=schema)
    is_behind = behind.with_columns(is_behind=True)
    told = of_sources.join(is_behind, on=_FILE, how="left").select("load_id", "path", "is_behind")
    rows = scan("rejected", paths).join(told.lazy(), on="load_id")
    in_months = pl.col("month").is_in(list(cell.months))
    return rows.filter(in_months | (pl.col("month").is_null() & pl.col("is_behind"))).select(*schema).collect()


def _files(rows: pl.DataFrame, lost: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    key = ["source", "path"]
    outcomes = [
        (pl.col("outcome") == outcome).sum().cast(pl.Int64).alias(outcome) for outcome in ("rejected", "excluded")
    ]
    found = _counts(rows, *key)
    for more in (lost.group_by(key).agg(superseded=pl.len().cast(pl.Int64)), refused.group_by(key).agg(outcomes)):
        found = found.join(more, on=key, how="full", coalesce=True)
    columns = (*key, *COUNTS, "superseded", "rejected", "excluded")
    return found.select(*key, *(pl.col(name).fill_null(0) for name in columns[2:])).sort(key)


def _not_in(plan: Plan, cell: Cell, rows: pl.DataFrame) -> pl.DataFrame:
    """Files of the same sources that were held, refused or withdrawn, unless all their answers are of other months."""
    others = plan.verdicts.filter(pl.col("status").is_in(["held", "refused", "withdrawn", "lost"]))
    others = others.join(rows.select("source").unique(), on="source", how="semi")
    months = pl.lit(list(cell.months), pl.List(pl.Date))
    may_hold = (pl.col("months").list.len() == 0) | (pl.col("months").list.set_intersection(months).list.len() > 0)
    told = others.filter(may_hold).select("source", "path", "status", "reason", "detail")
    return told.cast(pl.String).sort("source", "path")


def _rows(rows: pl.DataFrame, lost: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    parts = [
        rows.with_columns(fate=pl.lit("counts")),
        lost.with_columns(fate=pl.lit("superseded")),
        refused.rename({"outcome": "fate"}),
    ]
    listed = pl.concat([part.select(name for name in ROWS if name in part.columns) for part in parts], how="diagonal")
    order = pl.col("fate").replace_strict(["counts", "superseded"], [0, 1], default=2, return_dtype=pl.Int8)
    return listed.select(ROWS).sort(order, "source", "path", "source_row")
