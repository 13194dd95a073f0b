"""The rows and files that do not count, each with its reason, for those who can mend them.

Here: reading `lake/rejected` and the ledger of files for people. Not here: why a row was rejected (`transforms`), what to
do about it (`transforms.reasons`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

import polars as pl

from pipelines.adapters.finding import position_of
from pipelines.config.columns import Column
from pipelines.config.layouts import Layout
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.intake.drift import wanted_columns
from pipelines.intake.feeds import feeds
from pipelines.intake.notes.answers.unlisted import UNLISTED
from pipelines.recipes.figures import response_rules
from pipelines.report.status import files_not_in
from pipelines.report.unseen import visible
from transforms.reasons import Reason
from transforms.tables import RejectedRow, stored_types
from warehouse.lake.ledgers import DIMENSION_PREFIX, TICKETS, current_files
from warehouse.lake.loads import whole_load
from warehouse.lake.parquet import scan

COLUMNS = ("source", "path", "source_row", "column", "heading", "outcome", "reason", "value", "month", "detail")

#: A spreadsheet runs a text that begins with one of these, some also after what is blank or not seen.
_FORMULA = r"^[\s\p{Z}\p{Cf}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r\n]"
#: Where a comma stands before decimals a spreadsheet ends cells at semicolons, whatever ends them in the file.
_FORMULA_BEHIND = r"([;\t\r\n])([\s\p{Z}\p{Cf}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"
#: Nobody sees these, and terminals obey them.
_UNSHOWN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{202A}-\x{202E}\x{2066}-\x{2069}\x{FFFE}\x{FFFF}]"


@dataclass(frozen=True)
class Wanted:
    """Which rejected rows and files are asked for; everything that is None is not asked about."""

    source: str | None = None
    month: date | None = None
    reason: str | None = None
    file: str | None = None
    """A path inside the workspace, a file's name, or a pattern with `*` for either."""


ALL = Wanted()


def rejected_rows(context: Context, wanted: Wanted = ALL) -> pl.DataFrame:
    """Rejected and excluded rows of every file that is in or held, and every file that is not in: `COLUMNS`.

    In the order of files and rows; what is about a whole file has no `source_row`, stands first and has a `detail`.
    Raises `UserError` where there is no such source or reason.
    """
    refuse_unknown_source(context, wanted)
    if wanted.reason is not None and wanted.reason not in list(Reason):
        raise UserError(f"There is no reason {wanted.reason!r}; there are: {', '.join(Reason)}.")
    _refuse_unknown_file(context, wanted)
    files = _files(context, wanted).drop_nulls("load_id")
    found = _rows(context, files, wanted)
    if wanted.month is None:
        found = pl.concat([_whole_files(context, wanted), found])
    if wanted.reason is not None:
        found = found.filter(pl.col("reason") == wanted.reason)
    return found.sort("source", "path", "source_row", nulls_last=False)


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """How many rows each source lost for each reason: `source, outcome, reason, rows`."""
    counted = rows.drop_nulls("source_row").group_by("source", "outcome", "reason").len("rows")
    return counted.sort("source", "rows", "reason", descending=[False, True, False])


def summary_by_file(rows: pl.DataFrame) -> pl.DataFrame:
    """What each file lost for each reason: `source, reason, path, outcome, rows, example, hint`; the worst first.

    `rows` is 0 for what is about a whole file; `example` is one of the masked values.
    """
    group = ["source", "reason", "path", "outcome"]
    counted = rows.group_by(group).agg(
        rows=pl.col("source_row").count(),
        example=pl.coalesce("value", "detail").drop_nulls().first(),
        written=pl.col("detail").filter(pl.col("source_row").is_not_null()).drop_nulls().first(),
    )
    hints = pl.col("reason").replace_strict({reason: reason.advice for reason in Reason}, default=None)
    ordered = counted.sort("source", "rows", "reason", "path", descending=[False, True, False, False])
    return ordered.with_columns(hint=pl.coalesce("written", hints)).drop("written")


def rows_not_kept(context: Context, wanted: Wanted = ALL) -> int:
    """How many rejected and excluded rows the ledger counts whose texts are no longer kept."""
    counted = _files(context, wanted).filter(pl.col("rejected") + pl.col("excluded") > 0)
    kept = context.lake.pieces("rejected").get_column("load_id")
    gone = counted.filter(~whole_load().is_in(kept.implode()))
    return int(gone.select(pl.col("rejected", "excluded").sum()).sum_horizontal().item())


