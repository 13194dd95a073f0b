"""Numbers of the options of 0-10 from 1 on in place of answers: 1 to 11, or A1 to A11 as LimeSurvey exports codes.

Here: which texts of a column are such numbers, and what is asked of them. Not here: labels beside answers (`own_labels`),
codes for "don't know" (`proposal.codes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pipelines.sniff.columns.facts import Seen

#: The number of the option that stands for 10.
LAST: Final = 11
_CODE: Final = re.compile(r"([^\W\d_]{1,3}[-_ ]?)0*(\d{1,2})")
#: So many different ones are a scale, whatever the column is called.
_SEVERAL: Final = 7


def coded_options(column: Seen) -> dict[str, int]:
    """The answer that each code of a column stands for, where all are one sign and the number of an option; else none."""
    found = {text: _CODE.fullmatch(text.strip()) for text, _ in column.counts}
    codes = {text: (each[1].casefold(), int(each[2])) for text, each in found.items() if each}
    signs, numbers = {sign for sign, _ in codes.values()}, {number for _, number in codes.values()}
    are_options = len(codes) == len(found) and len(signs) == 1 and min(numbers) >= 1 and max(numbers) == LAST
    return {text: number - 1 for text, (_, number) in codes.items()} if are_options else {}


def are_a_scale(codes: Mapping[str, int]) -> bool:
    """Whether codes are those of a scale from 0 to 10 even where the heading says nothing of it."""
    return len(set(codes.values())) >= _SEVERAL


def options_question(asked: str, codes: Iterable[tuple[str, int]]) -> str:
    """What is asked of such numbers: whether they are those, with the words to declare."""
    by_answer = sorted(codes, key=lambda each: (each[1], each[0]))
    (first, _), (last, _) = by_answer[0], by_answer[-1]
    words = ", ".join(f"'{text}': {answer}" for text, answer in by_answer)
    return (
        f"{asked} The answers go from {first} to {last}: if they are numbers of the options of 0-10 from 1 on, so that "
        f"{last} stands for 10, declare scales: {{options: {{words: {{{words}}}}}}} and write options"
    )
