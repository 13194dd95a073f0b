"""What the cells of a file say, whatever their form: as text, in a spreadsheet, in another encoding or spelling.

Here: headings and cells without what only their form says. Not here: whether two files hold the same answers (`same`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.headings import same_name
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.sniffed import Findings
from transforms.scores.texts import UNANSWERED, stated

_WHOLE: Final = r"^([+-]?\d+)[.,]0+$"
_DECIMAL: Final = r"^([+-]?\d+),(\d+)$"
_FOREIGN: Final = re.compile("[^\\x00-\\x7f]")
_UNSEEN: Final = "[\u200b-\u200f\u2028-\u202e\u2060\ufeff'\"]"


def names(found: Findings) -> list[str]:
    """The headings of a file, in an order that is the same for each file with them."""
    return sorted(named(found).values())


def named(found: Findings) -> dict[int, str]:
    """What each column is called, by its position; of equal headings each has its number.

    Letters of other alphabets are one, since the encoding may be mistaken.
    """
    seen: Counter[str] = Counter()
    called = {}
    for position, heading in enumerate(found.opened.table.headings):
        name = same_name(_FOREIGN.sub("?", unicodedata.normalize("NFC", heading.label)))
        called[position] = f"{name} {seen[name]}"
        seen[name] += 1
    return called


def pairs(one: Findings, other: Findings) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The cells of two files, dates in either order of day and month where that is open."""
    blurred = bool(one.opened.doubt or other.opened.doubt or one.opened.declared or other.opened.declared)
    ways = [[_normal(each, turned=way, blurred=blurred) for way in _turns(each)] for each in (one, other)]
    yield from product(*ways)


def _turns(found: Findings) -> list[bool]:
    return [False, True] if any(each.ambiguous for each in found.dates) else [False]


def _normal(found: Findings, *, turned: bool, blurred: bool) -> pl.DataFrame:
    """The cells of a file without what only their form says, dates as instants.

    Dates and scores come first, so that sorted rows of two files stand beside each other.
    """
    dates = {each.column.position: each for each in found.dates}
    scores = {each.column.position for each in found.scores}
    cells = {}
    for at, name in sorted(
        named(found).items(), key=lambda each: (each[0] not in dates, each[0] not in scores, each[1])
    ):
        text = bare_text(at)
        if at in dates:
            cells[name] = _dated(dates[at], turned=turned)
        else:
            plain = _plain(text.str.normalize("NFC").str.replace_all(_FOREIGN.pattern, "?") if blurred else text)
            cells[name] = pl.coalesce(_score(text), plain) if at in scores else plain
    return found.opened.rows.select(**cells)


def _plain(text: pl.Expr) -> pl.Expr:
    """A cell without blanks, quotes and capitals, numbers as they are written shortest."""
    bare = text.str.replace_all(_UNSEEN, "").str.normalize("NFC").str.to_lowercase()
    flat = bare.str.replace_all(r"\s+", " ").str.strip_chars()
    number = flat.str.replace(_WHOLE, "$1").str.replace(_DECIMAL, "$1.$2")
    return pl.when(~number.is_in(UNANSWERED)).then(number)


def _score(text: pl.Expr) -> pl.Expr:
    return text.map_batches(stated, return_dtype=pl.Int64).cast(pl.String)


def _dated(when: DateColumn, *, turned: bool) -> pl.Expr:
    """A date to the minute: spreadsheets keep a part of a second more or less."""
    formats = when.formats[::-1] if turned and when.ambiguous else when.formats
    return when.at(formats).dt.offset_by("500ms").dt.truncate("1m")
