"""A later file whose name, or new columns, speak of another survey than those before it: of employees, satisfaction, tests.

Here: the note on it. Not here: months that a name says (`months`), columns whose texts name surveys (`marked`), the
same of first files (`pipelines.sniff`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from pipelines.adapters.headings import same_name
from pipelines.adapters.words import named, said
from pipelines.config.sources import Source
from pipelines.intake.history import Earlier

_ANSWER: Final = re.compile(r" \[[^\]]*\]$")


def of_another_survey(source: Source, path: str, headings: Sequence[str], before: Sequence[Earlier]) -> Iterator[str]:
    """What people should know of a file that is called, or has columns, as none of those `before` it."""
    if not before or not source.has_scores:
        return
    name, names = _name(path), [_name(each.path) for each in before]
    for topic, what in _topics(source):
        word = said(topic, name)
        if word and not any(said(topic, each) for each in names) and not (what == "other" and _recommends(name)):
            yield (
                f"Its name says '{word}', as that of no file before it: {_WHAT[what]} If it is another survey, take the "
                "file back (nps withdraw) and give such files a source of their own; else all is well."
            )
            return
    known = {same_name(name) for each in before for name in each.headings}
    new = [name for name in headings if same_name(name) not in known and named("staff_named", name)]
    if source.metric == "nps" and new and all(each.headings for each in before):
        yield (
            f"It has a column '{new[0]}', as is known of employees, and no file before it has: its answers count as "
            "clients'. If employees were asked, take the file back (nps withdraw) and give such files a source of their "
            "own with metric: enps; else all is well."
        )


_WHAT: Final = {
    "staff": "its answers count as clients' all the same.",
    "clients": "its answers count as employees' all the same.",
    "other": "its answers count as those to the question of recommending.",
    "tests": "its answers count as those of people.",
    "others": "its answers count as those of clients or employees about the company.",
    "parts": "its answers count as those of a whole file, beside those of any other copy of it.",
}


def _topics(source: Source) -> Iterator[tuple[str, str]]:
    yield ("staff_survey", "staff") if source.metric == "nps" else ("client_named", "clients")
    yield "other_survey", "other"
    yield "row_test", "tests"
    yield "file_of_others", "others"
    yield "file_of_part", "parts"


def _recommends(name: str) -> bool:
    return said("score_certain", name) is not None


def _name(path: str) -> str:
    """What a file is called, without which answer of wide rows it is."""
    return _ANSWER.sub("", PurePosixPath(path).name)
