"""Which contacts were answered, where the answers stand in files of their own: by person and time.

Here: the contact that an answer is to. Not here: which contacts count (`contacts`), reading both
(`warehouse.months.attempts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from transforms.answers.numbers import Numbers, order_of
from transforms.dates.instants import INSTANT
from transforms.scores import scales
from transforms.tables import CATEGORIES

#: An answer later than this is to no contact, but somebody's own. Days in which clocks are put back are an hour longer.
ANSWERED_WITHIN: Final = timedelta(days=90, hours=1)
_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)
#: An answer of which only the day is known may be later on it than any contact of that day.
_WHOLE_DAY: Final = _DAY - 1
#: Clocks differ, and a call may be written down when it has ended: an answer may be so much earlier than its contact.
_EARLIER: Final = timedelta(hours=1) // timedelta(microseconds=1)
#: Zones are so many minutes from one another: midnight of whichever zone falls on these.
_MIDNIGHTS: Final = timedelta(minutes=15) // timedelta(microseconds=1)
_MOST: Final = ANSWERED_WITHIN // timedelta(microseconds=1)

#: A row of any file as one number, which grows from old files to new ones and from row to row.
PLACE: Final = (pl.col("position") * (1 << 40) + pl.col("source_row")).alias("place")

#: What is found out of contacts: which count, their first answers and how many there are, and how often somebody was
#: asked the same afterwards.
ANSWERED: Final = {
    "place": pl.Int64(), "month": pl.Date(), "is_counted": pl.Boolean(), "answered_at": INSTANT,
    "category": pl.Enum(CATEGORIES), "answers": pl.Int64(), "asked_after": pl.Int64(),
}  # fmt: skip

_SUMMED: Final = ("answers", "asked_after")

#: What of contacts tells which of them an answer is to, and which asked the same afterwards.
_OF_CONTACTS: Final = ("place", "person", "at", "question", "month", "is_reminder")

#: No place is further on.
_LAST: Final = 1 << 62


@dataclass(frozen=True)
class Elsewhere:
    """Where the answers stand that contacts asked for."""

    source: str
    zones: tuple[str, ...] = ("UTC",)
    """In which its days may begin: of an answer at midnight of one of them only the day is known."""


def answered(contacts: pl.DataFrame, answers: pl.DataFrame, zones: Sequence[str] = ("UTC",)) -> pl.DataFrame:
    """As `ANSWERED`, of contacts that are `settled`. Both have `place`, `person` (a number) and `at`, answers a `score`.

    An answer is to the last contact before it, which is no older than `ANSWERED_WITHIN`; where it has no time of day, which
    is midnight in one of `zones`, to the last one of its day. Of several at once, to that of the newest file and last row.
    Of a contact's answers the first one counts, and of several at once likewise the newest.
    """
    known = pl.col("person").is_not_null() & pl.col("at").is_not_null()
    asked = contacts.select(*_OF_CONTACTS, "is_counted").with_row_index("row").filter("is_counted", known)
    given = answers.filter(known).with_columns(latest=_latest(pl.col("at"), zones))
    pairs = _pairs(asked, given)
    told = given[pairs.answer].select(
        answered_at="at",
        category=scales.category(pl.col("score")).cast(ANSWERED["category"]),
        answers=pl.Series(pairs.answers),
        asked_after=_asked_after(asked, pairs, given["latest"]),
    )
    number = np.full(contacts.height, -1)
    number[asked["row"].to_numpy()[pairs.contact]] = np.arange(told.height)
    at = pl.Series(number).replace(-1, None)
    return contacts.select("place", "month", "is_counted").hstack(told.select(pl.all().gather(at)))


def with_answers(contacts: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Contacts with what `answered` has found of them: `is_counted`, `is_matched`, status, date and category.

    `told` is of the same contacts. Both may be in any order; what comes out is in that of places.
    """
    rows = _in_order_of(PLACE, contacts.drop("answered_at", "category", *_SUMMED, strict=False))
    found = _in_order_of(pl.col("place"), told).select("is_counted", "answered_at", "category", *_SUMMED)
    is_matched = pl.col("answered_at").is_not_null()
    category = pl.col("category").cast(contacts.schema["category"])
    status = pl.when(is_matched).then(pl.lit("answered", contacts.schema["status"])).otherwise("status")
    return rows.hstack(found).with_columns(is_matched=is_matched, status=status, category=category)


