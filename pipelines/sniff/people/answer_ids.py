"""Which column is the answer's own id: settled, asked, or none.

Here: what headings name and values look like, held against what would stop counting. Not here: reading headings (`ids`),
counting (`losses`), who answered (`persons`).

What names a person or a thing is never the id of an answer, however different its values are in one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.adapters.ids import IdHeading, id_heading
from pipelines.adapters.words import plain, said
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.roles import Candidate
from pipelines.sniff.people.id_values import EMAIL, ONE_WORD, WITH_A_DIGIT, are_scores, evidence, like, of_all, quoted
from pipelines.sniff.people.losses import Answers

_UUID: Final = r"(?i)^(?:uuid:)?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$"
_MIXED: Final = r"^[\w-]*(?:\d[\w-]*[A-Za-z]|[A-Za-z][\w-]*\d)[\w-]*$"
_EVERYWHERE_UNIQUE: Final = ("uuid", "guid", "uid")
_SHORTEST_CODE: Final = 6
#: Fewer different texts than this are hardly ids because they differ.
_ROWS: Final = 20
_HALF: Final = 0.5
#: Ids of answers hardly repeat more than this; what does is the id of something else.
_DIFFERENT: Final = 0.3
_SHOWN: Final = 3
_OTHERS: Final = ("phone", "address", "person_name", "birth", "account", "manager", "agent", "branch", "department")


def response_ids(columns: Sequence[Seen], answers: Answers, known: Seen | None) -> list[Candidate]:
    """The columns that may hold the answer's own id; the first is settled, or asks. `known`: where such exports hold it."""
    if known is not None:
        return [_of_others_too(known, answers) or Candidate(known, "such exports hold it there", certain=True)]
    spoken = [(column, id_heading(*column.headings)) for column in columns if column.position is not None]
    named = [column for column, heading in spoken if heading and _is_answers(column, heading)]
    if named:
        return _named(named, answers, [each for each in columns if _is_version(each)])
    possible = [column for column, heading in spoken if _may_be_answers(column, heading, answers)]
    return _asked(possible, answers)


def _is_answers(column: Seen, heading: IdHeading) -> bool:
    """Whether it is named after an answer and holds ids."""
    if heading.whose != "answer" or not like(column, ONE_WORD):
        return False
    return len(column.counts) >= _DIFFERENT * column.filled and (
        heading.is_said or (like(column, WITH_A_DIGIT) and not are_scores(column) and not _is_called_a_score(column))
    )


def _is_called_a_score(column: Seen) -> bool:
    """Whether a heading is nothing but the name of the score, as `NPS` above figures of branches."""
    return column.is_called("score_certain")


def _named(columns: Sequence[Seen], answers: Answers, versions: Sequence[Seen]) -> list[Candidate]:
    """What is named after an answer; of several that go together, the one that no other file can hold again."""
    best = min(columns, key=lambda each: not _is_everywhere_unique(each))
    rivals = [each for each in columns if each is not best]
    if rivals and not (_is_everywhere_unique(best) and all(answers.go_together(best, each) for each in rivals)):
        return [Candidate(best, evidence(best), certain=False, question=_which(columns))]
    return [_gone_back(best, answers, versions) or _settled(best, answers)]


def _is_version(column: Seen) -> bool:
    return column.position is not None and column.is_called("version_named")


def _gone_back(ids: Seen, answers: Answers, versions: Sequence[Seen]) -> Candidate | None:
    """What is asked where the last row of an id, which would count, is of an older version than another one."""
    for version in versions:
        if back := answers.go_back(ids, version):
            question = (
                f"the last row of an id counts, and of {back:,} it is of a lower {quoted(version)} than another row. Sort "
                f"the file by {quoted(version)} and begin again; if that is no version of an answer, write {quoted(ids)}"
            )
            return Candidate(ids, evidence(ids), certain=False, question=question)
    return None


