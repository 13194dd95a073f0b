"""Columns that hold one thing together: that which nps.yaml reads is blank where another, called alike, is filled.

So it is where two exports were put below one another, or a record says its branch as a text in some rows, as an object in
others. Sniff asks about those that it sees. Here: the notes on them. Not here: a column that should be read in place of the
one that is (`misread`), one that is blank in all rows (`blanked`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.gaps import GROUPS
from pipelines.adapters.table import TextTable, carefully
from pipelines.adapters.words import said
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.marked import free_columns, kept, numbered, scored
from pipelines.intake.notes.columns.misread import asks
from pipelines.intake.once import MISREAD
from pipelines.shown import counted, in_quotes
from transforms.scores.scales import Scale, verdict
from transforms.scores.texts import is_unanswered

#: So many rows are no chance, and so few have both columns filled, or these say two things.
_ROWS: Final = 5
_BOTH: Final = 0.02
#: Longer headings are questions about something, not names of it.
_NAME: Final = 30


def filled_in_turn(table: TextTable, source: Source, scale: Scale) -> Mapping[int, list[str]]:
    """A sentence for each such column, by the `file_no` of rows; all are of 0 where the rows have none."""
    pairs = list(_pairs(table, source)) if source.has_scores else []
    return carefully(table, lambda each: _by_file(each, source, scale, pairs)) if pairs else {}


def _pairs(table: TextTable, source: Source) -> Iterator[tuple[str, int, int]]:
    """What is read from a column, that column, and another that is called after the same and that nothing reads."""
    free = free_columns(table, source)
    # Several answers of a row are filled as people gave them.
    roles = GROUPS if source.answers else ("score", *GROUPS)
    for role, wanted in source.columns.items():
        if role not in roles or is_absent(table, wanted):
            continue
        [read, *_] = find_columns(table, wanted, role)
        for other in free:
            if any(_is_called(role, name, source.metric) for name in table.headings[other].names):
                yield str(role), read, other


def _is_called(role: str, heading: str, metric: str) -> bool:
    return asks(heading, metric) if role == "score" else len(heading) <= _NAME and said(role, heading) is not None


def _by_file(
    table: TextTable, source: Source, scale: Scale, pairs: Sequence[tuple[str, int, int]]
) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = numbered(table.rows.filter(*kept(table, source)))
    for role, read, other in pairs:
        is_blank, is_filled = is_unanswered(bare_text(read)), ~is_unanswered(bare_text(other))
        looked_at = rows
        if role == "score":
            is_filled = verdict(bare_text(other), scale).struct.field("score").is_not_null()
        else:
            looked_at = rows.filter(*scored(table, source))
        many = looked_at.group_by("file_no").agg(alone=(is_blank & is_filled).sum(), filled=is_filled.sum())
        for number, alone, filled in many.sort("file_no").collect().iter_rows():
            if alone >= _ROWS and filled - alone <= _BOTH * filled:
                names = [in_quotes(table.headings[at].label) for at in (read, other)]
                found.setdefault(number, []).append(_told(role, names, alone))
    return found


def _told(role: str, names: Sequence[str], rows: int) -> str:
    read, other = names
    follows, do = (
        ("count as unanswered", "write answers beside columns, with a name for each")
        if role == "score"
        else (f"count as of no {role}", "bring them together in one column of the file")
    )
    return (
        f"{other}, which nothing reads, {MISREAD}, and is filled in {counted(rows, 'row')} in which {read} is blank, from "
        f"which nps.yaml reads {role}: they {follows}. If both say the {role}, {do}; else all is "
        "well."
    )
