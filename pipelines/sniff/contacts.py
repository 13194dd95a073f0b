"""Files that say who was asked: what is proposed where rows are calls with an outcome, or letters without answers.

Here: which files are such, and their lines of nps.yaml. What outcomes are usually called stands in `pipelines/kinds`.
Not here: answers in the same file (`entry`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from pipelines.config.kinds import known
from pipelines.sniff.facts import Seen
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.signatures import Signature
from pipelines.sniff.sniffed import Findings
from transforms.contact_status import STATUSES
from transforms.spelling import simple

#: What knows the usual outcomes of calls.
_CALLS: Final = "operator"
#: A column says outcomes if so many of its rows say known ones.
_NEARLY: Final = 0.9
_NAMED: Final = 5
_KEPT: Final = "each row is an attempt to ask somebody: docs/contacts.md"
_COSTS: Final = "What attempts cost can be said too: tariffs, whose charge (called or answered) the contractor knows."


def contact_lines(found: Findings) -> Iterator[Line | Block]:
    """That rows are attempts to ask somebody, where a column says what became of each."""
    calls = Signature(_CALLS)
    heading = calls.column("outcome", found.names)
    column = next((each for each in found.columns if str(each.name) == heading), None)
    if column is None or not _says_outcomes(column):
        return
    yield Line("contacts", True, _KEPT)
    if not found.signature or "outcome" not in found.signature.settings:
        yield _outcome(column)
    unlisted = [text for text, _ in _texts(column) if simple(text) not in _statuses()]
    if unlisted:
        yield Line("", None, f"outcomes not known here count as delivered: {', '.join(unlisted[:_NAMED])}")
    yield Line("", None, _COSTS)


def letters_block(found: Findings, name: str, files: str) -> Block:
    """A source of letters whose answers stand elsewhere."""
    signature = found.signature
    asked = [] if signature and signature.settings.get("asked", {}).get("at") else [when_written(found)]
    lines: list[Line | Block] = [Line("kind", found.opened.kind)]
    lines += [Line("preset", signature.preset)] if signature and signature.preset else []
    lines += [
        Line("metric", "nps", "nps: clients; enps: employees"),
        Line("files", files),
        Line("delivery", (signature and signature.delivery) or "incremental"),
        Block("asked", [*asked, Line("answered_in", "? in which source do the answers stand? Write its name")]),
    ]
    return Block("sources", [Block(name, lines)])


def when_written(found: Findings) -> Line:
    """The question when letters were written."""
    dates = ", ".join(each.column.pasted for each in found.dates[:_NAMED])
    seen = f": {dates}" if dates else ""
    return Line("at", f"? which column says when they were written to{seen}? Write its heading")


def _outcome(column: Seen) -> Block:
    texts: dict[str, list[str]] = {}
    for text, _ in _texts(column):
        if simple(text) in _statuses():
            texts.setdefault(_statuses()[simple(text)], []).append(text)
    lines = [Line(status, texts[status]) for status in STATUSES if status in texts]
    return Block("outcome", [Line("column", column.name), *lines])


def _says_outcomes(column: Seen) -> bool:
    """Whether nearly all rows say how a call ended, some that it was answered and some that it was not."""
    found = [(_statuses().get(simple(text)), rows) for text, rows in _texts(column)]
    said = {status for status, _ in found}
    is_nearly_all = sum(rows for status, rows in found if status) >= _NEARLY * sum(rows for _, rows in found)
    return is_nearly_all and "answered" in said and (len(said - {None}) > 1 or column.blank > 0)


def _texts(column: Seen) -> tuple[tuple[str, int], ...]:
    """Everything that the column says, also what would mean in another that nothing was answered."""
    return (*column.counts, *column.silent)


@cache
def _statuses() -> Mapping[str, str]:
    outcome = known(_CALLS)["source"]["outcome"]
    return {simple(text): status for status in STATUSES for text in outcome.get(status, ())}
