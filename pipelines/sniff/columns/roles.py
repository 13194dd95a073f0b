"""What the columns beside the score may be: branch, comment, ...

Here: candidates by their headings, checked against their values. Not here: ids and who answered (`identity`), dates
(`dates`, `answer_dates`), what is proposed of them (`entry`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.adapters.words import calls, named, plain, said
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.labels import are_labels, are_own_words, is_opinion

#: Longer headings are questions about something, not names of it.
_SHORT: Final = 8
_FEW: Final = 500
_SHARE_OF_ROWS: Final = 0.5
_SEVERAL: Final = 20
_LONG: Final = 40
_CODES: Final = r"^[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?$"
_NUMBER: Final = r"^\d{1,2}(?:[.,]0+)?$"
_MOSTLY: Final = 0.8
_OFTEN: Final = 0.5
_OWN_WORDS: Final = 0.2
#: So many columns are named in a question.
_NAMED: Final = 3
_SEVERAL_COLUMNS: Final = 2
#: What may be told of a firm, and is none.
_OF_FIRMS: Final = ("unit", "branch", "region", "city", "industry", "department", "product", "channel", "language")
#: What a column of places is asked about: what it names, when these are branches, and when not.
_PLACES: Final = {
    "unit": ("units", "they are branches", "they are something else"),
    "city": ("towns", "they are those of branches", "people live there"),
}
#: What each answer has one of, though columns may speak of several.
_ONE: Final = ("branch", "region", "industry", "department", "manager", "product", "channel")


@dataclass(frozen=True)
class Candidate:
    """A column for one canonical name, and why."""

    column: Seen
    evidence: str
    certain: bool
    """Whether it may be proposed as it is."""
    question: str = ""
    """What to ask before it is proposed; nothing where it is either proposed or only shown."""
    told: str = ""
    """What to say where it is proposed."""


Candidates = dict[str, list[Candidate]]
"""For each canonical name the columns that may hold it, the likeliest first."""


def candidates(columns: Sequence[Seen], taken: Iterable[Seen]) -> Candidates:
    """What the columns may be that are neither scores nor dates (`taken`)."""
    done = {id(column) for column in taken}
    free = [column for column in columns if id(column) not in done and column.filled]
    found = {name: _found(free, name, fits) for name, fits in _FITS.items()}
    found.update((name, _which(found[name], name)) for name in _ONE)
    found["branch"] = _asked_of_one(found, free) + found["branch"] + _numbered(free)
    found["branch"] = found["branch"] or [each for topic in ("unit", "city") for each in _places(free, topic)]
    found["comment"] = found["comment"] or _long_texts(free)
    return found


def _found(columns: Sequence[Seen], topic: str, fits: Callable[[Seen], bool]) -> list[Candidate]:
    spoken = [(column, said(topic, *column.headings)) for column in columns]
    found = [
        Candidate(column, f"the heading says '{words}'; {_described(column)}", _is_name(column) and fits(column))
        for column, words in spoken
        if words and not is_opinion(column)
    ]
    return sorted(found, key=lambda each: _likelihood(each, topic))


def _likelihood(found: Candidate, topic: str) -> tuple[bool, bool, bool, bool, float]:
    """The least is the likeliest: what is the same in all rows tells no groups apart."""
    return (not found.certain, *_order(found.column, topic))


def likeliest(columns: Iterable[Seen], topic: str) -> list[Seen]:
    """Those of the columns that speak of a topic than which none is likelier; one of those that tell the same apart."""
    in_order = sorted(columns, key=lambda column: _order(column, topic))
    alike = [each for each in in_order if _order(each, topic) == _order(in_order[0], topic)]
    told = {tuple(sorted(count for _, count in each.counts)): each for each in reversed(alike)}
    return [each for each in alike if any(each is one for one in told.values())]


def which_of(columns: Sequence[Seen], name: str) -> str:
    """The question which of several columns is the one of a name."""
    *first, last = [each.pasted for each in columns[:_NAMED]]
    return f"{', '.join(first)} or {last}: which one says the {name}? Write its heading, or take this line out"


def _order(column: Seen, topic: str) -> tuple[bool, bool, bool, float]:
    is_called = calls(topic, *column.headings)
    return len(column.counts) == 1, not _tells_names(column), not is_called, -_nearness(column, topic)


def _which(found: list[Candidate], topic: str) -> list[Candidate]:
    """The candidates, with a question in front where nothing tells which of the likeliest it is."""
    alike = likeliest([each.column for each in found if each.certain], topic)
    if len(alike) < _SEVERAL_COLUMNS:
        return found
    asked = Candidate(alike[0], found[0].evidence, certain=False, question=which_of(alike, topic))
    return [asked, *(each for each in found if each.column is not alike[0])]


def _tells_names(column: Seen) -> bool:
    """Whether a heading says that names stand there, where it says more than what they are of: `store.name`, `loja.nome`."""
    return any("." not in heading or bool(named("name", heading.split(".")[-1])) for heading in column.headings)


def _asked_of_one(found: Candidates, columns: Sequence[Seen]) -> list[Candidate]:
    """The question where the likeliest branch is one in all rows, and columns of which nothing is known differ."""
    first = next(iter(found["branch"]), None)
    if first is None or not first.certain or len(first.column.counts) > 1:
        return []
    known = {id(each.column) for name, several in found.items() for each in several if name != "branch"}
    others = [each for each in columns if id(each) not in known and len(each.counts) > 1 and _is_named(each)]
    if not others:
        return []
    one, names = first.column.counts[0][0], ", ".join(each.pasted for each in others[:_NAMED])
    question = (
        f"{first.column.pasted} says '{one}' in every row: if {names} tells branches apart, write that heading; "
        f"if all answers are of this one branch, write {first.column.pasted}"
    )
    return [Candidate(first.column, first.evidence, certain=False, question=question)]


def _places(columns: Sequence[Seen], topic: str) -> list[Candidate]:
    """Columns called after units or towns, where nothing else is called after branches."""
    found = []
    for column in columns:
        if column.is_called(topic) and len(column.counts) > 1 and _is_named(column):
            places, are_branches, are_none = _PLACES[topic]
            question = (
                f"{column.pasted} names {len(column.counts):,} {places}, and no column speaks of branches: if "
                f"{are_branches}, write {column.pasted}; if {are_none}, take this line out"
            )
            found.append(Candidate(column, _described(column), certain=False, question=question))
    return found


def _numbered(columns: Sequence[Seen]) -> list[Candidate]:
    """Columns called after branches in which numbers stand that may as well be marks."""
    found = []
    for column in columns:
        is_so = column.is_called("branch") and is_opinion(column)
        if is_so and column.rows_like(_NUMBER) == column.filled:
            question = (
                f"{column.pasted} holds numbers that may be marks from 0 to 10: if they are those of branches, write "
                f"{column.pasted}; if they are marks, take this line out"
            )
            found.append(Candidate(column, _described(column), certain=False, question=question))
    return found


def _nearness(column: Seen, topic: str) -> float:
    """How much of a heading speaks of the topic."""
    return max(len(said(topic, name) or "") / max(len(plain(name)), 1) for name in column.headings)


def _described(column: Seen) -> str:
    return f"{len(column.counts):,} different texts in {column.filled:,} rows"


def _is_name(column: Seen) -> bool:
    return any(len(plain(name).split()) <= _SHORT for name in column.headings)


def _is_group(column: Seen) -> bool:
    """Few different names, each of several rows."""
    return are_labels(column) and len(column.counts) <= max(_SEVERAL, min(_FEW, int(column.filled * _SHARE_OF_ROWS)))


def _is_named(column: Seen) -> bool:
    """A group that has names, not numbers."""
    return _is_group(column) and column.rows_like(r"^\d+$") < _OFTEN * column.filled


def _is_place(column: Seen) -> bool:
    """A branch is no region, and no point on the globe."""
    return _is_group(column) and not column.speaks_of("region", "address")


def _is_code(column: Seen) -> bool:
    return are_labels(column) and column.rows_like(_CODES) >= _MOSTLY * column.filled


def _is_firm(column: Seen) -> bool:
    """The name or number of a firm, which may differ from row to row; who cares for it there is somebody else.

    So is an `Organisationseinheit`, which is a part of one's own, and what is told of a firm: `Account: Branch`.
    """
    is_other = column.speaks_of("manager", "agent", "account_trait")
    is_other |= any(named(topic, part) for topic in _OF_FIRMS for part in _last_parts(column))
    return are_labels(column) and not is_other


def _last_parts(column: Seen) -> list[str]:
    """What headings say behind the thing that they are of: `Branch` of `Account: Branch` and `account.branch`."""
    return [re.split(r"[:./]", heading)[-1] for heading in column.headings]


def _is_text(column: Seen) -> bool:
    """What people wrote themselves differs from row to row, and is no number."""
    differs = len(column.counts) >= _OWN_WORDS * column.filled
    is_number = all(text.replace(".", "").isdigit() for text, _ in column.counts[:_SEVERAL])
    return differs and not is_number and are_own_words(column)


_FITS: Final[dict[str, Callable[[Seen], bool]]] = {
    "branch": _is_place,
    "region": _is_named,
    "industry": _is_named,
    "department": _is_named,
    "manager": _is_group,
    "agent": _is_group,
    "product": _is_named,
    "channel": _is_named,
    "language": _is_code,
    "account": _is_firm,
    "comment": _is_text,
}


def _long_texts(columns: Sequence[Seen]) -> list[Candidate]:
    """Columns that look like what people wrote themselves."""
    found = []
    for column in columns:
        long = sum(count for text, count in column.counts if len(text) >= _LONG and " " in text)
        if long > _OFTEN * max(column.filled, 1) and len(column.counts) > _OFTEN * column.filled:
            found.append(Candidate(column, f"long texts, {_described(column)}", certain=False))
    return found
