"""Exceptions that a person makes: which held file `--accept` means, and who asks.

Here: from paths to digests. Not here: what is held, and what accepting does (`snapshots`).
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.context import OTHER_KEY, RESTATEMENTS, Context
from pipelines.errors import UserError
from pipelines.intake.feeds import Feed, feeds, landed_at
from transforms.reasons import Reason
from warehouse.lake.ledgers import current_files

#: The tag of a run in Dagster that says the same as `--accept`: paths, with commas between them.
ACCEPT_TAG = "nps/accept"
#: Stands in place of a path: what the next publication restates is right so.
RESTATED: Final = "restatements"
#: The same: pseudonyms are made with another key from now on.
KEY: Final = "key"
_NO_PATHS: Final = {RESTATED: RESTATEMENTS, KEY: OTHER_KEY}
#: Why a file may be held that a person can accept all the same.
ACCEPTED_BY_PERSONS: Final = (Reason.SNAPSHOT_SHRUNK, Reason.MONTH_CHANGED)
_MAY_BE: Final = pl.col("reason").is_in([reason.value for reason in ACCEPTED_BY_PERSONS])


def accepting(context: Context, paths: Sequence[str]) -> Context:
    """The context with which the files at these paths are taken in although they shrank, or change months that had ended.

    `restatements` in place of a path lets figures of periods that had ended be restated by more than nps.yaml allows, `key`
    lets files be read with another key for pseudonyms.
    Raises `UserError` for a path at which no file lies that is held for that reason, as it is now.
    """
    files = [path for path in paths if path not in _NO_PATHS]
    meant = {each for path in files for each in _held(context, relative(context, path))}
    again = context.again | {digest for _, digest in meant}
    others = {_NO_PATHS[path] for path in paths if path in _NO_PATHS}
    return replace(context, accept=context.accept | meant | others, again=again, user=user())


def accepting_tagged(context: Context, tags: Mapping[str, str], feed: Feed) -> Context:
    """The same for those files of one feed that a run's tag names."""
    named = [relative(context, path) for path in _tagged(tags)]
    own = [path for path in named if landed_at(context, feed, path)]
    return accepting(context, own) if own else context


def restating_tagged(context: Context, tags: Mapping[str, str]) -> Context:
    """The same for a run that publishes."""
    return accepting(context, [RESTATED]) if RESTATED in _tagged(tags) else context


def _tagged(tags: Mapping[str, str]) -> list[str]:
    return [path.strip() for path in tags.get(ACCEPT_TAG, "").split(",") if path.strip()]


def _held(context: Context, path: str) -> list[tuple[str, str]]:
    """The feeds that hold the file at a path for such a reason, each with its digest."""
    config, key = context.workspace.config, context.workspace.key()
    there = [(feed.name, item.digest) for feed in feeds(config, key) for item in landed_at(context, feed, path)]
    verdicts = current_files(context.lake)
    if not there:
        is_so_called = pl.col("path").str.ends_with(f"/{Path(path).name}") & (pl.col("path") != path)
        so_called = verdicts.filter(is_so_called).get_column("path").to_list()
        near = so_called[-1:] or get_close_matches(path, _NO_PATHS)
        hint = f" Is {near[0]} meant?" if near else ""
        raise UserError(f"{path} cannot be accepted: no source of nps.yaml has a file at that path.{hint}")
    held = [
        (source, digest)
        for source, digest in there
        if not verdicts.filter(_is(source, digest), _MAY_BE, status="held").is_empty()
    ]
    if not held:
        raise UserError(_why_not(verdicts, there, path))
    return held


def _why_not(verdicts: pl.DataFrame, there: list[tuple[str, str]], path: str) -> str:
    known = pl.concat([verdicts.filter(_is(*each)) for each in there])
    if known.is_empty():
        was_held = not verdicts.filter(pl.col("path") == path, _MAY_BE).is_empty()
        says = "it has changed since it was held" if was_held else "it has not been read yet"
        return f"{path} cannot be accepted: {says}. Type nps run, and accept it if it is held then."
    status, reason, detail = known.select("status", "reason", "detail").row(0)
    if status == "accepted":
        return f"{path} need not be accepted: it is in."
    return (
        f"{path} cannot be accepted: only {' and '.join(ACCEPTED_BY_PERSONS)} can, and it is {status} for another reason, "
        f"{reason}. "
        f"{detail}"
    )


def _is(source: str, digest: str) -> pl.Expr:
    return (pl.col("source") == source) & (pl.col("file_digest") == digest)


def relative(context: Context, path: str) -> str:
    """A path as the ledger has it: inside the workspace, whether it was typed from there or from elsewhere."""
    root = context.workspace.root
    from_here = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    inside = from_here.is_relative_to(root) and (Path(path).is_absolute() or not (root / path).exists())
    return from_here.relative_to(root).as_posix() if inside else Path(path).as_posix()


def user() -> str:
    """Who runs this, as the operating system knows them; their number where they have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
