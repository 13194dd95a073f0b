"""Which column may hold the score.

Here: the evidence of headings and answers, weighed. Not here: the scale (`scales`), what stands in nps.yaml (`entry`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.adapters.words import plain, said
from pipelines.sniff.facts import Seen
from pipelines.sniff.scales import HIGHEST, Values, scale_of, values_of

#: Points for what a heading says. A column is a candidate from `_CANDIDATE` on, and taken unasked from `_CERTAIN` on.
_HEADINGS: Final = (("score_certain", 6), ("score_likely", 4), ("score_possible", 2))
_CANDIDATE: Final = 3
_CERTAIN: Final = 5
_KNOWN: Final = 6
_NOT_A_SCORE: Final = -5
_LABELLED: Final = 3
_WHOLE_NUMBERS: Final = 2
_WIDE: Final = 1

_MOSTLY: Final = 0.9
#: Such a share of other texts is what mistakes make.
_MISTAKES: Final = 0.05
_OPTIONS_AT_MOST: Final = 20
_WORDS_SHOWN: Final = 40
#: A survey tool divides only what was asked on 0-10 into the three groups.
_GROUPED: Final = ("0-10", None, ["such groups are made of 0-10 only"])


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


def score_columns(columns: Sequence[Seen], known: str | None = None, *, by_key: bool = False) -> list[ScoreColumn]:
    """The columns that may hold the score, the likeliest first.

    `known` is the heading under which such exports hold it; `by_key` says that answers are keys of a telephone.
    """
    names = {plain(name) for column in columns for name in column.headings}
    found = []
    for column in columns:
        points, evidence = _spoken(column)
        if known is not None and column.name == known:
            points, evidence = max(points, _KNOWN), [*evidence, "such exports hold it there"]
        grouped = any(f"{plain(name)} nps group" in names for name in column.headings)
        if grouped:
            points, evidence = points + _KNOWN, [*evidence, "an NPS group stands beside it"]
        score = _weighed(column, points, evidence, by_key=by_key, grouped=grouped)
        found += [score] if score else []
    return sorted(found, key=lambda score: (-score.points, score.column.blank))


def _weighed(column: Seen, points: int, evidence: list[str], *, by_key: bool, grouped: bool) -> ScoreColumn | None:
    """A candidate with what its answers add, or None."""
    values = values_of(column)
    if not values.numbers or (values.inside + values.elsewhere < _MOSTLY * values.total and not by_key):
        return _in_words(column, points, evidence)
    if points < _CANDIDATE and not (values.look_like_it and points >= 0):
        return None
    gained, observed = _observed(values)
    scale, question, reasons = _GROUPED if grouped else scale_of(column, values, by_key=by_key)
    return ScoreColumn(column, scale, question, [*evidence, *observed, *reasons], points + gained, _metric(column))


def _in_words(column: Seen, points: int, evidence: list[str]) -> ScoreColumn | None:
    """The question itself, answered in words or in something else than whole numbers; None for other columns."""
    if points < _HEADINGS[0][1] or not 0 < len(column.counts) <= _OPTIONS_AT_MOST:
        return None
    question = "its answers are no whole numbers: which score does each stand for? Declare a scale of your own for them"
    evidence = [*evidence, f"{len(column.counts)} different answers, most of them no whole numbers"]
    return ScoreColumn(column, None, question, evidence, points, _metric(column))


def _metric(column: Seen) -> str:
    return "enps" if said("workplace", *column.headings) else "nps"


def _spoken(column: Seen) -> tuple[int, list[str]]:
    """What the headings say for and against."""
    points, evidence = 0, []
    for topic, worth in _HEADINGS:
        words = said(topic, *column.headings)
        if words:
            points, evidence = worth, [f"the heading says '{_short(words)}'"]
            break
    against = said("not_score", *column.headings)
    if against:
        points, evidence = points + _NOT_A_SCORE, [*evidence, f"but it also says '{_short(against)}'"]
    return points, evidence


def _observed(values: Values) -> tuple[int, list[str]]:
    """What the answers themselves say."""
    lowest, highest = min(values.numbers), max(values.numbers)
    answers = sum(values.numbers.values())
    evidence = [f"{answers:,} answers are whole numbers from {lowest} to {highest}"]
    points = _WHOLE_NUMBERS if values.inside == values.total else 0
    points += _WIDE if values.look_like_it else 0
    if values.labelled & {0, HIGHEST}:
        points += _LABELLED
    others = values.total - values.inside - values.elsewhere
    if others:
        evidence.append(f"{others:,} of {values.total:,} {'is' if others == 1 else 'are'} not on 0-10")
        points -= _WHOLE_NUMBERS if others > _MISTAKES * values.total else 0
    return points, evidence


def _short(words: str) -> str:
    return words if len(words) <= _WORDS_SHOWN else f"{words[: _WORDS_SHOWN - 1]}…"
