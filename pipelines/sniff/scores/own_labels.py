"""A company's own labels of scores: `7 - Dobro`, `Sehr gut (9)`, `3 ⭐`, which nps.yaml has to name before they count.

Here: which texts of a column are such labels, and which of them can be nothing else. Not here: labels that are known
anyway (`transforms.scores.anchors`), the scale (`scales`), how they are declared (`scale_words`). A label is proven where it
stands for one number, that number has no other label and never stands alone, and both are parted by more than space.
What is said once is what somebody wrote, and no label; nor is a month, since `10-Sep` was 9 of 10 before a spreadsheet
opened it, and `9-Oct` in another country.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipelines.sniff.columns.facts import Seen
from transforms.dates.names import names_a_month
from transforms.scores.texts import written

_HIGHEST: Final = 10
_PARTED: Final = r"\-\u2010-\u2015\u2212:.=,;|/()\[\]"
_AFTER: Final = re.compile(rf"(\d{{1,2}})([\s{_PARTED}]*)([^\d@]+)")
_BEFORE: Final = re.compile(rf"([^\d@]+?)([\s{_PARTED}]*)(\d{{1,2}})[)\]]?")
_SENTENCE: Final = re.compile(r"[!?\u2026]|\.$|,")
_MOST_WORDS: Final = 4
_LONGEST: Final = 40
_REPEATED: Final = 2
#: A spreadsheet that takes 9/10 for a day shows it as `9-Oct` or `09. okt.`.
_MONTH: Final = re.compile(r"[^\W\d_]{3,5}\.?")
#: ... and holds it as a date: the 9th of the tenth month, or the tenth of the 9th.
_DAY_OF_TEN: Final = re.compile(r"\d{4}-(?:10-(?:0[1-9]|10)|0[1-9]-10)(?:[ T]00:00:00)?")


@dataclass(frozen=True)
class OwnLabels:
    """Texts of a column with the number that each names."""

    proven: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    """Those of which a person has to say whether that number was answered."""
    doubted: int = 0
    """How many answers these are."""

    @property
    def all(self) -> dict[str, int]:
        """Every label."""
        return {**self.proven, **self.doubtful}


@dataclass(frozen=True)
class _Text:
    text: str
    count: int
    number: int
    label: str
    is_parted: bool


def own_labels(column: Seen) -> OwnLabels:
    """The labels of a column that are known nowhere else."""
    bare = column.texts.select(written(pl.col("text"))).to_series()
    alone = {number for number in column.stated if number is not None}
    rows = zip(column.counts, column.stated, bare, strict=True)
    others = (_labelled(*counted, plain) for counted, number, plain in rows if number is None)
    found = [each for each in others if each is not None]
    uses: dict[str, int] = {}
    for each in found:
        uses[each.label] = uses.get(each.label, 0) + each.count
    repeated = [each for each in found if uses[each.label] >= _REPEATED]
    proven = {each.text: each.number for each in repeated if _is_proven(each, repeated, alone, uses)}
    doubtful = [each for each in repeated if each.text not in proven]
    return OwnLabels(proven, {each.text: each.number for each in doubtful}, sum(each.count for each in doubtful))


def days_of_months(column: Seen) -> list[str]:
    """The texts of a column that are a day and its month, or a date, as spreadsheets write what they took for one."""
    return [text for text, _ in column.counts if _month_in(text) or _DAY_OF_TEN.fullmatch(text)]


def _month_in(text: str) -> bool:
    found = _AFTER.fullmatch(text.strip()) or _BEFORE.fullmatch(text.strip())
    return found is not None and any(_is_month(part.strip().casefold()) for part in found.groups())


def _is_month(label: str) -> bool:
    """Whether a label is what a month is called."""
    return _MONTH.fullmatch(label) is not None and names_a_month(label)


def _labelled(text: str, count: int, bare: str) -> _Text | None:
    """A text as the label of a number; None where it is none."""
    if after := _AFTER.fullmatch(bare):
        number, between, label = after.groups()
    elif before := _BEFORE.fullmatch(bare):
        label, between, number = before.groups()
    else:
        return None
    label = " ".join(label.strip(" \t()[]").casefold().split())
    if not _may_be_label(label) or int(number) > _HIGHEST:
        return None
    return _Text(text, count, int(number), label, is_parted=bool(between.strip()))


def _may_be_label(label: str) -> bool:
    is_short = len(label) <= _LONGEST and len(label.split()) <= _MOST_WORDS
    return bool(label) and label != "%" and is_short and not _SENTENCE.search(label) and not _is_month(label)


def _is_proven(each: _Text, others: list[_Text], alone: set[int], uses: dict[str, int]) -> bool:
    """Whether a label can be nothing but the name of its number."""
    numbers = {other.number for other in others if other.label == each.label}
    labels = {other.label for other in others if other.number == each.number}
    is_one_for_one = len(numbers) == len(labels) == 1 and each.number not in alone
    has_letters = any(letter.isalpha() for letter in each.label)
    return is_one_for_one and each.is_parted and has_letters and uses[each.label] >= _REPEATED