def _in_order_of(number: pl.Expr, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as they are where they are in order, which nearly all are that were read from files."""
    return rows if rows.select(number).to_series().is_sorted() else rows.sort(number)


class _Pairs(NamedTuple):
    """Contacts and their answers, as rows of both."""

    contact: Numbers
    answer: Numbers
    """The first one of each contact; of answers at once the newest one stands for them."""
    answers: Numbers
    """How many of each contact there are."""
    after: Numbers
    """The contacts without an answer whose person has one to a contact before."""


def _pairs(contacts: pl.DataFrame, answers: pl.DataFrame) -> _Pairs:
    people = np.concatenate([contacts["person"].to_numpy(), answers["person"].to_numpy()])
    sent = _microseconds(contacts["at"])
    times = np.concatenate([sent, _microseconds(answers["latest"])])
    # A contact is as old as it was when the answer was given, not at the end of that hour or day.
    told = np.concatenate([sent, _microseconds(answers["at"])])
    # Of several at once, contacts come from old to new and answers, after them, from new to old.
    ties = np.concatenate([contacts["place"].to_numpy(), _LAST - answers["place"].to_numpy()])
    order = _by_person_and_time(people, times, ties)
    is_contact = order < contacts.height
    # What follows on a contact is its first answer, or nobody's: whatever is further on belongs to a later contact.
    is_pair = is_contact[:-1] & ~is_contact[1:]
    first = np.flatnonzero(is_pair)
    here, after = order[first], order[first + 1]
    is_of_it = (people[here] == people[after]) & (told[after] - told[here] <= _MOST)
    paired = first[is_of_it]
    several = _answers(order, told, people, is_contact)[paired]
    return _Pairs(here[is_of_it], after[is_of_it] - contacts.height, several, _after(order, people, is_contact, paired))


def _answers(order: Numbers, times: Numbers, people: Numbers, is_contact: Numbers) -> Numbers:
    """How many answers are to the contact at each place of the order."""
    last = np.maximum.accumulate(np.where(is_contact, np.arange(len(order)), -1))
    is_after = ~is_contact & (last >= 0)
    there, asked = order[is_after], order[last[is_after]]
    is_to_it = (people[there] == people[asked]) & (times[there] - times[asked] <= _MOST)
    return np.bincount(last[is_after][is_to_it], minlength=len(order))


def _after(order: Numbers, people: Numbers, is_contact: Numbers, paired: Numbers) -> Numbers:
    """The contacts after one that has an answer, of the same person; `paired` are the places of these in the order."""
    last = np.full(len(order), -1)
    last[paired] = paired
    np.maximum.accumulate(last, out=last)
    is_other = is_contact & (last >= 0) & (last < np.arange(len(order)))
    others, before = order[is_other], order[last[is_other]]
    found: Numbers = others[people[others] == people[before]]
    return found


def _by_person_and_time(people: Numbers, times: Numbers, ties: Numbers) -> Numbers:
    """The order of rows by person, then by time, then by what decides ties: few are equal in both."""
    by_time = order_of((times - times.min(initial=0)).astype(np.uint64))
    order = by_time[order_of(people[by_time])]
    who, when = people[order], times[order]
    is_tied = (who[1:] == who[:-1]) & (when[1:] == when[:-1])
    if is_tied.any():
        at = np.flatnonzero(np.append(is_tied, False) | np.append(False, is_tied))
        order[at] = order[at][np.lexsort((ties[order[at]], when[at], who[at]))]
    return order


def _asked_after(asked: pl.DataFrame, pairs: _Pairs, latest: pl.Series) -> pl.Series:
    """How many contacts of the same `question` each person was sent after the answer, by the contact that it is to.

    Contacts that have an answer of their own are none of these, nor are those of another month that are no reminders: where
    nothing tells waves apart, they ask anew.
    """
    by = ["person", "question"]
    others = asked.select(*by, "is_reminder", "month", later="at")[pairs.after].drop_nulls("question").sort("later")
    number = asked["person"].gather(pairs.contact).is_in(others["person"].implode()).arg_true().to_numpy()
    first = asked.select(*by, "month", "at")[pairs.contact[number]]
    first = first.with_columns(pl.Series("number", number), latest[pairs.answer[number]].alias("until"))
    # One answer of a person comes before the next one's contact: none that is earlier is to a later contact.
    first = first.sort("until", "number")
    is_reminder = pl.col("is_reminder").fill_null(value=False)
    found = [
        some.join_asof(
            first, left_on="later", right_on="until", by=of, allow_exact_matches=False, check_sortedness=False
        ).filter(pl.col("later") <= pl.col("at") + ANSWERED_WITHIN)["number"]
        for some, of in ((others.filter(is_reminder), by), (others.filter(~is_reminder), [*by, "month"]))
    ]
    return pl.Series(np.bincount(pl.concat(found), minlength=len(pairs.contact)), dtype=ANSWERED["asked_after"])


def _latest(at: pl.Expr, zones: Sequence[str]) -> pl.Expr:
    """The last moment at which a contact may have been that an answer is to."""
    time = at.to_physical()
    midnights = [at.dt.convert_time_zone(zone).dt.replace_time_zone(None).to_physical() % _DAY == 0 for zone in zones]
    is_day = (time % _MIDNIGHTS == 0) & pl.any_horizontal(midnights)
    return (time + pl.when(is_day).then(_WHOLE_DAY).otherwise(_EARLIER)).cast(INSTANT)


def _microseconds(at: pl.Series) -> Numbers:
    return at.to_physical().to_numpy()
