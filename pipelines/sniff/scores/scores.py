"""Which column may hold the score.

Here: the evidence of headings and answers, weighed. Not here: the scale (`scales`), what stands in nps.yaml (`entry`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipelines.adapters.words import named, plain, said
from pipelines.sniff.columns.facts import Seen, in_all
from pipelines.sniff.columns.groups import parted
from pipelines.sniff.scores.options import are_a_scale, coded_options, options_question
from pipelines.sniff.scores.own_labels import OwnLabels, days_of_months
from pipelines.sniff.scores.scales import HIGHEST, SMALL_SCALE, Values, scale_of, values_of

_BELOW_ZERO: Final = r"^[-\u2212]\s?\d"
_NUMBER: Final = r"^[-\u2212+]?\s?\d+(?:[.,]\d+)?$"
_FIGURE: Final = r"^[-\u2212+]?\s?\d+(?:[.,]\d+)?\s?%?$"
#: Points for what a heading says. A column is a candidate from `_CANDIDATE` on, and taken unasked from `_CERTAIN` on.
_HEADINGS: Final = (("score_certain", 6), ("score_likely", 4), ("score_possible", 2))
#: The heading is nothing but such a word: a score's, or one that speaks of recommending.
_NAMED: Final = 4
_LIKELY: Final = 5
_CANDIDATE: Final = 3
_CERTAIN: Final = 5
_KNOWN: Final = 6
_NOT_A_SCORE: Final = -5
_LABELLED: Final = 3
_WHOLE_NUMBERS: Final = 2
_WIDE: Final = 1

#: Such a share of the answers of a score are whole numbers; of a column that a heading calls so, fewer may be.
_MOSTLY: Final = 0.9
_MANY: Final = 0.8
#: Such a share of other texts is what mistakes make.
_MISTAKES: Final = 0.05
_OPTIONS_AT_MOST: Final = 20
_WORDS_SHOWN: Final = 40
_ASKED: Final = "0-10?"
#: What stands beside a score.
_BESIDE: Final = (
    "branch",
    "region",
    "city",
    "department",
    "product",
    "channel",
    "language",
    "comment",
    "agent",
    "manager",
)
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
    highest: int | None = None
    """The highest whole number among its answers."""
    labels: OwnLabels = field(default_factory=OwnLabels)
    """Its company's own labels."""
    spoken: int = 0
    """The points of its headings alone."""

    @property
    def certain(self) -> bool:
        """Whether it may be proposed without asking whether it is the one."""
        return self.points >= _CERTAIN

    def doubted(self) -> ScoreColumn:
        """The same, not to be proposed without asking."""
        return replace(self, points=min(self.points, _CERTAIN - 1), spoken=0)

    @property
    def is_worked_out(self) -> bool:
        """Whether numbers stand there that are no answers: the NPS of each branch or month."""
        return self.highest is None and self.column.rows_like(_FIGURE) == self.column.filled

    def is_like(self, other: ScoreColumn) -> bool:
        """Whether nothing but chance in the answers, or a mistake among them, tells one from the other."""
        if min(self.highest or 0, other.highest or 0) <= SMALL_SCALE:
            return self.points == other.points
        return min(abs(self.points - other.points), abs(self.spoken - other.spoken)) <= _WIDE


