"""What all files of one source say together: the scale and the dates of their answers, ids, and who answered.

In one file alone there may be too few answers, and what one proves another may contradict. Here: putting them together. Not
here: what one file says (`scores`, `dates`, `answer_ids`, `persons`), whether the files add up (`together`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.sniff.columns.facts import Seen, in_all
from pipelines.sniff.dates.answer_dates import is_other_event
from pipelines.sniff.dates.dates import DateColumn, date_columns
from pipelines.sniff.people.answer_ids import response_ids
from pipelines.sniff.people.losses import answers_in
from pipelines.sniff.people.persons import respondents
from pipelines.sniff.scores.scores import with_scale_of
from pipelines.sniff.sniffed import Findings

_DATES_TRIED = 2


def of_all_files(found: Findings) -> Findings:
    """The findings of a file with what it and those `beside` it say together."""
    return identified(_with_dates(_with_scales(found)))


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


def _with_dates(found: Findings) -> Findings:
    """The findings of a file whose dates are those of all files of its source: what one proves, another may contradict."""
    return replace(found, dates=[_of_all(each, found) for each in found.dates])


def _of_all(when: DateColumn, found: Findings) -> DateColumn:
    """The column in all files; as it is where elsewhere it is no date, and so is asked or held there."""
    together = in_all(when.column, (other.columns for other in found.beside))
    of_all = next(iter(date_columns([together])), None)
    return when if of_all is None else replace(of_all, column=when.column, in_files=1 + len(found.beside))


def _with_scales(found: Findings) -> Findings:
    """The findings with the scales that all files of the source prove: in one alone there may be too few answers."""
    if found.signature is not None and found.signature.by_key:
        return found
    others = [[each.column for each in other.scores] for other in found.beside]
    scores = [with_scale_of(each, others) for each in found.scores]
    return replace(found, scores=scores)
