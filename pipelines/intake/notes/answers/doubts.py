"""What is odd about the answers of a file, though each may be true: sentences for its record, which stop nothing.

Here: doubts about one accepted file. Not here: what holds a file back (`expectations`), what is odd about its text (its
reader).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.history import Earlier
from pipelines.intake.once import ELSEWHERE, MULTIPLIED, NO_TEN, STANDS
from pipelines.shown import counted
from transforms.dimensions import OWN, UNKNOWN
from transforms.reasons import Reason
from transforms.scores.never_given import any_of, never_given, own_scale
from transforms.scores.scales import PROMOTER_FROM, Scale
from transforms.texts.spelling import key
from warehouse.intake.redelivery import Redelivery
from warehouse.intake.rereading import Changes
from warehouse.intake.tally import Tally
from warehouse.lake.ledgers import TICKETS

#: From so many rows on, of which such a share is blank, somebody would have given a 0.
_ROWS: Final = 50
_BLANK: Final = 0.1
#: A dash says more than nothing does.
_DASHED: Final = 0.04
_MOST_OF_A_YEAR: Final = 6
#: With a time of day, dates may be of the day after, too.
_A_DAY: Final = 2
_FEW_TOTALS: Final = 3
#: So many reasons of detractors for each of another look like a rule that has exceptions.
_RULE: Final = 20
_SHOWN: Final = 5
_REPEATED: Final = 3
_LONGEST: Final = 40
#: So many ids, and such a part of those that come again, are not of people who changed their answers.
_OTHERS: Final = 20
_HALF: Final = 0.5
#: Of so many answers on 0-10 one is 10.
_ENOUGH: Final = 50
#: A file that is so many days newer is hardly of the same month.
_NEXT_MONTH: Final = 20
#: Where a slider may stand: in so many answers such a share, and so many times those beside it.
_SLIDERS: Final = 30
_IN_THE_MIDDLE: Final = (0.3, 6)
_AT_THE_END: Final = (0.4, 10)
#: As many rows as sheets hold, with a heading or two or without, and as other programmes write at most.
_LIMITS: Final = frozenset(
    {16_383, 16_384, *range(65_533, 65_537), *range(1_048_573, 1_048_577)}
    | {first * 10**zeros for first in (1, 2, 5) for zeros in (4, 5, 6)} | {5_000, 25_000, 250_000}
)  # fmt: skip
#: From so many answers on, of so many scores, those of one group alone are a list of it.
_ONE_GROUP: Final = 30
_SEVERAL_SCORES: Final = 2
_WORST_GROUP: Final = 6
#: Scales of which each answer is usually given.
_PLAIN: Final = ("0-10", "1-10")
#: How the note on labels that nothing knows begins.
UNLISTED: Final = "Unreadable scores:"
#: How that begins on a file which was in, and was read again by other rules.
READ_AGAIN: Final = "Newer rules of this program"
#: What is asked where the best answer is no better than this, and of so many on 0-10 somebody's would be.
_SHORTER_SCALES: Final = {5: ("1-5", 15), 7: ("1-7", 40)}


def of_silent_rows(answers: int) -> str:
    """What people should know where rows without an answer, or left out, have the ids of answers that count."""
    are = "answer of an earlier file goes" if answers == 1 else "answers of earlier files go"
    return (
        f"{answers:,} {are} on counting, though rows of this one with the same ids hold none, or are left out. If they "
        "were deleted or taken back since, put the earlier files here anew without them, by the same names; where each file "
        "is the whole survey, write delivery: snapshot."
    )


def of_other_answers(redelivery: Redelivery) -> Iterator[str]:
    """Yield what people should know where ids of earlier files come again with answers that are none of those."""
    others, ids = redelivery.other_answers, redelivery.ids_elsewhere
    if others >= _OTHERS and others >= _HALF * ids:
        yield (
            f"{others:,} of the {ids:,} ids of answers {ELSEWHERE} have another day and another score there, as where ids "
            "begin anew in each file, or name people: of each the newer answer counts, and the older one no more. If they "
            "do, take response_id out of nps.yaml; if people changed what they had answered, all is well."
        )


def doubts(source: Source, scale: Scale, tally: Tally) -> Iterator[str]:
    """Yield what people should know of a file whose answers were counted."""
    best = max(dict(tally.by_score), default=None)
    if scale.name == "0-10" and best is not None:
        found = ((name, many) for highest, (name, many) in _SHORTER_SCALES.items() if best <= highest)
        shorter = next((name for name, many in found if tally.accepted >= many), None)
        if shorter:
            yield (
                f"None of its {tally.accepted:,} answers is above {best}, though nps.yaml says scale: 0-10. If the "
                f"question was asked on {shorter}, say scale: {shorter}."
            )
        elif best < max(scale.answers) and tally.of(0) and tally.accepted >= _ENOUGH:
            yield (
                f"None of its {tally.accepted:,} answers is 10, though nps.yaml says scale: 0-10. If its numbers {NO_TEN}, "
                "or are keys of a telephone, of which 0 stands for 10, declare that under scales (words); if nobody gave "
                "10, all is well."
            )
    yield from _of_one_group(scale, tally)
    yield from _multiplied(scale, tally)
    yield from odd_number_of_rows(tally)
    yield from _exchanged(source, tally)
    yield from _totals(tally)
    yield from _unlisted(source, scale, tally)
    yield from unlisted_outcomes(tally, "without an answer", "Counted as delivered: asked, and not reached")
    yield from _missing_zeros(scale, tally)
    yield from _standing(scale, tally)
    if tally.shifted:
        yield (
            f"Row {tally.first_shifted:,} has no score, and what stands in place of its date is no date. Counted as "
            f"unanswered: {counted(tally.shifted, 'such row')}. If their cells are out of place, mend them in the file."
        )
    if tally.contacts:
        yield (
            f"E-mail addresses or telephone numbers stand in {' and in '.join(tally.contacts)}: they are kept and published "
            "as they are, as names of what answers are about. If they are of persons, take the column out of nps.yaml."
        )
    for name, rows in tally.unsaid:
        yield (
            f"{name} is blank in {rows:,} of its answers: these count as of no known {name}, and so not in your own score."
        )
    if tally.reasons.get(Reason.SUMMARY_ROW):
        yield (
            f"{counted(tally.reasons[Reason.SUMMARY_ROW], 'row')} of totals or averages of others: no answers, and not "
            f"counted. See them with: nps rejects --reason {Reason.SUMMARY_ROW}"
        )
    if source.kind == "operator" and tally.content_with_reason:
        yield (
            f"A reason stands beside {tally.content_with_reason:,} of the answers of 7 to 10, though only those who give 0 "
            f"to 6 are asked for one. They count as they are."
        )
    elif tally.content_with_reason and tally.unhappy_with_reason >= _RULE * tally.content_with_reason:
        yield (
            f"A reason stands beside {tally.unhappy_with_reason:,} of the answers of 0 to 6, and beside "
            f"{tally.content_with_reason:,} of those of 7 to 10. If only the former are asked for one, scores or reasons of "
            f"the others are out of place; else all is well. They count as they are."
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


def odd_number_of_rows(tally: Tally) -> Iterator[str]:
    """What people should know of a file without rows, or of as many as a programme writes at most."""
    if not tally.rows_read:
        yield "It has no rows. If it should have any, export it again."
    if tally.rows_read in _LIMITS:
        yield (
            f"It has {tally.rows_read:,} rows, which is as many as some programmes export at most. If it was cut off there, "
            "the rest is lost: export it in parts. If there were so many, all is well."
        )


def unread_tickets(tally: Tally) -> Iterator[str]:
    """What people should know of a dump of tickets of which not all rows can be read."""
    if tally.rejected:
        says = "says" if tally.rejected == 1 else "say"
        yield (
            f"{tally.rejected:,} of its {tally.rows_read:,} rows {says} nothing of any case: a date cannot be read or "
            f"is missing, or neither answer nor client is named. See them with: nps rejects --source {TICKETS}"
        )
    if tally.backwards:
        were = "was" if tally.backwards == 1 else "were"
        yield (
            f"{tally.backwards:,} of its tickets {were} closed or called about before being opened, or closed before "
            f"anybody called (the first: row {tally.first_backwards:,}). They count as they stand, so hours and calls in "
            "time may be wrong. Do opened_at, first_contact_at and closed_at of nps.yaml name the right columns, and "
            "dates.formats day and month in the right order? Else mend the file."
        )
    yield from odd_number_of_rows(tally)
    yield from unlisted_outcomes(tally, "of tickets", "Counted as closed with no outcome that is known")


def odd_activity(name: str, tally: Tally) -> Iterator[str]:
    """What people should know of a file of what clients did, or a list of them."""
    if tally.rejected:
        yield (
            f"{counted(tally.rejected, 'row')} of {tally.rows_read:,} cannot be read, and "
            f"{'counts' if tally.rejected == 1 else 'count'} nowhere. See them with: nps rejects --source {name}"
        )
    yield from odd_number_of_rows(tally)
    yield from unlisted_outcomes(tally, "of what clients did", "Not counted", what="a kind")
    if tally.lines:
        yield (
            f"{counted(tally.lines, 'row')} have their activity_id with another row of the file: they count as lines of one "
            "order, and their amounts are added. If they are the same order twice, mend the file."
        )
    if tally.taken_back:
        are, they = (
            ("is a purchase", "it counts as a refund")
            if tally.taken_back == 1
            else ("are purchases", "they count as refunds")
        )
        yield (
            f"{counted(tally.taken_back, 'row')} {are} with an amount below 0: {they}, so the client bought nothing by it. "
            "If the file writes all purchases with a minus, as ledgers do, turn its amounts round."
        )
    if tally.amountless:
        yield (f"{counted(tally.amountless, 'row')} have no amount: they count as purchases, and in no revenue.")


def nothing_own(source: Source, tally: Tally, own_brands: Sequence[str]) -> Iterator[str]:
    """What people should know of a file with a column of brands, none of which is the company's own."""
    own = {key(name) for name in (OWN, *own_brands)}
    named = [brand for brand in tally.brands if brand != UNKNOWN]
    if "brand" in source.columns and named and not own & {key(brand) for brand in named}:
        shown = ", ".join(named[:_SHOWN]) + (" …" if len(named) > _SHOWN else "")
        yield (
            f"None of its answers is about your own brand, but about {shown}: they stand in nps_by_brand alone. If one of "
            f"these is you, write own_brands: [{_in_quotes(named[0])}] in nps.yaml, with that name."
        )


