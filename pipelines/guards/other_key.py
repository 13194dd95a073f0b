"""That pseudonyms are made with the key of before: with another one everybody would be somebody else.

Here: comparing the key with those that files were read with, and rotating it. Not here: where the key is kept
(`pipelines.config.workspace`), how pseudonyms are made of several (`transforms.texts.identity`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import polars as pl

from pipelines.config.workspace import KEY_FILE, KEY_VARIABLE, new_key
from pipelines.context import OTHER_KEY, Context
from pipelines.errors import UserError
from pipelines.intake.feeds import Landed
from pipelines.intake.withdrawal import nothing_taken_in
from pipelines.recipes.digests import key_id
from transforms.texts.identity import THEN
from warehouse.lake.durable import sync
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_files


def other_key(context: Context, landed: Callable[[], Landed]) -> list[str]:
    """The sentence about files of another key that cannot be read again: landing has them no more.

    Raises `UserError` where the key has just changed, and nobody accepts that.
    """
    now, files = key_id(context.workspace.key()), _with_people(context)
    if files.filter(pl.col("key_id") != now).is_empty():
        return []
    rows = files.sort("sequence", "ingested_at", nulls_last=False)
    left = _not_there(rows.filter(pl.col("key_id") != now), landed())
    if not left:
        return []
    which = _which(left)
    key = "another key for pseudonyms (identity.key, NPS_KEY)"
    if rows.item(-1, "key_id") == now:
        return [f"{which} read with {key}: people in there count as others than the same people in files read since."]
    if OTHER_KEY in context.accept:
        return []
    raise UserError(
        f"This is {key} than that of before. {which[0].upper()}{which[1:]} read with the former one: people in there would "
        "count as others than the same people in files read with this one. Put the former key back. If it is lost: "
        "nps run --accept key."
    )


def rotate(context: Context, landed: Landed) -> int:
    """Make another key, by which nobody becomes somebody else; gives how many files the next night reads again for it.

    Pseudonyms are made of those of before, so that who was erased stays erased; who has the former key alone can make none.
    Raises `UserError` where the key is not kept in the workspace, landing lacks a file that counts, or files are being taken
    in: with one half of their people by either key, many would be two.
    """
    # A link to where secrets are kept stays one.
    file = (context.workspace.root / KEY_FILE).resolve()
    if KEY_VARIABLE in os.environ:
        raise UserError(
            f"The key comes from {KEY_VARIABLE}, which nothing can change from here. Put it into {file}, readable by you "
            f"alone, start everything without {KEY_VARIABLE}, and type this again."
        )
    with nothing_taken_in(context, [feed.name for feed, _ in landed]):
        files = _with_people(context)
        if left := _not_there(files, landed):
            raise UserError(
                f"{_which(left)} read with the key of now, and cannot be read again with another one: people in there "
                "would count as others than the same people in other files. Put what is missing back into landing first, "
                "or withdraw it. The key stays as it is."
            )
        following = file.with_name(f".{file.name}")
        following.unlink(missing_ok=True)
        with os.fdopen(os.open(following, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{context.workspace.key()}{THEN}{new_key()}\n")
        sync(following)
        following.replace(file)
        sync(file.parent)
    return files.height


def _with_people(context: Context) -> pl.DataFrame:
    """The files that count, of which any has pseudonyms: all but lists of branches."""
    return current_files(context.lake).filter(
        pl.col("status") == "accepted",
        pl.col("key_id").is_not_null(),
        pl.col("source") != f"{DIMENSION_PREFIX}branches",
    )


def _not_there(files: pl.DataFrame, landed: Landed) -> list[str]:
    """The paths of those of the files that landing does not have any more."""
    there = {(feed.name, item.digest) for feed, items in landed for item in items}
    told = files.select("source", "file_digest", "path").iter_rows()
    return [path for source, digest, path in told if (source, digest) not in there]


def _which(paths: Sequence[str]) -> str:
    if paths[1:]:
        return f"{len(paths)} files that landing does not have any more, such as {paths[0]}, were"
    return f"{paths[0]}, which landing does not have any more, was"
