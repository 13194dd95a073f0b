"""Columns of numbers that may say how much a row stands for: how many answers it sums up, or how much one of them weighs.

Here: which columns do, and what has to be asked. Not here: rows that are no answers (`flags`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.table import column
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Line
from pipelines.sniff.sniffed import Findings
from transforms.scores.each_once import repeats_missing

_NEARLY: Final = 0.95
_DECIMAL: Final = r"^\d+(?:[.,]\d+)?$"
#: Weights that make up for who did not answer are about 1.
_LIGHT, _HEAVY = 0.5, 2.0
#: No count has more digits, and no number of so many is too long to be read.
_DIGITS: Final = 9
#: Fewer counts may follow one another by chance.
_MANY: Final = 15
#: Places, channels and the like are few.
_FEW: Final = 100
#: Where so many pairs are to be expected, there is none by chance in less than one of 1,000.
_EXPECTED: Final = 7
_ONE: Final = ("1", "1.0", "1,0")
#: What counts of answers are called: `Responses`, or `Promoters` beside `Detractors`.
_COUNTED: Final = ("count_named", "promoter", "passive", "detractor")


def count_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a column that may say how many answers a row stands for."""
    score = next((each for each in found.scores if each.certain), None)
    if score is None:
        return
    taken = {each.column.position for each in found.scores if each.certain}
    taken |= {each.column.position for each in found.dates}
    beside = [each for each in found.columns if each.position not in taken and _are_counts(each)]
    named_so = next((each for each in beside if each.asks(*_COUNTED)), None)
    counts = named_so or (beside[0] if beside and _each_once(found, score.column, beside) else None)
    if counts is not None:
        why = "" if named_so else ", since each score stands there once for each day and place"
        yield Line(
            "weight",
            f"? {counts.pasted} may say how many answers a row stands for{why}: such a file cannot be counted, since here "
            "each row is one answer: export a row for each, and begin again. If each row is one answer, take this line out",
        )


def _each_once(found: Findings, score: Seen, numbers: Sequence[Seen]) -> bool:
    """Whether no two rows that agree in their date, and in all few texts beside it, have one score, by no chance."""
    dates = [each.column for each in found.dates][:1]
    apart = {each.position for each in (score, *numbers, *(each.column for each in found.dates))}
    few = [each for each in found.columns if each.position not in apart and 1 < len(each.counts) <= _FEW]
    groups = {f"group_{at}": each.position for at, each in enumerate((*dates, *few)) if each.position is not None}
    if not dates or score.position is None:
        return False
    cells = {name: pl.col(column(at)).str.strip_chars() for name, at in groups.items()}
    rows = found.opened.rows.filter(score.is_answered).select(score=pl.col(column(score.position)), **cells)
    return repeats_missing(rows, [*groups]) >= _EXPECTED


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


def _are_counts(seen: Seen) -> bool:
    """Whether whole numbers stand there, some of them above 1, that do not number the rows."""
    numbers = [(int(text), count) for text, count in seen.counts if text.isdecimal() and len(text) <= _DIGITS]
    whole = sum(count for _, count in numbers)
    if _are_numbered([number for number, _ in numbers]) and len(numbers) == seen.filled:
        return False
    return whole >= _NEARLY * max(seen.filled, 1) and any(number > 1 for number, _ in numbers)