def _exchanged(source: Source, tally: Tally) -> Iterator[str]:
    """Dates that are of all months but of one day of each: what was the month in the file was read as the day.

    Where the year stands first, that is how answers are dated by months.
    """
    if (
        source.days_are_numbered
        and not all(each.startswith("%Y") for each in source.dates.formats)
        and len(tally.months) >= _MOST_OF_A_YEAR
        and tally.days <= _A_DAY
        and tally.accepted >= _ROWS
    ):
        written = ", ".join(source.dates.formats)
        yield (
            f"Its dates are of {len(tally.months):,} months, and all of the same day of the month: day and month are "
            f"probably written in another order than {written} of nps.yaml. If they are, give the file a source of its own "
            "with its format; if it is dated by months, all is well."
        )


def _totals(tally: Tally) -> Iterator[str]:
    """Rows that count, though what names them speaks of a total; where many do, it is the name of something."""
    if 0 < tally.totals <= max(_FEW_TOTALS, _BLANK * tally.accepted):
        yield (
            f"Row {tally.first_total:,} may be a total or an average of others, by what names it. Counted as answers: "
            f"{counted(tally.totals, 'such row')}. If they are none, take them out of the file, or "
            "name them under exclude in nps.yaml."
        )


def _unlisted(source: Source, scale: Scale, tally: Tally) -> Iterator[str]:
    """What to write where labels repeat that nothing knows."""
    found = [(text, number, rows) for text, number, rows in tally.labels if number in scale.answers]
    if not found:
        return
    words = ", ".join(f"{_in_quotes(text)}: {number}" for text, number, _ in found)
    rows, what = sum(rows for *_, rows in found), "a text" if len(found) == 1 else f"{len(found)} texts"
    yield (
        f"{UNLISTED} {rows:,} rows hold {what} with a number, which may be a label. If the number is the answer, write "
        f"below scales: in nps.yaml (only the words, where the scale stands there already): "
        f"{source.scale}: {{words: {{{words}}}}}"
    )


