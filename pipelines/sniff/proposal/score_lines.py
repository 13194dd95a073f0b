"""The lines of an entry that say which column holds the score, and on which scale.

Here: what is asked where several may, or none does. Not here: how columns of scores are found (`pipelines.sniff.scores`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.adapters.words import said
from pipelines.sniff.lines import Line
from pipelines.sniff.proposal.groups_said import said_without
from pipelines.sniff.proposal.records import records_of
from pipelines.sniff.proposal.several_scores import by_months, question_of_turns
from pipelines.sniff.proposal.spread import (
    a_column_each,
    in_counts,
    in_decimals,
    in_objects,
    in_one_cell,
    in_tenths,
    in_ticks,
)
from pipelines.sniff.scores.scales import SMALL_SCALE
from pipelines.sniff.scores.scores import ScoreColumn, settled
from pipelines.sniff.sniffed import Findings

_GUESSES: Final = 3
_NO_SCORE: Final = "no column looks like answers on 0-10: which one holds the score, if any does"
_BELOW_0: Final = r"^\s*[-\u2212]\s*\d"
_EACH_IS: Final = (
    "; if each is, of a branch or a touchpoint, put answers beside columns, with a name for each, such as answers: {split: "
    "{columns: {score: its heading}, defaults: {branch: Split}}}, and take this line out"
)
#: What is asked where nothing tells the scale.
NO_SCALE: Final = "on which scale was it asked? 0-10, 1-10, 1-7, 1-5, 0-100, or one of your own under scales"


def scale_line(score: ScoreColumn | None, scores: list[ScoreColumn]) -> Line:
    """The scale. Where the column is asked for, so is its scale: what was seen is that of the likeliest column only."""
    if score is None:
        likeliest = scores[0] if scores else None
        seen = f" In {likeliest.column.pasted}, {likeliest.evidence[-1]}" if likeliest and likeliest.scale else ""
        return Line("scale", f"? {(likeliest and likeliest.question) or NO_SCALE + '.' * bool(seen) + seen}")
    alike = _alike(score, scores)
    asked = next((each for each in alike if each.scale is None), None)
    if asked is not None:
        return Line("scale", f"? {asked.question}" + (f" (In {asked.column.pasted}.)" if len(alike) > 1 else ""))
    if len({each.scale for each in alike}) > 1:
        found = ", ".join(f"{each.scale} in {each.column.pasted}" for each in alike)
        return Line("scale", f"? 0-10 or 1-10? The columns differ: {found}")
    return Line("scale", score.scale, score.evidence[-1])


def score_lines(score: ScoreColumn | None, scores: list[ScoreColumn], found: Findings) -> Iterator[Line]:
    """The column, those that are not taken, or the question which it is; `score` is None where none is certain."""
    if records := None if score and score.column.name == found.known("score") else records_of(found):
        yield Line("score", f"? {records.question([each.column for each in scores])}")
        return
    if score is None:
        guesses = ", ".join(each.column.pasted for each in scores[:_GUESSES])
        speaks = any(each.column.speaks_of("score_certain") for each in scores[:_GUESSES])
        against = said("not_score", *scores[0].column.headings) if scores else None
        why = f"its heading also says '{against}'" if against else "answers are not on 0-10"
        why = why if speaks else "no heading known here speaks of recommending"
        months = by_months([each.column for each in scores])
        each_is = "" if speaks or len(scores) == 1 else _EACH_IS
        asked = f"{why}: is one of these the score: {guesses}? {months}Write its heading{each_is}"
        ways = (_of_figures, in_tenths, in_decimals, in_ticks, in_counts, in_one_cell, in_objects)
        told = asked if guesses else next((why for way in ways if (why := way(found))), _NO_SCORE)
        yield Line("score", f"? {told}")
        return
    alike = _alike(score, scores)
    spread = a_column_each([each.column for each in alike]) if len(alike) > 1 else ""
    if asked := spread or question_of_turns(found, score, scores) or (_which_of(alike) if len(alike) > 1 else ""):
        yield Line("score", f"? {asked}")
        return
    yield said_without(found, score) or Line("score", score.column.name, "; ".join(score.evidence[:2]))
    for each in scores[1 : 1 + _GUESSES]:
        how = "on 0-10 too" if (each.highest or 0) > SMALL_SCALE else "asked too"
        yield Line("", None, f"{how}, and not taken: {each.column.shown}")


def _of_figures(found: Findings) -> str:
    """What is said where a column holds what was worked out from answers, and none of them."""
    figures = [each for each in found.columns if each.speaks_of("score_certain") and each.rows_like(_BELOW_0)]
    if not figures:
        return ""
    return (
        f"{figures[0].pasted} holds numbers below 0, as the NPS of many answers may be and no answer is: export a row for "
        "each answer, and begin again. If another column holds answers, write its heading"
    )


def _alike(score: ScoreColumn, scores: list[ScoreColumn]) -> list[ScoreColumn]:
    """The columns of which nothing tells which one is the score, the likeliest first."""
    return [each for each in settled(scores) if each is score or each.is_like(score)]


def _which_of(alike: list[ScoreColumn]) -> str:
    """The question where nothing tells one column from others: one of them alone would be a part taken for the whole."""
    names = ", ".join(each.column.pasted for each in alike)
    months = by_months([each.column for each in alike])
    return (
        f"{len(alike)} columns look alike: {names}. {months}Which one is the score? If each is, of a touchpoint or a wave, "
        "put answers beside columns, with a name for each, such as answers: {wave_1: {columns: {score: its heading}}}, and "
        "take this line out; to one that is of a rival add defaults: {brand: its name}"
    )
