"""Columns that take turns: one question in several, each filled where the others are blank.

Surveys in several languages are exported so, and those of which the words or the branches have a column each.
Here: finding them, and what is asked. Not here: columns that are all filled and look alike (`entry`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.shown import counted
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings

#: So many answers are lost if one column is taken, and so few rows have both, or these are two questions.
_LOST: Final = 5
_BOTH: Final = 0.02
_SHOWN: Final = 3


def question_of_turns(found: Findings, score: ScoreColumn, others: Sequence[ScoreColumn]) -> str:
    """What is asked where other columns hold answers in rows in which the score is blank, and in no others."""
    if score.column.position is None:
        return ""
    rows, is_blank = found.opened.rows, ~score.column.is_answered
    turned: list[tuple[ScoreColumn, int]] = []
    for other in others:
        if other is score or other.column.position is None:
            continue
        is_filled = other.column.is_answered
        filled, alone = rows.select(filled=is_filled.sum(), alone=(is_filled & is_blank).sum()).row(0)
        if alone >= _LOST and filled - alone <= _BOTH * filled:
            turned.append((other, alone))
            is_blank &= ~is_filled
    if not turned:
        return ""
    told = ", ".join(f"{each.column.pasted} in {counted(alone, 'row')}" for each, alone in turned[:_SHOWN])
    return (
        f"where {score.column.pasted} is blank, others are filled: {told}. If these are one question, in another language, "
        "of another branch or in other words, put answers beside columns, with a name for each, such as answers: "
        f"{{first: {{columns: {{score: its heading}}}}}}, and take this line out; to count {score.column.pasted} alone, "
        "write its heading"
    )
