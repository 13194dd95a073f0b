"""Reading one file into the lake: from bytes to a load that does not count yet.

Here: the way of a file through its adapter, its judge and the notes on it, and the errors on that way. Not here: any of
these steps (`pipelines.adapters`, `judging`, `noted`), or what becomes of the load (`ingest`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import polars as pl

from pipelines.adapters import kinds
from pipelines.adapters.file_names import values_from_name
from pipelines.adapters.headings import labels
from pipelines.adapters.table import Looked, TextTable, carefully
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.errors import FileRefusedError, NoRoomError
from pipelines.intake import noted
from pipelines.intake.drift import differences, last_alike, missing, refuse_shifted
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.judging import stage_rows
from pipelines.intake.notes.columns.marked import brand_by_file
from pipelines.intake.notes.earlier.again import read_again
from pipelines.intake.notes.earlier.blanked import blank_columns, notes_of_blanks, notes_of_gone, notes_of_new
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.discover import RefusedFile, refused
from pipelines.landing.landed import LandedFile
from pipelines.trouble.sentences import no_room
from transforms.reasons import Reason
from warehouse.intake.rereading import Was, changes
from warehouse.intake.staging import BY_MONTH_FROM, Staged
from warehouse.lake.ledgers import scope_as_compared
from warehouse.upkeep.mending import damage_told

_NO_SCOPE = {"responded_at", "updated_at", "valid_from"}


def read_file(context: Context, feed: Feed, file: LandedFile | RefusedFile, history: History) -> FileVerdict:
    """Read a file and write its rows as a load: accepted as far as the file itself goes, or refused.

    `history` knows what came before it, and is told.
    """
    if isinstance(file, RefusedFile):
        return _refused(file, file.error)
    try:
        with tempfile.TemporaryDirectory(prefix="file-", dir=context.scratch("files")) as scratch:
            verdict = _read(context, feed, file, history, Path(scratch))
        refuse_changed(file)
    except FileRefusedError as error:
        full = no_room(context.workspace, str(error.__cause__)) if error.reason == Reason.FILE_UNREADABLE else None
        if full is not None:  # then it is not the file's fault
            raise NoRoomError(full) from error
        verdict = _refused_this_once(file, error) or _refused(file, error)
    return history.told(verdict)


def refuse_changed(file: LandedFile) -> None:
    """Raise `FileRefusedError` where a file is another one by now than the one that was found in landing."""
    try:
        is_same = file.path.stat().st_mtime_ns == file.modified_ns
    except OSError:
        is_same = False
    if not is_same:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.relative} was changed while it was read. The next run tries it again."
        )


def _refused_this_once(file: LandedFile, error: FileRefusedError) -> FileVerdict | None:
    """The verdict where not the bytes by which a file is known were found wanting: the same may be read in the next run."""
    try:
        refuse_changed(file)
    except FileRefusedError as changed:
        error = changed
    else:
        if not isinstance(error.__cause__, OSError) or error.__cause__.errno is None:
            return None
    return _refused(refused(file.path, file.relative, error), error)


def _read(context: Context, feed: Feed, file: LandedFile, history: History, scratch: Path) -> FileVerdict:
    scope = scope_of(values_from_name(file, feed.layout), file.answer)
    table = kinds.read(file, feed.layout, context.workspace.config.limits, scratch)
    headings = labels(table)
    layout = feed.layout.only(file.answer) if isinstance(feed.layout, Source) else feed.layout
    before = last_alike(history.before(file, scope), headings)
    if before is not None and before.recipe == feed.recipe:  # else the positions of nps.yaml may have been other ones
        refuse_shifted(layout, headings, before)
    if file.size_bytes < BY_MONTH_FROM:
        table = _held(file, table)
    try:
        staged = _stage(context, feed, file, table, scratch)
    except FileRefusedError as error:
        told = missing(layout, headings, before) if before and error.reason == Reason.FILE_LAYOUT else ""
        raise FileRefusedError(error.reason, f"{error.detail} {told}".rstrip()) from error
    blank = blank_columns(table, layout)
    notes = (
        *_changes(context, feed, staged, history.by_older_rules(file.digest)),
        *table.notes,
        *noted.of_cells(table, layout),
        *noted.of_columns(table, feed.layout, file.answer, context.workspace.config).get(0, ()),
        *notes_of_blanks(context.lake, layout, blank, staged.tally.rows_read, before),
        *notes_of_gone(layout, headings, before),
        *notes_of_new(layout, headings, before),
        *noted.of_answers(context, feed, staged),
        *noted.of_headings(feed, table, context.workspace.config),
        *noted.of_other_files(feed, file, history, scope),
        *(differences(headings, before) if before else ()),
    )
    brand = brand_by_file(table, feed.layout).get(0) if isinstance(feed.layout, Source) else None
    return FileVerdict(
        file, "accepted", staged, scope, headings=headings, notes=notes, blank=frozenset(blank), brand=brand
    )


def _changes(context: Context, feed: Feed, staged: Staged, before: Earlier | None) -> tuple[str, ...]:
    if feed.is_dimension or before is None or before.load_id is None:
        return ()
    with damage_told(context.lake):
        was = Was(before.load_id, before.accepted, before.surveys)
        found = changes(context.lake, was, staged.folders["staged"], staged.tally.surveys)
    return read_again(found, staged.tally.rows_read, is_sure=before.settings == feed.settings) if found else ()


def _refused(file: LandedFile | RefusedFile, error: FileRefusedError) -> FileVerdict:
    status: Literal["held", "refused"] = "held" if error.reason.outcome == "held" else "refused"
    return FileVerdict(file, status, reason=error.reason, detail=error.detail)


def _held(file: LandedFile, table: TextTable) -> TextTable:
    """The table of a small file with its rows in memory: it is looked at many times."""
    return _sound(file, table, lambda each: replace(each, rows=each.rows.collect().lazy(), careful=None))


def _sound(file: LandedFile, table: TextTable, look: Callable[[TextTable], Looked]) -> Looked:
    """What a look at a table finds; where rows have too many cells or broken quotes, read slowly, marking each of them.

    Raises `FileRefusedError`, file_unreadable, where that does not help.
    """
    try:
        return carefully(table, look)
    except pl.exceptions.ComputeError as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{file.relative} cannot be read: {_first_line(error)}"
        ) from error


def _stage(context: Context, feed: Feed, file: LandedFile, table: TextTable, scratch: Path) -> Staged:
    return _sound(file, table, lambda each: stage_rows(context, feed, file, each, scratch))


def scope_of(values: Mapping[str, str], answer: str) -> str:
    """What a snapshot of a file replaces, beside its survey: the values that its name gives, except dates; its answer."""
    named = {**values, "answers": answer} if answer else values
    return scope_as_compared(json.dumps({name: value for name, value in named.items() if name not in _NO_SCOPE}))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
