"""Whether a file holds tickets: what was done about answers, and no answers.

Here: the headings by which tickets are known, and what nps.yaml would have to say of them. Not here: what a ticket means
(`transforms.rows.tickets`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipelines.adapters.ids import id_heading
from pipelines.adapters.words import said
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.others.invitations import may_hold_scores
from pipelines.sniff.others.which import client_of, which
from pipelines.sniff.proposal.records import records_of
from pipelines.sniff.sniffed import Findings

#: Columns of tickets, and the topics of words that their headings speak of; in this order each takes a column.
_TOPICS: Final = (
    ("first_contact_at", ("first_contact",)), ("closed_at", ("ticket_closed",)),
    ("opened_at", ("ticket_opened", "created_at")), ("root_cause", ("root_cause",)), ("owner", ("ticket_owner",)),
    ("status", ("ticket_status",)), ("outcome", ("ticket_outcome",)),
)  # fmt: skip
_LENGTH: Final = re.compile(r"\d{1,4}([.,]\d+)?|\d{1,4}:\d\d(:\d\d)?")
#: What decides whether a case was in time: where several columns may say it, that is asked.
_MEANT: Final = {
    "opened_at": "when the ticket was opened", "first_contact_at": "when somebody first reached the client",
    "closed_at": "when the ticket was closed",
}  # fmt: skip
#: So many of first contact, end, cause and the word for a ticket itself must be there: calls have one of them, too.
#: Who has it and how far it came, both, are one more of these. One more where no answer is named: companies keep tickets of
#: much else.
_FEWEST: Final = 2
#: So many columns that only help desks have prove that numbers are counts and no answers.
_SURELY: Final = 4
_DUE: Final = (
    "? By when must somebody have called who gave 0 to 6? {business_days: 2}, with calendar: HR (the country) below it, or "
    "{hours: 48}"
)


def ticket_columns(found: Findings) -> dict[str, int | str] | None:
    """The columns of a file of tickets; None where it is none.

    One that names no answer is known by its client, where it says when each was opened and no column may hold a score.
    """
    answers = [each for each in found.columns if (told := id_heading(*each.headings)) and told.whose == "answer"]
    client = None if answers or may_hold_scores(_without_counts(found)) else client_of(found)
    if client is not None:
        columns = {client.by: client.name, **dict(_known(found, client.columns))}
    elif answers:
        columns = {"response_id": answers[0].name, **dict(_known(found, answers[:1]))}
    else:
        return None
    headings = [heading for each in found.columns for heading in each.headings]
    is_spoken_of = said("ticket", found.stem, *headings) is not None
    signs = [name in columns for name in ("first_contact_at", "closed_at", "root_cause")]
    signs.append("owner" in columns and "status" in columns)
    is_told = "first_contact_at" in columns or "closed_at" in columns
    if not answers and not (is_spoken_of and "opened_at" in columns):
        return None
    fewest = _FEWEST if answers else _FEWEST + 1
    return columns if is_told and sum([*signs, is_spoken_of]) >= fewest else None


def _without_counts(found: Findings) -> Findings:
    """The same without what help desks count of a ticket, and what they were told of it in words: good or bad."""
    records = records_of(found)
    if records is None or records.topic != "ticket_record" or len(records.signs) < _SURELY:
        return found
    columns = [
        each
        for each in found.columns
        if each not in records.signs and not (each.speaks_of("other_survey") and not each.rows_like(r"\d"))
    ]
    return replace(found, columns=columns, every_row=columns)


def _known(found: Findings, keys: Sequence[Seen]) -> Iterator[tuple[str, int | str]]:
    used = [*keys]
    for name, topics in _TOPICS:
        # `First response time` of 2.5 is how long it took, and no instant.
        free = [each for each in found.columns if each not in used and not (name in _MEANT and _is_length(each))]
        told = next(filter(None, ([each for each in free if said(topic, *each.headings[:1])] for topic in topics)), [])
        if told:
            used += told
            yield name, which(told, f"is {_MEANT[name]}") if name in _MEANT else told[0].name


def _is_length(column: Seen) -> bool:
    """Whether most cells are numbers, or hours and minutes without a day."""
    lengths = sum(rows for text, rows in column.counts if _LENGTH.fullmatch(text.strip()))
    return lengths > column.filled / 2


def follow_up_block() -> Block:
    """What nps.yaml must say besides: by when cases are due, which nobody but the company knows."""
    return Block("follow_up", [Line("due", _DUE)])
