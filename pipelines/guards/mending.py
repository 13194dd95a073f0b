"""What a damaged lake has lost, held against landing: what is there is read again, and what is not is named.

A file whose answers are lost is `lost` in the ledger, and nothing is published until it is back in landing or withdrawn.
Not here: the tables themselves (`warehouse.upkeep.mending`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl
from filelock import FileLock

from pipelines.context import Context
from pipelines.guards.other_key import other_key
from pipelines.intake.decisions import made_good
from pipelines.intake.erasure import go_on
from pipelines.intake.feeds import Landed
from transforms.tables import FileRecord, types
from warehouse.lake.ledgers import current_files
from warehouse.published.swap import published_files
from warehouse.upkeep.mending import incomplete, mend, short_of_rejected

#: Of a file that was in: the lake has lost it, and landing does not hold it.
LOST = "lost"

#: What another does who mends takes a moment.
_SECONDS = 600


@dataclass(frozen=True)
class Mended:
    """What came of mending."""

    context: Context
    """With these the files are read again of which the lake has lost something."""
    said: list[str]
    """A sentence for each damaged table."""
    unread: list[str]
    """The paths of the files whose answers or members are lost until they are read again."""


def mended(context: Context, landed: Callable[[], Landed]) -> Mended:
    """Mend the lake, one process at a time; landing is looked at only where the lake has lost something."""
    with FileLock(context.scratch("locks") / "mending.lock", timeout=_SECONDS):
        return _mended(context, landed)


def _mended(context: Context, landed_now: Callable[[], Landed]) -> Mended:
    said = [*mend(context.lake), *made_good(context), *other_key(context, landed_now), *go_on(context)]
    gone = pl.concat([incomplete(context.lake), _forgotten(context)])
    kept = timedelta(days=context.workspace.config.limits.keep_rejected_days)
    refused = short_of_rejected(context.lake, context.clock() - kept)
    wanted = pl.concat([gone, refused])
    landed = landed_now() if wanted.height else []
    there = {(feed.name, known) for feed, items in landed for item in items for known in (item.digest, item.known_as)}
    again = {
        digest for source, digest in wanted.select("source", "file_digest").iter_rows() if (source, digest) in there
    }
    names = [feed.name for feed, _ in landed]
    lost = gone.filter(pl.col("source").is_in(names), ~pl.col("file_digest").is_in(list(again)))
    if lost.height:
        records = lost.with_columns(
            status=pl.lit(LOST, types(FileRecord)["status"]),
            reason=pl.lit(LOST),
            detail=pl.col("path").map_elements(_sentence, return_dtype=pl.String),
            load_id=pl.lit(None, pl.String),
            ingested_at=pl.lit(context.clock(), types(FileRecord)["ingested_at"]),
        )
        context.lake.append("files", records)
    unread = gone.filter(pl.col("file_digest").is_in(list(again))).get_column("path").to_list()
    return Mended(replace(context, again=context.again | again), said, sorted(unread))


def _forgotten(context: Context) -> pl.DataFrame:
    """The files that counted when the published file was made, and that the ledger does not know any more.

    Of employees no digest is published: their files are known by path, which stands for the digest of one that is lost.
    """
    published, known_now = published_files(context.workspace.database), current_files(context.lake)
    of_employees = published.filter(pl.col("file_digest").is_null()).with_columns(file_digest="path")
    unknown = pl.concat([
        published.drop_nulls("file_digest").join(known_now, on=["source", "file_digest"], how="anti"),
        of_employees.join(context.lake.ledger("files"), on=["source", "path"], how="anti"),
    ])  # fmt: skip
    known = {
        "size_bytes": pl.lit(0), "recipe": pl.lit(""), "scope": pl.lit("{}"), "redelivers": pl.lit(value=False),
        "delivery": pl.lit("incremental"),
    }  # fmt: skip
    return unknown.select(
        (pl.col(name) if name in unknown.columns else known.get(name, _nothing(dtype))).cast(dtype).alias(name)
        for name, dtype in types(FileRecord).items()
    )


def _nothing(dtype: pl.DataType) -> pl.Expr:
    return pl.lit([], dtype) if isinstance(dtype, pl.List) else pl.lit(None, dtype)


def _sentence(path: str) -> str:
    return (
        f"Its answers in the lake are lost, and {path} is not in landing any more. Put it back there and type nps run, or "
        f"take it out for good: nps withdraw {path}"
    )