def _settled(ids: Seen, answers: Answers) -> Candidate:
    """An id that is named after an answer, unless its rows are hardly the same answers."""
    if asked := _of_others_too(ids, answers):
        return asked
    lost, missing = answers.redelivered(ids), answers.without(ids)
    why = evidence(ids)
    if _is_a_counter(ids, answers):
        question = (
            f"{quoted(ids)} counts the rows of this file: does it go on in the next one? If it begins anew there, later "
            f"answers would take the place of these: take this line out. If it goes on, write {quoted(ids)}"
        )
        return Candidate(ids, why, certain=False, question=question)
    if missing:
        question = (
            f"{of_all(missing, answers)} have no {quoted(ids)}, and would be rejected if it is the answer's own id. Write "
            f"{quoted(ids)}, or take this line out: rows are then told apart by all that stands in them"
        )
        return Candidate(ids, why, certain=False, question=question)
    told = f"a later row has the same id as {of_all(lost, answers)}: only the later one counts" if lost else ""
    return Candidate(ids, why, certain=True, told=told)


def _of_others_too(ids: Seen, answers: Answers) -> Candidate | None:
    """What is asked where rows of one id are hardly the same answers, as those of two forms that both number theirs."""
    lost = answers.redelivered(ids)
    if lost <= _HALF * answers.total and answers.other_answers(ids) <= _HALF * max(lost, 1):
        return None
    question = (
        f"{of_all(lost, answers)} would not count, since a later row has the same {quoted(ids)}. If such rows are one "
        f"answer, write {quoted(ids)}; if each is an answer of its own, take this line out"
    )
    return Candidate(ids, evidence(ids), certain=False, question=question)


def _is_a_counter(ids: Seen, answers: Answers) -> bool:
    """Whether it is a number, not said to be an id, that goes up row by row from the first."""
    heading = id_heading(*ids.headings)
    is_sure = heading is not None and heading.is_sure
    return not is_sure and not answers.is_snapshot and answers.counts_rows(ids)


def _may_be_answers(column: Seen, heading: IdHeading | None, answers: Answers) -> bool:
    """Whether it may be the id of the answer, though nothing says so: an id of anybody's, or unique codes."""
    if column.blank or not like(column, ONE_WORD) or column.rows_like(EMAIL) or are_scores(column):
        return False
    unique = len(column.counts) == column.rows and not answers.is_snapshot
    if heading is None:
        return unique and column.rows >= _ROWS and _are_codes(column) and not _says_other(column)
    if heading.whose == "anybody":
        counted = answers.counts_rows(column) and (answers.files > 1 or not heading.is_sure)
        return not counted and (unique or _HALF * column.filled <= len(column.counts) < column.rows)
    # A survey has many answers: what is different in each of them is no survey's, whatever it is called.
    is_open = heading.whose == "unknown" or (heading.whose == "thing" and said("survey_noun", heading.words))
    return bool(is_open) and heading.is_sure and unique and column.rows >= _ROWS


def _asked(possible: list[Seen], answers: Answers) -> list[Candidate]:
    if not possible:
        return []
    if len(possible) > 1:
        return [Candidate(possible[0], evidence(possible[0]), certain=False, question=_which(possible))]
    [ids] = possible
    lost = answers.redelivered(ids)
    then = f" ({of_all(lost, answers)} would then not count, since a later row has the same)" if lost else ""
    question = (
        f"whose id is {quoted(ids)}? If it is the answer's own, which the answer keeps in every file, write {quoted(ids)}"
        f"{then}. If it is a person's, write respondent: {quoted(ids)} in place of this line. If it is neither, take this "
        "line out"
    )
    return [Candidate(ids, evidence(ids), certain=False, question=question)]


def _which(columns: Iterable[Seen]) -> str:
    names = " or ".join(quoted(each) for each in list(columns)[:_SHOWN])
    return (
        f"which is the answer's own id, which the answer keeps in every file: {names}? Write that one; if none is, but "
        "ids of persons, rows or things, take this line out"
    )


def _is_everywhere_unique(column: Seen) -> bool:
    words = {word for heading in column.headings for word in plain(heading).split()}
    return not words.isdisjoint(_EVERYWHERE_UNIQUE) or like(column, _UUID)


def _are_codes(column: Seen) -> bool:
    texts = [text for text, _ in column.counts]
    return like(column, _UUID) or (like(column, _MIXED) and min(map(len, texts)) >= _SHORTEST_CODE)


def _says_other(column: Seen) -> bool:
    return column.speaks_of(*_OTHERS)
