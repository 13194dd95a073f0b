"""What the answers of a column say of the scale that they were asked on.

Here: counted texts to numbers, and which scale these, their labels and the heading prove. Not here: whether the column is
the score at all (`scores`). A scale is never concluded from the numbers alone: without a 0 it takes a label or the
heading's own words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipelines.adapters.scale_ends import turned
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.scores.options import LAST, options_question
from pipelines.sniff.scores.own_labels import OwnLabels, own_labels
from pipelines.sniff.scores.ranges import fitting, offered, stated_scales, with_cuts
from pipelines.sniff.scores.turned import other_way
from transforms.scores.anchors import direction
from transforms.scores.never_given import any_of, never_given, own_scale
from transforms.scores.scales import CUTS, STANDARD
from transforms.scores.texts import stated

HIGHEST: Final = 10

_LARGEST_SCALE: Final = 100
#: Many answers of which none is above the middle were hardly asked on 0-10.
_MANY: Final = 30
SMALL_SCALE: Final = 7
#: From so many different answers on, of which one is near the top, numbers look like those of 0-10 by themselves.
_DISTINCT: Final = 7
_NEAR_TOP: Final = 9
_HALF: Final = 0.5
#: Such a share of other numbers is what mistakes, and the row of totals below the answers, make.
_MISTAKES: Final = 0.05
#: Of so many answers on 0-10 one is 10, and of so many one is above the middle.
_ENOUGH: Final = 50
_SEVERAL: Final = 8
_LOW_HALF: Final = 5
_PERCENT: Final = r"^\s*\d{1,3}(?:[.,]\d+)?\s*%\s*$"
_FRACTION: Final = re.compile(r"-?\d+[.,]0*[1-9]\d*")
_NUMBER: Final = re.compile(r"\d+")
_HAS_LETTERS: Final = re.compile(r"[^\W\d_]")
_ASKED: Final = "on which scale was it asked?"
_OWN: Final = "or the name of one of your own under scales"
#: A telephone has no key for 10.
_NO_KEY: Final = (
    "which key means 10? Ten digits leave none: declare a scale of your own, such as scales: {keys: {words: {'*': 10}}}, "
    "or {'0': 10} where 0 is pressed for 10, and write its name here"
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
    own: OwnLabels = field(default_factory=OwnLabels)
    """Labels that are known nowhere else; their numbers are counted."""

    @property
    def inside(self) -> int:
        """How many answers are on 0-10."""
        return sum(count for value, count in self.numbers.items() if 0 <= value <= HIGHEST)

    @property
    def total(self) -> int:
        """How many answers there are."""
        return sum(self.numbers.values()) + self.fractional + self.unreadable

    @property
    def mistaken(self) -> int:
        """How many answers are on no scale that the others may be on."""
        return self.total - self.inside - (self.elsewhere or self.last_options)

    @property
    def elsewhere(self) -> int:
        """How many answers are above 10 and on a scale up to 100; few of them are mistakes, and count as none."""
        above = sum(count for value, count in self.numbers.items() if HIGHEST < value <= _LARGEST_SCALE)
        return above if above > _HALF * self.total and not self.last_options else 0

    @property
    def last_options(self) -> int:
        """How many answers are 11 where nothing is 0 or beyond, as where options of 0-10 are numbered from 1."""
        return self.numbers[LAST] if self.numbers and min(self.numbers) > 0 and max(self.numbers) == LAST else 0

    @property
    def look_like_it(self) -> bool:
        """Whether nothing but the numbers is needed to think of 0-10."""
        seen = [value for value in self.numbers if 0 <= value <= HIGHEST]
        others = self.total - self.inside
        return len(seen) >= _DISTINCT and max(seen) >= _NEAR_TOP and others <= _MISTAKES * self.total


def values_of(column: Seen) -> Values:
    """Read the texts of a column, and the options of a question, as numbers."""
    if not column.has_digits and not column.options:
        return Values({}, set(), 0, column.filled, set())
    own = own_labels(column)
    on_0_10, labels = column.stated.to_list(), own.all
    are_percent = column.rows_like(_PERCENT) > _HALF * column.filled
    known = stated(column.texts.get_column("text"), _LARGEST_SCALE).to_list() if are_percent else on_0_10
    numbers: Counter[int] = Counter()
    beside: list[tuple[str, int | None]] = []
    fractional = 0
    for (text, count), whole, answer in zip(column.counts, known, on_0_10, strict=True):
        number = whole if whole is not None else labels.get(text)
        if number is not None:
            numbers[number] += count
            beside.append((text, answer))
        elif _FRACTION.fullmatch(text):
            fractional += count
    options = pl.Series(column.options, dtype=pl.String)
    beside += zip(options, stated(options), strict=True) if column.options else ()
    labelled = [(text, number) for text, number in beside if number is not None and _is_labelled(text)]
    offered = {number for _, number in beside if number is not None} if column.options else set()
    return Values(
        dict(numbers),
        {number for _, number in labelled} | offered | ({0, HIGHEST} & set(own.proven.values())),
        fractional,
        column.filled - numbers.total() - fractional,
        {number for text, number in labelled if direction(text) == "worse"},
        own,
    )


def _is_labelled(text: str) -> bool:
    """Whether words stand beside the number; those of `9 out of 10` say nothing of it."""
    return _HAS_LETTERS.search(text) is not None and len(_NUMBER.findall(text)) == 1


def scale_of(column: Seen, values: Values, *, by_key: bool) -> tuple[str | None, str | None, list[str]]:
    """The scale, or the question to ask, and what each rests on. `by_key`: whether it was answered on a telephone."""
    stated = stated_scales(column.headings)
    if says_turned := turned(column.headings):
        return None, f"{says_turned}: {other_way(column.headings, stated, values.numbers)}", [says_turned]
    zeros = values.numbers.get(0, 0)
    if by_key and HIGHEST not in values.numbers:
        return None, _NO_KEY, ["it was answered by keys, and none of them is 10"]
    if values.elsewhere or stated:
        return _as_stated(stated, values, zeros)
    if zeros or 0 in values.labelled:
        doubt = _doubt(values)
        says = "a label stands on 0" if 0 in values.labelled else f"{_answers(zeros)} 0"
        return (None, doubt, [says]) if doubt else ("0-10", None, [says])
    reaches_the_end = max(values.numbers) > SMALL_SCALE or HIGHEST in values.labelled
    if (1 in values.lowest_words and reaches_the_end) or values.labelled >= {1, 2, HIGHEST}:
        return "1-10", None, ["the lowest label stands on 1"]
    return None, _question(values), [f"no answer is 0, and {_no_beginning(values)}"]


def _doubt(values: Values) -> str | None:
    """The question where a 0 does not prove 0-10: no answer is near its end, or none of many is 10."""
    if HIGHEST in values.labelled:
        return None
    answers, highest = sum(values.numbers.values()), max(values.numbers)
    if (answers >= _MANY and highest <= SMALL_SCALE) or (answers >= _SEVERAL and highest <= _LOW_HALF):
        return _small(values)
    if answers >= _ENOUGH and highest < HIGHEST:
        return (
            f"0-10? None of {answers:,} answers is 10. If 9 is what was answered, write 0-10; if the numbers count the "
            "options of 1-10 from 0, so that 9 stands for 10, declare scales: {index: {words: {'0': 1, '1': 2, '2': 3, "
            "'3': 4, '4': 5, '5': 6, '6': 7, '7': 8, '8': 9, '9': 10}}} and write index; if they are keys of a telephone, "
            "of which 0 stands for 10, declare scales: {keys: {words: {'0': 10}}} and write keys"
        )
    return _multiplied(values, "0-10?")


def _multiplied(values: Values, either: str) -> str | None:
    """The question where answers seem to be those of a shorter scale, multiplied."""
    skipped = never_given({value: many for value, many in values.numbers.items() if 0 <= value <= HIGHEST})
    if not skipped:
        return None
    return (
        f"{either} None of {values.inside:,} answers is {any_of(skipped)}, though many are below and above: were they "
        "multiplied from a shorter scale, such as 1-5 or 1-7? If so, let the survey export them as they were given, or "
        f"declare {own_scale(min(values.numbers))} and write own; if nobody gave these answers, write the scale"
    )


def _as_stated(stated: list[str], values: Values, zeros: int) -> tuple[str | None, str | None, list[str]]:
    """The scale that the heading states, unless the answers contradict it."""
    says = [f"the heading says {' and '.join(stated)}"] if stated else []
    if values.elsewhere and not stated:
        return None, f"{_ASKED} Answers go up to {max(values.numbers)}: write {with_cuts('0-100')}, {_OWN}", says
    if values.elsewhere or stated[0] not in STANDARD or len(stated) > 1:
        return None, f"{_ASKED} {says[0].capitalize()}: write {offered(stated)}, {_OWN}", says
    if zeros and stated[0] == "1-10":
        return None, f"{says[0]}, but {_answers(zeros)} 0: was it 0-10 or 1-10?", says
    return stated[0], None, says


def _question(values: Values) -> str:
    answers, highest = sum(values.numbers.values()), max(values.numbers)
    if highest <= SMALL_SCALE:
        return _small(values)
    if highest == LAST:
        return options_question("0-10 or 1-10?", ((str(number), number - 1) for number in range(1, LAST + 1)))
    if multiplied := _multiplied(values, "0-10 or 1-10?"):
        return multiplied
    return f"0-10 or 1-10? None of {answers:,} answers is 0, and {_no_beginning(values)}"


def _no_beginning(values: Values) -> str:
    """Why nothing tells where the scale begins: its label stands there, in words that are not known, or none does."""
    on_lowest = sorted(text for text, number in values.own.all.items() if number == 1)
    if not on_lowest:
        return "no label or heading says where the scale begins"
    return f"what '{on_lowest[0]}' means is not known: if it is the worst answer that was offered, write 1-10"


def _small(values: Values) -> str:
    """The question where no answer is near the end of 0-10: the scales on which such answers may have been given."""
    answers, lowest, highest = sum(values.numbers.values()), min(values.numbers), max(values.numbers)
    if highest <= 1 and set(values.numbers) == {0, 1}:
        return (
            f"{_ASKED} All {answers:,} answers are 0 or 1, as yes and no are: of such answers comes no score, so take this "
            f"entry out, or write the heading of another column as score. Only if all answers were that low, write 0-10, "
            f"{_OWN}"
        )
    fit = [name for name in fitting(lowest, highest) if CUTS[name].highest <= HIGHEST]
    if not fit:
        return (
            f"{_ASKED} {answers:,} answers go from {lowest} to {highest}: declare it with the cut points that were meant, "
            f"such as scales: {{own: {{lowest: {lowest}, highest: {highest}, promoter_from: its lowest promoter, "
            "passive_from: its lowest passive}}, and write own"
        )
    return f"{_ASKED} The highest of {answers:,} answers is {highest}: write {offered(fit)}, {_OWN}"


def _answers(count: int) -> str:
    return "1 answer is" if count == 1 else f"{count:,} answers are"
