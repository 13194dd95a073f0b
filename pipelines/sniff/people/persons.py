"""Which column says who answered: settled where no answer would stop counting by it, else asked.

Here: addresses, ids of persons, telephone numbers; orders and devices, which are always asked about. Not here: reading
headings (`ids`), counting (`losses`), the answer's own id (`answer_ids`). Names of people identify nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.adapters.ids import IdHeading, id_heading
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.roles import Candidate
from pipelines.sniff.people.id_values import EMAIL, ONE_WORD, WITH_A_DIGIT, are_scores, evidence, like, of_all, quoted
from pipelines.sniff.people.losses import Answers

PHONE: Final = r"^'?\+?[\d ()/.-]{6,}$"
_HALF: Final = 0.5
#: What was paid: `Achats` and `Purchases` of 12,50 name no order.
_MONEY: Final = r"^\d+[.,]\d\d$"
_SHOWN: Final = 3
#: Who served, or where.
_NOT_OF_WHO_ANSWERED: Final = ("manager", "agent", "branch", "department")


def respondents(
    columns: Sequence[Seen], answers: Answers, metric: str, ids: Seen | None, known: Seen | None
) -> list[Candidate]:
    """The columns that may say who answered; the first is settled or asks, the others are shown.

    `ids` hold the answer's own id. `known`: where such exports hold the respondent.
    """
    if known is not None:
        lost = answers.answered_again(known, ids)
        told = _of_one(known, lost, answers, "write ~ in place of this line")
        return [Candidate(known, "such exports hold it there", certain=not lost, question=told if lost else "")]
    free = [column for column in columns if column.position is not None and not is_of_another(column)]
    found = [*_people(free, answers, metric, ids)]
    return found or list(_shared(free, answers, ids))


def _people(columns: list[Seen], answers: Answers, metric: str, ids: Seen | None) -> Iterator[Candidate]:
    """Addresses and ids of persons; a telephone number only where there is nothing better."""
    sorts = (
        [each for each in columns if _holds_addresses(each)],
        [each for each in columns if _is_persons(each, metric, answers)],
        [each for each in columns if each.speaks_of("phone") and like(each, PHONE)],
    )
    ranked = list(dict.fromkeys(each for sort in sorts[:2] for each in sort)) or sorts[2]
    counted = [(each, answers.answered_again(each, ids)) for each in ranked]
    worst = max((lost for _, lost in counted), default=0)
    if not counted:
        return
    if not worst and answers.are_all:
        yield from (Candidate(each, evidence(each), certain=True) for each in ranked)
        return
    yield Candidate(ranked[0], evidence(ranked[0]), certain=False, question=_asks_who(counted, answers))
    yield from (Candidate(each, evidence(each), certain=False) for each in ranked[1:])


def _asks_who(counted: list[tuple[Seen, int]], answers: Answers) -> str:
    if len(counted) == 1:
        return _of_one(*counted[0], answers, "take this line out")
    each = "; ".join(f"with {quoted(column)} {of_all(lost, answers)}" for column, lost in counted[:_SHOWN])
    return (
        f"who answered? Of one person, one answer a month counts, so that some would not count: {each}. Write the column "
        "that says who it was; if every answer counts, take this line out"
    )


def _of_one(person: Seen, lost: int, answers: Answers, else_do: str) -> str:
    if_so = f"If it says who answered, and one answer of each a month is to count, write {quoted(person)}"
    if not lost:
        return (
            f"no {quoted(person)} answered twice in a month in the first {answers.total:,} answers, but the rest was not "
            f"looked at. {if_so}; if every answer counts, {else_do}"
        )
    twice = "answered twice in a month" if answers.months else "answered twice, and no dates are known"
    return (
        f"{of_all(lost, answers)} would not count, since the same {quoted(person)} {twice}. {if_so}; "
        f"if every answer counts, {else_do}"
    )


def _shared(columns: list[Seen], answers: Answers, ids: Seen | None) -> Iterator[Candidate]:
    """Orders and devices: one person may have several, and several persons one."""
    for column in columns:
        heading = id_heading(*column.headings)
        is_money = column.rows_like(_MONEY) > _HALF * max(column.filled, 1)
        if heading and heading.whose == "order_or_device" and not is_money and _identifies(column, heading):
            lost = answers.answered_again(column, ids)
            question = (
                f"{quoted(column)} names no person, but perhaps stands for one: if one answer of each a month is to count, "
                f"write {quoted(column)} ({of_all(lost, answers)} would then not count); if not, take this line out"
            )
            yield Candidate(column, evidence(column), certain=False, question=question)


def is_of_another(column: Seen) -> bool:
    """Whether it is about who served, or where."""
    return column.speaks_of(*_NOT_OF_WHO_ANSWERED)


def _holds_addresses(column: Seen) -> bool:
    return column.rows_like(EMAIL) > _HALF * max(column.filled, 1)


def _is_persons(column: Seen, metric: str, answers: Answers) -> bool:
    """Whether it is named after a person and holds ids: names of people identify nobody."""
    heading = id_heading(*column.headings)
    if heading is None or heading.whose != "person" or not _identifies(column, heading):
        return False
    # Of clients' answers, an employee who stands in most of them served them.
    served = metric == "nps" and column.speaks_of("employee")
    return not (served and answers.answered_again(column, None) > _HALF * answers.total)


def _identifies(column: Seen, heading: IdHeading) -> bool:
    if are_scores(column) and not heading.is_sure:
        return False
    return like(column, ONE_WORD if heading.is_sure else WITH_A_DIGIT) and len(column.counts) > 1
