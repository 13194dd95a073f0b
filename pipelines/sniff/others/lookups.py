"""Whether a file lists branches, accounts or employees, and so holds no answers.

Here: the column that says which member a row is about, and what is known of it. Not here: exports that are known to be
such lists (`signatures`), how the entry looks (`entry`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.adapters.ids import IdHeading, id_heading
from pipelines.adapters.words import said
from pipelines.config.layouts import MEMBER_KEYS, DimensionName
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.labels import are_labels, is_answer
from pipelines.sniff.columns.roles import likeliest, which_of
from pipelines.sniff.dates.answer_dates import is_other_event
from pipelines.sniff.sniffed import Findings

#: Whom the headings of a dimension's key, or the name of its file, speak of.
_TOPICS: Final[dict[DimensionName, str]] = {"employees": "employee", "branches": "branch", "accounts": "account"}
_ATTRIBUTES: Final = ("branch", "region", "industry", "department", "manager")
_FEWEST: Final = 2
_WORDS_OF_A_NAME: Final = 5


def lookup(found: Findings, of_clients: Sequence[Seen] = ()) -> tuple[str, dict[str, int | str]] | None:
    """The dimension whose members a file lists, and its columns; None where it may hold answers.

    `of_clients` are columns that say something else of clients.
    """
    if found.scores or found.opened.rows.height < _FEWEST or any(_is_asked(each) for each in found.columns):
        return None
    dates = [each for each in found.dates if each.column not in of_clients]
    since = [each for each in dates if _is_since(each.column)]
    others = [each for each in dates if each not in since and not is_other_event(each)]
    if others or len(since) > 1:
        return None
    for dimension, topic in _TOPICS.items():
        key = _key(found, dimension, topic)
        if key is not None:
            columns: dict[str, int | str] = {
                MEMBER_KEYS[dimension]: key.name,
                **dict(_known(found.columns, key, dimension)),
            }
            columns.update([("valid_from", each.column.name) for each in since])
            return (dimension, columns) if len(columns) > 1 else None
    return None


def _is_since(column: Seen) -> bool:
    """Whether it says since when a row is so."""
    return column.speaks_of("valid_from") or column.is_called("start_named")


def _is_asked(column: Seen) -> bool:
    """Whether it looks like a question, or its values like answers."""
    is_question = any("?" in heading or len(heading.split()) > _WORDS_OF_A_NAME for heading in column.headings)
    return is_question or is_answer(column)


def _key(found: Findings, dimension: DimensionName, topic: str) -> Seen | None:
    """The column that says which member a row is about: an id or a name, in each row another."""
    unique = [each for each in found.columns if not each.blank and len(each.counts) == each.rows and are_labels(each)]
    spoken = [(each, id_heading(*each.headings)) for each in unique]
    file_speaks = said(topic, found.stem) is not None
    ids = [each for each, heading in spoken if heading and heading.is_said and _is_of(each, heading, topic)]
    bare = [each for each, heading in spoken if file_speaks and heading and heading.whose == "anybody"]
    names = [each for each in unique if dimension == "branches" and each.speaks_of(topic)]
    called = [each for each in unique if dimension == "employees" and _is_called(each) and _is_all_known(found, each)]
    return next(iter([*ids, *bare, *names, *called]), None)


def _is_called(column: Seen) -> bool:
    """Whether a heading is nothing but a word for employees."""
    return column.is_called("employee")


def _is_all_known(found: Findings, key: Seen) -> bool:
    """Whether every other column says what is known of employees, so that none may hold what they answered."""
    dates = [each.column for each in found.dates]
    others = [each for each in found.columns if each.filled and each is not key and each not in dates]
    return bool(others) and all(_is_known(each) for each in others)


def _is_known(column: Seen) -> bool:
    """Whether a column says what is known of employees, and not what they answered."""
    return any(_fits(column, topic) for topic in (*_ATTRIBUTES, "name")) or (
        column.is_called("staff_named") and are_labels(column)
    )


def _is_of(column: Seen, heading: IdHeading, topic: str) -> bool:
    """Whether an id is that of a member of the dimension; accounts may go by the id of the client."""
    is_employees = column.speaks_of("employee")
    if topic == "account":
        return column.speaks_of(topic) or (heading.whose == "person" and not is_employees)
    return column.speaks_of(topic)


def _known(columns: Sequence[Seen], key: Seen, dimension: DimensionName) -> Iterator[tuple[str, int | str]]:
    """What is known of the members; the names of accounts and persons are of no use."""
    used = {key.name}
    topics = [("name", topic) for topic in ("branch", "name") if dimension == "branches"]
    topics += [(name, name) for name in _ATTRIBUTES if name != MEMBER_KEYS[dimension]]
    done: set[str] = set()
    for name, topic in topics:
        alike = likeliest([each for each in columns if each.name not in used and _fits(each, topic)], topic)
        if alike and name not in done:
            done.add(name)
            used.update(each.name for each in alike)
            yield name, alike[0].name if len(alike) == 1 else f"? {which_of(alike, name)}"


def _fits(column: Seen, topic: str) -> bool:
    return column.speaks_of(topic) and are_labels(column)
