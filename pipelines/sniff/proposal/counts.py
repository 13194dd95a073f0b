"""Columns of numbers that may say how much a row stands for: how many answers it sums up, or how much one of them weighs.

Here: which columns do, and what has to be asked. Not here: rows that are no answers (`flags`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Line
from pipelines.sniff.sniffed import Findings

_NEARLY: Final = 0.95
_DECIMAL: Final = r"^\d+(?:[.,]\d+)?$"
#: Weights that make up for who did not answer are about 1.
_LIGHT, _HEAVY = 0.5, 2.0
#: No count has more digits, and no number of so many is too long to be read.
_DIGITS: Final = 9
#: Fewer counts may follow one another by chance.
_MANY: Final = 15
_ONE: Final = ("1", "1.0", "1,0")
#: What counts of answers are called: `Responses`, or `Promoters` beside `Detractors`.
_COUNTED: Final = ("count_named", "promoter", "passive", "detractor")


def count_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a column that may say how many answers a row stands for."""
    scores = {each.column.position for each in found.scores if each.certain}
    counts = next((each for each in found.columns if each.position not in scores and _is_count(each)), None)
    if counts is not None and scores:
        yield Line(
            "weight",
            f"? {counts.pasted} may say how many answers a row stands for: such a file cannot be counted, since here "
            "each row is one answer: export a row for each, and begin again. If each row is one answer, take this line out",
        )


def weight_lines(found: Findings) -> Iterator[Line]:
    """A column that says how much an answer weighs: asked about where the weights are not about 1."""
    named_so = (each for each in found.columns if each.is_called("weight_named"))
    seen = next((each for each in named_so if each.filled and each.rows_like(_DECIMAL) == each.filled), None)
    if seen is None or all(text in _ONE for text, _ in seen.counts):
        return
    average = sum(float(text.replace(",", ".")) * count for text, count in seen.counts) / seen.filled
    if _LIGHT <= average <= _HEAVY:
        yield Line("weight", seen.name, "nps_weighted counts each answer so much; nps counts all alike")
    else:
        asked = (
            f"{seen.pasted} is {average:,.1f} on average: does it say how much an answer weighs, by which nps_weighted"
        )
        yield Line(
            "weight", f"? {asked} counts it? Then write its heading; if it says something else, take this line out"
        )


def _are_numbered(numbers: Sequence[int]) -> bool:
    """Whether they number the rows of a file one by one, as `No` and `N°` do: counts hardly do so in so many rows."""
    return len(numbers) >= _MANY and max(numbers) - min(numbers) + 1 == len(numbers) == len(set(numbers))


def _is_count(seen: Seen) -> bool:
    """Whether whole numbers above 1 stand below a heading that speaks of nothing but a count of answers, or one group."""
    if not seen.asks(*_COUNTED):
        return False
    numbers = [(int(text), count) for text, count in seen.counts if text.isdecimal() and len(text) <= _DIGITS]
    whole = sum(count for _, count in numbers)
    if _are_numbered([number for number, _ in numbers]) and len(numbers) == seen.filled:
        return False
    return whole >= _NEARLY * seen.filled and any(number > 1 for number, _ in numbers)
