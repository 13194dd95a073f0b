"""Headings: which rows of a file they are, and what its columns are called.

Here: rows of headings to `Heading`s, and spellings of one name. Not here: which of them nps.yaml means (`finding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pipelines.adapters.table import Grid, Heading, TextTable, widest
from pipelines.adapters.words import said
from pipelines.config.layouts import Layout
from pipelines.errors import FileRefusedError
from pipelines.shown import counted, shown
from transforms.reasons import Reason

#: What the note says of rows above the headings.
TAKEN_FOR_TITLE: Final = "taken for a title and left out"
#: Cells that a title may fill: the name of a report, `made on` and a date.
_TITLE: Final = 3
#: So many values of a row are no chance.
_SEVERAL: Final = 2
#: What headings of surveys speak of.
_TOPICS: Final = ("score_named", "score_certain", "score_likely", "answered_at", "date", "created_at")
_KEPT_LENGTH: Final = 200
_IGNORED: Final = re.compile("[\\s_\ufeff\u200b]+")
#: What answers hold and headings do not: an address, a date, a long number. It may be somebody's, and is not shown.
_ADDRESS: Final = re.compile(r"\S@\S")
_NO_HEADING: Final = re.compile(r"[^\s@]+@\S+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}([ T].*)?|\+?(\d[ ()/-]*){6,}")
#: The same, or a number.
_ANSWER: Final = re.compile(rf"{_NO_HEADING.pattern}|[+-]?\d+([.,]\d+)?")


def plain_table(grid: Grid, layout: Layout) -> TextTable:
    """Read a file whose last row of headings names the columns; it is the only one unless the layout says otherwise."""
    if layout.header_rows is not None:
        return grid.table(plain_headings(grid.first_rows, layout.header_rows), layout.header_rows)
    titles = title_rows(grid.first_rows) if layout.skip_rows is None else 0
    if not titles:
        return grid.table(plain_headings(grid.first_rows, 1), 1)
    below = grid.below(titles)
    above = "The first row was" if titles == 1 else f"The first {titles} rows were"
    note = f"{above} {TAKEN_FOR_TITLE}; skip_rows: 0 in nps.yaml would keep such rows."
    return below.table(plain_headings(below.first_rows, 1), 1).saying(notes=(note,))


def answers_above(rows: list[list[str]], skipped: int, first: list[str], layout: Layout) -> tuple[str, ...]:
    """What people should know of a file without headings of which `skip_rows` leaves out rows like the `first` that is read.

    `rows` are those from the first one on, as far as they are looked at.
    """
    if layout.header_rows != 0 or not 0 < skipped <= len(rows):
        return ()
    last, here = ([_ANSWER.fullmatch(cell.strip()) is not None for cell in row] for row in (rows[skipped - 1], first))
    if last != here or sum(here) < _SEVERAL:
        return ()
    note = (
        f"nps.yaml leaves out {counted(skipped, 'row')} (skip_rows), and the last of them is like those below it: if it is "
        "an answer, it does not count, nor may others above it. Write as many skip_rows as there are rows of something else."
    )
    return (note,)


def title_rows(rows: list[list[str]]) -> int:
    """Count the rows that are a title above the headings: a few cells in a wide table, and headings without numbers below.

    The first of two rows of headings may be half empty, too, but holds more cells than a title; or there is a row below it
    that is blank or holds a value, such as `Generated, 2024-05-01`.
    """
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    usual = widest(filled)
    first = next((i for i, row in enumerate(filled) if len(row) > min(_TITLE, usual // 2)), 0)
    return (0 if holds_value(filled[first]) else first) or _above_full_row(filled)


def _above_full_row(filled: list[list[str]]) -> int:
    """Count the rows above the first that is full, if its words are of headings, and a row above it holds none."""
    most = max(map(len, filled), default=0)
    full = next((i for i, row in enumerate(filled) if len(row) == most), 0)
    if not any(not row or holds_value(row) for row in filled[:full]) or holds_value(filled[full]):
        return 0
    is_headings = any(said(topic, *filled[full]) for topic in _TOPICS) and any(map(holds_value, filled[full + 1 :]))
    return full if is_headings else 0


def holds_value(cells: list[str]) -> bool:
    """Whether a row holds what answers hold and headings do not: a number, a date, an address."""
    return any(_ANSWER.fullmatch(cell.strip()) for cell in cells)


def plain_headings(rows: list[list[str]], header_rows: int) -> list[Heading]:
    """Take the headings from the first rows; empty ones where there are none. Upper rows give the other names.

    An empty cell continues the upper heading to its left, as merged cells do: below `Shop` stand `Shop - score` and
    `Shop - reason`.
    """
    if header_rows == 0:
        return [Heading("")] * widest(rows)
    if len(rows) < header_rows:
        raise FileRefusedError(
            Reason.FILE_LAYOUT, f"The file has {len(rows)} rows, but nps.yaml says header_rows: {header_rows}."
        )
    return _named(columns_of(rows[:header_rows]))


def columns_of(rows: list[list[str]]) -> list[list[str]]:
    """Turn rows of headings into the texts of each column, trimmed, all of one length."""
    width = max(map(len, rows))
    padded = [[tidy(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    return [list(texts) for texts in zip(*padded, strict=True)]


def tidy(text: str) -> str:
    """A heading without white space and invisible marks around it."""
    return text.strip("\ufeff\u200b \t\r\n\u00a0")


@lru_cache(maxsize=1 << 14)  # headings are held against those of every kind of exports
def same_name(text: str) -> str:
    """What two spellings of a heading have in common: neither case, spaces, underscores nor invisible marks."""
    return _IGNORED.sub("", text).casefold()


def labels(table: TextTable) -> tuple[str, ...]:
    """What the columns are called, to be kept: nothing where answers stand there, a blank for each that has no heading."""
    texts = tuple(one_line(heading.label)[:_KEPT_LENGTH] for heading in table.headings)
    return () if look_like_answers(texts) else texts


def look_like_answers(texts: Iterable[str]) -> bool:
    """Whether one of the texts is what answers hold and headings do not, perhaps somebody's: it should not be shown."""
    return any(_ADDRESS.search(text) or _NO_HEADING.fullmatch(text) for text in texts)


def one_line(text: str) -> str:
    """A heading as it is kept and shown."""
    return shown(" ".join(text.split()))


def _named(columns: list[list[str]]) -> list[Heading]:
    """The headings of columns, each by its lowest text."""
    headings = []
    nothing = [""] * (len(columns[0]) - 1)
    spanning = nothing
    for texts in columns:
        *above, lowest = texts
        new = next((i for i, text in enumerate(above) if text), len(above))
        spanning = [*spanning[:new], *above[new:]] if lowest else nothing
        given = [text for text in texts if text]
        joined = " - ".join(text for text in (*spanning, lowest) if text)
        others = dict.fromkeys([*given[:-1], joined])
        name = given[-1] if given else ""
        headings.append(Heading(name, other_names=tuple(other for other in others if other not in ("", name))))
    return headings
