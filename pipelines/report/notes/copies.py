"""Files of landing with the very bytes of a file that is in: they are taken in once, whatever came between them.

Here: the sentences about them. Not here: which file stands for equal bytes (`pipelines.intake.feeds`), equal bytes of two
sources or of two branches (`pipelines.intake.notes.earlier.elsewhere`).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.intake.feeds import Feed, Landed
from pipelines.landing.discover import RefusedFile, modified_at
from pipelines.landing.landed import LandedFile
from pipelines.stages.counting import RULES
from warehouse.lake.ledgers import current_files
from warehouse.lake.store import Lake

_SHOWN: Final = 3


def copies(landed: Landed, lake: Lake, became: Callable[[], pl.DataFrame]) -> list[str]:
    """A sentence about each file that came again under another name, where a newer one lies between, or as the last one.

    `became` gives what `pipelines.stages.counting.fates` does, and is asked where there is a copy.
    """
    accepted = current_files(lake).filter(pl.col("status") == "accepted", pl.col("rows_read") > 0)
    said: list[str] = []
    for feed, here in landed:
        own = accepted.filter(pl.col("source") == feed.name)
        records = dict(own.select("file_digest", "path").iter_rows())
        moved = _moved(lake, feed, here, records)
        standing = {item.known_as: item.digest for item in here}
        found: dict[str, tuple[str, LandedFile]] = {}
        for item in here:
            path = moved.get(item.digest, records.get(item.digest))
            if path is None or isinstance(item, RefusedFile) or path == item.known_as:
                continue
            if item.digest in moved or standing.get(path) == item.digest:
                found.setdefault(item.relative, (path, item))
        said += _of_feed(feed, own, became(), [*found.values()], standing) if found else []
    return said


def _moved(
    lake: Lake, feed: Feed, here: Sequence[LandedFile | RefusedFile], records: Mapping[str, str]
) -> Mapping[str, str]:
    """By digest the names under which files were taken in that have another one now, and were modified since."""
    since = {item.digest: modified_at(item) for item in here if records.get(item.digest) == item.known_as}
    if not since:
        return {}
    ledger = lake.ledger("files").filter(pl.col("source") == feed.name, pl.col("file_digest").is_in([*since]))
    renamed = ledger.filter(pl.col("path").n_unique().over("file_digest") > 1)
    names = renamed.sort("sequence", nulls_last=False).unique("file_digest", keep="first", maintain_order=True)
    rows = names.select("file_digest", "path", "modified_at").iter_rows()
    return {digest: path for digest, path, at in rows if records[digest] != path and at < since[digest]}


def _of_feed(
    feed: Feed,
    files: pl.DataFrame,
    became: pl.DataFrame,
    found: Sequence[tuple[str, LandedFile]],
    standing: Collection[str],
) -> Iterator[str]:
    idle: list[tuple[str, LandedFile]] = []
    for path, copy in found:
        between = _between(feed, files, became, copy)
        if not between:
            idle += [(path, copy)] if path in standing else []
            continue
        last = between[-1]
        yield (
            f"{copy.relative} has the very bytes of {path}, which is in and older than {_some(between)}: so nothing of it "
            f"is taken in again, and what {last} says instead goes on counting. If {copy.relative} is right, take that "
            f"back: nps withdraw {shlex.quote(last)}; if it was sent by mistake, remove it from landing."
        )
    # A list, and a whole survey, may well be the same from day to day; and what newer files came after is no news.
    newest = max(files["modified_at"].to_list())
    last_of = [
        (path, copy) for path, copy in idle if modified_at(copy) > newest and ".zip/" not in copy.relative.lower()
    ]
    if last_of and feed.delivery == "incremental" and not feed.is_dimension:
        path, copy = last_of[0]
        more = f", and so it is with {len(last_of) - 1:,} more of {feed.name}" if len(last_of) > 1 else ""
        yield (
            f"{copy.known_as} has the very bytes of {path}{more}: they count once. If there should be something newer in "
            "it, its export has stopped, or the wrong file was sent; else all is well."
        )


def _between(feed: Feed, files: pl.DataFrame, became: pl.DataFrame, copy: LandedFile) -> list[str]:
    """The newer files, from old to new, that say otherwise what the copied one said, and are older than the copy."""
    own = pl.lit(files.filter(pl.col("file_digest") == copy.digest)["modified_at"].item())
    others = files.filter(pl.col("modified_at") > own, pl.col("modified_at") < modified_at(copy))
    if not feed.is_dimension:
        lost = became.filter(
            pl.col("source") == feed.name, pl.col("file_digest") == copy.digest, pl.col("rule").is_in([*RULES])
        )
        others = others.filter(pl.col("file_digest").is_in(lost["by_file_digest"].to_list()))
    return others.sort("modified_at", "path").get_column("path").to_list()


def _some(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[-_SHOWN:])
    more = len(paths) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
