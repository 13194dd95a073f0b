"""The id of an answer and who answered, of all files that look the same.

Here: putting their rows together for the two searches. Not here: the searches (`answer_ids`, `persons`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.dates.answer_dates import is_other_event
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.people.answer_ids import response_ids
from pipelines.sniff.people.losses import answers_in
from pipelines.sniff.people.persons import respondents
from pipelines.sniff.sniffed import Findings

_DATES_TRIED = 2


def identified(found: Findings) -> Findings:
    """The findings with the candidates for `response_id` and `respondent`, by this file and those `beside` it."""
    certain = [each for each in found.scores if each.certain]
    dates = _possible(found)
    usually = found.signature is not None and found.signature.delivery == "snapshot"
    is_snapshot = usually if found.is_snapshot is None else found.is_snapshot
    opened = [found.opened, *(each.opened for each in found.beside)]
    are_all = all(each.is_whole for each in opened)
    score = certain[0] if certain else None
    answers = answers_in([each.rows for each in opened], score, dates, is_snapshot=is_snapshot, are_all=are_all)
    taken = {id(each.column) for each in certain} | {id(each.column) for each in found.dates}
    taken |= {id(column) for column, _ in found.unread_dates}
    free = [column for column in found.columns if column.filled and id(column) not in taken]
    person = _known(found, "respondent", free)
    ids = response_ids([each for each in free if each is not person], answers, _known(found, "response_id", free))
    settled = ids[0].column if ids and ids[0].certain else None
    others = [column for column in free if column is not settled]
    metric = certain[0].metric if certain else "nps"
    who = respondents(others, answers, metric, settled, _known(found, "respondent", others))
    return replace(found, candidates={**found.candidates, "response_id": ids, "respondent": who})


def _possible(found: Findings) -> list[DateColumn]:
    """The dates that may be those of the answers, the likeliest first."""
    known = found.known("responded_at")
    by_name = [each for each in found.dates if each.column.name == known]
    return by_name or [each for each in found.dates if not is_other_event(each)][:_DATES_TRIED]


def _known(found: Findings, name: str, columns: Sequence[Seen]) -> Seen | None:
    """The column in which such exports hold a canonical one."""
    heading = found.known(name)
    return next((each for each in columns if heading is not None and each.name == heading), None)
