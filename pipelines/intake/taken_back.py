"""Which files of landing a person has taken back: by their bytes, whatever nps.yaml makes of their names and columns.

Here: files held against the withdrawn ones of the ledger. Not here: taking back (`withdrawal`), what else waits
(`waiting`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.adapters.file_names import values_from_name
from pipelines.context import Context
from pipelines.errors import FileRefusedError
from pipelines.intake.feeds import Feed
from pipelines.landing.discover import RefusedFile, modified_at
from pipelines.landing.landed import OF_ANSWER, LandedFile
from warehouse.lake.ledgers import ACTIVITY_PREFIX, DIMENSION_PREFIX, current_files, moves_no_answer

Item = LandedFile | RefusedFile


def without_withdrawn(context: Context, feed: Feed, known: pl.DataFrame, items: list[Item]) -> list[Item]:
    """The files that nobody took back; `known` is what the ledger says of the files of their feed.

    Equal bytes under a name that says something else, such as another branch, are another file: only where the pattern of
    the names has changed so that the old name says nothing any more, the bytes alone decide. What was taken back of a
    source that nps.yaml does not name any more stays so under the source's new name.
    """
    if not items or (feed.is_dimension and not moves_no_answer(feed.name)):
        return items
    config, source = context.workspace.config, pl.col("source")
    is_of_kind = source.str.starts_with(ACTIVITY_PREFIX if feed.is_dimension else DIMENSION_PREFIX)
    is_named = source.is_in([*config.sources, *(ACTIVITY_PREFIX + name for name in config.activity)])
    is_gone = (is_of_kind if feed.is_dimension else ~is_of_kind) & ~is_named
    taken_back = current_files(context.lake).filter(pl.col("status") == "withdrawn", (source == feed.name) | is_gone)
    if taken_back.is_empty():
        return items
    others = known.filter(pl.col("status") != "withdrawn")
    return [item for item in items if not _is_withdrawn(item, feed, taken_back, others)]


def _is_withdrawn(item: Item, feed: Feed, taken_back: pl.DataFrame, others: pl.DataFrame) -> bool:
    whole = pl.col("path").str.replace(OF_ANSWER, "") == item.relative
    this_answer = pl.col("path").is_in([item.known_as, item.relative]) | pl.lit(item.known_as == item.relative)
    untouched = (pl.col("size_bytes") == item.size_bytes) & (pl.col("modified_at") == modified_at(item))
    if not taken_back.filter((pl.col("file_digest") == item.digest) | (whole & this_answer & untouched)).is_empty():
        return True
    if isinstance(item, RefusedFile) or item.digest in others.get_column("file_digest"):
        return False
    same_bytes = pl.col("bytes_digest") == item.content
    counting = others.filter(same_bytes, pl.col("status") == "accepted").get_column("path").to_list()
    candidates = taken_back.filter(same_bytes).iter_rows(named=True)
    return item.known_as not in counting and any(_is_this(item, feed, each, counting) for each in candidates)


def _is_this(item: LandedFile, feed: Feed, record: dict[str, Any], counting: Sequence[str]) -> bool:
    """Whether a withdrawn file of the same bytes is this one: `counting` are the paths of those that count."""
    path = re.sub(OF_ANSWER, "", record["path"])
    answer = record["path"][len(path) :].strip(" []")
    if item.answer and answer and item.answer != answer and any(each.startswith(f"{path} [") for each in counting):
        return False  # only some of its answers were taken back
    try:
        named_now = values_from_name(replace(item, relative=path), feed.layout)
    except FileRefusedError:
        return True
    return path == item.relative or named_now == _values(item, feed)


def _values(item: LandedFile, feed: Feed) -> dict[str, str] | None:
    try:
        return values_from_name(item, feed.layout)
    except FileRefusedError:
        return None
