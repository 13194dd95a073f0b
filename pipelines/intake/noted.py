"""What people should know of a file that is taken in: the notes of everything that looks at one, put together.

Here: who is asked, of which feed, in which order. Not here: what is odd, and its sentences (`notes`, `pipelines.adapters`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from pipelines.adapters import extras
from pipelines.adapters.columns import notes_of_scores
from pipelines.adapters.gaps import notes_of_gaps
from pipelines.adapters.ids import names_person
from pipelines.adapters.table import TextTable, carefully
from pipelines.config.layouts import Layout
from pipelines.config.models import Config
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Dimension, Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import History
from pipelines.intake.notes.answers.doubts import doubts, no_source_own, nothing_own
from pipelines.intake.notes.answers.rows import odd_activity, unread_tickets
from pipelines.intake.notes.columns.beside import columns_beside
from pipelines.intake.notes.columns.called_alike import called_alike
from pipelines.intake.notes.columns.groups_said import said_otherwise, said_without
from pipelines.intake.notes.columns.legs import told_by_legs
from pipelines.intake.notes.columns.marked import marks_by_file
from pipelines.intake.notes.columns.misread import (
    answers_for_headings,
    asked_of_employees,
    exchanged_groups,
    misread,
    odd_alone,
    person_as_id,
    persons_left_out,
    turned_outcomes,
    turned_scale,
)
from pipelines.intake.notes.columns.one_source import from_one_place, of_one_mind, of_staff
from pipelines.intake.notes.columns.other_feeds import OtherFeed, odd_columns
from pipelines.intake.notes.columns.testers import by_testers
from pipelines.intake.notes.columns.turns import filled_in_turn
from pipelines.intake.notes.columns.written import notes_of_writing
from pipelines.intake.notes.columns.zones_said import zones_said
from pipelines.intake.notes.earlier.again import counts_already, dated_alike, in_other_capitals
from pipelines.landing.discover import modified_at
from pipelines.landing.landed import LandedFile
from transforms.scores.scales import Scale
from warehouse.intake.staging import Staged
from warehouse.lake.ledgers import TICKETS

#: Looks at columns beside the score: of a file that is not the first of its source only these tell.
_LOOKS: Final = (said_without, said_otherwise, told_by_legs, by_testers, from_one_place, of_one_mind, of_staff)


def of_cells(table: TextTable, layout: Layout) -> Iterator[str]:
    """What stands once for several rows: a score in merged cells, a branch above those that it is of."""
    if isinstance(layout, Source):
        yield from notes_of_scores(table, layout)
        yield from carefully(table, lambda each: [*notes_of_gaps(each, layout)])


def of_columns(table: TextTable, layout: Layout, answer: str, config: Config) -> Mapping[int, list[str]]:
    """What its columns say of answers, by the `file_no` of rows of several files; all are of 0 where the rows have none.

    `answer` is which of those of a wide row is read.
    """
    if not isinstance(layout, Source):
        return {0: odd_columns(table, layout, config)} if isinstance(layout, OtherFeed) else {}
    one = layout.only(answer)
    looks = (
        marks_by_file(table, layout),
        called_alike(table, layout),
        _of_columns_beside(table, one, config.scale_of(one)),
        filled_in_turn(table, layout, config.scale_of(one)),
        notes_of_writing(table, one, config.timezone),
        zones_said(table, one, config.timezone),
    )
    numbers = dict.fromkeys(number for found in looks for number in found)
    return {number: [note for found in looks for note in found.get(number, ())] for number in numbers}


def _of_columns_beside(table: TextTable, source: Source, scale: Scale) -> Mapping[int, list[str]]:
    """What columns beside the score tell of a file that is odd, likewise."""
    found: dict[int, list[str]] = {}
    beside = columns_beside(table, source, scale)
    looks = (look(each, source) for each in beside for look in _LOOKS)
    for number, note in chain(misread(beside, table, source, scale), *looks):
        found.setdefault(number, []).append(note)
    return found


def of_answers(context: Context, feed: Feed, staged: Staged) -> list[str]:
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
    return [
        *about,
        *nothing_own(source, staged.tally, config.own_brands),
        *no_source_own(source, config.sources.values(), config.own_brands),
    ]


def of_headings(feed: Feed, table: TextTable, config: Config) -> list[str]:
    """What people should know of what its columns are called: after persons, a question to employees, an answer."""
    if isinstance(feed.layout, Dimension):
        return exchanged_groups(table, feed.layout)
    if not isinstance(feed.layout, Source):
        return []
    heading = names_person(table, feed.layout)
    left_out = sorted(extras.persons(table, feed.layout).values())
    as_id = [person_as_id(heading, are_attempts=feed.layout.contacts)] if heading else []
    return [
        *as_id,
        *([persons_left_out(left_out)] if left_out else []),
        *asked_of_employees(table, feed.layout),
        *turned_scale(table, feed.layout, config.scale_of(feed.layout)),
        *answers_for_headings(table, feed.layout),
        *exchanged_groups(table, feed.layout),
        *odd_alone(table, feed.layout),
        *turned_outcomes(feed.layout),
    ]


def of_other_files(feed: Feed, file: LandedFile, history: History, scope: str) -> Iterator[str]:
    """What people should know of a file beside others of its feed: that its bytes count already, or whose date it has."""
    same = history.same_bytes(file)
    if same is not None:
        yield counts_already(same.path)
    elif former := history.same_letters(file):
        yield in_other_capitals(former)
    if isinstance(feed.layout, Source):
        yield from dated_alike(feed.layout.only(file.answer), modified_at(file), history.first(scope))