def spreadsheet_safe(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with texts that a spreadsheet would run made plain by an apostrophe before them."""
    text = pl.col(pl.String)
    plain = shown(rows).with_columns(text.str.replace_all(_FORMULA_BEHIND, "$1'$2"))
    return plain.with_columns(pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text).name.keep())


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with texts without what nobody sees, and programs obey or cannot bear."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(_UNSHOWN, ""))


def refuse_unknown_source(context: Context, wanted: Wanted) -> None:
    """Raise `UserError` where a source is asked for that neither nps.yaml nor the ledger knows."""
    config = context.workspace.config
    dimensions = [DIMENSION_PREFIX + name for name in config.dimensions.lists] + ([TICKETS] if config.cases else [])
    dimensions += response_rules(config).of_outcomes
    known = {*config.sources, *dimensions, *current_files(context.lake).get_column("source")}
    if wanted.source is not None and wanted.source not in known:
        raise UserError(f"There is no source {wanted.source!r}; there are: {', '.join(sorted(known)) or 'none'}.")


def _refuse_unknown_file(context: Context, wanted: Wanted) -> None:
    known = current_files(context.lake).get_column("path")
    if wanted.file is not None and not any(_is_meant(path, wanted.file) for path in known):
        raise UserError(
            f"No file called {wanted.file!r} was ever taken in, held or refused. Give its path as nps status names it, its "
            "name, or a pattern with *."
        )


def _files(context: Context, wanted: Wanted) -> pl.DataFrame:
    """The files that are in, and those of landing that are not: not what was mended or taken away since."""
    verdicts = current_files(context.lake).sort("sequence", nulls_last=False)
    last = verdicts.filter(pl.col("status") != "replaced").unique(["source", "path"], keep="last")
    held = last.join(files_not_in(context), on=["source", "path"], how="semi")
    return of_wanted(pl.concat([verdicts.filter(pl.col("status") == "accepted"), held]), wanted)


def of_wanted(files: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    """Those of the files that are asked for."""
    if wanted.source is not None:
        files = files.filter(pl.col("source") == wanted.source)
    if wanted.file is not None:
        meant = [_is_meant(path, wanted.file) for path in files.get_column("path")]
        files = files.filter(pl.Series(meant, dtype=pl.Boolean))
    return files


def _is_meant(path: str, wanted: str) -> bool:
    name = path.rpartition("/")[2]
    return wanted in (path, name) or fnmatchcase(path, wanted) or fnmatchcase(name, wanted)


def _rows(context: Context, files: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    paths = context.lake.files_of("rejected", files.select("load_id"))
    if not paths:
        return pl.DataFrame(schema=_schema())
    rows = scan("rejected", paths)
    if wanted.month is not None:
        rows = rows.filter(pl.col("month") == wanted.month)
    told = files.lazy().select("load_id", "path", detail=_told_of_labels())
    placed = rows.join(told, on="load_id").with_columns(
        detail=pl.when(pl.col("reason") == Reason.SCORE_UNREADABLE).then("detail")
    )
    blamed = pl.coalesce("column", pl.format("exclude.{}", "reason"))
    named = placed.with_columns(blamed=blamed).join(
        _headings(context, files).lazy(), on=["load_id", "blamed"], how="left"
    )
    listed = named.select(pl.col(name).cast(dtype) for name, dtype in _schema().items()).collect()
    return listed.with_columns(visible(listed.get_column("value")))


def _told_of_labels() -> pl.Expr:
    """What the notes of a file say is to be written so that its unreadable scores can be read."""
    return pl.col("notes").list.eval(pl.element().filter(pl.element().str.starts_with(UNLISTED))).list.first()


def _headings(context: Context, files: pl.DataFrame) -> pl.DataFrame:
    """What each file calls the columns that a row can be rejected for: `load_id, blamed, heading`."""
    layouts = {feed.name: feed.layout for feed in feeds(context.workspace.config, context.workspace.key())}
    found = [
        (load_id, purpose, heading)
        for source, load_id, headings, scope in files.select("source", "load_id", "headings", "scope").iter_rows()
        if source in layouts
        for purpose, wanted in wanted_columns(_of_answer(layouts[source], scope))
        for heading in [_heading(wanted, headings)]
    ]
    return pl.DataFrame(found, {"load_id": pl.String, "blamed": pl.String, "heading": pl.String}, orient="row")


def _of_answer(layout: Layout, scope: str) -> Layout:
    """The layout of a file that stands for one of several answers in each row, as its record says."""
    return layout.only(json.loads(scope).get("answers", "")) if isinstance(layout, Source) else layout


def _heading(wanted: Column, headings: Sequence[str]) -> str | None:
    """What a file calls a column; its position where nobody knows a name."""
    at = wanted - 1 if isinstance(wanted, int) else position_of(wanted, headings)
    if at is None:
        return wanted if isinstance(wanted, str) else None
    return headings[at] if at < len(headings) and headings[at] else f"column {at + 1}"


def _whole_files(context: Context, wanted: Wanted) -> pl.DataFrame:
    """The files that are not in, in the columns of rows."""
    files = of_wanted(files_not_in(context), wanted).rename({"status": "outcome"})
    return pl.DataFrame(
        [{name: row.get(name) for name in COLUMNS} for row in files.iter_rows(named=True)], schema=_schema()
    )


def _schema() -> dict[str, pl.DataType]:
    stored = {**stored_types(RejectedRow), "path": pl.String(), "heading": pl.String(), "detail": pl.String()}
    return {name: stored[name] for name in COLUMNS}
