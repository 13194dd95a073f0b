"""Which files a run has to look at: new ones, and known ones that have another name or stand in another's place.

Here: landing held against the ledger of files, of one feed. Not here: what landing holds (`feeds`), the records
(`verdicts`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from pipelines.context import Context
from pipelines.intake.feeds import Feed, arrived
from pipelines.intake.taken_back import without_withdrawn
from pipelines.landing.discover import RefusedFile, are_still_there, modified_at
from pipelines.landing.landed import OF_ANSWER, LandedFile
from transforms.reasons import Reason
from warehouse.lake.ledgers import current_files

#: Of two processes at work at once the one that judged first may write that down after the other.
_CLOCKS_DIFFER = timedelta(minutes=10)
_STANDING = {"file_digest": pl.String, "path": pl.String}


def known_files(context: Context, feed: Feed) -> pl.DataFrame:
    """What the ledger says of a feed's files."""
    lake = context.lake
    return lake.remembered(
        "files", f"of {feed.name}", lambda: current_files(lake).filter(pl.col("source") == feed.name)
    )


def pending(context: Context, feed: Feed, here: Sequence[LandedFile | RefusedFile]) -> list[LandedFile | RefusedFile]:
    """The files that a run has to look at: without verdict under today's configuration, or with one under another name.

    Of the second, some were renamed, and some stand where other bytes stood that still count. `here` comes from
    `feeds.in_landing`.
    """
    known = known_files(context, feed)
    waiting = without_verdict(context, feed, known, here)
    names = set(map(_one, [*out_of_place(known, here)["path"], *renamed(known, here)["path"]]))
    return waiting + [item for item in here if _one(item.known_as) in names and item not in waiting]


def _one(name: str) -> str:
    """A name as people see it: some systems write its marks as characters of their own."""
    return unicodedata.normalize("NFC", name)


def has_work(context: Context, feed: Feed, here: Sequence[LandedFile | RefusedFile]) -> bool:
    """Whether a run has to look at a feed: for a file that is pending, or for one that it has no longer."""
    return bool(pending(context, feed, here)) or not left_out(context, known_files(context, feed), here).is_empty()


def without_verdict(
    context: Context, feed: Feed, known: pl.DataFrame, here: Sequence[LandedFile | RefusedFile]
) -> list[LandedFile | RefusedFile]:
    """The files without a verdict under the recipe of their feed, or to be judged again; old ones first, no bytes twice.

    A verdict by a clock that was wrong, as is seen now, is none: it was ahead where it said what is the future still, and
    behind where the file was modified after that, or others had been judged later before it. A folder that cannot be opened
    is told of every night: nobody knows what arrived in it. A file that a person withdrew is never judged again, whatever
    becomes of it or of nps.yaml; but what was not let in before that may have been held against it, and is. One that is not
    in and has another name since is told by that name.
    """
    if known.is_empty():
        return without_withdrawn(context, feed, known, arrived(here))
    judged, modified, now = pl.col("ingested_at"), pl.col("modified_at"), context.clock()
    was_behind = ((modified > judged) & (modified <= now)) | pl.col("load_id").is_in(_judged_behind(context))
    was_wrong = (judged > now) | was_behind.fill_null(value=False)
    withdrawn = known.filter(pl.col("status") == "withdrawn")
    last = withdrawn.get_column("sequence").fill_null(-1).max()
    was_out = pl.col("status").is_in(["held", "refused"]) & (pl.col("sequence").fill_null(-1) < pl.lit(last, pl.Int64))
    settled = ~pl.col("status").is_in(["replaced", "lost"]) & ~was_wrong & ~was_out.fill_null(value=False)
    settled &= ~_has_another_name(known, here)
    recorded = known.filter(pl.col("recipe") == feed.recipe, settled)
    seen = set(recorded.get_column("file_digest")).difference(context.again)
    waiting = [item for item in arrived(here) if item.digest not in seen or _is_closed(item)]
    return without_withdrawn(context, feed, known, waiting)


def _has_another_name(known: pl.DataFrame, here: Sequence[LandedFile | RefusedFile]) -> pl.Expr:
    """Of the ledger: what was not let in, and lies in landing by other names alone."""
    out = known.filter(pl.col("status").is_in(["held", "refused"]))
    if out.is_empty():
        return pl.lit(value=False)
    names: dict[str, set[str]] = {}
    for item in here:
        names.setdefault(item.digest, set()).add(item.known_as)
    known_by = out.select("file_digest", "path").iter_rows()
    return pl.col("file_digest").is_in([digest for digest, path in known_by if path not in names.get(digest, {path})])


