"""What is odd about what was matched: answers with contacts, tickets with cases, clients with orders.

Here: the sentences. Not here: which answer is to which contact (`transforms.asking.contacts`), which ticket is of which case
(`transforms.follow_up.ticket_cases`), what contacts cost (`tariffs`).
"""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import Any, Final

from pipelines.shown import counted
from warehouse.published.query import Ask, QueryError

#: Of fewer answers than this share being to a contact, or tickets of a case, people are told.
FEW: Final = 0.8
#: So few may be of people who are not to be called.
_SEVERAL: Final = 5
#: Of a file's orders a smaller share may be another client's later.
_TAKEN: Final = 0.1
#: Amounts of a file are so many times larger or smaller than those of others where something is wrong with them.
_LEAP: Final = 20
#: Of so many none is of the others by chance.
_MANY: Final = 30
#: So long before the last answers activity ends that is out of date.
_LONG_AGO: Final = timedelta(days=92)


def match_notes(ask: Ask) -> list[str]:
    """A sentence about each source of contacts of which too few answers are found."""
    sql = "select source, answered_in, matched, answers from meta.contact_matches order by source"
    return [
        f"{_only(matched)} of {answers:,} answers of {answers_in} {'are' if matched > 1 else 'is'} to a contact of "
        f"{source}, by pseudonyms of people. "
        "Some are to links that were passed on; if they are too few, do both files name people in the same way (e-mail, "
        "telephone, numbers with the same zeros in front), does the list hold all who were asked, and "
        "were they asked before they answered (asked.at, dates)?"
        for source, answers_in, matched, answers in _rows(ask, sql)
        if answers and matched < FEW * answers
    ]


def outcome_notes(ask: Ask) -> list[str]:
    """Sentences where little is known of what clients did after they had answered."""
    sql = (
        "select sum(clients), sum(not_known), sum(responses), sum(of_nobody), max(month), min(bought_until) "
        "from meta.clients_followed"
    )
    row = ask(sql).row(0)
    clients, not_known, responses, of_nobody, last_month, bought_until = row
    if not responses:
        return []
    notes = []
    if clients < FEW * (clients + not_known):
        notes.append(
            f"Only {clients:,} of {clients + not_known:,} clients who answered are known to activity or clients by "
            "then. Do these and the sources name clients in the same way (account, respondent), and do they go back far "
            "enough? The others are in no figure of outcomes."
        )
    if of_nobody == responses:
        notes.append("No answer names a client in the way that activity does: nothing can be said of outcomes.")
    if bought_until is not None and bought_until < last_month - _LONG_AGO:
        notes.append(
            f"What clients bought is known until {bought_until}, the earliest of all activities: of later answers nothing "
            "can be said yet. Put newer files into landing, or take an activity out of nps.yaml that is used no more."
        )
    return [*notes, *_uncompared(ask), *_strangers(ask), *_foreign_values(ask)]


def _uncompared(ask: Ask) -> list[str]:
    """A sentence where no revenue is compared, which says of which currencies amounts are."""
    complete, uncompared = ask("select count(*), count_if(compared = 0) from marts.fct_outcome where complete > 0").row(
        0
    )
    if not complete or uncompared < complete:
        return []
    said = _rows(ask, "select path, currencies from meta.activity_files where currencies <> '' order by path")
    if len({each for _, currencies in said for each in currencies.split(", ")}) > 1:
        files = "; ".join(f"{path}: {currencies}" for path, currencies in said[:_SEVERAL])
        more = " …" if said[_SEVERAL:] else ""
        told = (
            f"No revenue is compared: amounts are of several currencies ({files}{more}), which are never added up. Convert "
            "them to one, write one currency in one way (EUR), and where no column says it, say it under defaults."
        )
    else:
        told = (
            "No revenue is compared: amounts are missing, or one of the activities with purchases or refunds does not go "
            "back as far before the answers as it goes on after them."
        )
    return [told]


