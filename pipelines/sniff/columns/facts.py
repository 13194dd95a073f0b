"""What is seen of each column: its headings and how often each text stands in it.

Here: the columns of a table, and the questions that spread over several of them, as counted texts. Not here: what they
mean (`scores`, `dates`, `roles`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final

import polars as pl
import yaml

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns
from pipelines.adapters.headings import same_name
from pipelines.adapters.table import Heading, TextTable, column
from pipelines.adapters.words import named, said
from pipelines.config.load import QUESTION
from pipelines.errors import FileRefusedError
from pipelines.sniff.columns.groups import parted
from pipelines.sniff.opening.heading_rows import says_nothing
from transforms.dates.clocks import is_clock_alone
from transforms.scores.texts import ERROR_CELL, is_unanswered, stated

_OPTIONS = 5
#: Also as the key of a telephone for 10.
_DIGIT: Final = re.compile("[\\d\U0001f51f]")
Counts = tuple[tuple[str, int], ...]
"""Texts, and how often each stands somewhere."""

#: No survey has more columns; to look at each takes a moment.
MOST_COLUMNS: Final = 3_000


@dataclass(frozen=True)
class Seen:
    """One column, or one question whose options are columns of their own."""

    name: int | str
    """What nps.yaml may call it: its heading where that is clear, else its position from 1."""
    headings: tuple[str, ...]
    """Everything it is called."""
    counts: Counts
    """Each text that stands in it and how often, trimmed; what means "not answered" and errors of
    spreadsheets are left out."""
    rows: int
    options: tuple[str, ...] = ()
    """The options of a question that spreads over columns."""
    position: int | None = None
    """Which column of the table it is, from 0; None where it spreads over several."""
    silent: Counts = ()
    """Texts that mean "not answered", and how often each stands in it."""

    @cached_property
    def filled(self) -> int:
        """How many rows hold something."""
        return sum(count for _, count in self.counts)

    @property
    def blank(self) -> int:
        """How many rows hold nothing, or that nothing was answered."""
        return self.rows - self.filled

    @cached_property
    def texts(self) -> pl.DataFrame:
        """`text` and `count`."""
        return pl.DataFrame(self.counts, schema={"text": pl.String, "count": pl.Int64}, orient="row")

    @cached_property
    def stated(self) -> pl.Series:
        """The number on 0-10 that each of its texts states."""
        texts = self.texts.get_column("text")
        return stated(texts) if self.has_digits else pl.Series("number", [None], pl.Int64).new_from_index(0, len(texts))

    @cached_property
    def has_digits(self) -> bool:
        """Whether a digit stands in any of its texts: without one none states a number or a date."""
        return any(_DIGIT.search(text) for text, _ in self.counts)

    @cached_property
    def are_clocks(self) -> bool:
        """Whether all that stands in it are times of day, without a day."""
        return self.has_digits and bool(self.texts.select(is_clock_alone(pl.col("text")).all()).item())

    @cached_property
    def _like(self) -> dict[str, int]:
        return {}

    def rows_like(self, pattern: str, *others: str) -> int:
        """In how many rows a pattern is found; several ask for the same ones, and `others` are looked for by the way."""
        if pattern not in self._like:
            count, text = pl.col("count"), pl.col("text")
            new = [each for each in dict.fromkeys((pattern, *others)) if each not in self._like]
            found = self.texts.select(
                count.filter(text.str.contains(each)).sum().alias(f"{at}") for at, each in enumerate(new)
            )
            self._like.update(zip(new, found.row(0), strict=True))
        return self._like[pattern]

    def speaks_of(self, *topics: str) -> bool:
        """Whether a heading says a phrase of one of the topics."""
        return any(said(topic, *self.headings) for topic in topics)

    def is_called(self, *topics: str) -> bool:
        """Whether a heading is nothing but a phrase of one of the topics."""
        return any(named(topic, heading) for topic in topics for heading in self.headings)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Its headings without the groups of questions before them."""
        return tuple(parted(each)[1] for each in self.headings)

    def asks(self, *topics: str) -> bool:
        """Whether a heading without its group is nothing but a phrase of one of the topics."""
        return any(named(topic, question) for topic in topics for question in self.questions)

    @property
    def cell(self) -> pl.Expr:
        """What stands in each row of the table without space around it, empty where nothing does; of one column alone."""
        return bare_text(self.position or 0)

    @property
    def is_answered(self) -> pl.Expr:
        """In which rows of the table something stands there that is an answer; of one column alone."""
        return ~is_unanswered(self.cell)

    @property
    def written(self) -> str:
        """Its name as YAML has it."""
        return str(self.name) if isinstance(self.name, int) else quoted(self.name)

    def rule(self, values: Iterable[str]) -> str:
        """The rows that say one of the values, as nps.yaml names them."""
        return f"{{column: {self.written}, values: [{', '.join(map(quoted, values))}]}}"

    @property
    def shown(self) -> str:
        """Its name in one short line, for people."""
        return _cut(self.name) if isinstance(self.name, str) else f"column {self.name}"

    @property
    def pasted(self) -> str:
        """Its name for a question: what stands there can be pasted into nps.yaml as it is, quotes and all."""
        if isinstance(self.name, int):
            heading = next(iter(self.headings), "")
            called = f"{quoted(_cut(heading))} in column {self.name}" if heading else f"'column {self.name}'"
            return f"{called} (write {self.name})"
        by_position = f" (or write {self.position + 1})" if self.position is not None else ""
        return quoted(self.name) if len(self.name) <= _PASTED else f"{quoted(self.name)}{by_position}"