def as_first_taken_in(
    known: pl.DataFrame, waiting: Sequence[LandedFile | RefusedFile]
) -> list[LandedFile | RefusedFile]:
    """Files that are read again, or for the first time, old ones first: each as old as when it was first taken in."""
    kept = known.filter(~pl.col("status").is_in(["replaced", "refused"]))
    first = dict(kept.select("file_digest", "modified_at").iter_rows())
    found = [
        replace(item, first_at=first.get(item.digest)) if isinstance(item, LandedFile) else item for item in waiting
    ]
    return sorted(found, key=lambda item: (modified_at(item), item.known_as))


def _judged_behind(context: Context) -> list[str]:
    """The loads with rows that a clock may have taken for the future's, since it had said a later time before.

    What takes out somebody who was erased judges nothing, and keeps the time of the verdict.
    """

    def found() -> pl.DataFrame:
        judged, now = pl.col("ingested_at"), context.clock()
        told = context.lake.ledger("files").filter(judged <= now).drop_nulls("load_id")
        first = told.sort("sequence", judged, nulls_last=False).unique("load_id", keep="first", maintain_order=True)
        is_behind = judged < judged.cum_max() - _CLOCKS_DIFFER
        is_meant = is_behind & (pl.col("rejected") > 0) & (pl.col("erasures").list.len() == 0)
        return first.filter(is_meant).select("load_id")

    return context.lake.remembered("files", "judged by a clock that was behind", found)["load_id"].to_list()


def _is_closed(item: LandedFile | RefusedFile) -> bool:
    return isinstance(item, RefusedFile) and item.is_folder


def out_of_place(
    known: pl.DataFrame, here: Sequence[LandedFile | RefusedFile], accepted: Iterable[str] = ()
) -> pl.DataFrame:
    """The records of files whose name other bytes have taken that count, and whose own are nowhere in landing any more.

    So a file that is mended in place does not count beside what it was before the mending. Nor does what nps.yaml once
    made of its rows, but does not any more: one of several answers. A lost file of which only its name is known is what
    comes under it. `accepted` are the digests of files that count from now on, beside those of which the ledger says so.
    """
    is_lost = (pl.col("status") == "lost") & (pl.col("file_digest") == pl.col("path"))
    counting = known.filter((pl.col("status") == "accepted") | is_lost)
    if counting.is_empty():
        return counting
    digests = {*accepted, *counting.get_column("file_digest")}
    taken = {_one(item.known_as): item.digest for item in here if item.digest in digests}
    now = pl.col("path").str.normalize("NFC").replace_strict(taken, default=None, return_dtype=pl.String)
    without_answer = pl.col("path").str.replace(OF_ANSWER, "")
    not_any_more = without_answer.is_in([item.relative for item in here if item.digest in digests]) & ~pl.col(
        "path"
    ).is_in([item.known_as for item in here])
    return counting.filter(
        (pl.col("file_digest") != now) | not_any_more, ~pl.col("file_digest").is_in([item.digest for item in here])
    )


def left_out(context: Context, known: pl.DataFrame, here: Sequence[LandedFile | RefusedFile]) -> pl.DataFrame:
    """The records of files that count and still lie in landing, but that nps.yaml does not name any more or finds too large.

    Taking a file out of landing is no change of nps.yaml: its answers stay.
    """
    counting = known.filter(
        pl.col("status") == "accepted", ~pl.col("file_digest").is_in([item.digest for item in here])
    )
    if counting.is_empty():
        return counting
    too_large = {
        (item.relative, modified_at(item))
        for item in here
        if isinstance(item, RefusedFile) and item.error.reason == Reason.FILE_TOO_LARGE
    }
    names = {name for item in here for name in (item.known_as, item.relative)}
    there = are_still_there(context.workspace.root, counting.get_column("path"))
    standing = zip(there, counting.select("path", "modified_at").iter_rows(), strict=True)
    is_out = [is_there and (file[0] not in names or file in too_large) for is_there, file in standing]
    return counting.filter(pl.Series(is_out, dtype=pl.Boolean))


def renamed(known: pl.DataFrame, here: Sequence[LandedFile | RefusedFile]) -> pl.DataFrame:
    """The records of files that count, or may again, and stand under another name now, with that name as their `path`.

    Else nobody would know, when other bytes come under it, whose place they take.
    """
    counting = known.filter(pl.col("status").is_in(["accepted", "withdrawn"]))
    if counting.is_empty():
        return counting
    names: dict[str, str] = {}
    for item in here:
        names.setdefault(item.digest, item.known_as)
    standing = pl.DataFrame([(item.digest, item.known_as) for item in here], schema=_STANDING, orient="row")
    now = pl.col("file_digest").replace_strict(names, default=None, return_dtype=pl.String)
    moved = counting.join(standing, on=["file_digest", "path"], how="anti").filter(now.is_not_null())
    return moved.with_columns(path=now)
