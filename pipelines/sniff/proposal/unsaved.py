"""What has to be asked of a spreadsheet that cannot be read as it stands.

Here: formulas without results where the score or the date should be. Not here: the other questions (`entry`),
how such cells are found (`pipelines.adapters.sheets.marks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipelines.adapters.words import said
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.proposal.score_lines import NO_SCALE
from pipelines.sniff.sniffed import Findings

_SCORES: Final = ("score_certain", "score_likely", "score_possible")
_DATES: Final = ("answered_at", "date")
_SHOWN: Final = 60


def asking(block: Block, found: Findings) -> Block:
    """The same block of an entry, with questions in place of what such cells leave open."""
    return replace(block, lines=[_asked(line, found) for line in block.lines])


def _asked(line: Line | Block, found: Findings) -> Line | Block:
    if isinstance(line, Block):
        return asking(line, found)
    if line.key == "score" and (names := list(_unsaved(found, () if line.is_question else _SCORES))):
        return Line("score", f"? {_sentence(names)} Or is the score in another column? Then write its heading")
    if line.key == "scale" and list(_unsaved(found, _SCORES)) and not line.is_question:
        return Line("scale", f"? {NO_SCALE}")
    if line.key == "responded_at" and (names := list(_unsaved(found, _DATES if line.is_question else _DATES[:1]))):
        return Line("responded_at", f"? {_sentence(names)} Or else: {str(line.value).removeprefix('? ')}")
    return line


def _unsaved(found: Findings, topics: Sequence[str]) -> Iterator[str]:
    """Headings of columns with formulas that have no results, which speak of one of the topics, if any are given."""
    for at in sorted(found.opened.table.unsaved):
        name = found.opened.table.headings[at].label if at < found.opened.table.width else ""
        if name and (not topics or any(said(topic, name) for topic in topics)) and not said("not_score", name):
            yield name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"


def _sentence(names: Sequence[str]) -> str:
    named = ", ".join(f"'{name}'" for name in names[:3])
    return (
        f"{named} {'holds' if len(names) == 1 else 'hold'} formulas whose results were never saved: open the file in a "
        "spreadsheet program, save it, and begin again with that."
    )
