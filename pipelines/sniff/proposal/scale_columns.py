"""A column that says of each row on which scale it was asked: `0-10` beside `1-5`, a best answer of 10 beside one of 5.

Here: finding it, and what is asked. Not here: scales that only the answers tell (`scales`, `scale_parts`).
"""

from __future__ import annotations

from typing import Final

from pipelines.adapters.beside_scores import best_answer
from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.lines import Line
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings

#: Scales are few.
_FEW: Final = 6
_SHOWN: Final = 4


def by_row(line: Line, found: Findings, score: ScoreColumn | None) -> Line:
    """The line of the scale, or what is asked where a column says several scales, or another one than that."""
    if score is None or line.is_question:
        return line
    for seen in found.columns:
        if seen.position == score.column.position or not seen.asks("scale_named"):
            continue
        best = {best_answer(text) for text, _ in seen.counts}
        if None not in best and 0 < len(best) <= _FEW and best != {best_answer(str(line.value))}:
            return Line(line.key, f"? {_asked(seen, len(best))}")
    return line


def _asked(seen: Seen, scales: int) -> str:
    told = ", ".join(f"{quoted(text)} in {rows:,} rows" for text, rows in seen.counts[:_SHOWN])
    if scales == 1:
        return f"{seen.pasted} says {told}: on which scale was it asked? 0-10, 1-10, 1-7, 1-5 or 0-100"
    return (
        f"{seen.pasted} says {told}: these cannot be read as one scale. Give each a source of its own with its scale, and "
        f"with where: {seen.rule([seen.counts[0][0]])} or the like; if it says something else, write the scale"
    )