def unlisted_outcomes(tally: Tally, which: str, become: str, what: str = "an outcome") -> Iterator[str]:
    """What people should know of outcomes that nothing lists: which rows say them, and what becomes of these.

    What stands once or twice may be what somebody wrote, and is not shown.
    """
    blank = sum(rows for text, rows in tally.outcomes if not text)
    if blank:
        yield (
            f"{counted(blank, 'row')} {which} {'has' if blank == 1 else 'have'} no outcome: it is blank. {become}. If it "
            "means something else, write '' below that."
        )
    told = [(text, rows) for text, rows in tally.outcomes if text]
    if not told:
        return
    shown = [f"{_in_quotes(text)} ({rows:,})" for text, rows in told if rows >= _REPEATED and len(text) <= _LONGEST]
    said = f", such as {', '.join(shown[:_SHOWN])}" if shown else ""
    rows = sum(rows for _, rows in told)
    yield (
        f"{counted(rows, 'row')} {which} {'says' if rows == 1 else 'say'} {what} that nps.yaml does not list{said}. "
        f"{become}. Write each below what it means."
    )


def _in_quotes(text: str) -> str:
    """A text as YAML reads it back."""
    return "'" + text.replace("'", "''") + "'"


def read_again(changes: Changes, rows: int, *, is_sure: bool) -> tuple[str, ...]:
    """What people should know of a file that was in, and of which newer rules of this program make something else."""
    if not changes.rows:
        return ()
    told = [
        f"{changes.gone:,} not counted any more (see nps rejects)" if changes.gone else "",
        f"{changes.come:,} counted only now" if changes.come else "",
        *(f"{found:,} with another {what}" for what, found in changes.other.items()),
    ]
    cause = "" if is_sure else ", or a change of nps.yaml in the meantime,"
    changed = f"changed {changes.rows:,} of its {rows:,} rows"
    return (f"{READ_AGAIN}{cause} {changed}: {', '.join(each for each in told if each)}.",)


