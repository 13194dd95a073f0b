"""Numbers that stand for "don't know" among answers: 99, -1, 11.

Here: which texts of a column are such codes, and what is asked of them. Not here: texts that always mean "not answered"
(`transforms.scores.texts`), options that are numbered from 1 (`scales`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.lines import Line
from pipelines.sniff.scores.options import LAST
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings

_CODES: Final = frozenset({
    -1, -2, -3, -7, -8, -9, -77, -88, -97, -98, -99, -999, -9999, 11, 12, 66, 77, 88, 95, 96, 97, 98, 99, 888, 997, 998, 999,
    9999,
})  # fmt: skip
#: These follow the best answer: where answers begin with 1, they are numbers of options.
_NEXT: Final = frozenset({11, 12})
_MOST: Final = 3
_DIFFERENT: Final = 3
_LONGEST: Final = 8
#: Fewer are mistakes, and rejected; more are answers on another scale.
_SHARE: Final = (0.05, 0.7)


def without_codes(seen: Seen) -> Seen:
    """The column with its codes among what means "not answered"."""
    codes = _codes(seen)
    if not codes:
        return seen
    left = tuple((text, rows) for text, rows in seen.counts if text not in codes)
    return replace(seen, counts=left, silent=(*seen.silent, *((text, codes[text]) for text in codes)))


def code_lines(found: Findings, score: ScoreColumn | None) -> Iterator[Line]:
    """What is asked of the codes of the column of the score."""
    signature = found.signature.as_source() if found.signature else None
    known = [str(each) for each in (signature.settings.get("unanswered") if signature else None) or ()]
    silent = dict(score.column.silent) if score else {}
    codes = {text: rows for text, rows in silent.items() if _number(text) in _CODES and text not in known}
    if score is None or not codes:
        return
    told = " and ".join(f"{text} in {rows:,}" for text, rows in codes.items())
    pasted = ", ".join(quoted(text) for text in [*known, *codes])
    yield Line(
        "unanswered",
        f"? {score.column.pasted} holds answers, and {told} rows, as codes for 'don't know' or 'not asked' are: if so, "
        f"write [{pasted}]; if they are something else, take this line out, and such rows are rejected",
    )


def _codes(seen: Seen) -> dict[str, int]:
    numbers = {text: number for text, _ in seen.counts if (number := _number(text)) is not None}
    beyond = _CODES if 0 in numbers.values() else _CODES - _NEXT
    codes = {text: rows for text, rows in seen.counts if numbers.get(text) in beyond}
    answers = {numbers[text] for text, _ in seen.counts if text in numbers and text not in codes}
    if not 0 < len(codes) <= _MOST or len(answers) < _DIFFERENT or not all(0 <= each <= LAST for each in answers):
        return {}
    low, high = _SHARE
    return codes if low * seen.filled < sum(codes.values()) < high * seen.filled else {}


def _number(text: str) -> int | None:
    """A whole number, also as `99.0`."""
    plain = text.strip().replace("\u2212", "-").removesuffix(".0")
    is_one = len(plain) <= _LONGEST and plain.removeprefix("-").isdecimal() and plain.isascii()
    return int(plain) if is_one else None
