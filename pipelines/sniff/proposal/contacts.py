"""Files that say who was asked: what is proposed where rows are calls with an outcome, or letters without answers.

Here: which files are such, and their lines of nps.yaml. What outcomes are usually called stands in `pipelines/kinds`.
Not here: answers in the same file (`entry`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import polars as pl

from pipelines.adapters.outcomes import CALLS, status_of_call, statuses_of_calls
from pipelines.adapters.table import column as cell
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.opening.signatures import Signature
from pipelines.sniff.sniffed import Findings
from transforms.contact_status import STATUSES
from transforms.texts.spelling import simple

#: A column says outcomes if so many of its rows say known ones.
_NEARLY: Final = 0.9
#: Where answers are known by their scores: if so many do, and say in so many ways how calls fail.
_MOSTLY: Final = 0.5
_SEVERAL: Final = 2
_NAMED: Final = 5
_KEPT: Final = "each row is an attempt to ask somebody: docs/contacts.md"
_COSTS: Final = "What attempts cost can be said too: tariffs, whose charge (called or answered) the contractor knows."


def outcomes_of(found: Findings) -> tuple[Seen, dict[str, str]] | None:
    """The column that says what became of each attempt, and what its texts mean; None where rows are no attempts."""
    heading = Signature(CALLS).column("outcome", found.names)
    spoken = (each for each in found.columns if each.is_called("outcome_named"))
    column = next((each for each in found.columns if str(each.name) == heading), next(spoken, None))
    if column is None:
        return None
    meant = {text: status for text, _ in _texts(column) if (status := status_of_call(text))}
    if not _says_outcomes(column, meant):
        scored = _beside_scores(found, column)
        failed = {text for text, status in meant.items() if status != "answered" and text not in scored}
        meant |= {text: "answered" for text in scored if text not in meant}
        if not scored or len(failed) < _SEVERAL or _rows(column, meant) < _MOSTLY * _rows(column):
            return None
    return column, meant


def contact_lines(found: Findings, column: Seen, meant: Mapping[str, str]) -> Iterator[Line | Block]:
    """That rows are attempts to ask somebody, as `outcomes_of` has found."""
    yield Line("contacts", True, _KEPT)
    is_known = found.signature is not None and "outcome" in found.signature.settings
    if not is_known or any(simple(text) not in statuses_of_calls() for text in meant):
        yield _outcome(column, meant)
    unlisted = [text for text, _ in _texts(column) if text not in meant]
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


def _outcome(column: Seen, meant: Mapping[str, str]) -> Block:
    texts: dict[str, list[str]] = {}
    for text, status in meant.items():
        texts.setdefault(status, []).append(text)
    lines = [Line(status, texts[status]) for status in STATUSES if status in texts]
    return Block("outcome", [Line("column", column.name), *lines])


def _says_outcomes(column: Seen, meant: Mapping[str, str]) -> bool:
    """Whether nearly all rows say how a call ended, some that it was answered and some that it was not."""
    said = {*meant.values()}
    is_nearly_all = _rows(column, meant) >= _NEARLY * _rows(column)
    return is_nearly_all and "answered" in said and (len(said) > 1 or column.blank > 0)


def _beside_scores(found: Findings, column: Seen) -> list[str]:
    """What the column says in rows that have a score, and in hardly any other."""
    share = _scored(found, column)
    return share.filter(pl.col("is_scored") >= _NEARLY).get_column("text").to_list()


def says_who_scored(found: Findings, column: Seen, meant: Mapping[str, str]) -> bool:
    """Whether no attempt of which the column says that it was not answered has a score."""
    failed = [text for text, status in meant.items() if status not in ("answered", "partial")]
    return _scored(found, column).filter(pl.col("text").is_in(failed), pl.col("is_scored") > 0).is_empty()


def _scored(found: Findings, column: Seen) -> pl.DataFrame:
    """Of each `text` of a column the share of its rows that have a score, as `is_scored`."""
    score = found.scores[0].column if found.scores else None
    if score is None or score.position is None or column.position is None:
        return pl.DataFrame(schema={"text": pl.String, "is_scored": pl.Float64})
    text, given = (pl.col(cell(place)).str.strip_chars() for place in (column.position, score.position))
    rows = found.opened.rows.select(text=text, is_scored=given.str.len_bytes().fill_null(0) > 0).drop_nulls("text")
    return rows.group_by("text", maintain_order=True).agg(pl.col("is_scored").mean())


def _rows(column: Seen, meant: Collection[str] | None = None) -> int:
    return sum(rows for text, rows in _texts(column) if meant is None or text in meant)


def _texts(column: Seen) -> tuple[tuple[str, int], ...]:
    """Everything that the column says, also what would mean in another that nothing was answered."""
    return (*column.counts, *column.silent)