_SHOWN = 60
#: Long headings often differ at their ends only.
_ENDING = 20
_PASTED = 200


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - _ENDING - 1]}…{flat[-_ENDING:]}"


def quoted(text: str) -> str:
    """A text as YAML reads it back: in plain quotes where it needs none, so that they may be left out."""
    return f"'{text}'" if _is_plain(text) else json.dumps(text, ensure_ascii=False)


@lru_cache(maxsize=1 << 12)  # names of columns are written into one entry after another
def _is_plain(text: str) -> bool:
    if text.lstrip()[:1] in {"[", "{"}:
        return False  # it would be read as a list or a table, and a deep one for long
    try:
        return "'" not in text and yaml.safe_load(f"key: {text}") == {"key": text}
    except (yaml.YAMLError, ValueError):
        return False


def in_all(seen: Seen, files: Iterable[Iterable[Seen]]) -> Seen:
    """A column with what those called like it say in other files too."""
    alike = [each for columns in files for each in columns if each.name == seen.name]
    counts = Counter(dict(seen.counts))
    for each in alike:
        counts.update(dict(each.counts))
    rows = sum(each.rows for each in (seen, *alike))
    return replace(seen, counts=tuple(counts.most_common()), rows=rows) if alike else seen


def columns_seen(table: TextTable, rows: pl.DataFrame) -> list[Seen]:
    """The columns of a table in the order of the file; the options of a spread question are one.

    Columns without heading and cells, as far as a cell that strayed, are left out, and so are those after so many.
    """
    alike = Counter(same_name(heading.text) for heading in table.headings)
    names = [column(i) for i, heading in enumerate(table.headings) if not heading.text]
    filled = rows.select(pl.col(names).str.strip_chars().str.len_bytes().sum() > 0) if names else rows.select()
    idle = {name for name in names if not (rows.height and filled.get_column(name).item())}
    looked_at = (each for each in _questions(table) if len(each) > 1 or column(each[0]) not in idle)
    return [
        _spread(table, rows, positions) if len(positions) > 1 else _single(table, rows, positions[0], alike)
        for positions in islice(looked_at, MOST_COLUMNS)
    ]


def _questions(table: TextTable) -> Iterator[list[int]]:
    """The positions of each column, those of one question with many options together."""
    alike = Counter(heading.text for heading in table.headings if heading.option)
    done: set[str] = set()
    for position, heading in enumerate(table.headings):
        if not heading.option or alike[heading.text] < _OPTIONS:
            yield [position]
        elif heading.text not in done:
            done.add(heading.text)
            together = [i for i, other in enumerate(table.headings) if other.text == heading.text]
            yield from [together] if _is_one(table, heading.text, together) else [[i] for i in together]


def _is_one(table: TextTable, name: str, positions: list[int]) -> bool:
    try:
        return find_columns(table, name, "question") == positions
    except FileRefusedError:
        return False


def _single(table: TextTable, rows: pl.DataFrame, position: int, alike: Counter[str]) -> Seen:
    heading = table.headings[position]
    texts = rows.get_column(column(position))
    is_clear = (
        heading.text
        and alike[same_name(heading.text)] == 1
        and not (heading.other_names and says_nothing(heading.text))
    )
    name = heading.text if is_clear and not heading.text.startswith(QUESTION) else _name(table, position)
    said, silent = _counted([texts])
    return Seen(name, _called([heading]), said, rows.height, position=position, silent=silent)


def _spread(table: TextTable, rows: pl.DataFrame, positions: Sequence[int]) -> Seen:
    """A question as its options: the text of an option is counted wherever its cell is filled."""
    headings = [table.headings[i] for i in positions]
    options = tuple(heading.option for heading in headings)
    chosen = [
        rows.select(pl.when(pl.col(column(i)).str.strip_chars().str.len_bytes() > 0).then(pl.lit(option))).to_series()
        for i, option in zip(positions, options, strict=True)
    ]
    return Seen(headings[0].text, (headings[0].text,), _counted(chosen)[0], rows.height, options)


def _counted(columns: Sequence[pl.Series]) -> tuple[Counts, Counts]:
    """How often each text stands there: of those that say something, and of those that mean "not answered"."""
    text = pl.col("text")
    counted = (
        pl.concat([each.rename("text") for each in columns])
        .to_frame()
        .lazy()
        .group_by(text.str.strip_chars())
        .agg(count=pl.len())
        .filter(text != "")
        .sort(["count", "text"], descending=[True, False])
        .with_columns(is_silent=is_unanswered(text))
        .collect()
    )
    if counted.get_column("text").str.contains_any(["#", "Err:"]).any():
        counted = counted.filter(~text.str.contains(ERROR_CELL))
    rows = counted.rows()
    said, silent = (tuple((text, count) for text, count, nothing in rows if nothing is kind) for kind in (False, True))
    return said, silent


def _name(table: TextTable, position: int) -> int | str:
    heading = table.headings[position]
    own = (heading.text, heading.label)
    names = (*heading.other_names, *own) if says_nothing(heading.text) else (*own, *heading.other_names)
    for name in names:
        try:
            # What begins like a question would be taken for one.
            if name and not name.startswith(QUESTION) and find_columns(table, name, "column") == [position]:
                return name
        except FileRefusedError:
            continue
    return position + 1


def _called(headings: Sequence[Heading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in headings for name in each.names))