def score_columns(
    columns: Sequence[Seen],
    known: str | None = None,
    *,
    by_key: bool = False,
    about: str = "",
    is_narrowed: bool = False,
) -> list[ScoreColumn]:
    """The columns that may hold the score, the likeliest first.

    `known` is the heading under which such exports hold it; `by_key` says that answers are keys of a telephone; `about` is
    what the file is called: in `csat_2024.csv`, a bare `Score` is hardly that of recommending. `is_narrowed` says
    that another column calls all rows answers about recommending, so that `Answer` is one.
    """
    other = said("other_survey", about) if about and not said("score_certain", about) else None
    names = {plain(name) for column in columns for name in column.headings}
    found = []
    for column in columns:
        points, evidence = _spoken(column)
        if is_narrowed and not points and column.is_called("below_heading"):
            points, evidence = _NAMED, [*evidence, "its rows are answers about recommending"]
        is_doubtful = other is not None and points <= _LIKELY
        if is_doubtful:
            evidence = [*evidence, f"but the file's name says '{other}'"]
        if known is not None and column.name == known:
            points, evidence = max(points, _KNOWN), [*evidence, "such exports hold it there"]
        grouped = any(f"{plain(name)} nps group" in names for name in column.headings)
        if grouped:
            points, evidence = points + _KNOWN, [*evidence, "an NPS group stands beside it"]
        score = _weighed(column, points, evidence, by_key=by_key, grouped=grouped)
        if score and is_doubtful and column.name != known and not grouped:
            score = score.doubted()
        found += [score] if score else []
    return sorted(found, key=lambda score: (-score.points, score.column.blank))


def settled(scores: Sequence[ScoreColumn]) -> list[ScoreColumn]:
    """Those that may be proposed without asking, and those whose headings say as much, though mistakes are among them."""
    best = next((each for each in scores if each.certain), None)
    return [each for each in scores if best and (each.certain or (each.spoken >= _CERTAIN and each.is_like(best)))]


def with_scale_of(score: ScoreColumn, others: Iterable[Iterable[Seen]]) -> ScoreColumn:
    """The same with the scale that its answers prove together with those of the same column in other files."""
    together = in_all(score.column, others)
    if together is score.column or score.highest is None or score.evidence[-1:] == _GROUPED[2]:
        return score
    values = values_of(together)
    if not values.numbers:
        return score
    scale, question, reasons = scale_of(together, values, by_key=False)
    return replace(score, scale=scale, question=question, evidence=[*score.evidence, *reasons])


def _weighed(column: Seen, points: int, evidence: list[str], *, by_key: bool, grouped: bool) -> ScoreColumn | None:
    """A candidate with what its answers add, or None."""
    values = values_of(column)
    on_scale = values.total - values.mistaken
    enough = _MANY if points >= _HEADINGS[0][1] else _MOSTLY
    if codes := coded_options(column):
        return _by_codes(column, points, evidence, codes)
    if not values.numbers or (on_scale < enough * values.total and not by_key):
        return _in_words(column, points, evidence, values.total - on_scale)
    if points < _CANDIDATE and not (values.look_like_it and points >= 0 and not values.own.doubtful):
        return None
    gained, observed = _observed(values)
    scale, question, reasons = _GROUPED if grouped else scale_of(column, values, by_key=by_key)
    spoken, points = points, points + gained
    highest = max(values.numbers)
    evidence = [*evidence, *observed, *reasons]
    return ScoreColumn(column, scale, question, evidence, points, _metric(column), highest, values.own, spoken)


def _by_codes(column: Seen, points: int, evidence: list[str], codes: dict[str, int]) -> ScoreColumn | None:
    """A candidate that is answered by codes of options: by what its heading says, or by the codes where it says nothing."""
    points = max(points, _CANDIDATE) if points == 0 and are_a_scale(codes) else points
    if points < _CANDIDATE:
        return None
    question = options_question(_ASKED, codes.items())
    evidence = [*evidence, f"{column.filled:,} answers are codes of {len(codes)} options"]
    return ScoreColumn(column, None, question, evidence, points, _metric(column))


