"""Several columns that hold one thing together: each below a month of its own, or filled where the others are blank.

A table of clients by months is so, and so are surveys in several languages, or with a column for each wording or branch.
Here: finding them, what is asked, and the answers of nps.yaml that it offers. Not here: which columns are scores (`scores`),
columns that are all filled and look alike (`score_lines`), columns that hold months (`month_columns`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from pipelines.shown import counted
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.proposal.name_periods import periods_in_names
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings
from transforms.dates.instants import DateReading, instant
from transforms.dates.names import ENGLISH

#: So many months are written out.
_MOST_MONTHS: Final = 36
#: So many answers are lost if one column is taken, and so few rows have both, or these are two questions.
_LOST: Final = 5
_BOTH: Final = 0.02
_SHOWN: Final = 3


def by_months(columns: Sequence[Seen]) -> str:
    """What to write where each of several columns stands below a month of its own; nothing where they do not."""
    months = _months([[name for name in each.headings if name.strip()] for each in columns])
    if not 1 < len(set(months)) == len(columns) <= _MOST_MONTHS:
        return ""
    answers = ", ".join(
        f"m{month.replace('-', '_')}: {{columns: {{score: {each.written}}}, defaults: {{responded_at: '{month}'}}}}"
        for each, month in zip(columns, months, strict=True)
    )
    return (
        f"If each holds the answers of the month above it, write answers: {{{answers}}} beside columns, and take this line "
        "and defaults out. "
    )


def _months(headings: Sequence[Sequence[str]]) -> list[str]:
    """The month above each column, as all of them spell it in one of their headings; none where they do not."""
    for names in zip(*(each[:2] for each in headings), strict=False):
        periods = periods_in_names(names)
        if periods is None or periods.kind != "month" or len(periods.languages) > 1:
            continue
        texts = [text for _, text in periods.said]
        fmt = next(iter(periods.formats), "%Y-%m" if "-" in texts[0] else "%Y%m")
        reading = DateReading((fmt,), "UTC", next(iter(periods.languages), ENGLISH))
        read = pl.Series("text", texts).to_frame().select(instant(pl.col("text"), reading)).to_series()
        return [f"{each:%Y-%m}" for each in read.to_list() if each is not None]
    return []


def question_of_turns(found: Findings, score: ScoreColumn, others: Sequence[ScoreColumn]) -> str:
    """What is asked where other columns hold answers in rows in which the score is blank, and in no others."""
    turned = in_turn(found.opened.rows, score.column, [other.column for other in others])
    if not turned:
        return ""
    told = ", ".join(f"{each.pasted} in {counted(alone, 'row')}" for each, alone in turned[:_SHOWN])
    return (
        f"where {score.column.pasted} is blank, others are filled: {told}. If these are one question, in another language, "
        "of another branch or in other words, put answers beside columns, with a name for each, such as answers: "
        f"{{first: {{columns: {{score: its heading}}}}}}, and take this line out; to count {score.column.pasted} alone, "
        "write its heading"
    )


def in_turn(rows: pl.DataFrame, first: Seen, others: Iterable[Seen]) -> list[tuple[Seen, int]]:
    """Columns that are filled where the first of them, and those before, are blank, and nowhere else: in how many rows."""
    if first.position is None:
        return []
    is_blank = ~first.is_answered
    turned: list[tuple[Seen, int]] = []
    for other in others:
        if other is first or other.position is None:
            continue
        is_filled = other.is_answered
        filled, alone = rows.select(filled=is_filled.sum(), alone=(is_filled & is_blank).sum()).row(0)
        if alone >= _LOST and filled - alone <= _BOTH * filled:
            turned.append((other, alone))
            is_blank &= ~is_filled
    return turned
