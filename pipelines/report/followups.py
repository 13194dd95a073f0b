"""The list of those who call unhappy clients back: open cases, with the id by which the source system knows each answer.

Here: which cases are open, and reading that id again from the row of landing, since the lake holds a digest of it where it
may be a person's. Not here: what a case is (`warehouse.published.cases`). Who the client is, the source system says: no
address and no name is ever printed, and employees have no cases.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters import kinds
from pipelines.adapters.columns import canonical
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.errors import FileRefusedError, UserError
from pipelines.intake.feeds import Feed, feeds, in_landing
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile
from pipelines.recipes.months import business_day
from pipelines.report.cells import from_published
from pipelines.report.members import meant
from transforms.texts.identity import says_who
from warehouse.lake.ledgers import current_files
from warehouse.published.cases import kept_cases

COLUMNS: Final = (
    "due", "is_overdue", "answered", "branch", "channel", "survey", "source", "id_in_source", "path", "source_row", "says"
)  # fmt: skip
_WHERE: Final = ("source", "file_digest")
_CLOCK: Final = "%Y-%m-%d %H:%M"


def followups(context: Context, branch: str | None = None) -> pl.DataFrame:
    """The open cases as `COLUMNS`, those that are due first on top; `says` tells why an id is not there.

    `branch` is a code or a name. Raises `UserError` where nps.yaml follows nobody up, or no branch is called so.
    """
    config = context.workspace.config
    if config.follow_up is None:
        raise UserError("nps.yaml follows nobody up. Say by when: follow_up: {due: {business_days: 2}, calendar: HR}")
    every = kept_cases(context.lake)
    cases = every.filter(pl.col("status") == "open")
    if branch is not None:
        cases = cases.filter(pl.col("branch") == _branch(context, branch, every))
    files = current_files(context.lake).select(*_WHERE, "path")
    local = [
        pl.col(name).dt.convert_time_zone(config.timezone).dt.strftime(_CLOCK).alias(shown)
        for name, shown in (("due_at", "due"), ("opened_at", "answered"))
    ]
    placed = cases.join(files, on=_WHERE, how="left").join(_ids(context, cases), on=[*_WHERE, "source_row"], how="left")
    ordered = placed.with_columns(*local, is_overdue=pl.col("due_at") < context.clock()).sort(
        "due_at", "source", "path"
    )
    return ordered.select(COLUMNS)


def _branch(context: Context, typed: str, cases: pl.DataFrame) -> str:
    """The branch that is meant: whose list is empty is not asked for by a name that nobody has."""
    known: dict[str, str | None] = dict.fromkeys(cases.get_column("branch").unique().sort())
    if context.workspace.database.is_file():
        known |= dict(from_published(context, "select branch, name from marts.dim_branch").iter_rows())
    if (branch := meant(typed, "branch", known.items())) is None:
        there = ", ".join(name or member for member, name in known.items())
        raise UserError(f"There is no branch {typed!r}; there are: {there or 'none'}.")
    return branch


def as_of(context: Context) -> str | None:
    """When the list was made that `followups` tells, in business time, where that was not today."""
    made: datetime | None = kept_cases(context.lake).get_column("as_of").max()  # type: ignore[assignment]
    config = context.workspace.config
    if made is None or business_day(config, made) == business_day(config, context.clock()):
        return None
    return f"As of {business_day(config, made)}: nothing was published since. nps run brings it up to date."


def _ids(context: Context, cases: pl.DataFrame) -> pl.DataFrame:
    """The ids of answers in their sources: `source, file_digest, source_row, id_in_source, says`."""
    known = {feed.name: feed for feed in feeds(context.workspace.config, context.workspace.key())}
    found = [
        pl.DataFrame(schema={**dict.fromkeys((*_WHERE, "id_in_source", "says"), pl.String), "source_row": pl.Int64})
    ]
    for (source,), of_source in cases.group_by(["source"], maintain_order=True):
        feed = known.get(str(source))
        here = {item.digest: item for item in in_landing(context, feed)} if feed else {}
        for (digest,), rows in of_source.group_by(["file_digest"], maintain_order=True):
            told = _of_file(context, feed, here.get(str(digest)), rows.get_column("source_row"))
            found.append(told.with_columns(source=pl.lit(str(source)), file_digest=pl.lit(str(digest))))
    return pl.concat(found, how="diagonal")


def _of_file(
    context: Context, feed: Feed | None, item: LandedFile | RefusedFile | None, rows: pl.Series
) -> pl.DataFrame:
    says = None
    if feed is None or not isinstance(feed.layout, Source):
        says = "nps.yaml does not name its source any more: look for the row in a copy of the file."
    elif item is None:
        says = "The file is not in landing any more: look for the row in a copy of it."
    elif isinstance(item, RefusedFile):
        says = item.error.detail
    elif not _has_ids(feed.layout, item):
        says = "Its source gives answers no ids: look at the row of the file."
    else:
        try:
            return _read(context, feed.layout, item, rows)
        except FileRefusedError as error:
            says = error.detail
    return rows.to_frame().with_columns(id_in_source=pl.lit(None, pl.String), says=pl.lit(says))


def _has_ids(source: Source, file: LandedFile) -> bool:
    one = source.only(file.answer)
    return "response_id" in {*one.columns, *one.file_name_groups}


def _read(context: Context, source: Source, file: LandedFile, rows: pl.Series) -> pl.DataFrame:
    limits = context.workspace.config.limits
    with tempfile.TemporaryDirectory(prefix="file-", dir=context.scratch("files")) as scratch:
        table = kinds.read(file, source, limits, Path(scratch))
        raw = canonical(table, file, source)
        if "response_id" not in raw.collect_schema().names():
            return rows.to_frame().with_columns(
                id_in_source=pl.lit(None, pl.String), says=pl.lit("The file has no column of ids: look at the row.")
            )
        given = pl.col("response_id").str.strip_chars().str.strip_suffix(f"#{file.answer}" if file.answer else "")
        wanted = raw.filter(pl.col("source_row").is_in(rows.implode())).select("source_row", given=given).collect()
    is_person = says_who(pl.col("given")).fill_null(value=False)
    is_blank = pl.col("given").is_null() | (pl.col("given") == "")
    told = (
        pl.when(is_blank).then(pl.lit("The row has no id: look at the row of the file."))
        .when(is_person).then(pl.lit("What stands for the id is an address or number of a person: look at the row."))
    )  # fmt: skip
    return wanted.select("source_row", id_in_source=pl.when(~is_blank & ~is_person).then("given"), says=told)