def _in_words(column: Seen, points: int, evidence: list[str], others: int) -> ScoreColumn | None:
    """The question itself, answered in words or in something else than whole numbers; None for other columns."""
    if points < _HEADINGS[0][1] or not 0 < len(column.counts) <= _OPTIONS_AT_MOST or _is_beside(column):
        return None
    if days := days_of_months(column):
        question = (
            f"answers such as '{days[0]}' are days, as a spreadsheet makes them of 9/10 or 9-10. Export them again, as text "
            "or as plain numbers, never opened in a spreadsheet program, and begin again with that file"
        )
        evidence = [*evidence, f"{len(days)} different answers are days of a month"]
        return ScoreColumn(column, None, question, evidence, points, _metric(column))
    below = column.rows_like(_BELOW_ZERO)
    question = (
        f"{below:,} of its {column.filled:,} rows are below zero, as scores are that were made of several answers: those "
        "cannot be counted. Export the answers themselves; if each row is one answer, declare a scale of your own for them"
        if below and column.rows_like(_NUMBER) == column.filled
        else f"{others:,} of its {column.filled:,} answers are no whole numbers: which score does each stand for? "
        "Declare a scale of your own for them"
    )
    evidence = [*evidence, f"{len(column.counts)} different answers, {others:,} of {column.filled:,} no whole numbers"]
    return ScoreColumn(column, None, question, evidence, points, _metric(column))


def _is_beside(column: Seen) -> bool:
    """Whether the score's name only parts its heading from those of other surveys: `nps_branch`, `NPS Channel`."""
    words = [(plain(heading), said("score_certain", heading) or "") for heading in column.headings]
    rests = [" ".join(whole.replace(name, "", 1).split()) for whole, name in words if name]
    return any(rest and named(topic, rest) for rest in rests for topic in _BESIDE)


def _metric(column: Seen) -> str:
    return "enps" if column.speaks_of("workplace") else "nps"


def _spoken(column: Seen) -> tuple[int, list[str]]:
    """What the headings say for and against."""
    told = [_said_by(heading) for heading in column.headings]
    points, evidence, _ = max(told, key=lambda each: each[0], default=(0, [], None))
    against = next((words for _, _, words in told if words), None)
    if against:
        points, evidence = points + _NOT_A_SCORE, [*evidence, f"but it also says '{_short(against)}'"]
    return points, evidence


def _said_by(heading: str) -> tuple[int, list[str], str | None]:
    """What one heading says for it, and against it. Of `group/question` it is the question that has to say it."""
    group, question = parted(heading)
    points, evidence = _points(question)
    if not group or points >= _HEADINGS[0][1]:
        return points, evidence, said("not_score", question)
    if points:
        points, evidence = max((points, evidence), _points(f"{group} {question}"))
    else:
        points, evidence = _points(heading)
        points = min(points, _HEADINGS[-1][1])
    return points, evidence, said("not_score", f"{group} {question}")


def _points(heading: str) -> tuple[int, list[str]]:
    found = next(((worth, words) for topic, worth in _HEADINGS if (words := said(topic, heading))), None)
    if (found is None or found[0] < _NAMED) and named("score_named", heading):
        return _NAMED, [f"the heading is '{_short(plain(heading))}'"]
    if found and found[0] < _LIKELY and named("score_likely", heading):
        return _LIKELY, [f"the heading is '{_short(plain(heading))}'"]
    return (found[0], [f"the heading says '{_short(found[1])}'"]) if found else (0, [])


def _observed(values: Values) -> tuple[int, list[str]]:
    """What the answers themselves say."""
    lowest, highest = min(values.numbers), max(values.numbers)
    answers = sum(values.numbers.values())
    are = "answer is" if answers == 1 else "answers are"
    evidence = [
        f"{answers:,} {are} {lowest}" if lowest == highest
        else f"{answers:,} answers are whole numbers from {lowest} to {highest}"
    ]  # fmt: skip
    points = _WHOLE_NUMBERS if values.inside == values.total else 0
    points += _WIDE if values.look_like_it else 0
    if values.labelled & {0, HIGHEST}:
        points += _LABELLED
    if others := values.mistaken:
        evidence.append(f"{others:,} of {values.total:,} {'is' if others == 1 else 'are'} not on 0-10")
        points -= _WHOLE_NUMBERS if others > _MISTAKES * values.total else 0
    return points, evidence


def _short(words: str) -> str:
    return words if len(words) <= _WORDS_SHOWN else f"{words[: _WORDS_SHOWN - 1]}…"
