"""Reading one file into the lake: from bytes to a load that does not count yet.

Here: the way of a file through its adapter, cleaning and staging, and the errors on it. Not here: any of these steps
(`pipelines.adapters`, `transforms`, `warehouse.intake.staging`), or what becomes of the load (`ingest`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

import polars as pl

from expectations.loading import load
from pipelines.adapters import extras, kinds
from pipelines.adapters.columns import (
    activity,
    canonical,
    clients,
    members,
    notes_of_scores,
    tickets,
    values_from_name,
)
from pipelines.adapters.gaps import notes_of_gaps
from pipelines.adapters.headings import labels
from pipelines.adapters.ids import names_person
from pipelines.adapters.table import Looked, TextTable, carefully
from pipelines.config.follow_up import Tickets
from pipelines.config.layouts import DimensionName
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.errors import FileRefusedError, NoRoomError
from pipelines.intake.drift import differences, missing, refuse_shifted
from pipelines.intake.erased_people import erased
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.notes.answers.doubts import doubts, nothing_own
from pipelines.intake.notes.answers.rows import odd_activity, unread_tickets
from pipelines.intake.notes.columns.called_alike import called_alike
from pipelines.intake.notes.columns.looks import notes_of_looks
from pipelines.intake.notes.columns.marked import brand_by_file, notes_of_marks
from pipelines.intake.notes.columns.persons import person_as_id, persons_left_out
from pipelines.intake.notes.columns.written import notes_of_writing
from pipelines.intake.notes.earlier.again import counts_already, dated_alike, in_other_capitals, read_again
from pipelines.intake.notes.earlier.blanked import blank_columns, notes_of_blanks, notes_of_gone, notes_of_new
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.discover import RefusedFile, modified_at, refused
from pipelines.landing.landed import LandedFile
from pipelines.recipes.rows import activity_rules, cleaning_rules, client_rules, member_rules, ticket_rules
from pipelines.trouble.sentences import no_room
from transforms.reasons import Reason
from transforms.rows.activity import judge_activity
from transforms.rows.ahead import looked_ahead
from transforms.rows.clients import judge_clients
from transforms.rows.members import judge_members
from transforms.rows.staged import judge
from transforms.rows.tickets import judge_tickets
from warehouse.intake.rereading import Was, changes
from warehouse.intake.staging import (
    BY_MONTH_FROM,
    Origin,
    Staged,
    stage_answers,
    stage_list,
)
from warehouse.lake.ledgers import DIMENSION_PREFIX, TICKETS, scope_as_compared
from warehouse.lake.store import Lake
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
    verdict = history.news(verdict)
    history.tell(verdict)
    return verdict


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
    before = next((each for each in history.before(file, scope) if each.headings), None)
    if before is not None and before.recipe == feed.recipe:  # else the positions of nps.yaml may have been other ones
        refuse_shifted(layout, headings, before)
    if file.size_bytes < BY_MONTH_FROM:
        table = _held(file, table)
    try:
        staged = _stage(context, feed, file, table, scratch)
    except FileRefusedError as error:
        told = missing(layout, headings, before) if before and error.reason == Reason.FILE_LAYOUT else ""
        raise FileRefusedError(error.reason, f"{error.detail} {told}".rstrip()) from error
    drift = differences(headings, before) if before else ()
    merged = notes_of_scores(table, layout) if isinstance(layout, Source) else ()
    gaps = carefully(table, lambda each: [*notes_of_gaps(each, layout)]) if isinstance(layout, Source) else ()
    marked = notes_of_marks(table, feed.layout) if isinstance(feed.layout, Source) else ()
    alike = called_alike(table, feed.layout) if isinstance(feed.layout, Source) else {}
    scale = context.workspace.config.scale_of(layout) if isinstance(layout, Source) else None
    looked = notes_of_looks(table, layout, scale) if isinstance(layout, Source) and scale else {}
    blank = blank_columns(table, layout)
    timezone = context.workspace.config.timezone
    writing = notes_of_writing(table, layout, timezone) if isinstance(layout, Source) else {}
    notes = (
        *_changes(context, feed, staged, history.by_older_rules(file.digest)),
        *table.notes,
        *merged,
        *gaps,
        *marked,
        *alike.get(0, ()),
        *looked.get(0, ()),
        *notes_of_blanks(context.lake, layout, blank, staged.tally.rows_read, before),
        *writing.get(0, ()),
        *notes_of_gone(layout, headings, before),
        *notes_of_new(layout, headings, before),
        *doubts_of(context, feed, staged),
        *persons(feed, table),
        *of_other_files(feed, file, history, scope),
        *drift,
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


def of_other_files(feed: Feed, file: LandedFile, history: History, scope: str) -> Iterator[str]:
    """What people should know of a file beside others of its feed: that its bytes count already, or whose date it has."""
    same = history.same_bytes(file)
    if same is not None:
        yield counts_already(same.path)
    elif former := history.same_letters(file):
        yield in_other_capitals(former)
    if isinstance(feed.layout, Source):
        yield from dated_alike(feed.layout.only(file.answer), modified_at(file), history.first(scope))


def doubts_of(context: Context, feed: Feed, staged: Staged) -> list[str]:
    """What is odd about its answers."""
    if feed.name == TICKETS:
        return [*unread_tickets(staged.tally)]
    if isinstance(feed.layout, Activity | ClientList):
        return [*odd_activity(feed.name, staged.tally)]
    if feed.is_dimension:
        return []
    config = context.workspace.config
    source = config.sources[feed.name]
    about = doubts(source, config.scale_of(source), staged.tally)
    return [*about, *nothing_own(source, staged.tally, config.own_brands)]


def persons(feed: Feed, table: TextTable) -> list[str]:
    """What people should know of its columns that name persons."""
    if not isinstance(feed.layout, Source):
        return []
    heading = names_person(table, feed.layout)
    left_out = sorted(extras.persons(table, feed.layout).values())
    as_id = [person_as_id(heading, are_attempts=feed.layout.contacts)] if heading else []
    return [*as_id, *([persons_left_out(left_out)] if left_out else [])]


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
    return _sound(file, table, lambda each: _stage_rows(context, feed, file, each, scratch))


def _stage_rows(context: Context, feed: Feed, file: LandedFile, table: TextTable, scratch: Path) -> Staged:
    config, key = context.workspace.config, context.workspace.key()
    if feed.is_dimension:
        if isinstance(feed.layout, Tickets):
            return _stage_tickets(context, feed.layout, file, table)
        if isinstance(feed.layout, Activity | ClientList):
            return _stage_outcomes(context, feed, file, table)
        name = cast("DimensionName", feed.name.removeprefix(DIMENSION_PREFIX))
        modified_on = datetime.fromtimestamp(file.modified_ns / 1e9, ZoneInfo(config.timezone)).date()
        member = member_rules(config, name, table, key=key, modified_on=modified_on)
        judged = judge_members(members(table, file, config.dimensions.lists[name]), member, file.digest)
        return stage_list(context.lake, judged, Origin(feed.name, file.digest, erased=erased(context)), "members")
    rules = cleaning_rules(config, feed.name, table, key=key, now=context.clock(), answer=file.answer)
    raw = canonical(table, file, config.sources[feed.name])
    given, is_private = raw.collect_schema().names(), rules.metric == "enps"
    if "cells" in given and file.size_bytes >= BY_MONTH_FROM:
        raw = looked_ahead(raw)
    origin = Origin(feed.name, file.digest, rules.survey, given, file.size_bytes, is_private, erased(context))
    return _staged(context.lake, judge(raw, rules, file.digest), origin, scratch)


def _staged(lake: Lake, judged: pl.LazyFrame, origin: Origin, scratch: Path) -> Staged:
    """A load of answers. While the engine works through a big file, which takes no Python, what judges it is imported."""
    if origin.size_bytes < BY_MONTH_FROM:
        return stage_answers(lake, judged, origin, scratch)
    with ThreadPoolExecutor(1) as beside:
        staged = beside.submit(stage_answers, lake, judged, origin, scratch)
        load()
        return staged.result()


def _stage_tickets(context: Context, layout: Tickets, file: LandedFile, table: TextTable) -> Staged:
    rules = ticket_rules(context.workspace.config, layout, table, key=context.workspace.key())
    judged = judge_tickets(tickets(table, file, layout), rules, file.digest)
    return stage_list(context.lake, judged, Origin(TICKETS, file.digest, erased=erased(context)), "tickets")


def _stage_outcomes(context: Context, feed: Feed, file: LandedFile, table: TextTable) -> Staged:
    config, key = context.workspace.config, context.workspace.key()
    origin = Origin(feed.name, file.digest, erased=erased(context))
    if isinstance(feed.layout, Activity):
        rules = activity_rules(config, feed.layout, table, key=key, now=context.clock())
        judged = judge_activity(activity(table, file, feed.layout), rules, file.digest)
        return stage_list(context.lake, judged, origin, "activity")
    layout = cast("ClientList", feed.layout)
    who = client_rules(config, layout, table, key=key)
    judged = judge_clients(clients(table, file, layout), who, file.digest)
    return stage_list(context.lake, judged, origin, "clients")


def scope_of(values: Mapping[str, str], answer: str) -> str:
    """What a snapshot of a file replaces, beside its survey: the values that its name gives, except dates; its answer."""
    named = {**values, "answers": answer} if answer else values
    return scope_as_compared(json.dumps({name: value for name, value in named.items() if name not in _NO_SCOPE}))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
