"""A look at an unknown file: what it is, and what nps.yaml would have to say of it.

Here: the steps, in their order. Not here: any of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

from pipelines.adapters.words import said
from pipelines.config.kinds import reader_of
from pipelines.config.layouts import MemberColumn
from pipelines.config.load import open_questions
from pipelines.errors import FileRefusedError
from pipelines.sniff.columns.facts import MOST_COLUMNS, Seen, columns_seen
from pipelines.sniff.columns.questions import kinds_of, only_recommending
from pipelines.sniff.columns.roles import candidates
from pipelines.sniff.dates.answer_dates import answered_at, is_other_event
from pipelines.sniff.dates.dates import DateColumn, date_columns, unread_dates
from pipelines.sniff.dates.month_columns import month_columns
from pipelines.sniff.entry import (
    activity_block,
    client_block,
    dimension_block,
    invitation_block,
    source_blocks,
    ticket_block,
)
from pipelines.sniff.lines import Block, as_yaml
from pipelines.sniff.names import source_name
from pipelines.sniff.opening.reading import Opened, open_file
from pipelines.sniff.opening.sheets import OtherSheets, other_sheets
from pipelines.sniff.others.activity import activity_columns
from pipelines.sniff.others.clients import client_columns
from pipelines.sniff.others.invitations import invitations
from pipelines.sniff.others.lookups import lookup
from pipelines.sniff.others.tickets import follow_up_block, ticket_columns
from pipelines.sniff.people.personal import personal_data
from pipelines.sniff.proposal.codes import without_codes
from pipelines.sniff.proposal.contacts import letters_block
from pipelines.sniff.proposal.records import is_of_deals
from pipelines.sniff.proposal.unsaved import asking
from pipelines.sniff.scores.copies import told_once
from pipelines.sniff.scores.scores import ScoreColumn, score_columns, settled
from pipelines.sniff.several.identity import identified, of_all_files
from pipelines.sniff.sniffed import Findings, Sniffed

_SHEETS_TRIED: Final = 10
_SEVERAL: Final = 2


def sniff(path: Path, encodings: Sequence[str] = ()) -> Sniffed:
    """Look at a file and propose an entry for nps.yaml; a text is read in the `encodings` where there are any.

    Reads a bounded part of it and changes nothing. Raises `UserError` where there is no such file, `FileRefusedError` for
    all that may be wrong with it.
    """
    found = look(path, encodings)
    return proposed(found, source_name(path), path.suffix)


def look(path: Path, encodings: Sequence[str] = ()) -> Findings:
    """Look at a file. Raises as `sniff` does."""
    with tempfile.TemporaryDirectory(prefix="nps-sniff-", ignore_cleanup_errors=True) as scratch:
        opened = open_file(path, Path(scratch), encodings=encodings)
        opened, columns, every_row = _of_question(opened)
        scores = _scores(opened, columns, every_row)
        for sheet in [each for each in opened.sheets if each != opened.sheet][:_SHEETS_TRIED]:
            if _hold_answers(scores):
                break
            opened, columns, scores, every_row = _better(
                path, Path(scratch), sheet, (opened, columns, scores, every_row)
            )
        free = [column for column in columns if not any(column is each.column for each in scores if each.certain)]
        dates = _dates(opened, free)
        sheets = _other_sheets(opened, scores, dates)
    taken = [each.column for each in scores if each.certain] + [each.column for each in dates]
    unread = unread_dates(free, dates)
    others = candidates(columns, [*taken, *(column for column, _ in unread)])
    return identified(
        Findings(
            opened,
            columns,
            scores,
            dates,
            others,
            personal_data(every_row),
            _notes(opened, encodings, every_row),
            unread_dates=unread,
            every_row=every_row,
            sheets=sheets,
        )
    )


def proposed(found: Findings, name: str, suffix: str) -> Sniffed:
    """What nps.yaml would have to say of such files, in a source of that name; `suffix` is what their names end in."""
    found = of_all_files(found) if found.beside else found
    blocks = [asking(block, found) for block in _blocks(found, name, f"landing/{name}/*{suffix}")]
    entry = as_yaml(blocks)
    return Sniffed(found, name, blocks, entry, open_questions(entry))


Look = tuple[Opened, list[Seen], list[ScoreColumn], list[Seen]]


def _of_question(opened: Opened) -> tuple[Opened, list[Seen], list[Seen]]:
    """The file as far as its rows answer the question, its columns there, and those of all its rows."""
    every_row = _columns(opened)
    narrowed = only_recommending(opened, kinds_of([every_row], opened.signature))
    return narrowed, every_row if narrowed is opened else _columns(narrowed), every_row


def _columns(opened: Opened) -> list[Seen]:
    return [without_codes(each) for each in columns_seen(opened.table, opened.rows)]


def _dates(opened: Opened, columns: list[Seen]) -> list[DateColumn]:
    """Dates, and where none may be of the answer, months and other periods."""
    dates = date_columns(columns)
    if all(is_other_event(each) for each in dates):
        dates += month_columns(columns)
    return answered_at(dates, _known(opened, columns, "responded_at"))


def _scores(opened: Opened, columns: list[Seen], every_row: list[Seen]) -> list[ScoreColumn]:
    """Columns that may hold the score; in `every_row` they are those of rows of other questions too."""
    is_narrowed = every_row is not columns or any(_is_the_question(each) for each in columns)
    by_key = opened.signature is not None and opened.signature.by_key
    about = f"{opened.file.name} {opened.sheet or ''}"
    found = score_columns(
        columns, _known(opened, columns, "score"), by_key=by_key, about=about, is_narrowed=is_narrowed
    )
    return told_once(found, opened.rows)


def _is_the_question(column: Seen) -> bool:
    """Whether a column says in all rows that they answer whether people recommend."""
    return len(column.counts) == 1 and not column.blank and said("score_certain", column.counts[0][0]) is not None


def _known(opened: Opened, columns: list[Seen], name: str) -> str | None:
    """The heading under which such exports hold a canonical column."""
    signature = opened.signature.as_source() if opened.signature else None
    return signature.column(name, [str(column.name) for column in columns]) if signature else None


def _better(path: Path, scratch: Path, sheet: str, known: Look) -> Look:
    """What another sheet gives, if that tells more of answers than this one does."""
    try:
        opened = open_file(path, scratch, sheet)
    except FileRefusedError:
        return known
    opened, columns, every_row = _of_question(opened)
    scores = _scores(opened, columns, every_row)
    look = opened, columns, scores, every_row
    return look if _tells(look) > _tells(known) else known


def _tells(look: Look) -> tuple[bool, bool, bool]:
    """How much a sheet tells: that it certainly holds answers, that it may, that it is a table and no cover."""
    opened, columns, scores, _ = look
    may = bool(scores) and not scores[0].is_worked_out
    return _hold_answers(scores), may, len(columns) > 1 and opened.rows.height > 1


def _hold_answers(scores: Sequence[ScoreColumn]) -> bool:
    """Whether the likeliest column certainly holds scores, and not what a summary worked out of them."""
    return bool(scores) and scores[0].certain and not scores[0].is_worked_out


def _other_sheets(opened: Opened, scores: list[ScoreColumn], dates: list[DateColumn]) -> OtherSheets | None:
    """Other sheets that may be meant, where a workbook has several."""
    if opened.sheet is None or len(opened.sheets) < _SEVERAL:
        return None
    found = [each.column.name for each in scores[:1]] + [each.column.name for each in dates[:1]]
    wanted = [name for name in found if isinstance(name, str)]
    headings = [heading.text for heading in opened.table.headings]
    return other_sheets(opened.file.path, opened.sheet, headings, wanted)


def _blocks(found: Findings, name: str, files: str) -> list[Block]:
    """A source for each metric that a column certainly asks; else what it may be without."""
    certain = settled(found.scores)
    if found.signature is not None and found.signature.is_of_contacts:
        return [letters_block(found, name, files)]
    if not certain:
        return _without_scores(found, name, files)
    blocks: list[Block] = []
    for metric in dict.fromkeys(each.metric for each in certain):
        of_metric = [each for each in certain if each.metric == metric]
        blocks += source_blocks(f"{name}_{metric}" if blocks else name, files, found, of_metric)
    keys = dict.fromkeys(block.key for block in blocks)
    return [Block(key, [line for block in blocks if block.key == key for line in block.lines]) for key in keys]


def _without_scores(found: Findings, name: str, files: str) -> list[Block]:
    """What a file may be of which no column certainly asks for a score."""
    if is_of_deals(found):
        if found.signature is not None and found.signature.dimension is not None:
            found = replace(found, opened=replace(found.opened, kind="table", signature=None))
        if did := activity_columns(found):
            return [activity_block(name, _of_no_kind(found), did, files)]
    if tickets := ticket_columns(found):
        return [ticket_block(_of_no_kind(found), tickets, files), follow_up_block()]
    known = _members(found)
    if known is None and (letters := invitations(found)):
        return [invitation_block(name, _of_no_kind(found), letters, files)]
    clients = None if known else client_columns(found)
    members = known or lookup(found, [*clients.columns.values()] if clients else [])
    if clients or members:
        lists = [Block("dimensions", [dimension_block(found, *members, files)])] if members else []
        return [*lists, client_block(found, clients, files)] if clients else lists
    if did := activity_columns(found):
        return [activity_block(name, _of_no_kind(found), did, files)]
    return source_blocks(name, files, found, found.scores)


def _of_no_kind(found: Findings) -> Findings:
    """The same without a kind of exports of answers, of which it has headings but no answers: `Дата завершения`."""
    opened = found.opened
    if opened.signature is None or not opened.signature.of_preset or reader_of(opened.kind) != "table":
        return found
    return replace(found, opened=replace(opened, kind="table", signature=None))


def _members(found: Findings) -> tuple[str, dict[str, int | str]] | None:
    """The dimension that this export is known to list, and the columns of it that are there."""
    signature = found.signature
    if signature is None or signature.dimension is None:
        return None
    headings = [str(column.name) for column in found.columns]
    names = {*signature.columns, *signature.settings.get("columns", {})}
    columns = {name: signature.column(name, headings) for name in get_args(MemberColumn) if name in names}
    return signature.dimension, {name: heading for name, heading in columns.items() if heading is not None}


def _notes(opened: Opened, encodings: Sequence[str], columns: Sequence[Seen]) -> list[str]:
    notes = list(opened.notes)
    if encodings and not opened.declared:
        notes.append("It is no text: its encoding is its own, and none has to be declared.")
    if not opened.is_whole:
        notes.append(f"Only the beginning was looked at: {opened.rows.height:,} rows.")
    if len(columns) >= MOST_COLUMNS < (width := len(opened.table.headings)):
        notes.append(
            f"Only the first {MOST_COLUMNS:,} of its {width:,} columns were looked at. Others can be named by their "
            "headings or positions."
        )
    if opened.broken:
        are = "is broken: it" if opened.broken == 1 else "are broken: they"
        notes.append(f"{opened.broken:,} of its rows {are} would be rejected as row_malformed.")
    if not any(heading.text for heading in opened.table.headings):
        notes.append("Its first row looks like answers: it seems to have no headings, so columns go by position.")
    return notes
