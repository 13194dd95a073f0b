"""Which column may hold the score, and what speaks for its scale.

Here: the evidence of headings, labels and observed values, weighed. Not here: what stands in nps.yaml of it (`entry`).
A scale is never concluded from the numbers alone: without a 0 it takes a label or the heading's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipelines.sniff.facts import Seen
from pipelines.sniff.words import plain, said
from transforms.scores import number

#: Points for what a heading says. A column is a candidate from `_CANDIDATE` on, and taken unasked from `_CERTAIN` on.
_HEADINGS: Final = (("score_certain", 6), ("score_likely", 4), ("score_possible", 2))
_CANDIDATE: Final = 3
_CERTAIN: Final = 5
_NOT_A_SCORE: Final = -5
_LABELLED: Final = 3
_WHOLE_NUMBERS: Final = 2
_WIDE: Final = 1

_HIGHEST: Final = 10
_LARGEST_SCALE: Final = 100
_OPTIONS_AT_MOST: Final = 20
#: Many answers of which none is above the middle were hardly asked on 0-10.
_MANY: Final = 30
_SMALL_SCALE: Final = 7
#: From so many different answers on, of which one is near the top, numbers look like those of 0-10 by themselves.
_DISTINCT: Final = 7
_NEAR_TOP: Final = 9
_MOSTLY: Final = 0.9
_HALF: Final = 0.5
_FRACTION: Final = re.compile(r"-?\d+[.,]\d*[1-9]\d*")
_RANGE: Final = re.compile(
    r"\b([01]) (?:to |do |до |по |bis |a |al |und |and |et |i |и |y |hasta |through )?(10|100|5|7)\b"
)
_HAS_LETTERS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class ScoreColumn:
    """A column that may hold the score."""

    column: Seen
    scale: str | None
    """0-10, 1-10, or None where nothing tells."""
    question: str | None
    """What has to be asked of a person before the scale can be declared."""
    evidence: list[str]
    points: int
    metric: str

    @property
    def certain(self) -> bool:
        """Whether it may be proposed without asking whether it is the one."""
        return self.points >= _CERTAIN


@dataclass
class _Values:
    """The answers of one column as numbers."""

    numbers: dict[int, int]
    labelled: set[int]
    fractional: int
    unreadable: int
    lowest_words: set[int] = field(default_factory=set)

    @property
    def inside(self) -> int:
        return sum(count for value, count in self.numbers.items() if 0 <= value <= _HIGHEST)

    @property
    def total(self) -> int:
        return sum(self.numbers.values()) + self.fractional + self.unreadable


def score_columns(columns: Iterable[Seen]) -> list[ScoreColumn]:
    """The columns that may hold the score, the likeliest first."""
    companions = {plain(name) for column in columns for name in column.headings}
    found = [score for column in columns if (score := _weighed(column, companions))]
    return sorted(found, key=lambda score: (-score.points, score.column.blank))


def _weighed(column: Seen, companions: set[str]) -> ScoreColumn | None:
    """A candidate, or None."""
    values = _values(column)
    points, evidence = _spoken(column, companions)
    if not values.numbers or values.inside + _other_scale(values) < _MOSTLY * values.total:
        return _in_words(column, points, evidence)
    if points < _CANDIDATE and not (_looks_like_it(values) and points >= 0):
        return None
    gained, observed = _observed(values)
    scale, question, reasons = _scale(column, values)
    return ScoreColumn(column, scale, question, [*evidence, *observed, *reasons], points + gained, _metric(column))


def _in_words(column: Seen, points: int, evidence: list[str]) -> ScoreColumn | None:
    """The question itself, answered in words or in something else than whole numbers; None for other columns."""
    if points < _HEADINGS[0][1] or not 0 < len(column.counts) <= _OPTIONS_AT_MOST:
        return None
    question = "its answers are no whole numbers: which score does each stand for? Declare a scale of your own for them"
    evidence = [*evidence, f"{len(column.counts)} different answers, most of them no whole numbers"]
    return ScoreColumn(column, None, question, evidence, points, _metric(column))


def _metric(column: Seen) -> str:
    return "enps" if said("employee", *column.headings) else "nps"


def _values(column: Seen) -> _Values:
    read = column.texts.with_columns(number=number(pl.col("text")))
    stated = read.filter(pl.col("number").is_not_null())
    numbers: dict[int, int] = {}
    for value, count in stated.select("number", "count").iter_rows():
        numbers[value] = numbers.get(value, 0) + count
    texts = [*stated.get_column("text"), *column.options]
    by_option = pl.Series("text", texts, dtype=pl.String).to_frame().with_columns(number=number(pl.col("text")))
    labels = [(text, value) for text, value in by_option.iter_rows() if value is not None and _HAS_LETTERS.search(text)]
    offered = {value for value in by_option.get_column("number") if value is not None} if column.options else set()
    rest = read.filter(pl.col("number").is_null())
    fractional = sum(count for text, count, _ in rest.iter_rows() if _FRACTION.fullmatch(text))
    return _Values(
        numbers,
        {value for _, value in labels} | offered,
        fractional,
        column.filled - sum(numbers.values()) - fractional,
        {value for text, value in labels if said("lowest_answer", text)},
    )


def _other_scale(values: _Values) -> int:
    """Answers above 10 that belong to a scale up to 100; few of them are mistakes."""
    above = sum(count for value, count in values.numbers.items() if _HIGHEST < value <= _LARGEST_SCALE)
    return above if above > _HALF * values.total else 0


def _looks_like_it(values: _Values) -> bool:
    seen = [value for value in values.numbers if 0 <= value <= _HIGHEST]
    return len(seen) >= _DISTINCT and max(seen) >= _NEAR_TOP and values.inside == values.total


def _spoken(column: Seen, companions: set[str]) -> tuple[int, list[str]]:
    """What the headings say for and against."""
    points, evidence = 0, []
    for topic, worth in _HEADINGS:
        words = said(topic, *column.headings)
        if words:
            points, evidence = worth, [f"the heading says '{_short(words)}'"]
            break
    if any(f"{plain(name)} nps group" in companions for name in column.headings):
        points, evidence = points + _HEADINGS[0][1], [*evidence, "an NPS group stands beside it"]
    against = said("not_score", *column.headings)
    if against:
        points, evidence = points + _NOT_A_SCORE, [*evidence, f"but it also says '{_short(against)}'"]
    return points, evidence


def _observed(values: _Values) -> tuple[int, list[str]]:
    """What the answers themselves say."""
    lowest, highest = min(values.numbers), max(values.numbers)
    answers = sum(values.numbers.values())
    evidence = [f"{answers:,} answers are whole numbers from {lowest} to {highest}"]
    points = _WHOLE_NUMBERS if values.inside == values.total else 0
    points += _WIDE if _looks_like_it(values) else 0
    if values.labelled & {0, _HIGHEST}:
        points += _LABELLED
    others = values.total - values.inside
    if others:
        evidence.append(f"{others:,} of {values.total:,} are not on 0-10")
        points -= _WHOLE_NUMBERS
    return points, evidence


def _scale(column: Seen, values: _Values) -> tuple[str | None, str | None, list[str]]:
    """The scale, or the question to ask, and what each rests on."""
    stated = list(dict.fromkeys(_ranges(column.headings)))
    zeros = values.numbers.get(0, 0)
    if _other_scale(values) or any(each not in _SCALES for each in stated):
        return None, _OTHER_SCALE, [f"the heading says {' and '.join(stated)}"] if stated else []
    if stated and not (zeros and "1-10" in stated):
        return stated[0], None, [f"the heading says {stated[0]}"]
    if stated:
        return (
            None,
            f"the heading says 1-10, but {_answers(zeros)} 0: was it 0-10 or 1-10?",
            ["a 0 contradicts the heading"],
        )
    if zeros or 0 in values.labelled:
        return "0-10", None, ["a label stands on 0" if 0 in values.labelled else f"{_answers(zeros)} 0"]
    if 1 in values.lowest_words or values.labelled >= {1, 2, _HIGHEST}:
        return "1-10", None, ["the lowest label stands on 1"]
    return None, _question(values), ["no answer is 0, and no label or heading says where the scale begins"]


_SCALES: Final = ("0-10", "1-10")


def _question(values: _Values) -> str:
    answers, highest = sum(values.numbers.values()), max(values.numbers)
    if answers >= _MANY and highest <= _SMALL_SCALE:
        return f"on which scale was it asked? The highest of {answers:,} answers is {highest}"
    return f"0-10 or 1-10? None of {answers:,} answers is 0, and no label or heading says where the scale begins"


_OTHER_SCALE: Final = "on which scale was it asked? It was not 0-10 or 1-10"


def _answers(count: int) -> str:
    return "1 answer is" if count == 1 else f"{count:,} answers are"


def _ranges(headings: Sequence[str]) -> Iterator[str]:
    for heading in headings:
        yield from (f"{low}-{high}" for low, high in _RANGE.findall(plain(heading)))


def _short(words: str) -> str:
    return words if len(words) <= _WORDS_SHOWN else f"{words[: _WORDS_SHOWN - 1]}…"


_WORDS_SHOWN = 40
