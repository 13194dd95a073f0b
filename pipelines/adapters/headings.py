"""Headings: what the columns of a file are called, and which of them nps.yaml means.

Here: rows of headings to `Heading`s, names and patterns to columns. Not here: the values in them (`columns`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final

from pipelines.adapters.table import Grid, Heading, TextTable, widest
from pipelines.adapters.words import said
from pipelines.config.columns import Column, Matches
from pipelines.config.layouts import Layout
from pipelines.config.patterns import found_in
from pipelines.errors import FileRefusedError
from pipelines.shown import shown
from transforms.reasons import Reason

_SHOWN: Final = 20
_SHOWN_LENGTH: Final = 60
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas", "^": "'^'", "~": "'~'"}
#: Cells that a title may fill: the name of a report, `made on` and a date.
_TITLE: Final = 3
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
    note = f"{above} taken for a title and left out; skip_rows: 0 in nps.yaml would keep such rows."
    return below.table(plain_headings(below.first_rows, 1), 1).saying(notes=(note,))


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


def same_name(text: str) -> str:
    """What two spellings of a heading have in common: neither case, spaces, underscores nor invisible marks."""
    return _IGNORED.sub("", text).casefold()


def labels(table: TextTable) -> tuple[str, ...]:
    """What the columns are called, to be kept: nothing where they have no headings, or what stands there are answers."""
    texts = tuple(_one_line(heading.label)[:_KEPT_LENGTH] for heading in table.headings)
    return () if look_like_answers(texts) or not any(texts) else texts


def look_like_answers(texts: Iterable[str]) -> bool:
    """Whether one of the texts is what answers hold and headings do not, perhaps somebody's: it should not be shown."""
    return any(_ADDRESS.search(text) or _NO_HEADING.fullmatch(text) for text in texts)


def position_of(wanted: str | Matches, texts: Sequence[str]) -> int | None:
    """Where a column stands (from 0) among headings as `labels` keeps them, if it does; the first one that fits."""
    if isinstance(wanted, Matches):
        return next((at for at, found in enumerate(found_in(wanted.matches, texts)) if found), None)
    name, names = same_name(_one_line(wanted)), [same_name(text) for text in texts]
    whole = (at for at, each in enumerate(names) if each == name)
    part = (at for at, each in enumerate(names) if each.startswith(f"{name}-") or each.endswith(f"-{name}"))
    return next(whole, next(part, None))


def find_columns(table: TextTable, wanted: Column, purpose: str) -> list[int]:
    """Find the columns (counted from 0) that nps.yaml means: one, or all options of one question.

    A name is looked for among the headings as it stands, then without regard to case, then without spaces and
    underscores, then among other names, options and sub-questions. `purpose` is what nps.yaml uses the column for.
    Raises `FileRefusedError` (file_layout), which lists the headings that there are.
    """
    if isinstance(wanted, int):
        if wanted > table.width:
            raise _refused(table, purpose, f"column {wanted}", f"the file has only {table.width} columns")
        return [wanted - 1]
    if isinstance(wanted, Matches):
        return _matching(table, wanted.matches, purpose)
    for names, spelling in _READINGS:
        same = [
            i for i, heading in enumerate(table.headings) if spelling(tidy(wanted)) in map(spelling, names(heading))
        ]
        if same:
            return _one_question(table, same, purpose, repr(wanted))
    raise _refused(table, purpose, repr(wanted), "no heading is called that", close_to=wanted)


def is_absent(table: TextTable, wanted: Column) -> bool:
    """Whether nps.yaml or a preset allows a column to be missing, and the file is without it."""
    return isinstance(wanted, Matches) and wanted.optional and not _found(table, wanted.matches)


def _text(heading: Heading) -> Iterable[str]:
    return [heading.text]


def _others(heading: Heading) -> Iterable[str]:
    return [name for name in (*heading.other_names, heading.option, heading.label) if name]


#: Ways to compare a name with the headings, the strictest first.
_READINGS: Final[tuple[tuple[Callable[[Heading], Iterable[str]], Callable[[str], str]], ...]] = (
    (_text, str),
    (_text, str.casefold),
    (_text, same_name),
    (_others, same_name),
)


def _matching(table: TextTable, pattern: str, purpose: str) -> list[int]:
    same = _found(table, pattern)
    if not same:
        raise _refused(table, purpose, f"/{pattern}/", "no heading matches that pattern")
    return _one_question(table, same, purpose, f"/{pattern}/")


def _found(table: TextTable, pattern: str) -> list[int]:
    same = found_in(pattern, [heading.text for heading in table.headings])
    if not any(same):
        same = [any(found_in(pattern, list(_others(heading)))) for heading in table.headings]
    return [i for i, found in enumerate(same) if found]


def _one_question(table: TextTable, found: list[int], purpose: str, wanted: str) -> list[int]:
    """The one column found, the one that holds the chosen text, or all the options of one question."""
    headings = [table.headings[i] for i in found]
    if len(found) == 1:
        return found
    if len({heading.text for heading in headings}) == 1:
        condensed = [i for i in found if not table.headings[i].option]
        if len(condensed) == 1:
            return condensed
        if not condensed and len({heading.option for heading in headings}) == len(headings):
            return found
    positions = ", ".join(f"{i + 1} ({_short(table.headings[i].label)})" for i in found[:_SHOWN])
    raise _refused(table, purpose, wanted, f"several columns answer to it: {positions}. Name one by its position")


def _refused(table: TextTable, purpose: str, wanted: str, problem: str, close_to: str = "") -> FileRefusedError:
    labels = list(dict.fromkeys(heading.text for heading in table.headings if heading.text))
    read_as = f" (Read as {table.read_as}.)" if table.read_as else ""
    if look_like_answers(heading.label for heading in table.headings):
        return FileRefusedError(
            Reason.FILE_LAYOUT,
            f"{purpose} should be in {wanted}, but {problem}. What should be headings looks like answers: if the file has "
            f"no headings, declare header_rows: 0 and name columns by position." + read_as,
        )
    known = [name for name in (*labels, *map(attrgetter("option"), table.headings)) if name]
    near = difflib.get_close_matches(close_to, known, n=1, cutoff=0.5)
    there = ", ".join(map(_short, labels[:_SHOWN])) + (
        f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    )
    return FileRefusedError(
        Reason.FILE_LAYOUT,
        f"{purpose} should be in {wanted}, but {problem}."
        + (f" Did you mean {_short(near[0])}?" if near else "")
        + (
            f" The headings are: {there}."
            if labels
            else " The file is read without headings: name columns by position."
        )
        + read_as
        + other_delimiter(labels, table.read_as or ""),
    )


def other_delimiter(labels: Sequence[str], read_as: str = "") -> str:
    """What is said of a file whose one heading holds several, parted by another sign than nps.yaml says; else nothing.

    Where it was `read_as` parted by that sign, its lines are quoted as a whole.
    """
    parted = next((name for sign, name in _DELIMITERS.items() if len(labels) == 1 and labels[0].count(sign) > 1), None)
    if parted is None:
        return ""
    what_to_do = "take delimiter out of nps.yaml, and each file is read by its own."
    if f"separated by {parted}" in read_as:
        what_to_do = "its lines stand in quotes as a whole. Take these out, or export the file again."
    return f" That one heading seems to hold several, separated by {parted}: {what_to_do}"


def _one_line(text: str) -> str:
    return shown(" ".join(text.split()))


def _short(text: str) -> str:
    one_line = _one_line(text)
    return f"'{one_line if len(one_line) <= _SHOWN_LENGTH else one_line[: _SHOWN_LENGTH - 1] + '…'}'"


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
