"""What the answers of a column say of the scale that they were asked on.

Here: counted texts to numbers, and which scale these, their labels and the heading prove. Not here: whether the column is
the score at all (`scores`). A scale is never concluded from the numbers alone: without a 0 it takes a label or the
heading's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.adapters.words import plain
from pipelines.sniff.facts import Seen
from transforms.anchors import direction
from transforms.score_texts import stated

HIGHEST: Final = 10

_LARGEST_SCALE: Final = 100
#: Many answers of which none is above the middle were hardly asked on 0-10.
_MANY: Final = 30
_SMALL_SCALE: Final = 7
#: From so many different answers on, of which one is near the top, numbers look like those of 0-10 by themselves.
_DISTINCT: Final = 7
_NEAR_TOP: Final = 9
_HALF: Final = 0.5
#: Such a share of other numbers is what mistakes, and the row of totals below the answers, make.
_MISTAKES: Final = 0.05
_SCALES: Final = ("0-10", "1-10")
_FRACTION: Final = re.compile(r"-?\d+[.,]\d*[1-9]\d*")
_HAS_LETTERS: Final = re.compile(r"[^\W\d_]")
_RANGE: Final = re.compile(
    r"\b([01]) (?:to |do |до |по |bis |a |al |und |and |et |i |и |y |hasta |through )?(10|100|5|7)\b"
)
_OTHER_SCALE: Final = "on which scale was it asked? It was not 0-10 or 1-10"
#: A telephone has no key for 10.
_NO_KEY: Final = (
    "which key means 10? Ten digits leave none: declare a scale of your own, such as scales: {keys: {words: {'*': 10}}}, "
    "and write its name here"
)


@dataclass(frozen=True)
class Values:
    """The answers of one column as numbers."""

    numbers: dict[int, int]
    """Each whole number and how often it stands there."""
    labelled: set[int]
    """Numbers with words beside them, and those that are options."""
    fractional: int
    unreadable: int
    lowest_words: set[int]
    """Numbers beside which stand words for the lowest answer."""

    @property
    def inside(self) -> int:
        """How many answers are on 0-10."""
        return sum(count for value, count in self.numbers.items() if 0 <= value <= HIGHEST)

    @property
    def total(self) -> int:
        """How many answers there are."""
        return sum(self.numbers.values()) + self.fractional + self.unreadable

    @property
    def elsewhere(self) -> int:
        """How many answers are above 10 and on a scale up to 100; few of them are mistakes, and count as none."""
        above = sum(count for value, count in self.numbers.items() if HIGHEST < value <= _LARGEST_SCALE)
        return above if above > _HALF * self.total else 0

    @property
    def look_like_it(self) -> bool:
        """Whether nothing but the numbers is needed to think of 0-10."""
        seen = [value for value in self.numbers if 0 <= value <= HIGHEST]
        others = self.total - self.inside
        return len(seen) >= _DISTINCT and max(seen) >= _NEAR_TOP and others <= _MISTAKES * self.total


def values_of(column: Seen) -> Values:
    """Read the texts of a column, and the options of a question, as numbers."""
    read = column.texts.with_columns(number=stated(column.texts.get_column("text")))
    counted = read.filter(pl.col("number").is_not_null())
    numbers: dict[int, int] = {}
    for value, count in counted.select("number", "count").iter_rows():
        numbers[value] = numbers.get(value, 0) + count
    texts = [*counted.get_column("text"), *column.options]
    options = pl.Series("text", texts, dtype=pl.String)
    by_option = options.to_frame().with_columns(number=stated(options))
    labels = [(text, value) for text, value in by_option.iter_rows() if value is not None and _HAS_LETTERS.search(text)]
    offered = {value for value in by_option.get_column("number") if value is not None} if column.options else set()
    rest = read.filter(pl.col("number").is_null())
    fractional = sum(count for text, count, _ in rest.iter_rows() if _FRACTION.fullmatch(text))
    return Values(
        numbers,
        {value for _, value in labels} | offered,
        fractional,
        column.filled - sum(numbers.values()) - fractional,
        {value for text, value in labels if direction(text) == "worse"},
    )


def scale_of(column: Seen, values: Values, *, by_key: bool) -> tuple[str | None, str | None, list[str]]:
    """The scale, or the question to ask, and what each rests on. `by_key`: whether it was answered on a telephone."""
    stated = list(dict.fromkeys(_ranges(column.headings)))
    zeros = values.numbers.get(0, 0)
    if by_key and HIGHEST not in values.numbers:
        return None, _NO_KEY, ["it was answered by keys, and none of them is 10"]
    if values.elsewhere or stated:
        return _as_stated(stated, values, zeros)
    if zeros or 0 in values.labelled:
        return "0-10", None, ["a label stands on 0" if 0 in values.labelled else f"{_answers(zeros)} 0"]
    if 1 in values.lowest_words or values.labelled >= {1, 2, HIGHEST}:
        return "1-10", None, ["the lowest label stands on 1"]
    return None, _question(values), ["no answer is 0, and no label or heading says where the scale begins"]


def _as_stated(stated: list[str], values: Values, zeros: int) -> tuple[str | None, str | None, list[str]]:
    """The scale that the heading states, unless the answers contradict it."""
    says = [f"the heading says {' and '.join(stated)}"] if stated else []
    if values.elsewhere or stated[0] not in _SCALES or len(stated) > 1:
        return None, _OTHER_SCALE, says
    if zeros and stated[0] == "1-10":
        return None, f"{says[0]}, but {_answers(zeros)} 0: was it 0-10 or 1-10?", says
    return stated[0], None, says


def _question(values: Values) -> str:
    answers, highest = sum(values.numbers.values()), max(values.numbers)
    if answers >= _MANY and highest <= _SMALL_SCALE:
        return f"on which scale was it asked? The highest of {answers:,} answers is {highest}"
    return f"0-10 or 1-10? None of {answers:,} answers is 0, and no label or heading says where the scale begins"


def _answers(count: int) -> str:
    return "1 answer is" if count == 1 else f"{count:,} answers are"


def _ranges(headings: Sequence[str]) -> Iterator[str]:
    for heading in headings:
        yield from (f"{low}-{high}" for low, high in _RANGE.findall(plain(heading)))