def _strangers(ask: Ask) -> list[str]:
    """Sentences about activities and lists in which nobody is who answered: they name clients in another way."""
    how = (
        "They name clients in another way than the sources do: is it the right column (account, respondent), and do their "
        "numbers have the same zeros in front?"
    )
    activity = (
        "select source, sum(deeds_counted)::bigint, sum(of_known)::bigint from meta.activity_files "
        "group by source order by source"
    )
    notes = [
        f"None of {deeds:,} rows of {source} is of a client who answered or was asked: nobody bought or left by them. {how}"
        for source, deeds, of_known in _rows(ask, activity)
        if deeds >= _MANY and not of_known
    ]
    followed = "select sum(clients + not_known)::bigint, sum(in_list)::bigint from meta.clients_followed"
    for clients, in_list in _rows(ask, followed):
        if in_list == 0 and clients >= _MANY:
            notes.append(f"None of {clients:,} clients who answered is in the lists of clients. {how}")
    return notes


def _foreign_values(ask: Ask) -> list[str]:
    """A sentence about clients whom lists value in another currency than most."""
    sql = (
        "select of_other_currencies from marts.nps_value_weighted where dimension = 'all' and period_grain = 'year' "
        "order by period_start desc limit 1"
    )
    return [
        f"{counted(clients, 'client')} of the last year "
        f"{'has a value' if clients == 1 else 'have values'} in another currency than most clients of the lists: not in the "
        "score by value, for currencies are never added up. Convert them, or keep such lists out of clients."
        for (clients,) in _rows(ask, sql)
        if clients
    ]


def activity_notes(ask: Ask) -> list[str]:
    """A sentence about each file whose orders lost their numbers to others, or whose amounts are of another size."""
    sql = (
        "select path, deeds, of_others, left_behind, amount_ratio, "
        "case when exists (select 1 from marts.fct_outcome where compared > 0) then without_amount else 0 end "
        "from meta.activity_files order by source, path"
    )
    notes = []
    for path, deeds, of_others, left, ratio, unpaid in _rows(ask, sql):
        if of_others > _SEVERAL and of_others > _TAKEN * deeds:
            notes.append(
                f"{of_others:,} of {deeds:,} rows of {path} do not count: newer files have their numbers, for other clients "
                "or days. If numbers begin anew in each file, take activity_id out of columns: rows are then told apart by "
                "client, time and amount."
            )
        if left:
            notes.append(
                f"{left:,} of {deeds:,} rows of {path} go on counting, though a newer file that has most of its rows again "
                "is without them amid its days. If they were corrected or deleted, take that file back (nps withdraw "
                f"{shlex.quote(path)}), or put it in landing anew without them; if the newer one holds a part only, all "
                "is well."
            )
        if ratio is not None and not 1 / _LEAP < ratio < _LEAP:
            times = f"{ratio:,.0f} times larger" if ratio > 1 else f"{1 / ratio:,.0f} times smaller"
            notes.append(
                f"Amounts of {path} are {times} than in all files of this activity, in the middle: cents, thousands, or "
                "another sign before decimals (decimal)? Withdraw it with nps withdraw if they are wrong."
            )
        if unpaid:
            notes.append(
                f"{unpaid:,} of {deeds:,} rows of {path} are purchases, renewals or refunds without an amount: they "
                "count as such, and revenue lacks them."
            )
    return notes


def ticket_notes(ask: Ask) -> list[str]:
    """Sentences about tickets of which nobody can say what they are about: what was done is told nowhere."""
    sql = "select tickets, by_id + by_client, of_several from meta.ticket_matches"
    told, of_cases, of_several = ask(sql).row(0)
    notes = []
    if of_several:
        is_one = of_several == 1
        notes.append(
            f"{counted(of_several, 'ticket')} of {told:,} could be of several cases, and {'is' if is_one else 'are'} of "
            "none: the same id in several sources, or a client with several answers in the days before (within_days). "
            "Name in cases.columns the answer's id (response_id) or its source, where the CRM knows them."
        )
    if of_cases + of_several < FEW * told and told - of_cases - of_several >= _SEVERAL:
        notes.append(
            f"{_only(of_cases)} of {told:,} tickets {'are' if of_cases > 1 else 'is'} of a case. Do cases and sources name "
            "answers or clients in the same way (response_id, respondent, account; with the same zeros in front), and did "
            "tickets end after the answers were given? Cases without a ticket count as not followed up."
        )
    return notes


def _only(found: int) -> str:
    return f"Only {found:,}" if found else "None"


def _rows(ask: Ask, sql: str) -> list[tuple[Any, ...]]:
    """What a published file says; nothing where it is of before there was such a table."""
    try:
        return ask(sql).rows()
    except QueryError:
        return []
