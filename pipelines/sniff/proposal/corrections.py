"""Rows that correct, replace or cancel other rows of their file, where each would count as an answer of its own.

Here: the column that says so, and the question. Not here: ids that repeat (`pipelines.sniff.people`), versions with numbers
(`pipelines.sniff.people.answer_ids`), rows that are no answers by themselves (`flags`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.adapters.row_marks import MOST_STATES, NO_END, corrections
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Line
from pipelines.sniff.people.id_values import ONE_WORD, WITH_A_DIGIT, like
from pipelines.sniff.proposal.flags import Mark, has_scores
from pipelines.sniff.sniffed import Findings

_COUNT_BOTH: Final = "it and the row that it speaks of would both count"
_ELSE: Final = "if each is an answer of its own, take this line out"
#: Columns with fewer different texts than this share of the rows are hardly ids.
_DIFFERENT: Final = 0.5
#: Rows are of few kinds; of more, such words are those of what people called about.
_MOST_KINDS: Final = 4


def correction_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a file in which a column says of rows that they correct or cancel others, or names those others."""
    asked = next((question for seen in found.columns if (question := _question(seen, found))), None)
    if asked:
        yield Line("unanswered_where", f"? {asked}")


def _question(seen: Seen, found: Findings) -> str:
    taken = [each.column for each in found.scores] + [each.column for each in found.dates]
    texts = [text for text, _ in seen.counts]
    if not seen.filled or seen.position is None:
        return ""
    if seen.asks("valid_until_named"):
        return _of_versions(seen, found)
    if any(seen is each for each in taken):
        return ""
    if seen.asks("replaces_named"):
        return _of_replaced(seen, found)
    marks = corrections(seen.questions, texts) if len(texts) <= MOST_STATES else []
    if not marks or (len(marks) == len(texts) and not seen.blank) or not has_scores(seen, marks, found):
        return ""
    return _of_marked(Mark(seen, marks, ""), found)


def _of_replaced(seen: Seen, found: Findings) -> str:
    """What is asked of a column that names other rows."""
    if not seen.blank or not has_scores(seen, [text for text, _ in seen.counts], found):
        return ""
    return (
        f"{seen.pasted} is filled in {seen.filled:,} of {seen.rows:,} rows, as where an answer replaces or "
        f"corrects another one: {_COUNT_BOTH}. Take the rows that do not count any more out of the file and begin "
        f"again; {_ELSE}"
    )


def _of_versions(seen: Seen, found: Findings) -> str:
    """What is asked of a column that says until when a row held: of some it still does."""
    ended = {text: count for text, count in seen.counts if not re.fullmatch(NO_END, text)}
    rows = sum(ended.values())
    if not 0 < rows < seen.rows or not has_scores(seen, list(ended), found):
        return ""
    return (
        f"{seen.pasted} says in {rows:,} of {seen.rows:,} rows until when they held, as where an older version of an answer "
        f"stands beside a newer one: {_COUNT_BOTH}. Take the rows that ended out of the file and begin again; {_ELSE}"
    )


def _of_marked(mark: Mark, found: Findings) -> str:
    """What is asked of rows that say that they correct or cancel others."""
    shared = _shared_by(mark, found)
    if shared is None and len(mark.column.counts) > _MOST_KINDS:
        return ""
    below = f" Where a corrected row stands below the old one, write response_id: {shared.pasted}" if shared else ""
    told = f"{below} under columns." if below else ""
    return (
        f"{mark.told} rows, as rows do that correct or cancel others: {_COUNT_BOTH}.{told} What was cancelled has to be "
        f"taken out of the file, with the row that says so; {_ELSE}"
    )


def _shared_by(mark: Mark, found: Findings) -> Seen | None:
    """The column of ids in which each marked row says the same as one that is not marked."""
    marked = mark.rows(found.opened.rows)
    for seen in found.columns:
        is_id = seen.position is not None and like(seen, ONE_WORD) and like(seen, WITH_A_DIGIT)
        if not is_id or len(seen.counts) < _DIFFERENT * seen.filled or any(seen is each.column for each in found.dates):
            continue
        texts = found.opened.rows.select(seen.cell).to_series()
        if texts.filter(marked).is_in(texts.filter(~marked).implode()).all():
            return seen
    return None