def person_as_id(heading: str, *, are_attempts: bool) -> str:
    """What people should know of a file whose answers, or attempts to ask somebody, go by the ids of persons."""
    again, who = (
        ("of several attempts to ask a person only the newest counts", "was asked")
        if are_attempts
        else ("whoever answers again replaces their own older answer", "answered")
    )
    return (
        f"nps.yaml reads response_id from '{heading}', which names a person: {again}, in whatever month it was. It is "
        f"stored as a pseudonym only. If it says who {who}, write respondent in place of response_id."
    )


def persons_left_out(headings: Sequence[str]) -> str:
    """What people should know of a file whose persons nps.yaml names under extras, or as a dimension of its own."""
    named = " and ".join(f"'{heading}'" for heading in headings)
    return (
        f"extras or a dimension of your own names {named}, which names a person: it is not kept. Take it out there; who "
        "answered is respondent, who served is agent."
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


def _multiplied(scale: Scale, tally: Tally) -> Iterator[str]:
    """Answers that are those of a shorter scale, multiplied: some in between are never given."""
    given = {answer: tally.of(score) for answer, score in scale.answers.items()} if scale.name in _PLAIN else {}
    if skipped := never_given(given):
        yield (
            f"None of its {tally.accepted:,} answers is {any_of(skipped)}, though many are below and above: {MULTIPLIED}, "
            "such as 1-5 or 1-7. If they were, let the survey export answers as they were given, or declare the scale that "
            f"was meant, such as {own_scale(min(given))}, and write scale: own; if nobody gave these, all is well."
        )


def dated_alike(source: Source, came_at: datetime, first: Earlier | None) -> Iterator[str]:
    """What people should know of a file that is dated by nps.yaml as another is that came weeks before it."""
    said = {*source.columns, *source.file_name_groups}
    if first is None or "responded_at" in said or "responded_at" not in source.defaults:
        return
    days = (came_at - first.modified_at).days
    if days >= _NEXT_MONTH:
        yield (
            f"Its answers count in {source.defaults['responded_at']}, as nps.yaml says of all files of this source "
            f"(defaults: responded_at), though it is {days:,} days newer than {first.path}. If they are of another month, "
            "give it a source of its own, or let nps.yaml read the month from the names of files (file_name)."
        )


def counts_already(path: str) -> str:
    """The note on a file whose bytes count under another name as well, from which they are gone."""
    return (
        f"Its very bytes count as {path} too, which is not in landing any more. If that file was renamed, its answers count "
        f"twice; take the old name back: nps withdraw {shlex.quote(path)}"
    )
