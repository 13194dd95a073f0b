"""Which of several dates says when somebody answered.

Here: what their headings say of them, and where that does not settle it. Not here: dates themselves (`dates`), how they
are asked for (`date_lines`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.adapters.words import named, plain, said
from pipelines.sniff.dates.dates import DateColumn

#: What LimeSurvey writes where it keeps no date of an answer that was sent.
_NOT_KEPT: Final = "1980-01-01"
_JOINING: Final = frozenset({"and", "und", "et", "i", "y", "e", "a", "и", "та"})
#: What a date may be of, the likeliest to be that of the answer first.
ANSWERED: Final = 0
#: Of a survey, in which answers have dates of their own, or are all that it has.
SURVEYED: Final = 1
DATED: Final = 2
CREATED: Final = 3
NOTHING_SAID: Final = 4
UPDATED: Final = 5
OTHER: Final = 6


def answered_at(dates: Sequence[DateColumn], known: str | None = None) -> list[DateColumn]:
    """The dates in the order in which they may say when somebody answered; those of other events come last.

    `known` is the heading under which such exports hold it.
    """
    return sorted(dates, key=lambda each: (each.column.name != known, event(each), each.column.blank, each.unread))


def alike(dates: Sequence[DateColumn]) -> list[DateColumn]:
    """Of dates in their order the first, and all others that may be meant as well as it."""
    if not dates or is_other_event(dates[0]):
        return list(dates[:1])
    first = event(dates[0])
    same = [each for each in dates if event(each) == first and each.column.counts != dates[0].column.counts]
    if first == ANSWERED:
        # A form that was filled in without a net is sent when there is one: `_submission_time` beside `end`.
        same += [each for each in dates[1:] if any(named("form_end", name) for name in each.column.headings[:1])]
        if dates[0].column.is_called("sent_named"):
            # The form, or the letter that asked for it: `Wysłano` beside `Data`.
            same += [
                each for each in dates[1:] if event(each) == DATED and each.column.counts != dates[0].column.counts
            ]
    if first == NOTHING_SAID and len(dates[0].column.counts) == 1:
        # One day in all rows, of which nothing says what it is of, may be that of a version: `ApiVersion` beside `SentDate`.
        same += [each for each in dates[1:] if len(each.column.counts) > 1]
    if first == DATED and not any(map(_says_no_more, dates[0].column.headings)):
        # The day of a visit or a call is not that of the answer to it, which `created_at` beside it may be.
        same += [each for each in dates[1:] if event(each) == CREATED]
    if first == CREATED:
        # Beside the end of a matter, its beginning is that of the matter, not of the answer.
        same += [each for each in dates if each.column.speaks_of("matter_at")]
    return [dates[0], *same]


def _says_no_more(heading: str) -> bool:
    """Whether it says nothing but that dates stand there: `Date`, `Datum i vrijeme`."""
    return all(named("date", word) or word in _JOINING for word in plain(heading).split())


def event(each: DateColumn) -> int:
    """What a date is of."""
    if all(text.startswith(_NOT_KEPT) for text, _ in each.column.counts):
        return OTHER
    # What another export calls it counts only where the heading itself says nothing.
    # A word for a period alone is of nothing else, though `rok` is a deadline too.
    events = [DATED if named("period_named", heading) else _event_of(heading) for heading in each.column.headings]
    return next((found for found in events if found != NOTHING_SAID), NOTHING_SAID)


def _event_of(heading: str) -> int:
    if said("replied_at", heading):
        return OTHER
    answered = said("answered_at", heading)
    other = said("not_answered_at", heading) or said("matter_at", heading)
    # `Wysłano` says when it was answered, `Wysłano ankietę` when somebody was asked.
    if other and (not answered or (answered in other and answered != other)):
        return OTHER
    if said("updated_at", heading):
        return UPDATED
    if answered:
        return SURVEYED if named("survey_date", answered) else ANSWERED
    if said("created_at", heading):
        return CREATED
    return DATED if said("date", heading) else NOTHING_SAID


def is_other_event(each: DateColumn) -> bool:
    """Whether a date is of a change or another event than answering."""
    return event(each) >= UPDATED


def updated_at(dates: Sequence[DateColumn]) -> DateColumn | None:
    """The date of the last change, if any."""
    return next((each for each in dates if said("updated_at", *each.column.headings[:1])), None)
