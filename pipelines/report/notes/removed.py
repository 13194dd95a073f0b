"""Files that landing holds no more, whose answers go on counting.

Here: the sentences, for `nps status` about all, for each night about those that were taken out of an archive. Not here:
taking them back (`pipelines.intake.withdrawal`).
"""

from __future__ import annotations

import os
import shlex
from typing import Final

import polars as pl

from pipelines.context import Context
from pipelines.intake.feeds import Landed
from pipelines.landing.landed import LandedFile
from pipelines.stages.counting import fates, files_counted
from warehouse.lake.ledgers import current_files
from warehouse.months.plan import Plan

_WHICH: Final = {"source": pl.String(), "path": pl.String()}


def removed(context: Context, counted: pl.DataFrame, here: set[tuple[str, str]]) -> list[str]:
    """Removing a file from landing takes nothing back: it is said of each whose answers count.

    Not of one that was written over and is pending: the next night puts it in the place of what it was.
    """
    counting = counted.filter(pl.col("source").is_in(list(context.workspace.config.sources)), pl.col("counted") > 0)
    rows = counting.select("source", "file_digest", "path", "counted").iter_rows()
    return [
        f"{_gone(context, path)} go on counting ({answers:,}). To take them back: nps withdraw {shlex.quote(path)}"
        for source, digest, path, answers in rows
        if (source, digest) not in here
    ]


def taken_out(context: Context, landed: Landed, plan: Plan) -> list[str]:
    """A sentence about every file that an archive lost which lies in landing with others that it held, and that counts.

    Not about the first ones by name: an archive of the last days loses these by itself.
    """
    found = [(feed.name, item) for feed, items in landed for item in items]
    packed = [(source, item) for source, item in found if isinstance(item, LandedFile) and item.member is not None]
    if not packed:
        return []
    root, files = context.workspace.root, current_files(context.lake).filter(pl.col("status") == "accepted")
    known, here = (
        set(files.select("source", "file_digest").iter_rows()),
        {(source, item.digest) for source, item in found},
    )
    first: dict[str, str] = {}
    for source, item in packed:
        if (source, item.digest) in known:
            archive = f"{item.path.relative_to(root).as_posix()}/"
            first[archive] = min(item.known_as, first.get(archive, item.known_as))
    lost = [
        (source, path)
        for source, digest, path in files.select("source", "file_digest", "path").iter_rows()
        if (source, digest) not in here and any(path.startswith(each) and path > first[each] for each in first)
    ]
    if not lost:
        return []
    of_lost = files.join(pl.DataFrame(lost, _WHICH, orient="row"), on=["source", "path"], how="semi")
    return removed(context, files_counted(of_lost, fates(context.lake, plan)), here)


def _gone(context: Context, path: str) -> str:
    file = context.workspace.root / path
    try:
        is_there, is_open = file.is_file(), os.access(file, os.R_OK)
    except PermissionError:
        is_there, is_open = True, False
    if is_there and not is_open:
        return f"{path} cannot be opened now; the answers that it had before"
    if is_there:
        return f"{path} holds other bytes now; the answers that it had before"
    return f"{path} is no longer in landing; its answers"
