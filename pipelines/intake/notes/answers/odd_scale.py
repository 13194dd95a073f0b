"""Answers that may be of another scale than nps.yaml says, or of a part of people: their scores tell.

Here: what the counts of scores show. Not here: labels (`unlisted`), scales that several small files share (`parts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.intake.once import ELEVEN, MULTIPLIED, NO_TEN, OTHERWISE_ASKED, STANDS
from transforms.scores.never_given import any_of, never_given, own_scale
from transforms.scores.scales import PROMOTER_FROM, Scale
from warehouse.intake.tally import Tally

#: From so many rows on, of which such a share is blank, somebody would have given a 0.
_ROWS: Final = 50
_BLANK: Final = 0.1
#: A dash says more than nothing does.
_DASHED: Final = 0.04
#: Of so many answers on 0-10 one is 10.
_ENOUGH: Final = 50
#: So many answers of 11, and such a share beside those that count, are no typing errors.
_ELEVENS: Final = (5, 0.05)
#: Where a slider may stand: in so many answers such a share, and so many times those beside it.
_SLIDERS: Final = 30
_IN_THE_MIDDLE: Final = (0.3, 6)
_AT_THE_END: Final = (0.4, 10)
#: From so many answers on, of so many scores, those of one group alone are a list of it.
_ONE_GROUP: Final = 30
_SEVERAL_SCORES: Final = 2
_WORST_GROUP: Final = 6
#: Scales of which each answer is usually given.
_PLAIN: Final = ("0-10", "1-10")
#: What is asked where the best answer is no better than this, and of so many on 0-10 somebody's would be.
_SHORTER_SCALES: Final = {5: ("1-5", 15), 7: ("1-7", 40)}


def odd_scale(scale: Scale, tally: Tally) -> Iterator[str]:
    """Yield what people should know of answers that look like those of another scale, or of a part of people."""
    yield from _too_long(scale, tally)
    many, share = _ELEVENS
    if scale.name == "0-10" and not tally.of(0) and tally.elevens >= max(many, share * tally.accepted):
        yield (
            f"{tally.elevens:,} of its rows hold an 11, and none of its {tally.accepted:,} answers is 0: if its numbers "
            f"{ELEVEN}, all others are one too high. Then declare that under scales (words); else correct the file."
        )
    yield from _of_one_group(scale, tally)
    yield from _multiplied(scale, tally)
    yield from _missing_zeros(scale, tally)
    yield from _standing(scale, tally)


def _too_long(scale: Scale, tally: Tally) -> Iterator[str]:
    """A scale that goes further than the answers: those of a shorter one, or of one that was numbered otherwise."""
    answer_of = {score: answer for answer, score in scale.answers.items()}
    if list(answer_of.values()) != sorted(scale.answers):  # several answers are one score, or 1 is the best
        return
    highest = max(scale.answers)
    best = max((answer_of[score] for score, many in tally.by_score if many), default=highest)
    shorter = ((name, many) for end, (name, many) in _SHORTER_SCALES.items() if best <= end < highest)
    name = next((name for name, many in shorter if tally.accepted >= many), None)
    if name:
        yield (
            f"None of its {tally.accepted:,} answers is above {best}, though nps.yaml says scale: {scale.name}. If the "
            f"question was asked on {name}, say scale: {name}."
        )
    elif best < highest and tally.accepted >= _ENOUGH and (scale.name != "0-10" or tally.of(0)):
        advice = (
            f"If its numbers {NO_TEN}, or are keys of a telephone, of which 0 stands for 10, declare that under scales "
            "(words)"
            if scale.name == "0-10"
            else f"If the question {OTHERWISE_ASKED}, say which"
        )
        yield (
            f"None of its {tally.accepted:,} answers is {highest}, though nps.yaml says scale: {scale.name}. {advice}; if "
            f"nobody gave {highest}, all is well."
        )


def _of_one_group(scale: Scale, tally: Tally) -> Iterator[str]:
    """A list of those who must be called, or of those who may be quoted, in place of all answers."""
    scores = [score for score, answers in tally.by_score if answers]
    if scale.name not in _PLAIN or tally.accepted < _ONE_GROUP or len(scores) < _SEVERAL_SCORES:
        return
    group = "detractors" if max(scores) == _WORST_GROUP else "promoters" if min(scores) >= PROMOTER_FROM else ""
    if group:
        yield (
            f"All of its {tally.accepted:,} answers are {group}', of scores from {min(scores)} to {max(scores)}: as of a "
            f"list of {group} alone. If it is one, take it back (nps withdraw) and export all answers; if everybody "
            "answered so, all is well."
        )


def _multiplied(scale: Scale, tally: Tally) -> Iterator[str]:
    """Answers that are those of a shorter scale, multiplied: some in between are never given."""
    given = {answer: tally.of(score) for answer, score in scale.answers.items()} if scale.name in _PLAIN else {}
    if skipped := never_given(given):
        yield (
            f"None of its {tally.accepted:,} answers is {any_of(skipped)}, though many are below and above: {MULTIPLIED}, "
            "such as 1-5 or 1-7. If they were, let the survey export answers as they were given, or declare the scale that "
            f"was meant, such as {own_scale(min(given))}, and write scale: own; if nobody gave these, all is well."
        )


def _missing_zeros(scale: Scale, tally: Tally) -> Iterator[str]:
    """Zeros that were exported as nothing, or as the dash that spreadsheets show in the format of accountants."""
    is_dashed = tally.dashes > tally.blank
    missing, share = (tally.dashes, _DASHED) if is_dashed else (tally.blank, _BLANK)
    rows = tally.accepted + missing
    if scale.name != "0-10" or tally.of(0) or not tally.accepted or rows < _ROWS or missing < share * rows:
        return
    now, then = 100 * tally.balance / tally.accepted, 100 * (tally.balance - missing) / rows
    have = "have a dash for the score" if is_dashed else "have no score"
    some = "spreadsheets may show a 0 so" if is_dashed else "some tools export a 0 as nothing"
    yield (
        f"{missing:,} of its {rows:,} rows {have}, and not one is 0: {some}. As it is, "
        f"{tally.accepted:,} answers give {now:.1f}; if the {'dashes' if is_dashed else 'blank ones'} were zeros, {rows:,} "
        f"would give {then:.1f}."
    )


def _standing(scale: Scale, tally: Tally) -> Iterator[str]:
    """Answers at which a slider may stand by itself: very many of them, and hardly any beside them."""
    if scale.name != "0-10" or tally.accepted < _SLIDERS:
        return
    for answer, found, beside, share, times in (
        (5, tally.of(5), max(tally.of(4), tally.of(6)), *_IN_THE_MIDDLE),
        (0, tally.of(0), tally.of(1), *_AT_THE_END),
    ):
        if found >= share * tally.accepted and found >= times * max(beside, 1):
            near = "4 or of 6" if answer else "1"
            yield (
                f"{found:,} of its {tally.accepted:,} answers are {answer}, and no more than {beside:,} are of {near}: "
                f"{STANDS}, as a slider or a list does, these answered nothing. Then have the survey begin without an "
                "answer; else all is well."
            )
