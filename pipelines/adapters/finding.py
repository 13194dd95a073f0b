"""Which columns of a file nps.yaml means: by name, pattern or position, and what is said where none or several answer to it.

Not here: what the columns are called (`headings`), the values in them (`column_texts`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final

from pipelines.adapters.headings import look_like_answers, one_line, same_name, tidy
from pipelines.adapters.table import Heading, TextTable
from pipelines.adapters.words import said, topics
from pipelines.config.columns import Column, Matches
from pipelines.config.patterns import found_in
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_SHOWN: Final = 20
_SHOWN_LENGTH: Final = 60
#: What headings of a canonical column speak of, where that is called otherwise.
_SPOKEN: Final = {
    "score": ("score_certain", "score_likely", "score_named"),
    "responded_at": ("answered_at", "date"),
    "respondent": ("email", "client_named", "person_noun"),
    "response_id": ("answer_noun",),
}
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas", "^": "'^'", "~": "'~'"}


def find_columns(table: TextTable, wanted: Column, purpose: str) -> list[int]:
    """Find the columns (counted from 0) that nps.yaml means: one, or all options of one question.

    A name is looked for among the headings as it stands, then without regard to case, then without spaces and
    underscores, then among other names, options and sub-questions. `purpose` is what nps.yaml uses the column for.
    Raises `FileRefusedError` (file_layout), which lists the headings that there are.
    """
    if isinstance(wanted, int):
        if wanted > table.width:
            raise _refused(table, purpose, f"column {wanted}", f"the file has only {table.width} columns")
        return [wanted - 1]
    if isinstance(wanted, Matches):
        return _matching(table, wanted.matches, purpose)
    for names, spelling in _READINGS:
        same = [
            i for i, heading in enumerate(table.headings) if spelling(tidy(wanted)) in map(spelling, names(heading))
        ]
        if same:
            return _one_question(table, same, purpose, repr(wanted))
    raise _refused(table, purpose, repr(wanted), "no heading is called that", close_to=wanted)


def is_absent(table: TextTable, wanted: Column) -> bool:
    """Whether nps.yaml or a preset allows a column to be missing, and the file is without it."""
    return isinstance(wanted, Matches) and wanted.optional and not _found(table, wanted.matches)


def position_of(wanted: str | Matches, texts: Sequence[str]) -> int | None:
    """Where a column stands (from 0) among headings as `labels` keeps them, if it does; the first one that fits."""
    if isinstance(wanted, Matches):
        return next((at for at, found in enumerate(found_in(wanted.matches, texts)) if found), None)
    name, names = same_name(one_line(wanted)), [same_name(text) for text in texts]
    whole = (at for at, each in enumerate(names) if each == name)
    part = (at for at, each in enumerate(names) if each.startswith(f"{name}-") or each.endswith(f"-{name}"))
    return next(whole, next(part, None))


def _text(heading: Heading) -> Iterable[str]:
    return [heading.text]


def _others(heading: Heading) -> Iterable[str]:
    return [name for name in (*heading.other_names, heading.option, heading.label) if name]


#: Ways to compare a name with the headings, the strictest first.
_READINGS: Final[tuple[tuple[Callable[[Heading], Iterable[str]], Callable[[str], str]], ...]] = (
    (_text, str),
    (_text, str.casefold),
    (_text, same_name),
    (_others, same_name),
)


def _matching(table: TextTable, pattern: str, purpose: str) -> list[int]:
    same = _found(table, pattern)
    if not same:
        raise _refused(table, purpose, f"/{pattern}/", "no heading matches that pattern")
    return _one_question(table, same, purpose, f"/{pattern}/")


def _found(table: TextTable, pattern: str) -> list[int]:
    same = found_in(pattern, [heading.text for heading in table.headings])
    if not any(same):
        same = [any(found_in(pattern, list(_others(heading)))) for heading in table.headings]
    return [i for i, found in enumerate(same) if found]


def _one_question(table: TextTable, found: list[int], purpose: str, wanted: str) -> list[int]:
    """The one column found, the one that holds the chosen text, or all the options of one question."""
    headings = [table.headings[i] for i in found]
    if len(found) == 1:
        return found
    if len({heading.text for heading in headings}) == 1:
        condensed = [i for i in found if not table.headings[i].option]
        if len(condensed) == 1:
            return condensed
        if not condensed and len({heading.option for heading in headings}) == len(headings):
            return found
    positions = ", ".join(f"{i + 1} ({_short(table.headings[i].label)})" for i in found[:_SHOWN])
    raise _refused(table, purpose, wanted, f"several columns answer to it: {positions}. Name one by its position")


def _refused(table: TextTable, purpose: str, wanted: str, problem: str, close_to: str = "") -> FileRefusedError:
    labels = list(dict.fromkeys(heading.text for heading in table.headings if heading.text))
    read_as = f" (Read as {table.read_as}.)" if table.read_as else ""
    if look_like_answers(heading.label for heading in table.headings):
        return FileRefusedError(
            Reason.FILE_LAYOUT,
            f"{purpose} should be in {wanted}, but {problem}. What should be headings looks like answers: if the file has "
            f"no headings, declare header_rows: 0 and name columns by position." + read_as,
        )
    known = [name for name in (*labels, *map(attrgetter("option"), table.headings)) if name]
    parted = other_delimiter(labels, table.read_as or "")
    near = (
        [] if parted else difflib.get_close_matches(close_to, known, n=1, cutoff=0.5) or _of_the_same(purpose, labels)
    )
    there = ", ".join(map(_short, labels[:_SHOWN])) + (
        f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    )
    return FileRefusedError(
        Reason.FILE_LAYOUT,
        f"{purpose} should be in {wanted}, but {problem}."
        + (f" Did you mean {_short(near[0])}?" if near else "")
        + (
            f" The headings are: {there}."
            if labels
            else " The file is read without headings: name columns by position."
        )
        + read_as
        + parted,
    )


def _of_the_same(purpose: str, labels: Sequence[str]) -> list[str]:
    """The heading that speaks of what was looked for, in whatever language, where there is one alone."""
    for topic in _SPOKEN.get(purpose, (purpose,)):
        found = [label for label in labels if topic in topics() and said(topic, label)]
        if found:
            return found if len(found) == 1 else []
    return []


def other_delimiter(labels: Sequence[str], read_as: str = "") -> str:
    """What is said of a file whose one heading holds several, parted by another sign than nps.yaml says; else nothing.

    Where it was `read_as` parted by that sign, its lines are quoted as a whole.
    """
    parted = next((name for sign, name in _DELIMITERS.items() if len(labels) == 1 and labels[0].count(sign) > 1), None)
    if parted is None:
        return ""
    what_to_do = "take delimiter out of nps.yaml, and each file is read by its own."
    if f"separated by {parted}" in read_as:
        what_to_do = "its lines stand in quotes as a whole. Take these out, or export the file again."
    return f" That one heading seems to hold several, separated by {parted}: {what_to_do}"


def _short(text: str) -> str:
    whole = one_line(text)
    return f"'{whole if len(whole) <= _SHOWN_LENGTH else whole[: _SHOWN_LENGTH - 1] + '…'}'"
