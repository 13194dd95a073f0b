"""Answers that stand in several rows of one file: each leg of a call, line of an order, or all rows once more.

Here: finding such rows, and the questions. Not here: the same answers in several files (`same`), equal answers of different
people, which come in any order, ids of answers and of persons (`pipelines.sniff.people`), files that are in
(`pipelines.intake.notes.answers.repeated`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.adapters.table import column
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.lines import Line
from pipelines.sniff.people.id_values import ONE_WORD, WITH_A_DIGIT, like
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings
from transforms.rows.told_again import day_written, rows_again, rows_of_a_day

#: So many rows are not equal to others, one after another, by chance.
_ROWS: Final = 10
#: A column tells rows apart where hardly two of them have the same in it: times, comments, addresses.
_NEARLY: Final = 0.9
#: Brands and questions are few.
_FEW: Final = 60
#: What fewer different texts hold is the code of a place or a product.
_DIFFERENT: Final = 0.2
#: Columns of those who answered and of their companies: people give the same answer again.
_OF_PEOPLE: Final = ("respondent", "account", "branch", "agent", "manager", "product", "comment", "language", "channel")


def repeat_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a file without ids of answers that holds rows twice, in the same order."""
    rows = _repeated(found)
    if rows.height >= _ROWS:
        numbers = rows.get_column("source_row").sort().to_list()
        yield Line(
            "response_id",
            f"? {rows.height:,} rows, from row {numbers[0]:,} to {numbers[-1]:,}, are those above them again, cell by "
            "cell and in order, as if an export was appended to itself: they would count twice. Take them out of the file "
            "and begin again. If each is an answer of its own, take this line out",
        )


def _repeated(found: Findings) -> pl.DataFrame:
    """The second ones of rows that stand there twice, each as far below the first as its neighbours are."""
    rows, cells = found.opened.rows, [column(at) for at in range(found.opened.table.width)]
    if not cells or rows.height < 2 * _ROWS:
        return rows.clear()
    at, key = pl.int_range(pl.len()), pl.struct(cells).hash()
    known = rows.with_columns(_key=key, _at=at).with_columns(
        _gap=pl.col("_at") - pl.col("_at").shift(1).over("_key"), _times=pl.len().over("_key")
    )
    twice = known.filter((pl.col("_gap") > 1) & (pl.col("_times") == 2))  # noqa: PLR2004 - two are a pair
    [gap] = twice.get_column("_gap").mode().sort().head(1).to_list() or [0]
    found_again = twice.filter(pl.col("_gap") == gap)
    is_told = any(found_again.get_column(each).n_unique() >= _NEARLY * found_again.height for each in cells)
    return found_again if is_told else rows.clear()


def leg_lines(found: Findings, score: ScoreColumn | None) -> Iterator[Line]:
    """What is asked of a file without ids of answers in which a column is the same in several rows of one score each."""
    if score is None or score.column.position is None:
        return
    rows = found.opened.rows.filter(score.column.is_answered).with_columns(_score=score.column.cell, _day=_day(found))
    known = {score.column.position, *(each.column.position for each in found.dates), None}
    words = [column(each.position or 0) for each in found.columns if each.position not in known and _is_of_words(each)]
    for seen in _possible(found, score):
        ids, scores = rows.get_column(column(seen.position or 0)), rows.get_column("_score")
        if again := rows_of_a_day(rows.select(*words, id=ids, day="_day", score="_score"), words):
            yield Line(
                "response_id",
                f"? {seen.pasted} is the same in several rows of one day with different scores, as where each key, "
                f"question or attempt of a call is a row: {again:,} of {rows.height:,} rows would count beside another one. "
                f"If the last of them is the answer, write {seen.pasted}; if they answer different questions, name this one "
                "under where; if each is an answer of its own, take this line out",
            )
            return
        if again := rows_again(ids, scores):
            yield Line(
                "response_id",
                f"? {seen.pasted} is the same in several rows of one score each, as where each leg of a call or each line "
                f"of an order is a row: {again:,} of {rows.height:,} rows would count again. If those rows are one answer, "
                f"write {seen.pasted}: the last of them counts; if each is an answer of its own, take this line out",
            )
            return


def _is_of_words(seen: Seen) -> bool:
    """Whether few texts stand there that are no numbers: brands, questions, places."""
    return 1 < len(seen.counts) <= _FEW and not any(text.isdecimal() for text, _ in seen.counts)


def _day(found: Findings) -> pl.Expr:
    """What stands before the time in the first column of dates."""
    position = next((each.column.position for each in found.dates if each.column.position is not None), None)
    return pl.lit("") if position is None else day_written(pl.col(column(position)))


def _possible(found: Findings, score: ScoreColumn) -> Iterator[Seen]:
    others = {each.column.position for role in _OF_PEOPLE for each in found.candidates.get(role, []) if each.certain}
    others |= {each.column.position for each in found.dates} | {each.column.position for each in found.scores}
    others |= {each.column.position for each in found.personal} | {score.column.position}
    for seen in found.columns:
        is_free = seen.position is not None and seen.position not in others
        repeats = _DIFFERENT * seen.filled <= len(seen.counts) < seen.filled
        if is_free and repeats and like(seen, ONE_WORD) and like(seen, WITH_A_DIGIT):
            yield seen
