"""Files that hold the same answers as others, in another form: a survey saved as CSV, with tabs and as a spreadsheet.

Here: comparing the rows of two files, whatever their format, encoding and order. Not here: files of one source of which
one may be newer (`together`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.headings import same_name
from pipelines.adapters.table import column
from pipelines.sniff.dates import DateColumn
from pipelines.sniff.sniffed import Findings
from transforms.dates import instant
from transforms.score_texts import UNANSWERED

Looked = tuple[Path, Findings]

_MOSTLY: Final = 0.9
_FEWEST_ROWS: Final = 5
#: How far the clocks of two zones are apart.
_ZONES: Final = pl.duration(hours=14)
_WHOLE: Final = r"^([+-]?\d+)[.,]0+$"
_DECIMAL: Final = r"^([+-]?\d+),(\d+)$"
_UNSEEN: Final = "[\u200b-\u200f\u2028-\u202e\u2060\ufeff'\"]"


@dataclass(frozen=True)
class Copied:
    """A file that holds the same answers as another one."""

    path: Path
    of: Path

    @property
    def told(self) -> str:
        """What is to be said of it."""
        return (
            f"{self.path.name} holds the same answers as {self.of.name}: it is left out, since each would count twice. "
            "If it is the better one, begin again with that alone."
        )


def without_copies(files: Sequence[Looked]) -> tuple[list[Looked], list[Copied]]:
    """The files of which no other holds the same answers, and those that are left out; what is plainer to read stays."""
    kept: list[Looked] = []
    copies: list[Copied] = []
    for path, found in sorted(files, key=lambda each: bool(each[1].opened.doubt)):
        twin = next((other for other, known in kept if hold_the_same(known, found)), None)
        if twin is None:
            kept.append((path, found))
        else:
            copies.append(Copied(path, twin))
    order = [path for path, _ in files]
    return sorted(kept, key=lambda each: order.index(each[0])), copies


def hold_the_same(one: Findings, other: Findings) -> bool:
    """Whether two files hold the same answers: equal headings, as many rows, and no cell that says something else."""
    height = one.opened.rows.height
    if names(one) != names(other) or height != other.opened.rows.height or height < _FEWEST_ROWS:
        return False
    if not (one.opened.is_whole and other.opened.is_whole):
        return False
    pairs = [(first, second) for first in _ways(one) for second in _ways(other)]
    return any(
        _agree(one, other, first, second) or _agree(one, other, first.sort(pl.all()), second.sort(pl.all()))
        for first, second in pairs
    )


def shared_rows(one: Findings, other: Findings) -> int:
    """How many rows of a file stand in another one too, whatever their form."""
    if names(one) != names(other):
        return 0
    return max(_in_both(first, second) for first in _ways(one) for second in _ways(other))


def names(found: Findings) -> list[str]:
    """The headings of a file, in an order that is the same for each file with them."""
    return sorted(_named(found).values())


def _ways(found: Findings) -> list[pl.DataFrame]:
    """The cells of a file, dates in either order of day and month where that is open."""
    is_open = any(each.ambiguous for each in found.dates)
    return [_normal(found, turned=turned) for turned in ([False, True] if is_open else [False])]


def _normal(found: Findings, *, turned: bool) -> pl.DataFrame:
    """The cells of a file without what only their form says, dates as instants.

    Dates and scores come first, so that sorted rows of two files stand beside each other.
    """
    named = {name: position for position, name in _named(found).items()}
    dates = {each.column.position: each for each in found.dates}
    scores = [each.column.position for each in found.scores if each.certain]
    cells = {
        name: _dated(dates[at], turned=turned) if at in dates else _plain(pl.col(column(at)))
        for name, at in sorted(named.items())
    }
    order = sorted(cells, key=lambda name: (named[name] not in dates, named[name] not in scores))
    return found.opened.rows.select(**{name: cells[name] for name in order})


def _in_both(first: pl.DataFrame, second: pl.DataFrame) -> int:
    rows = [each.select(pl.all().cast(pl.String)) for each in (first, second.select(sorted(second.columns)))]
    return rows[0].join(rows[1].unique(), on=sorted(first.columns), how="semi", nulls_equal=True).height


def _named(found: Findings) -> dict[int, str]:
    """What each column is called, by its position; of equal headings each has its number."""
    seen: Counter[str] = Counter()
    called = {}
    for position, heading in enumerate(found.opened.table.headings):
        name = same_name(heading.label)
        called[position] = f"{name} {seen[name]}"
        seen[name] += 1
    return called


def _plain(text: pl.Expr) -> pl.Expr:
    """A cell without blanks, quotes and capitals, numbers as they are written shortest."""
    bare = text.fill_null("").str.replace_all(_UNSEEN, "").str.normalize("NFC").str.to_lowercase()
    flat = bare.str.replace_all(r"\s+", " ").str.strip_chars()
    number = flat.str.replace(_WHOLE, "$1").str.replace(_DECIMAL, "$1.$2")
    return pl.when(~number.is_in(UNANSWERED)).then(number)


def _dated(when: DateColumn, *, turned: bool) -> pl.Expr:
    formats = when.formats[::-1] if turned and when.ambiguous else when.formats
    return instant(pl.col(column(when.column.position or 0)).fill_null("").str.strip_chars(), when.reading(formats))


def _agree(one: Findings, other: Findings, first: pl.DataFrame, second: pl.DataFrame) -> bool:
    """Whether all that tells answers apart agrees, and so do most other columns, in nearly all rows."""
    telling = set(_telling(one)) | set(_telling(other))
    agreeing = {name: _equal(first[name], second[name]) for name in first.columns}
    others = [agrees for name, agrees in agreeing.items() if name not in telling]
    return all(agreeing[name] for name in telling) and sum(others) >= _MOSTLY * len(others)


def _telling(found: Findings) -> Iterator[str]:
    """The columns by which one answer is told from another: scores, dates, ids."""
    columns = [*(each.column for each in found.scores), *(each.column for each in found.dates)]
    columns += [each.column for role in ("response_id", "respondent") for each in found.candidates.get(role, [])]
    named = _named(found)
    yield from (named[each.position] for each in columns if each.position is not None)


def _equal(one: pl.Series, other: pl.Series) -> bool:
    """Whether two columns say the same in nearly all rows in which either says something."""
    pair = pl.DataFrame({"one": one, "other": other}).filter(pl.any_horizontal(pl.all().is_not_null()))
    if pair.schema["one"] != pair.schema["other"]:
        return pair.is_empty()
    is_date = isinstance(pair.schema["one"], pl.Datetime)
    same = (pl.col("one") - pl.col("other")).abs() <= _ZONES if is_date else pl.col("one") == pl.col("other")
    return pair.is_empty() or float(pair.select(same.fill_null(value=False).mean()).item()) >= _MOSTLY
